# The page of a place rendered for each request, nothing kept, uncompressed,
# beside Ghost's page of a post with our text.
. "$(dirname "$0")/../machine.sh"
. "$bench/ghost.sh"
behind unkept.log "$tool" unkept 127.0.0.1:7513 "$W/demo-unkept"; ours=$pid
ready http://127.0.0.1:7513/readyz 60
page=http://127.0.0.1:7513/places/casa-de-leon-trotsky
bytes=$(curl -s "$page" | wc -c)
ref="Ghost: not in this run"
if need_ghost; then
  start_ghost; theirs=$pid
  post_ghost "$page"; ready "$ghost_post" 60
  load "$ghost_post" 4 "$theirs" >/dev/null
fi
load "$page" 4 "$ours" >/dev/null
for c in 1 8; do
  o=($(load "$page" $c "$ours")) ratio=
  if [ -n "${theirs:-}" ]; then
    g=($(load "$ghost_post" $c "$theirs"))
    ref="Ghost $ghost_version, $(curl -s "$ghost_post" | wc -c) bytes: ${g[0]}/s, p99 ${g[2]} µs, CPU ${g[3]} µs" ratio="CPU $(over "${g[3]}" "${o[3]}") ×"
  fi
  line "rendered page, nothing kept, $bytes bytes, c=$c" "$ref" "${o[0]}/s, p50 ${o[1]}, p99 ${o[2]} µs, CPU ${o[3]} µs" "$ratio" "CPU ≤ 500 µs, ≥ 40 ×"
done
