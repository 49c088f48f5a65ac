# The nearest places and the clusters of tiles over MANY places (10,000,000), in
# process, beside a tenth of them and beside PostGIS: some 7 GiB of memory at ten
# million (700 bytes a place with the tree and the drawing). A tile costs what its
# filled cells cost, of which there are 4,096, so that more places make it dearer
# until they are full.
. "$(dirname "$0")/../machine.sh"
need_postgres
psql "$postgres" -qc 'drop database if exists many with (force)' -c 'create database many'
"$tool" many -postgis "${postgres/\/postgres\?//many?}" "${MANY:-10000000}"
psql "$postgres" -qc 'drop database many with (force)'
