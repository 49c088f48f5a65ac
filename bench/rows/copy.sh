# A copy from SQLite into an empty PostgreSQL, read back and verified, beside
# pg_restore of the same rows and indexes, three times in turn.
. "$(dirname "$0")/../machine.sh"
need_atlas; need_postgres
at() { echo "${postgres/\/postgres\?//$1?}"; }
fresh() { psql "$postgres" -qc "drop database if exists $1 with (force)" -c "create database $1" -c checkpoint; }
least() { awk -v a="$1" -v b="$2" 'BEGIN{print a<b?a:b}'; }
ours=999999 theirs=999999
for i in 1 2 3; do
  fresh copied; t=$(now)
  "$program" copy --data "$atlas" --to "$(at copied)" >/dev/null
  ours=$(least "$ours" "$(since "$t")")
  [ -s "$W/copied.dump" ] || pg_dump -Fc -f "$W/copied.dump" "$(at copied)"
  fresh restored; t=$(now)
  pg_restore -d "$(at restored)" "$W/copied.dump"
  theirs=$(least "$theirs" "$(since "$t")")
done
same=$(psql "$(at copied)" -Atc "select count(*) from places"); want=$(psql "$(at restored)" -Atc "select count(*) from places")
[ "$same" = "$want" ] || { echo "copied $same places, restored $want" >&2; exit 1; }
psql "$postgres" -qc 'drop database copied with (force)' -c 'drop database restored with (force)'
rm -f "$W/copied.dump"
line "copy SQLite → PostgreSQL, $same places" "pg_restore: $theirs s" "$ours s" "$(over "$ours" "$theirs")" "≤ 2"
