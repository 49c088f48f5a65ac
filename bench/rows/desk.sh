# The review desk with ten thousand waiting (QUEUE=), with every filter, and
# the duplicates of a proposal among N places.
. "$(dirname "$0")/../machine.sh"
address=127.0.0.1:7527 folder=$W/desk queue=${QUEUE:-10000}
[ -s "$W/data-2000/typo.txt" ] || "$tool" draw -n 2000 "$W/data-2000"
rm -rf "$folder"
tail -n 500 "$W/data-2000/places.ndjson" > "$W/desk.ndjson"
"$program" import --publish --data "$folder" "$W/desk.ndjson" >/dev/null
head -n $((queue / 10)) "$W/data-2000/places.ndjson" > "$W/desk.ndjson"
"$program" import --data "$folder" "$W/desk.ndjson" >/dev/null # waits on the desk
serve "$address" "$folder"; server=$pid
"$tool" people -role editor -n 40 "$folder" > "$folder/people.tsv"
"$tool" send -n $((queue - queue / 10)) -for 300s -kinds place,edit,place,pitch,edit -pid "$server" "http://$address" "$folder"
"$tool" desk "http://$address" "$folder" "$server"
stop "$server"
need_atlas
"$tool" alike "$atlas"
