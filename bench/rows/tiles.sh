# Tiles with clusters over HTTP, nothing kept, beside the same of PostGIS.
. "$(dirname "$0")/../machine.sh"
need_atlas; need_postgres
bash "$bench/rows/points.sh"
serve 127.0.0.1:7516 "$atlas"
settled
"$tool" ask tiles "$data" http://127.0.0.1:7516 "pg:$postgres"
