# What the rows share. Sourced by bench/run; everything listens on loopback, has
# a bounded time, and is stopped by its own process number.
set -euo pipefail
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
N=${N:-1000000}                      # places
W=${W:-${TMPDIR:-/tmp}/mirabilia-bench} # data and scratch
data=$W/data-$N atlas=$W/atlas-$N
tool=$W/bin/bench program=$W/bin/mirabilia
# A port of our own for PostgreSQL, the same in what a row starts in its turn.
export POSTGRES_PORT=${POSTGRES_PORT:-$(sed -n 4p "$W/postgres/data/postmaster.pid" 2>/dev/null || true)}
[ -n "$POSTGRES_PORT" ] || POSTGRES_PORT=$((20000 + RANDOM % 9000))
export PGOPTIONS="-c client_min_messages=warning"
postgres="postgres://postgres@127.0.0.1:$POSTGRES_PORT/postgres?sslmode=disable"
mkdir -p "$W/bin" "$W/log"
started=()
own_postgres=() # set where this shell started it
finish() {
  local p
  for p in "${started[@]:-}"; do [ -n "$p" ] && kill "$p" 2>/dev/null || true; done
  [ ${#own_postgres[@]} -eq 0 ] || (cd / && "${own_postgres[@]}" stop -m fast -w >/dev/null 2>&1) || true
}
trap finish EXIT

# behind LOG COMMAND...: starts a process, its number in $pid; it ends with us.
behind() { local log=$1; shift; "$@" >"$W/log/$log" 2>&1 & pid=$!; started+=("$pid"); }
stop() { kill "$1" 2>/dev/null || true; wait "$1" 2>/dev/null || true; }

# idle: the share of the last second in which the processors had nothing to do.
idle() {
  local a b i sum=0
  read -ra a < <(head -1 /proc/stat); sleep 1; read -ra b < <(head -1 /proc/stat)
  for i in 1 2 3 4 5 6 7 8; do sum=$((sum + b[i] - a[i])); done
  echo $((100 * (b[4] + b[5] - a[4] - a[5]) / (sum ? sum : 1)))
}
# pss PID: proportional memory in MiB.  cpu PID: milliseconds of CPU so far.
pss() { awk '/^Pss:/{print int($2/1024)}' "/proc/$1/smaps_rollup"; }
cpu() { sed 's/.*) //' "/proc/$1/stat" | awk -v hz="$(getconf CLK_TCK)" '{print int(($12+$13)*1000/hz)}'; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN{printf "%.2f", b-a}'; }
# line WORK REFERENCE OURS RATIO GOAL: a line for docs/performance.md's table.
line() { echo "| $1 | \`bench/run ${ROW:-}\` | $2 | $3 | $4 | $5 |"; }
over() { awk -v a="$1" -v b="$2" 'BEGIN{printf "%.2f", (b>0) ? a/b : 0}'; }

# ready URL [SECONDS]: waits for 200.
ready() {
  local i n=$((${2:-60} * 50))
  for ((i = 0; i < n; i++)); do
    [ "$(curl -s -o /dev/null -w '%{http_code}' --max-time 2 "$1" || true)" = 200 ] && return 0
    sleep 0.02
  done
  echo "no answer from $1" >&2; return 1
}

# load URL CONNECTIONS PID [HEADER]: "requests/s p50_us p99_us cpu_us" of wrk.
load() {
  local before after line
  before=$(cpu "$3")
  line=$(HEADER=${4:-} wrk -t1 -c"$2" -d"${SECONDS_EACH:-4}s" --timeout 30s -s "$bench/load.lua" "$1" | grep '^RESULT')
  after=$(cpu "$3")
  awk -v l="$line" -v ms=$((after - before)) 'BEGIN{split(l,f," "); if (f[5]==0) {print "nothing was answered in time" > "/dev/stderr"; exit 1}; printf "%d %d %d %.1f\n", f[2], f[3], f[4], ms*1000/f[5]; if (f[6]>0) print "failed requests: " f[6] > "/dev/stderr"}'
}

serve() { # serve ADDRESS FOLDER [MORE…]: the program, ready, $pid
  local address=$1 folder=$2; shift 2
  behind serve.log env MIRABILIA_URL= "$program" serve --listen "$address" --data "$folder" "$@"
  ready "http://$address/readyz" 300
}

# settled: waits until the server has made the items of lists ready, which it
# does after the start; a site that serves is past that.
settled() {
  local i t; t=$(now)
  for ((i = 0; i < 900; i++)); do grep -q 'items of lists are ready' "$W/log/serve.log" && break; sleep 1; done
  echo "items of lists ready $(since "$t") s after the start, CPU $(cpu "$pid") ms, $(pss "$pid") MiB PSS"
}

need_data() { [ -s "$data/typo.txt" ] || "$tool" draw -n "$N" "$data"; }
need_atlas() { need_data; [ -e "$atlas/done" ] || { bash "$bench/rows/import.sh" sqlite >&2; }; }
need_postgres() {
  local bin as=() folder=$W/postgres
  ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 || "$bench/../scripts/need" postgis-is-missing=postgresql-15-postgis-3
  bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
  [ "$(id -u)" -eq 0 ] && as=(runuser -u postgres --)
  if [ ! -d "$folder" ]; then
    mkdir -p "$folder"; [ "$(id -u)" -eq 0 ] && chown postgres "$folder" && chmod 711 "$W"
    (cd / && "${as[@]}" "$bin/initdb" -D "$folder/data" -U postgres -A trust --locale=C.UTF-8 -E UTF8 >/dev/null)
  fi
  (cd / && "${as[@]}" "$bin/pg_ctl" -D "$folder/data" status >/dev/null 2>&1) && return 0
  (cd / && "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-p $POSTGRES_PORT -k $folder -c listen_addresses=127.0.0.1 -c shared_buffers=1GB -c maintenance_work_mem=512MB -c max_wal_size=4GB -c jit=off" start >/dev/null)
  own_postgres=("${as[@]}" "$bin/pg_ctl" -D "$folder/data")
}
