# Tiles with clusters over HTTP, nothing kept, beside the same of PostGIS.
. "$(dirname "$0")/../machine.sh"
need_atlas; need_postgres
bash "$bench/rows/points.sh"
serve 127.0.0.1:7516 "$atlas"
for target in http://127.0.0.1:7516 "pg:$postgres"; do "$tool" ask tiles "$data" "$target"; done
echo "goals: p50 at most 1,500 µs, p99 at most 4,000 µs at each zoom; at least 500 × PostGIS at z0"
