# A line of 50,000 points and 10,000 km among a million places, made a route
# each time: the first hundred places along it, with and without a filter.
. "$(dirname "$0")/../machine.sh"
cd "$bench/.."
go test ./internal/finder -run '^$' -bench 'Along1M' -benchtime 20x
echo "goal: at most 100 ms of CPU (cpu-ms)"
