# Memory while serving: the demo, and N places with texts.
. "$(dirname "$0")/../machine.sh"
serve 127.0.0.1:7517 "$W/demo" --demo; demo=$pid
curl -s -o /dev/null http://127.0.0.1:7517/ http://127.0.0.1:7517/map
echo "demo: PSS $(pss "$demo") MiB (goal at most 80)"; stop "$demo"
need_atlas
serve 127.0.0.1:7517 "$atlas"; big=$pid
echo "$N places: PSS at ready $(pss "$big") MiB, highest RSS $(awk '/VmHWM/{print int($2/1024)}' "/proc/$big/status") MiB"
for i in $(seq 20); do curl -s -o /dev/null "http://127.0.0.1:7517/search?q=place+$i" "http://127.0.0.1:7517/random" "http://127.0.0.1:7517/tiles/places/0/0/0.mvt"; done
sleep "${SETTLE:-10}"
echo "$N places: PSS after 20 rounds and ${SETTLE:-10} s $(pss "$big") MiB (goal at most 1,229)"
