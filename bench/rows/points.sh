# Loads the places into PostGIS once, for the rows near and tiles.
. "$(dirname "$0")/../machine.sh"
started=() # the server was started by the row
[ "$(psql "$postgres" -Atc "select count(*) from points" 2>/dev/null || true)" = "$N" ] && exit 0
cut -f1,6,7 "$data/places.tsv" > "$data/points.tsv"
psql "$postgres" -q -v ON_ERROR_STOP=1 <<S
create extension if not exists postgis;
drop table if exists points; drop table if exists raw;
create unlogged table raw(id bigint, lat float8, lon float8);
\copy raw from '$data/points.tsv'
create unlogged table points as select id, st_makepoint(lon,lat)::geography geog, st_transform(st_setsrid(st_makepoint(lon,lat),4326),3857)::geometry(point,3857) merc from raw;
create index on points using gist(geog);
create index on points using gist(merc);
analyze points;
S
