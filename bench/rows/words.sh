# Search, suggestions and one-typo queries in process.
. "$(dirname "$0")/../machine.sh"
need_data
"$tool" words "$data"
echo "goals: search p50 at most 300 µs, p99 at most 5,000 µs; suggest p99 at most 1,000 µs; one typo p99 at most 2,000 µs"
