# Two texts of 2,000 words compared and merged word by word, in process.
. "$(dirname "$0")/../machine.sh"
"$tool" merge
