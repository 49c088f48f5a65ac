# From the end of an import beside running servers to the place being found by
# their search: what another process wrote into SQLite, and what one wrote into
# the PostgreSQL of two nodes.
. "$(dirname "$0")/../machine.sh"
# found ADDRESS WORD: waits until a search finds it.
found() {
  local j
  for ((j = 0; j < 500; j++)); do curl -s "http://$1/api/v1/search?q=$2" | grep -q "$2\"" && return 0; sleep 0.01; done
  echo "$2 is not found on $1" >&2; return 1
}
# publish ADDRESS... -- IMPORT OPTIONS: for each of nine places the
# seconds until each address finds it.
publish() {
  local nodes=() i word a t
  while [ "$1" != -- ]; do nodes+=("$1"); shift; done; shift
  for i in 1 2 3 4 5 6 7 8 9; do
    word=xqzu$(tr 1-9 a-i <<<"$i")wort
    echo "{\"id\":\"$i\",\"title\":\"Wonder $word\",\"body\":\"A place to be found at once.\",\"lat\":48.$i,\"lon\":2.$i}" > "$W/one.ndjson"
    "$program" import --publish "$@" "$W/one.ndjson" >/dev/null
    t=$(now)
    for a in "${nodes[@]}"; do found "$a" "$word" || return 1; since "$t"; echo; done
  done
}
report() { line "$1" "" "$(sort -n "$W/found" | awk '{a[NR]=$1} END{printf "median %s s, latest %s s of %d", a[int((NR+1)/2)], a[NR], NR}')" "" "≤ 1 s"; }
rm -rf "$W/publish"*
serve 127.0.0.1:7519 "$W/publish" --demo; one=$pid
publish 127.0.0.1:7519 -- --data "$W/publish" > "$W/found"
report "found after an import beside the server, SQLite"
stop "$one"
need_postgres
psql "$postgres" -qc 'drop database if exists nodes with (force)' -c 'create database nodes'
url=${postgres/\/postgres\?//nodes?}
serve 127.0.0.1:7519 "$W/publish-a" --demo --database "$url"; one=$pid
serve 127.0.0.1:7520 "$W/publish-b" --database "$url"; two=$pid
publish 127.0.0.1:7519 127.0.0.1:7520 -- --data "$W/publish-c" --database "$url" > "$W/found"
report "found on both of two nodes on one PostgreSQL"
stop "$one"; stop "$two"
psql "$postgres" -qc 'drop database nodes with (force)'
