package setting

import (
	"fmt"
	"math"
	"regexp"
	"strconv"

	"mirabilia/internal/errs"
)

// Colours are the accents that links, buttons and the focus have, as #rrggbb;
// an empty one is our own.
type Colours struct {
	Light string `json:"light"`
	Dark  string `json:"dark"`
}

// Scheme is one of the two in which pages are read: the surfaces on which an
// accent stands as words.
type Scheme struct {
	Name     string
	Surfaces []Surface
}

// Surface is a colour of the style sheet's, by the name that it has there.
type Surface struct{ Token, Colour string }

// The schemes. A test holds them against the style sheet.
var (
	Light = Scheme{"light", []Surface{
		{"--paper", "#fbfbf7"}, {"--sheet", "#ffffff"}, {"--wash", "#eff1ea"}, {"--wash-2", "#e3e7df"},
		{"--want-wash", "#fbe9e3"}, {"--been-wash", "#e4f0e2"}, {"--warn-wash", "#fbf0d5"}, {"--bad-wash", "#fbe6e3"}, {"--info-wash", "#e0eff0"},
	}}
	Dark = Scheme{"dark", []Surface{
		{"--paper", "#10191b"}, {"--sheet", "#172326"}, {"--wash", "#1a282b"}, {"--wash-2", "#243538"},
		{"--want-wash", "#3b211d"}, {"--been-wash", "#1b3222"}, {"--warn-wash", "#35290f"}, {"--bad-wash", "#3d1f1c"}, {"--info-wash", "#14323a"},
	}}
)

// readable is the contrast of words, WCAG 2.2 level AA.
const readable = 4.5

var colourForm = regexp.MustCompile(`^#[0-9a-f]{6}$`)

func (c Colours) faults() (faults []errs.Field) {
	for _, x := range []struct {
		field, colour string
		scheme        Scheme
	}{{"accent_light", c.Light, Light}, {"accent_dark", c.Dark, Dark}} {
		if x.colour == "" {
			continue
		}
		if !colourForm.MatchString(x.colour) {
			faults = append(faults, fault(x.field, "is a colour such as #0b5a63"))
			continue
		}
		if s, ratio := x.scheme.weakest(x.colour); ratio < readable {
			faults = append(faults, fault(x.field, "cannot be read by everybody in the %s scheme: its contrast to %s is %.1f, and %.1f is the least. Choose a %s one",
				x.scheme.Name, s.Colour, math.Floor(ratio*10)/10, readable, map[string]string{"light": "darker", "dark": "lighter"}[x.scheme.Name]))
		}
	}
	return faults
}

// Check says why a colour cannot be taken.
func (c Colours) Check() error { return refusal(c.faults()) }

// weakest is the surface from which a colour stands out least.
func (s Scheme) weakest(colour string) (least Surface, ratio float64) {
	for i, x := range s.Surfaces {
		if r := Contrast(colour, x.Colour); i == 0 || r < ratio {
			least, ratio = x, r
		}
	}
	return least, ratio
}

// Contrast is the ratio between two colours, 1 to 21, as WCAG 2.2 defines it
// (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). What is no colour is black.
func Contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(colour string) float64 {
	r, g, b := channels(colour)
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func linear(v uint8) float64 {
	c := float64(v) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}

func channels(colour string) (r, g, b uint8) {
	if !colourForm.MatchString(colour) {
		return 0, 0, 0
	}
	n, err := strconv.ParseUint(colour[1:], 16, 32)
	if err != nil {
		return 0, 0, 0
	}
	return uint8(n >> 16), uint8(n >> 8), uint8(n)
}

// Toward is a colour moved so far towards another, 0 to 1, channel by channel.
func Toward(colour, other string, far float64) string {
	r, g, b := channels(colour)
	x, y, z := channels(other)
	mix := func(from, to uint8) int { return int(math.Round(float64(from) + (float64(to)-float64(from))*far)) }
	return fmt.Sprintf("#%02x%02x%02x", mix(r, x), mix(g, y), mix(b, z))
}
