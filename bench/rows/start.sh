# From the start of the process to ready, after the first fill.
. "$(dirname "$0")/../machine.sh"
serve 127.0.0.1:7518 "$W/demo" --demo; stop "$pid"
t=$(now); serve 127.0.0.1:7518 "$W/demo" --demo; echo "demo: $(since "$t") s, CPU $(cpu "$pid") ms (goal 0.5 s)"; stop "$pid"
need_atlas
t=$(now); serve 127.0.0.1:7518 "$atlas"; echo "$N places: $(since "$t") s, CPU $(cpu "$pid") ms (goal 40 s)"
