# From the start of the process to ready, after the first fill.
. "$(dirname "$0")/../machine.sh"
serve 127.0.0.1:7518 "$W/demo" --demo; stop "$pid"
t=$(now); serve 127.0.0.1:7518 "$W/demo" --demo; echo "demo: $(since "$t") s, CPU $(cpu "$pid") ms (goal 0.5 s)"; stop "$pid"
need_atlas
rm -f "$atlas/finder.snapshot"
t=$(now); serve 127.0.0.1:7518 "$atlas"; slow=$(since "$t"); echo "$N places from the database: $slow s, CPU $(cpu "$pid") ms (goal 40 s)"
for ((i = 0; i < 600; i++)); do [ -e "$atlas/finder.snapshot" ] && break; sleep 0.5; done
stop "$pid"
t=$(now); serve 127.0.0.1:7518 "$atlas"; fast=$(since "$t")
echo "$N places from the snapshot of $(($(stat -c %s "$atlas/finder.snapshot") >> 20)) MiB: $fast s, CPU $(cpu "$pid") ms, $(over "$slow" "$fast") times faster (goal 3 s, 10 times)"
