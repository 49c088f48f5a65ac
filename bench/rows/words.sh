# Search, suggestions and one-typo queries in process at N places; then at REF_N
# beside Sphinx, SQLite's FTS5 and B-tree, PostgreSQL's tsvector and bleve, whose
# indexes hold the same title, tags and body. The indexes are kept for the next
# run; ENGINES= takes fewer.
. "$(dirname "$0")/../machine.sh"
REF_N=${REF_N:-$((N < 200000 ? N : 200000))}
engines=${ENGINES:-sphinx fts5 pg bleve}
need_data
[ "$REF_N" = "$N" ] || "$tool" words "$data"
ref=$W/data-$REF_N index=$W/words-$REF_N targets=()
[ -s "$ref/typo.txt" ] || "$tool" draw -n "$REF_N" "$ref"
mkdir -p "$index"
for engine in $engines; do t=$(now); case $engine in
sphinx)
  "$bench/../scripts/need" searchd=sphinxsearch indexer=sphinxsearch
  port=$((20000 + RANDOM % 9000))
  cat > "$index/sphinx.conf" <<C
source docs
{
	type = tsvpipe
	tsvpipe_command = cut -f1,2,3,5 $ref/places.tsv
	tsvpipe_field = title
	tsvpipe_field = tags
	tsvpipe_field = body
}
index docs
{
	source = docs
	path = $index/sphinx
	dict = keywords
}
indexer
{
	mem_limit = 512M
}
searchd
{
	listen = 127.0.0.1:$port:mysql41
	pid_file = $index/searchd.pid
	log = $W/log/searchd.log
	binlog_path =
}
C
  [ -e "$index/sphinx.done" ] || { indexer -c "$index/sphinx.conf" docs >"$W/log/indexer.log"; touch "$index/sphinx.done"; echo "Sphinx built in $(since "$t") s"; }
  behind sphinx.log searchd -c "$index/sphinx.conf" --nodetach
  for ((i = 0; i < 500; i++)); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.02; done
  targets+=("sphinx:127.0.0.1:$port") ;;
fts5)
  "$bench/../scripts/need" sqlite3=sqlite3
  [ -e "$index/fts5.done" ] || { rm -f "$index/fts.db"
    sqlite3 "$index/fts.db" >/dev/null <<S
pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-400000;
create virtual table docs using fts5(title, tags, body, tokenize='unicode61 remove_diacritics 2');
create table p(id integer primary key, title text, tags text, city text, body text, lat real, lon real);
.mode ascii
.separator "\t" "\n"
.import $ref/places.tsv p
insert into docs(rowid, title, tags, body) select id, title, tags, body from p;
insert into docs(docs) values('optimize');
create table titles(id integer primary key, title text collate nocase);
insert into titles select id, title from p;
create index titles_title on titles(title);
drop table p;
S
    touch "$index/fts5.done"; echo "FTS5 built in $(since "$t") s"; }
  targets+=("fts5:$index/fts.db") ;;
pg)
  need_postgres
  [ "$(psql "$postgres" -Atc "select count(*) from docs" 2>/dev/null || true)" = "$REF_N" ] || { psql "$postgres" -q -v ON_ERROR_STOP=1 <<S
drop table if exists docs;
create unlogged table docs(id bigint, title text, tags text, city text, body text, lat float8, lon float8);
\copy docs from '$ref/places.tsv'
alter table docs add tsv tsvector generated always as (setweight(to_tsvector('simple',title),'A')||setweight(to_tsvector('simple',tags),'B')||to_tsvector('simple',body)) stored;
create index on docs using gin(tsv);
vacuum analyze docs;
S
    echo "PostgreSQL built in $(since "$t") s"; }
  targets+=("pg:$postgres") ;;
bleve)
  [ -e "$index/bleve.done" ] || { "$tool" index "$ref" "$index/bleve"; touch "$index/bleve.done"; }
  targets+=("bleve:$index/bleve") ;;
*) echo "words: no engine $engine" >&2; exit 2 ;;
esac; done
"$tool" words "$ref" "${targets[@]}"
