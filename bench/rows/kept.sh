# The kept page of a place beside a bare handler with the same bytes.
. "$(dirname "$0")/../machine.sh"
page=/places/casa-de-leon-trotsky accept="Accept-Encoding: gzip, deflate, br"
serve 127.0.0.1:7511 "$W/demo" --demo; ours=$pid
curl -s -o /dev/null -H "$accept" "http://127.0.0.1:7511$page"
behind bare.log "$tool" bare 127.0.0.1:7512 "http://127.0.0.1:7511$page"; bare=$pid
ready http://127.0.0.1:7512/ 20
load "http://127.0.0.1:7511$page" 8 "$ours" "$accept" >/dev/null; load http://127.0.0.1:7512/ 8 "$bare" "$accept" >/dev/null
for c in 1 8 64; do # there and back, so that a drift of the machine shows on both
  b1=($(load http://127.0.0.1:7512/ $c "$bare" "$accept")); o1=($(load "http://127.0.0.1:7511$page" $c "$ours" "$accept"))
  o2=($(load "http://127.0.0.1:7511$page" $c "$ours" "$accept")); b2=($(load http://127.0.0.1:7512/ $c "$bare" "$accept"))
  r() { awk -v a="$1" -v b="$2" 'BEGIN{printf "%.1f", (a+b)/2}'; }
  echo "c=$c bare: $(r ${b1[0]} ${b2[0]})/s p99 $(r ${b1[2]} ${b2[2]}) µs cpu $(r ${b1[3]} ${b2[3]}) µs · ours: $(r ${o1[0]} ${o2[0]})/s p99 $(r ${o1[2]} ${o2[2]}) µs cpu $(r ${o1[3]} ${o2[3]}) µs · ratio $(over "$(r ${o1[0]} ${o2[0]})" "$(r ${b1[0]} ${b2[0]})"), of p99 $(over "$(r ${o1[2]} ${o2[2]})" "$(r ${b1[2]} ${b2[2]})"), of cpu $(over "$(r ${b1[3]} ${b2[3]})" "$(r ${o1[3]} ${o2[3]})")"
done
echo "goals: ratio at least 0.90 at c=64; p99 at most 1.2 times at c=8"
