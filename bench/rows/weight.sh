# What a first view of a place's page weighs on the wire, without pictures.
. "$(dirname "$0")/../machine.sh"
serve 127.0.0.1:7514 "$W/demo" --demo
at=http://127.0.0.1:7514
size() { curl -s -H 'Accept-Encoding: br' -o /dev/null -w '%{size_download}' "$1"; }
page=$(curl -s "$at/places/casa-de-leon-trotsky" | grep -oE '<(link|script)[^<>]*>') # what the map brings when it is touched stands elsewhere
sum() { local s=0 a; for a in $(printf '%s' "$page" | grep -oE "/assets/[A-Za-z0-9_./-]+\.$1\b" | sort -u); do s=$((s + $(size "$at$a"))); done; echo "$s"; }
line "weight: HTML, styles, script without the map, fonts" "" "$(size "$at/places/casa-de-leon-trotsky"), $(sum css), $(sum js), $(sum woff2) B" "" "25, 30, 15, 60 kB"
