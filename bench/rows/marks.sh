# Marks of eight members at once, each answered when it is on the disk, beside
# sqlite3 committing the same rows one by one: in process, where both are
# nothing but rows.   MARKS= rows (8,000)
. "$(dirname "$0")/../machine.sh"
"$bench/../scripts/need" sqlite3=sqlite3
[ -s "$W/data-5000/typo.txt" ] || "$tool" draw -n 5000 "$W/data-5000"
rm -rf "$W/marks" # sqlite3 begins with an empty table too
"$program" import --publish --data "$W/marks" "$W/data-5000/places.ndjson" >/dev/null
"$tool" marks "$W/marks" "${MARKS:-8000}"
