# From the end of an import beside a running server to the place being found by
# its search: what another process wrote, so also what another node sees.
. "$(dirname "$0")/../machine.sh"
rm -rf "$W/publish"
serve 127.0.0.1:7519 "$W/publish" --demo
for i in 1 2 3 4 5 6 7 8 9; do
  word=xqzu$(tr 1-9 a-i <<<"$i")wort
  echo "{\"id\":\"$i\",\"title\":\"Wonder $word\",\"body\":\"A place to be found at once.\",\"lat\":48.$i,\"lon\":2.$i}" > "$W/one.ndjson"
  "$program" import --publish --data "$W/publish" "$W/one.ndjson" >/dev/null
  t=$(now)
  for j in $(seq 200); do curl -s "http://127.0.0.1:7519/api/v1/search?q=$word" | grep -q "$word\"" && break; sleep 0.01; done
  since "$t"; echo
done | sort -n | awk '{a[NR]=$1} END{printf "found after: median %s s, latest %s s of %d (goal 1 s)\n", a[int((NR+1)/2)], a[NR], NR}'
