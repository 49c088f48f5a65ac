# Submissions through the API with tokens, eight writers at once, and readers of
# a place's page meanwhile; their writers are editors, whom no daily number
# holds up.   submissions.sh [sqlite] [postgres]
. "$(dirname "$0")/../machine.sh"
address=127.0.0.1:7526
row() { # row ENGINE FOLDER [DATABASE]
  rm -rf "$2"
  serve "$address" "$2" --demo ${3:+--database "$3"}; server=$pid
  "$tool" people -role editor -n 40 ${3:+-database "$3"} "$2" > "$2/people.tsv"
  "$tool" send -engine "$1" -for "${SECONDS_EACH:-10}s" -page /places/casa-de-leon-trotsky -pid "$server" "http://$address" "$2"
  stop "$server"
}
for engine in ${*:-sqlite postgres}; do case $engine in
sqlite) row SQLite "$W/submissions" ;;
postgres)
  need_postgres
  psql "$postgres" -qc 'drop database if exists submissions with (force)' -c 'create database submissions'
  row PostgreSQL "$W/submissions-postgres" "${postgres/\/postgres\?//submissions?}"
  psql "$postgres" -qc 'drop database submissions with (force)' ;;
esac; done
