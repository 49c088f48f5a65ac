# Memory while serving: the demo, and N places with texts.
. "$(dirname "$0")/../machine.sh"
serve 127.0.0.1:7517 "$W/demo" --demo; demo=$pid
look() { local a; for a in "$@"; do curl -s -o /dev/null "http://127.0.0.1:7517$a"; done; }
look / /map /places/casa-de-leon-trotsky
line "memory, demo" "" "$(pss "$demo") MiB" "" "≤ 80"; stop "$demo"
need_atlas
serve 127.0.0.1:7517 "$atlas"; big=$pid
echo "$N places: PSS at ready $(pss "$big") MiB, highest RSS $(awk '/VmHWM/{print int($2/1024)}' "/proc/$big/status") MiB"
for i in $(seq 20); do look "/search?q=rem+flo" "/places?sort=obscure" /tiles/places/0/0/0.mvt "/near?lat=48.$i&lon=2.$i"; done
sleep "${SETTLE:-10}"
line "memory, $N places with texts, after 20 rounds" "" "$(pss "$big") MiB" "" "≤ 1,229"
