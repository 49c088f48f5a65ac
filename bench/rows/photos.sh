# A 12-megapixel photograph of a telephone, lying on its side, to six variants:
# 1920, 960 and 320 pixels in JPEG q80 and WebP q78 (ours: 80 and 82, with less trying). Ours is the child process
# that serve runs, with its limits, encoders in WebAssembly; PHOTO= another file.
# Likeness is beside ImageMagick's Lanczos, which neither of the two made. Then
# the photograph is sent to a server: one, and twenty at once.
# The photograph comes with a Go module, through the ordinary client.
. "$(dirname "$0")/../machine.sh"
"$bench/../scripts/need" vipsthumbnail=libvips-tools convert=imagemagick xxd=xxd /usr/bin/time=time
photo=${PHOTO:-$W/photo.jpg}
if [ ! -s "$photo" ]; then
  (cd "$bench" && go mod download github.com/davidbyttow/govips/v2@v2.16.0)
  install -m 600 "$(go env GOMODCACHE)/github.com/davidbyttow/govips/v2@v2.16.0/resources/jpg-orientation-6.jpg" "$photo"
fi
out=$W/photos-out; mkdir -p "$out"
export VIPS_CONCURRENCY=1 OMP_NUM_THREADS=1 MAGICK_THREAD_LIMIT=1
# best NAME SCRIPT: the best of REPS runs on one core: seconds of CPU, peak in MiB
best() {
  for _ in $(seq "${REPS:-3}"); do
    taskset -c 0 /usr/bin/time -f '%U %S %M' -o "$out/time" bash -c "$2" >/dev/null 2>&1 || { echo "photos: $1 failed" >&2; exit 1; }
    tail -1 "$out/time"
  done | awk '{print $1+$2, $3/1024}' | sort -n | head -1
}
six=true magick="convert '$photo' -auto-orient -strip"
for s in 1920 960 320; do
  six="$six && vipsthumbnail '$photo' --size ${s}x -o '$out/v$s.jpg[Q=80,strip]' && vipsthumbnail '$photo' --size ${s}x -o '$out/v$s.webp[Q=78,strip]'"
  magick="$magick -resize ${s}x -quality 80 -write '$out/i$s.jpg' -quality 78 -write '$out/i$s.webp'"
done
# The child may write no file: its answer goes through a pipe, as in serve.
# In front of each file stand its cut, 0 for none, and its length.
length=$(printf '00%016x' "$(stat -c %s "$photo")")
one="{ printf %s $length | xxd -r -p; cat '$photo'; } | '$program' picture 1073741824 60 | cat"
ten="{ for _ in 1 2 3 4 5 6 7 8 9 10; do printf %s $length | xxd -r -p; cat '$photo'; done; } | '$program' picture 1073741824 60 | cat"
read -r vips vipsmem <<<"$(best vipsthumbnail "$six")"
read -r im immem <<<"$(best ImageMagick "$magick null:")"
read -r first mem <<<"$(best ours "$one > '$out/ours'")"
read -r all allmem <<<"$(REPS=1 best ours "$ten > '$out/ten'")"
theirs=$(cat "$out"/v* | wc -c)
ours=$(stat -c %s "$out/ours")
[ "$ours" -gt 0 ] || { echo "photos: the child made nothing" >&2; exit 1; }
awk -v v="$vips" -v vm="$vipsmem" -v i="$im" -v im="$immem" -v f="$first" -v a="$all" -v m="$mem" -v am="$allmem" -v o="$ours" -v t="$theirs" 'BEGIN {
  n = (a - f) / 9
  printf "| photograph of 12 MP to six variants, CPU of one core | `bench/run photos` | vipsthumbnail, six runs: %.2f s, %d MiB; ImageMagick in a cascade: %.2f s, %d MiB | first of a child %.2f s, each further one %.2f s; peak %d MiB, after ten %d MiB | %.2f of six runs | ≤ 1.8 with the sandboxed encoder |\n", v, vm, i, im, f, n, m, am, n / v
  printf "| bytes of the six variants | `bench/run photos` | vipsthumbnail: %d | %d | %.2f | 0.9–1.1 |\n", t, o, o / t }'
"$tool" variants "$program" "$photo" "$out"
likeness() { # likeness v|o: of vipsthumbnail's or our six variants
  local s
  for s in 1920 960 320; do
    [ -s "$out/r$s.png" ] || convert "$photo" -auto-orient -strip -filter Lanczos -resize "${s}x" "$out/r$s.png"
    "$tool" likeness "$out/r$s.png" "$out/$1$s.jpg" "$out/$1$s.webp"
  done | tr '\n' ' '
}
v=$(likeness v) o=$(likeness o)
line "their likeness (SSIM): JPEG and WebP of 1920, 960, 320 pixels" "vipsthumbnail: $v" "$o" "$(awk -v a="$v" -v b="$o" 'BEGIN{n=split(a,x," "); split(b,y," "); m=9; for(i=1;i<=n;i++) if (y[i]-x[i]<m) m=y[i]-x[i]; printf "least difference %+.4f", m}')" "no lower"
rm -rf "$W/arrive"
serve 127.0.0.1:7528 "$W/arrive" --demo; server=$pid
"$tool" people -role editor -n 1 "$W/arrive" > "$W/arrive/people.tsv"
"$tool" arrive http://127.0.0.1:7528 "$W/arrive" "$server" "$photo"
