package main

import (
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"mirabilia/internal/geo"
	"mirabilia/internal/web/assets"
	"mirabilia/internal/web/share"
	"mirabilia/internal/web/tiles"
)

// shareRounds is how often each picture is drawn.
const shareRounds = 10

// shareCommand draws the pictures that networks show, each beside rsvg-convert
// on an SVG of the same drawing in FOLDER, and compares CPU time. Ours has its
// tables ready, as a server has; the other is a process a picture, and what it
// takes to start one is told apart.
func shareCommand(args []string) error {
	set, err := assets.Load()
	if err != nil {
		return err
	}
	faces, err := share.ReadFaces(set.Words)
	if err != nil {
		return err
	}
	drawer := tiles.NewDrawer()
	idle, err := converted(args[0], "empty", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`))
	if err != nil {
		return err
	}
	for _, p := range []struct {
		title, line string
		spot        tiles.Spot
	}{
		{"Museo Casa de León Trotsky", "Mexico City, Mexico", tiles.Spot{CountryCode: "MX", At: &geo.Public{Lat: 19.3586, Lon: -99.1617}}},
		{"Old Tjikko", "Dalarna, Sweden", tiles.Spot{CountryCode: "SE", At: &geo.Public{Lat: 61.6, Lon: 12.8}, Rough: true}},
		{"Antikythera", "Attica, Greece", tiles.Spot{CountryCode: "GR", At: &geo.Public{Lat: 35.86, Lon: 23.3}}},
	} {
		card := share.Card{Kicker: "Place", Titles: []string{p.title}, Line: p.line, Atlas: "Mirabilia"}
		draw := func() (err error) {
			if card.Picture, err = drawer.Paint(p.spot); err == nil {
				_, err = faces.PNG(card)
			}
			return err
		}
		if err := draw(); err != nil { // unpacks the outlines
			return err
		}
		before := used()
		for range shareRounds {
			if err := draw(); err != nil {
				return err
			}
		}
		ours := (used() - before) / shareRounds
		svg, err := cardSVG(drawer, card, p.spot)
		if err != nil {
			return err
		}
		theirs, err := converted(args[0], p.title, svg)
		if err != nil {
			return err
		}
		tableLine("share picture, CPU, "+p.title, fmt.Sprintf("rsvg-convert: %.0f ms, %.0f of them to start", ms(theirs), ms(idle)), fmt.Sprintf("%.0f ms", ms(ours)),
			fmt.Sprintf("%.2f, without its start %.2f", float64(ours)/float64(theirs), float64(ours)/float64(theirs-idle)), "≤ 1.0")
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// cardSVG is the same card as SVG: the map's own drawing, set into it.
func cardSVG(d *tiles.Drawer, c share.Card, s tiles.Spot) ([]byte, error) {
	inner, err := d.Locator(s, tiles.Share)
	if err != nil {
		return nil, err
	}
	text := func(y, size int, family, words string) string {
		return fmt.Sprintf(`<text x="44" y="%d" font-size="%d" font-family="%s">%s</text>`, y, size, family, html.EscapeString(words))
	}
	out := `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630"><rect width="1200" height="630" fill="#fbfbf7"/>` +
		text(78, 30, "serif", c.Kicker) + text(160, 48, "serif", c.Titles[0]) + text(220, 26, "sans-serif", c.Line) + text(572, 34, "serif", c.Atlas) +
		`<svg x="480">` + string(inner) + `</svg><path d="M0 623h1200" stroke="#14262b" stroke-width="14" stroke-dasharray="48"/></svg>`
	return []byte(out), nil
}

// converted is the CPU time of one rsvg-convert of an SVG, the mean of some.
func converted(folder, name string, svg []byte) (time.Duration, error) {
	from := filepath.Join(folder, name+".svg")
	if err := os.WriteFile(from, svg, 0o600); err != nil {
		return 0, err
	}
	var sum time.Duration
	for range shareRounds {
		cmd := exec.Command("rsvg-convert", from, "-o", filepath.Join(folder, name+".png"))
		if out, err := cmd.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("rsvg-convert: %w: %s", err, out)
		}
		sum += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	return sum / shareRounds, nil
}
