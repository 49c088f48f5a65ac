// Command generate draws the pictures of the demo places: solids described by
// signed distances, traced, and hatched like an engraving. Run it in
// internal/demo; it writes drawings/{name}-{width}.webp, which are committed:
//
//	go run ./generate             # all pictures, some minutes
//	go run ./generate cuicuilco   # one of them
//
// It wants ImageMagick's convert on the path, to pack the pictures as WebP.
// With -draft N it writes one PNG of N pixels width each, to be looked at.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// widths of the variants, and the quality each is packed with: small ones are
// looked at closest.
var widths = []struct{ width, quality int }{{1280, 40}, {960, 42}, {640, 48}, {320, 60}}

func main() {
	draft := flag.Int("draft", 0, "width of a single PNG, for looking at")
	out := flag.String("out", "drawings", "folder to write to")
	flag.Parse()
	for _, s := range scenes() {
		if flag.NArg() > 0 && !slices.Contains(flag.Args(), s.name) {
			continue
		}
		if err := s.write(*out, *draft); err != nil {
			fmt.Fprintln(os.Stderr, s.name+":", err)
			os.Exit(1)
		}
	}
}

// scenes are all pictures.
func scenes() []*scene {
	return slices.Concat(trotsky(), mexico(), stones(), built(), spires(), concrete(), ancient())
}

func (s *scene) write(folder string, draft int) error {
	if draft > 0 {
		img := s.engrave(s.trace(draft, draft*2/3), draft)
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(folder, s.name+".png"), b.Bytes(), 0o644)
	}
	largest := s.largest
	if largest == 0 {
		largest = 1280
	}
	seen := s.trace(largest, (largest*2+2)/3)
	for _, v := range widths {
		if v.width > largest {
			continue
		}
		name := filepath.Join(folder, fmt.Sprintf("%s-%d.webp", s.name, v.width))
		if err := pack(s.engrave(seen, v.width), v.quality, name); err != nil {
			return err
		}
	}
	return nil
}

// heavy is the size in bytes from which a picture is packed again, harder, down
// to the quality worst.
const heavy, worst = 40_000, 24

// pack writes a picture as WebP.
func pack(img image.Image, quality int, name string) error {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return err
	}
	for ; ; quality -= 4 {
		convert := exec.Command("convert", "png:-", "-strip", "-quality", fmt.Sprint(quality), "-define", "webp:method=6", "webp:"+name)
		convert.Stdin, convert.Stderr = bytes.NewReader(b.Bytes()), os.Stderr
		if err := convert.Run(); err != nil {
			return err
		}
		packed, err := os.Stat(name)
		if err != nil || packed.Size() <= heavy || quality-4 < worst {
			return err
		}
	}
}
