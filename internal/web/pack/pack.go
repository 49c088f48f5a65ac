// Package pack is what readers take along: some places of the atlas with their
// texts, a small picture of each and the map of where they lie, to be kept by a
// browser, or as one ZIP file of pages that open anywhere.
//
// A pack holds what is public and nothing else, and it is bounded: see Most.
package pack

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

const (
	// Most is how many places a pack holds at most.
	Most = 2000
	// Part is how many places are asked for at once while a pack is kept.
	Part = 50
	// Format is raised when an older browser's side would misread what is sent.
	Format = 1
)

// Manifest lists what a pack holds: enough to say its size before it is kept, to
// list, search and find what is near without the texts, and to find out what
// has changed since.
type Manifest struct {
	Format  int    `json:"format"`
	Name    string `json:"name"`
	Page    string `json:"page"` // path of the page that it is of, with its query
	Made    string `json:"made"` // RFC 3339
	Atlas   string `json:"atlas"`
	Licence string `json:"licence"`
	Size    Size   `json:"size"`
	Tiles   Tiles  `json:"tiles"`
	Items   []Item `json:"items"`
}

// Size is what a pack takes on a device, in bytes.
type Size struct {
	Texts    int `json:"texts"`    // exact: the places and this list
	Pictures int `json:"pictures"` // measured on a part of them
	Map      int `json:"map"`      // exact
	Total    int `json:"total"`
}

// Tiles is the part of the basemap about the places.
type Tiles struct {
	Zoom int  `json:"zoom"`          // the closest that is held
	Box  *Box `json:"box,omitempty"` // of the places; nil where none has a position
	// Source is the path of a tile with {z}, {x} and {y}.
	Source string   `json:"source"`
	Paths  []string `json:"paths"`
}

// Box bounds positions in degrees; West is above East where it crosses the date
// line.
type Box struct {
	West  float64 `json:"west"`
	South float64 `json:"south"`
	East  float64 `json:"east"`
	North float64 `json:"north"`
}

// Item is one place of a pack as lists show it. Hash changes with anything that
// its Leaf shows, so that a browser fetches again what has changed and only that.
type Item struct {
	ID      string   `json:"id"`
	Slug    string   `json:"slug"`
	Hash    string   `json:"hash"`
	Bytes   int      `json:"bytes"` // of the Leaf as JSON
	Kind    string   `json:"kind"`
	Title   string   `json:"title"`
	Lang    string   `json:"lang,omitempty"`
	Hook    string   `json:"hook,omitempty"`
	Where   string   `json:"where,omitempty"`
	Status  string   `json:"status,omitempty"` // in a word, "" when plainly open
	State   string   `json:"state"`            // the status as programs have it
	Lat     *float64 `json:"lat,omitempty"`
	Lon     *float64 `json:"lon,omitempty"`
	Names   []string `json:"names,omitempty"` // its other names
	Tags    []string `json:"tags,omitempty"`  // names of its themes
	Picture string   `json:"picture,omitempty"`
}

// Leaf is the text of one place: safe HTML for the inside of a page.
type Leaf struct {
	ID   string `json:"id"`
	Slug string `json:"slug"`
	Hash string `json:"hash"`
	HTML string `json:"html"`
}

// Seal gives a leaf the hash of what it says, and the item of the same place the
// hash and the size.
func Seal(i *Item, l *Leaf) error {
	l.ID, l.Slug, l.Hash = i.ID, i.Slug, ""
	i.Hash, i.Bytes = "", 0
	sum := sha256.New()
	enc := json.NewEncoder(sum)
	for _, v := range []any{Format, i, l} {
		if err := enc.Encode(v); err != nil {
			return err
		}
	}
	l.Hash = base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:12])
	raw, err := json.Marshal(l)
	i.Hash, i.Bytes = l.Hash, len(raw)
	return err
}

// JSON writes a manifest and counts itself into its size.
func (m *Manifest) JSON() ([]byte, error) {
	m.Format = Format
	if m.Items == nil {
		m.Items = []Item{}
	}
	if m.Tiles.Paths == nil {
		m.Tiles.Paths = []string{}
	}
	m.Size.Texts, m.Size.Total = 0, 0
	raw, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	m.Size.Texts = len(raw)
	for _, i := range m.Items {
		m.Size.Texts += i.Bytes
	}
	m.Size.Total = m.Size.Texts + m.Size.Pictures + m.Size.Map
	raw, err = json.Marshal(m)
	return append(raw, '\n'), err
}

// Pictures lists the pictures of items, each once.
func Pictures(items []Item) []string {
	var out []string
	seen := map[string]bool{}
	for _, i := range items {
		if i.Picture != "" && !seen[i.Picture] {
			seen[i.Picture] = true
			out = append(out, i.Picture)
		}
	}
	return out
}
