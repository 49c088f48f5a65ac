# Ghost 5 on loopback with one post, the reference of the pages. Sourced after
# machine.sh. Its package bundles parts of its own, so that it is unpacked and
# installed inside; kept in $W/ghost for the next run.
ghost_port=${GHOST_PORT:-7530} ghost=http://127.0.0.1:${GHOST_PORT:-7530}
ghost_version=5.130.6 # the newest that runs on Node 20

# need_ghost: false where it cannot be had within GHOST_SECONDS (1,200).
need_ghost() {
  local folder=$W/ghost
  [ -e "$folder/done" ] && return 0
  "$bench/../scripts/need" sqlite3=sqlite3 node=nodejs npm=npm python3=python3 make=make g++=g++
  mkdir -p "$folder"
  echo "installing Ghost $ghost_version" >&2
  if timeout "${GHOST_SECONDS:-1200}" bash -euo pipefail -c '
    cd "$1"; rm -rf package; npm pack --silent "ghost@$2"; tar xzf "ghost-$2.tgz"; cd package; rm -f yarn.lock
    node -e "const f=\"./package.json\",p=require(f);delete p.devDependencies;delete p.scripts;delete p.resolutions;require(\"fs\").writeFileSync(f,JSON.stringify(p))"
    npm_config_nodedir=/usr npm install --omit=dev --no-audit --no-fund --legacy-peer-deps
    [ -e node_modules/sqlite3/build/Release/node_sqlite3.node ] || (cd node_modules/sqlite3 && npm_config_nodedir=/usr npx node-gyp rebuild)
  ' ghost "$folder" "$ghost_version" >"$W/log/ghost-install.log" 2>&1; then touch "$folder/done"; else
    echo "Ghost could not be installed, see $W/log/ghost-install.log: measured without it" >&2; return 1
  fi
}

# start_ghost: ready, its number in $pid, the seconds it took in $took.
start_ghost() {
  local folder=$W/ghost t
  cat > "$folder/package/config.production.json" <<C
{"url":"$ghost","server":{"host":"127.0.0.1","port":$ghost_port},"process":"local","mail":{"transport":"Direct"},
"database":{"client":"sqlite3","connection":{"filename":"$folder/ghost.db"},"useNullAsDefault":true},
"logging":{"level":"error","transports":["stdout"]},"paths":{"contentPath":"$folder/package/content"},
"privacy":{"useUpdateCheck":false,"useGravatar":false,"useRpcPing":false},"caching":{"frontend":{"maxAge":0}}}
C
  mkdir -p "$folder/package/content/"{data,logs,settings}
  t=$(now)
  behind ghost.log env -C "$folder/package" NODE_ENV=production node index.js
  ready "$ghost/" 240; took=$(since "$t")
}

# post_ghost PAGE: gives Ghost's one post the main part of a page of ours.
post_ghost() {
  curl -s "$1" | node -e 'let s="";process.stdin.on("data",d=>s+=d).on("end",()=>{const m=s.match(/<main[^>]*>([\s\S]*)<\/main>/);process.stdout.write(m?m[1]:s)})' > "$W/post.html"
  sqlite3 -cmd '.timeout 10000' "$W/ghost/ghost.db" "update posts set html=cast(readfile('$W/post.html') as text), plaintext='x' where slug='coming-soon'"
}
ghost_post=$ghost/coming-soon/
