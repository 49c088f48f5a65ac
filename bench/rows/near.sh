# The 20 nearest: in process beside an exact k-d tree, over HTTP beside Redis
# and PostGIS. Rows of three: one client, then four.
. "$(dirname "$0")/../machine.sh"
need_data
"$tool" near "$data"
[ "${IN_PROCESS:-}" = 1 ] && exit 0
need_atlas
"$bench/../scripts/need" redis-server=redis-server
behind redis.log redis-server --port 7779 --bind 127.0.0.1 --save "" --appendonly no
redis=$pid; sleep 0.5
"$tool" fill "$data" 127.0.0.1:7779
echo "redis memory $(pss "$redis") MiB"
need_postgres
bash "$bench/rows/points.sh"
serve 127.0.0.1:7515 "$atlas"
for target in http://127.0.0.1:7515 redis:127.0.0.1:7779 "pg:$postgres"; do "$tool" ask near "$data" "$target"; done
echo "goals: at least 2 × Redis and 8 × PostGIS in q/s"
