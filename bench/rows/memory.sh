# Memory while serving: the demo, and N places with texts.
. "$(dirname "$0")/../machine.sh"
serve 127.0.0.1:7517 "$W/demo" --demo; demo=$pid
look() { local a; for a in "$@"; do curl -s -o /dev/null "http://127.0.0.1:7517$a"; done; }
look / /map /places/casa-de-leon-trotsky
echo "demo: PSS $(pss "$demo") MiB (goal at most 80)"; stop "$demo"
need_atlas
serve 127.0.0.1:7517 "$atlas"; big=$pid
echo "$N places: PSS at ready $(pss "$big") MiB, highest RSS $(awk '/VmHWM/{print int($2/1024)}' "/proc/$big/status") MiB"
for i in $(seq 20); do look "/search?q=rem+flo" "/places?sort=obscure" /tiles/places/0/0/0.mvt "/near?lat=48.$i&lon=2.$i"; done
sleep "${SETTLE:-10}"
echo "$N places: PSS after 20 rounds and ${SETTLE:-10} s $(pss "$big") MiB (goal at most 1,229)"
