# The 20 nearest: in process beside an exact k-d tree, over HTTP beside Redis
# and PostGIS, one client, then four; all answers compared with the tree's.
. "$(dirname "$0")/../machine.sh"
need_data
"$tool" near "$data"
[ "${IN_PROCESS:-}" = 1 ] && exit 0
need_atlas
"$bench/../scripts/need" redis-server=redis-server
redis_port=$((20000 + RANDOM % 9000))
behind redis.log redis-server --port "$redis_port" --bind 127.0.0.1 --save "" --appendonly no --dir "$W"
redis=$pid
for ((i = 0; i < 500; i++)); do (exec 3<>"/dev/tcp/127.0.0.1/$redis_port") 2>/dev/null && break; sleep 0.02; done
"$tool" fill "$data" "127.0.0.1:$redis_port"
echo "redis memory $(pss "$redis") MiB"
need_postgres
bash "$bench/rows/points.sh"
serve 127.0.0.1:7515 "$atlas"
settled
"$tool" ask near "$data" http://127.0.0.1:7515 "redis:127.0.0.1:$redis_port" "pg:$postgres"
