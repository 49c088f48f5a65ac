# Lighthouse on its phone preset: home, a place, a guide, a search.
. "$(dirname "$0")/../machine.sh"
"$bench/../scripts/need" chromium=chromium node=nodejs
[ -d "$bench/lighthouse/node_modules/lighthouse" ] || (cd "$bench/lighthouse" && npm ci --ignore-scripts --no-audit --no-fund >&2)
serve 127.0.0.1:7517 "$W/demo" --demo
CHROME_PATH=$(command -v chromium) node "$bench/lighthouse/run.mjs" http://127.0.0.1:7517 / /places/casa-de-leon-trotsky /destinations/mexico/mexico-city "/search?q=museum"
