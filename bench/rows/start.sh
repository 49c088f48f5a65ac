# From the start of the process to ready, after the first fill.
. "$(dirname "$0")/../machine.sh"
. "$bench/ghost.sh"
serve 127.0.0.1:7518 "$W/demo" --demo; stop "$pid"
t=$(now); serve 127.0.0.1:7518 "$W/demo" --demo; fast=$(since "$t") spent=$(cpu "$pid"); stop "$pid"
ref="Ghost: not in this run" ratio=
if need_ghost; then # twice: the first start fills its database
  [ -e "$W/ghost/ghost.db" ] || { start_ghost; stop "$pid"; }
  start_ghost; stop "$pid"; ref="Ghost $ghost_version: $took s" ratio="$(over "$took" "$fast") ×"
fi
line "start to ready, demo" "$ref" "$fast s, CPU $spent ms" "$ratio" "≤ 0.5 s"
need_atlas
rm -f "$atlas/finder.snapshot"
t=$(now); serve 127.0.0.1:7518 "$atlas"; slow=$(since "$t"); line "start to ready, $N places, from the database" "" "$slow s, CPU $(cpu "$pid") ms" "" "≤ 40 s"
for ((i = 0; i < 600; i++)); do [ -e "$atlas/finder.snapshot" ] && break; sleep 0.5; done
stop "$pid"
t=$(now); serve 127.0.0.1:7518 "$atlas"; fast=$(since "$t")
line "start to ready, $N places, from the snapshot of $(($(stat -c %s "$atlas/finder.snapshot") >> 20)) MiB" "from the database: $slow s" "$fast s, CPU $(cpu "$pid") ms" "$(over "$slow" "$fast") ×" "≤ 3 s, ≥ 10 ×"
