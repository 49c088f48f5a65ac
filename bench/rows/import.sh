# The import, findable and crash-safe at its end, beside sqlite3's .import and
# PostgreSQL's COPY with the same indexes.  import.sh [sqlite] [postgres]
. "$(dirname "$0")/../machine.sh"
need_data
rate() { awk -v n="$N" -v s="$1" 'BEGIN{printf "%d", n/s}'; }
for engine in ${*:-sqlite postgres}; do case $engine in
sqlite)
  "$bench/../scripts/need" sqlite3=sqlite3
  rm -f "$W/import.db"*; t=$(now)
  sqlite3 "$W/import.db" >/dev/null <<S
pragma journal_mode=wal; pragma synchronous=normal; pragma cache_size=-400000;
create table p(id integer primary key, title text, tags text, city text, body text, lat real, lon real);
.mode ascii
.separator "\t" "\n"
.import $data/places.tsv p
create index p_city on p(city);
create unique index p_slug on p(replace(title,' ','-')||'-'||id);
create virtual table p_at using rtree(id,y0,y1,x0,x1);
insert into p_at select id,lat,lat,lon,lon from p;
S
  theirs=$(since "$t"); rm -f "$W/import.db"*
  rm -rf "$atlas"; t=$(now)
  /usr/bin/env TIMEFORMAT='ours CPU: %U + %S s' bash -c 'time "$0" import --publish --data "$1" "$2"' "$program" "$atlas" "$data/places.ndjson"
  ours=$(since "$t")
  have=$(sqlite3 "$atlas/atlas.db" 'select count(*) from places')
  [ "$have" = "$N" ] || { echo "imported $have of $N" >&2; exit 1; }
  touch "$atlas/done"
  line "import of $N, SQLite" "\`.import\` and the same indexes: $theirs s, $(rate "$theirs")/s" "$ours s, $(rate "$ours")/s" "$(over "$theirs" "$ours")" "5,000/s, better 15,000" ;;
postgres)
  need_postgres; t=$(now)
  psql "$postgres" -q -v ON_ERROR_STOP=1 <<S
create extension if not exists postgis;
drop table if exists imp;
create table imp(id int primary key, title text, tags text, city text, body text, lat float8, lon float8,
 slug text generated always as (replace(title,' ','-')||'-'||id) stored,
 geom geometry(point,4326) generated always as (st_setsrid(st_makepoint(lon,lat),4326)) stored);
\copy imp(id,title,tags,city,body,lat,lon) from '$data/places.tsv'
create unique index on imp(slug); create index on imp using gist(geom); create index on imp(city);
S
  theirs=$(since "$t")
  psql "$postgres" -qc 'drop table imp' -c 'drop database if exists atlas with (force)' -c 'create database atlas'
  t=$(now)
  "$program" import --publish --database "${postgres/\/postgres\?//atlas?}" --data "$W/atlas-postgres" "$data/places.ndjson"
  ours=$(since "$t")
  have=$(psql "${postgres/\/postgres\?//atlas?}" -Atc 'select count(*) from places')
  psql "$postgres" -qc 'drop database atlas with (force)'
  [ "$have" = "$N" ] || { echo "imported $have of $N" >&2; exit 1; }
  line "import of $N, PostgreSQL" "COPY, then the same indexes: $theirs s, $(rate "$theirs")/s" "$ours s, $(rate "$ours")/s" "$(over "$theirs" "$ours")" "5,000/s, better 15,000" ;;
esac; done
