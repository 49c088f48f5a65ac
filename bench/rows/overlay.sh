# What is the reader's own on a page of a place (who is signed in, what is
# unread, the marks of the place), which every page asks for once, beside a bare
# handler with the same bytes.
. "$(dirname "$0")/../machine.sh"
rm -rf "$W/overlay"
serve 127.0.0.1:7524 "$W/overlay" --demo; ours=$pid
IFS=$'\t' read -r cookie _ < <("$tool" people -n 1 "$W/overlay")
path=/places/casa-de-leon-trotsky
id=$(curl -s "http://127.0.0.1:7524$path" | grep -o 'data-marks="[^"]*"' | head -1 | cut -d'"' -f2)
mine="http://127.0.0.1:7524/me/overlay?path=$path&id=$id" header="Cookie: session=$cookie"
curl -s -H "$header" -X POST -H "Origin: http://127.0.0.1:7524" -d mark=been "http://127.0.0.1:7524$path/mark"
curl -s -H "$header" "$mine" | grep -q '"been":true' || { echo "overlay: it does not say what is marked" >&2; exit 1; }
behind bare.log "$tool" bare 127.0.0.1:7525 "$mine" "$header"; bare=$pid
ready http://127.0.0.1:7525/ 20
load "$mine" 64 "$ours" "$header" >/dev/null
mean() { awk -v a="$1" -v b="$2" 'BEGIN{printf "%.1f", (a+b)/2}'; }
for c in 1 64; do # there and back, so that a drift of the machine shows on both
  b1=($(load http://127.0.0.1:7525/ $c "$bare" "$header")); o1=($(load "$mine" $c "$ours" "$header"))
  o2=($(load "$mine" $c "$ours" "$header")); b2=($(load http://127.0.0.1:7525/ $c "$bare" "$header"))
  rate=$(mean ${o1[0]} ${o2[0]}) bare_rate=$(mean ${b1[0]} ${b2[0]}) p99=$(mean ${o1[2]} ${o2[2]}) cpu=$(mean ${o1[3]} ${o2[3]}) bare_cpu=$(mean ${b1[3]} ${b2[3]})
  goal=; [ $c = 64 ] && goal="≥ 0.25"
  line "overlay, c=$c, SQLite, at load $(cut -d' ' -f1 /proc/loadavg)" "bare handler: $bare_rate/s, CPU $bare_cpu µs" "$rate/s, p99 $p99 µs, CPU $cpu µs" "$(over "$rate" "$bare_rate"), CPU $(over "$bare_cpu" "$cpu")" "$goal"
done
