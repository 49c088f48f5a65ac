# The picture that networks show of a place, beside rsvg-convert of the same.
. "$(dirname "$0")/../machine.sh"
"$bench/../scripts/need" rsvg-convert=librsvg2-bin
mkdir -p "$W/share"
"$tool" share "$W/share"
