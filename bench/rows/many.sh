# The nearest places and the clusters of tiles over MANY places (10,000,000), in
# process, beside a tenth of them: some 5 GiB of memory at ten million.
. "$(dirname "$0")/../machine.sh"
"$tool" many "${MANY:-10000000}"
