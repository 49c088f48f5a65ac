# The page of a place rendered for each request, nothing kept, uncompressed.
. "$(dirname "$0")/../machine.sh"
behind unkept.log "$tool" unkept 127.0.0.1:7513 "$W/demo-unkept"; ours=$pid
ready http://127.0.0.1:7513/readyz 60
page=http://127.0.0.1:7513/places/casa-de-leon-trotsky
echo "$(curl -s "$page" | wc -c) bytes of HTML"
load "$page" 4 "$ours" >/dev/null
for c in 1 8; do
  o=($(load "$page" $c "$ours"))
  echo "c=$c: ${o[0]}/s p50 ${o[1]} µs p99 ${o[2]} µs, CPU ${o[3]} µs a request (goal at most 500; Ghost 5: 19,500)"
done
