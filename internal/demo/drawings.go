package demo

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

//go:embed drawings/*.webp
var drawingFiles embed.FS

// Drawing is a picture drawn for a place of the demo, not a photograph.
type Drawing struct {
	Place   string // id of the place in the demo
	Caption string
	Alt     string
	Credit  string
	Licence string // SPDX id
	Width   int    // of the largest variant, pixels
	Height  int
	// Files are the names of the variants by their width in pixels, largest
	// ones of Width. A name carries a hash of the picture, so that what is
	// kept under it never goes stale.
	Files map[int]string
}

// widths of the variants of a drawing, in pixels; all are 3:2. Only those of
// the gallery in Coyoacán and its first companions have the largest.
var widths = [...]int{320, 640, 960, 1280}

// sheet is a drawing as it is listed here: base is the stem of its files.
type sheet struct{ base, place, caption, alt string }

// sheets are all drawings, those of one place in the order of its gallery.
func sheets() []sheet { return slices.Concat(inMexico(), elsewhere()) }

func inMexico() []sheet {
	return []sheet{
		{
			"trotsky-garden", "casa-de-leon-trotsky", "The garden with the grave. A drawing.",
			"Drawing of a walled garden: a pale stele with a hammer and sickle under a red flag, among agaves and cactuses, beside a red house with tall shutters.",
		},
		{
			"trotsky-study", "casa-de-leon-trotsky", "The study, as it was left. A drawing.",
			"Drawing of a plain room with a wooden desk, papers, a lamp and a chair on a red carpet; bookshelves in the corner and the foot of a bed.",
		},
		{
			"trotsky-watchtower", "casa-de-leon-trotsky", "The watchtower, its windows walled up to slits. A drawing.",
			"Drawing of a square brick tower on a garden wall, its windows bricked up but for narrow slits, with a cactus as tall as a man before it.",
		},
		{
			"casa-azul-courtyard", "casa-azul", "The courtyard with Rivera’s small pyramid. A drawing.",
			"Drawing of a courtyard with cobalt walls and green windows; in the middle a red stepped pyramid with stone idols, agaves and cactuses around it.",
		},
		{
			"cuicuilco-pyramid", "cuicuilco", "The round pyramid and its ramp. A drawing.",
			"Drawing of a round pyramid in four steps with a ramp up to the top, standing in grass; black lava at one side, mountains far behind.",
		},
	}
}

