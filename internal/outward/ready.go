package outward

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"

	"mirabilia/internal/finder"
	"mirabilia/internal/place"
)

// Item is a place as lists have it, ready to be sent: the JSON of what PlacesOf
// makes of it, without its distance.
type Item struct {
	ID int64
	// open is the JSON without the brace at its end, where the distance goes.
	open   []byte
	placed bool
}

// ItemOf makes the item of a place read without its body or with it.
func ItemOf(p *place.Place, base string) (Item, error) {
	card := Card(p, base)
	card.KnowBeforeYouGo = &p.Know
	b, err := plainJSON(card)
	if err != nil {
		return Item{}, err
	}
	n := len(b) - len("}\n")
	if n < 0 || b[n] != '}' {
		return Item{}, errors.New("outward: a place is no object")
	}
	return Item{ID: p.ID, open: bytes.Clone(b[:n]), placed: p.At != nil}, nil
}

// Weight is what the item takes in memory, in bytes.
func (i Item) Weight() int { return len(i.open) + 48 }

// Pack adds to b the bytes of which UnpackItem makes the item again.
func (i Item) Pack(b []byte) []byte {
	placed := byte(0)
	if i.placed {
		placed = 1
	}
	return append(append(b, placed), i.open...)
}

// UnpackItem makes the item of a place of the bytes that Pack gave, which it
// holds on to.
func UnpackItem(id int64, b []byte) (Item, bool) {
	if len(b) == 0 || b[0] > 1 {
		return Item{}, false
	}
	return Item{ID: id, open: b[1:], placed: b[0] == 1}, true
}

// plainJSON is JSON with a line feed at its end, <, > and & as they are: what
// the API's answers are.
func plainJSON(v any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return out.Bytes(), err
}

// AppendPlaces adds to b the JSON of a page of the finder, the same bytes as
// those of PlacesOf.
func AppendPlaces(b []byte, page finder.Page, items []Item, measured bool) ([]byte, error) {
	b = append(b, `{"items":[`...)
	hits := page.Hits
	for i := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, items[i].open...)
		for len(hits) > 0 && hits[0].ID != items[i].ID {
			hits = hits[1:] // is public no longer
		}
		if measured && items[i].placed && len(hits) > 0 {
			b = appendFloat(append(b, `,"distance_m":`...), hits[0].Metres)
		}
		b = append(b, '}')
	}
	b = append(b, `],"next":`...)
	if page.Next == "" {
		b = append(b, "null"...)
	} else {
		next, err := plainJSON(page.Next)
		if err != nil {
			return nil, err
		}
		b = append(b, next[:len(next)-1]...)
	}
	b = append(b, `,"total":`...)
	b = strconv.AppendInt(b, int64(page.Total), 10)
	return append(b, "}\n"...), nil
}

// appendFloat writes a number as encoding/json does (ECMA-262, 7.1.12.1).
func appendFloat(b []byte, f float64) []byte {
	a := math.Abs(f)
	if a == 0 || a >= 1e-6 && a < 1e21 {
		return strconv.AppendFloat(b, f, 'f', -1, 64)
	}
	b = strconv.AppendFloat(b, f, 'e', -1, 64)
	if n := len(b); n >= 4 && b[n-4] == 'e' && b[n-3] == '-' && b[n-2] == '0' {
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}
