# A backup of a served atlas while readers take all they can, beside sqlite3's
# .backup and pg_dump (custom format, as operators use it) under the same load;
# ours is read back and verified in its time.   backup.sh [sqlite] [postgres]
. "$(dirname "$0")/../machine.sh"
"$bench/../scripts/need" sqlite3=sqlite3
need_atlas
address=127.0.0.1:7521

# beside FILE COMMAND...: seconds of a command under reading load, and the p99
# of the readers meanwhile, in microseconds.
beside() {
  local file=$1 t; shift
  load "http://$address/$path" 8 "$server" >"$W/beside.load" & local readers=$!
  sleep 0.3; t=$(now)
  "$@" >/dev/null
  took=$(since "$t"); wait "$readers"
  read -r _ _ p99 _ <"$W/beside.load"
  size=$(($(stat -c %s "$file") >> 20))
}
# of NAME: the times of reference and ours, thrice in turn, and the smallest.
measure() {
  local name=$1 least_t=999999 least_o=999999 i
  read -r _ _ alone _ < <(load "http://$address/$path" 8 "$server")
  for i in 1 2 3; do
    rm -f "$W/reference.backup"; beside "$W/reference.backup" reference
    least_t=$(awk -v a="$least_t" -v b="$took" 'BEGIN{print a<b?a:b}'); theirs_p99=$p99 theirs_size=$size
    rm -f "$W/ours.backup"; beside "$W/ours.backup" ours
    least_o=$(awk -v a="$least_o" -v b="$took" 'BEGIN{print a<b?a:b}'); ours_p99=$p99 ours_size=$size
  done
  line "backup, $name" "$least_t s, $theirs_size MiB, readers' p99 $theirs_p99 µs" "$least_o s, $ours_size MiB, p99 $ours_p99 µs; alone $alone µs" "$(over "$least_o" "$least_t"), p99 $(over "$ours_p99" "$alone")" "≤ 1.5, p99 ≤ 2"
}
for engine in ${*:-sqlite postgres}; do case $engine in
sqlite)
  serve "$address" "$atlas"; server=$pid
  path=$(curl -s "http://$address/random" -o /dev/null -w '%{redirect_url}' | cut -d/ -f4-)
  reference() { sqlite3 "$atlas/atlas.db" ".backup $W/reference.backup"; }
  ours() { "$program" backup --data "$atlas" "$W/ours.backup"; }
  measure "SQLite, $N places"; stop "$server" ;;
postgres)
  need_postgres
  psql "$postgres" -qc 'drop database if exists kept with (force)' -c 'create database kept'
  url=${postgres/\/postgres\?//kept?}
  "$program" copy --data "$atlas" --to "$url" >/dev/null
  serve "$address" "$W/kept-postgres" --database "$url"; server=$pid
  path=$(curl -s "http://$address/random" -o /dev/null -w '%{redirect_url}' | cut -d/ -f4-)
  reference() { pg_dump -Fc -f "$W/reference.backup" "$url"; }
  ours() { "$program" backup --data "$W/kept-postgres" --database "$url" "$W/ours.backup"; }
  measure "PostgreSQL, $N places"; stop "$server"
  psql "$postgres" -qc 'drop database kept with (force)' ;;
esac; done
rm -f "$W/reference.backup" "$W/ours.backup"