func elsewhere() []sheet {
	return []sheet{
		{
			"mano-del-desierto", "hand-of-the-desert", "The hand in its desert. A drawing.",
			"Drawing of a huge left hand that stands upright out of stony desert to the wrist, its fingers a little apart, low hills on the horizon.",
		},
		{
			"moeraki-boulders", "moeraki-boulders", "Boulders on Koekohe Beach. A drawing.",
			"Drawing of a beach with a dozen grey stone balls, veined and half sunk in the sand, between a low cliff and the sea; one lies broken open.",
		},
		{
			"ales-stenar", "ales-stenar", "The ship of stones from its stern. A drawing.",
			"Drawing of upright boulders set in the outline of a ship on a grassy cliff top, the tallest at both ends, the sea behind.",
		},
		{
			"habitat-67", "habitat-67", "The cliff of boxes from the river. A drawing.",
			"Drawing of a heap of pale concrete boxes with windows and terraces, stacked at odds up to a peak, with trees and the river in front.",
		},
		{
			"bete-giyorgis", "bete-giyorgis", "The church in its pit, from above. A drawing.",
			"Drawing of a square pit in red rock seen from above; in it a church cut as a cross, three nested crosses on its flat roof, pilgrims in white on the edge.",
		},
		{
			"svalbard-global-seed-vault", "svalbard-global-seed-vault", "The door in the snow. A drawing.",
			"Drawing of a tall, narrow wedge of concrete that comes out of a snow slope, a turquoise window above its dark door, a bridge with railings leading to it.",
		},
		{
			"watts-towers", "watts-towers", "The towers behind their wall. A drawing.",
			"Drawing of five open spires of hoops and ribs, two of them very tall, behind a wall with a scalloped top that is set with round bits of tile and glass.",
		},
		{
			"buzludzha", "buzludzha", "The saucer and its tower. A drawing.",
			"Drawing of a wide concrete saucer with a band of windows on a bare hilltop, and beside it a tall slit tower with a red star, under clouds.",
		},
		{
			"rakotzbruecke", "rakotzbruecke", "Bridge and water make the ring. A drawing.",
			"Drawing of a thin half-round stone bridge whose mirror image in a still pond completes a circle, with autumn trees behind.",
		},
		{
			"nakagin-capsule-tower", "nakagin-capsule-tower", "The two towers as they stood until 2022. A drawing.",
			"Drawing of two towers hung with pale boxes, each with one round window, above a dark glazed base, young trees and a railing in front.",
		},
		{
			"plain-of-jars", "plain-of-jars", "Jars on the rise of Site 1. A drawing.",
			"Drawing of a meadow with big hollow stone jars, some upright, some leaning, one fallen with its mouth to the viewer; trees and hills behind.",
		},
		{
			"hill-of-crosses", "hill-of-crosses", "The steps up the hill. A drawing.",
			"Drawing of a low hill so thick with wooden crosses, large and small, that hardly any grass shows; a few steps lead up between them.",
		},
		{
			"azure-window", "azure-window", "The arch as it stood until 2017. A drawing.",
			"Drawing of a cliff of yellow limestone in flat beds, from which a natural arch reaches out to a pillar standing in blue sea.",
		},
		{
			"denge-sound-mirrors", "denge-sound-mirrors", "The slab, the bowl, and the wall behind. A drawing.",
			"Drawing of three concrete forms on shingle: a square slab with a round hollow, a great tilted bowl, and a long curved wall, with water in front.",
		},
	}
}

// largest is the width of the widest variant of a sheet, in pixels.
func (s sheet) largest() (int, error) {
	for _, w := range slices.Backward(widths[:]) {
		if _, err := fs.Stat(drawingFiles, s.file(w)); err == nil {
			return w, nil
		}
	}
	return 0, fmt.Errorf("a drawing of the demo is missing: %s", s.base)
}

func (s sheet) file(width int) string {
	return "drawings/" + s.base + "-" + strconv.Itoa(width) + ".webp"
}

// Drawings are all drawings of the demo; those of one place follow each other
// in the order in which its page shows them.
func Drawings() ([]Drawing, error) {
	list := make([]Drawing, 0, len(sheets()))
	for _, s := range sheets() {
		largest, err := s.largest()
		if err != nil {
			return nil, err
		}
		d := Drawing{
			Place: s.place, Caption: s.caption, Alt: s.alt, Credit: "Drawing for Mirabilia", Licence: "CC0-1.0",
			Width: largest, Height: (largest*2 + 2) / 3, Files: make(map[int]string, len(widths)),
		}
		for _, w := range widths {
			if w > largest {
				continue
			}
			b, err := fs.ReadFile(drawingFiles, s.file(w))
			if err != nil {
				return nil, fmt.Errorf("a drawing of the demo is missing: %w", err)
			}
			d.Files[w] = s.base + "-" + strconv.Itoa(w) + "-" + hash(b) + ".webp"
		}
		list = append(list, d)
	}
	return list, nil
}

// Picture is the WebP of a variant by the name that Drawings gives; false for
// a name of no picture, an outdated one among them.
func Picture(name string) ([]byte, bool) {
	stem, ok := strings.CutSuffix(name, ".webp")
	cut := strings.LastIndexByte(stem, '-')
	if !ok || cut < 0 || !fs.ValidPath(stem) {
		return nil, false
	}
	b, err := fs.ReadFile(drawingFiles, "drawings/"+stem[:cut]+".webp")
	if err != nil || hash(b) != stem[cut+1:] {
		return nil, false
	}
	return b, true
}

// hash is the part of a name that changes with the picture.
func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:4])
}
