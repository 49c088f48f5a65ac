# The kept page of a place beside a bare handler with the same bytes, and
# beside Ghost's page of a post with our text.
. "$(dirname "$0")/../machine.sh"
. "$bench/ghost.sh"
page=/places/casa-de-leon-trotsky accept="Accept-Encoding: gzip, deflate, br"
serve 127.0.0.1:7511 "$W/demo" --demo; ours=$pid
curl -s -o /dev/null -H "$accept" "http://127.0.0.1:7511$page"
behind bare.log "$tool" bare 127.0.0.1:7512 "http://127.0.0.1:7511$page"; bare=$pid
ready http://127.0.0.1:7512/ 20
load "http://127.0.0.1:7511$page" 8 "$ours" "$accept" >/dev/null; load http://127.0.0.1:7512/ 8 "$bare" "$accept" >/dev/null
mean() { awk -v a="$1" -v b="$2" 'BEGIN{printf "%.1f", (a+b)/2}'; }
for c in 1 8 64; do # there and back, so that a drift of the machine shows on both
  b1=($(load http://127.0.0.1:7512/ $c "$bare" "$accept")); o1=($(load "http://127.0.0.1:7511$page" $c "$ours" "$accept"))
  o2=($(load "http://127.0.0.1:7511$page" $c "$ours" "$accept")); b2=($(load http://127.0.0.1:7512/ $c "$bare" "$accept"))
  rate=$(mean ${o1[0]} ${o2[0]}) bare_rate=$(mean ${b1[0]} ${b2[0]}) p99=$(mean ${o1[2]} ${o2[2]}) bare_p99=$(mean ${b1[2]} ${b2[2]}) cpu=$(mean ${o1[3]} ${o2[3]}) bare_cpu=$(mean ${b1[3]} ${b2[3]})
  goal=; case $c in 8) goal="p99 ≤ 1.2" ;; 64) goal="≥ 0.90" ;; esac
  line "kept page, c=$c" "bare handler: $bare_rate/s, p99 $bare_p99 µs, CPU $bare_cpu µs" "$rate/s, p99 $p99 µs, CPU $cpu µs" \
    "$(over "$rate" "$bare_rate"), p99 $(over "$p99" "$bare_p99"), CPU $(over "$bare_cpu" "$cpu")" "$goal"
done
stop "$bare"
need_ghost || exit 0
start_ghost; theirs=$pid
post_ghost "http://127.0.0.1:7511$page"; ready "$ghost_post" 60
load "$ghost_post" 4 "$theirs" "$accept" >/dev/null
g=($(SECONDS_EACH=10 load "$ghost_post" 64 "$theirs" "$accept")) # it takes seconds to an answer
line "kept page beside Ghost, c=64" "Ghost $ghost_version: ${g[0]}/s, p99 ${g[2]} µs, CPU ${g[3]} µs" "$rate/s, p99 $p99 µs, CPU $cpu µs" "$(over "$rate" "${g[0]}") ×" "≥ 400 ×"
