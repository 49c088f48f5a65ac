package place

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"
	"strconv"
	"time"

	"mirabilia/internal/geo"
	"mirabilia/internal/tag"
)

// draft is a place on its way into the database: the public row, what is kept
// from the public, and both encoded.
type draft struct {
	Place
	truth     *geo.True   // nil: no position was given
	givenNear *geo.Public // the public point that another atlas drew
	hints     [3]string   // country code, region, city, where the position gives none
	wantSlug  string
	// Whether the record named a tier, a usable status and a usable kind at all.
	tierSaid, statusSaid, kindSaid bool

	tags      []tag.Tag // with their names
	published time.Time // zero: not said
	updated   time.Time
	created   time.Time

	n                                     int   // of the record in its run
	population                            int64 // of the city it is in
	full                                  *draft
	addedBy, editedBy, revisedBy, summary string // JSON credits, and what was done

	tagsJSON, aliasesJSON, factsJSON, sourcesJSON, extraJSON string
	sum                                                      int64 // of all that was given
}

// encode makes the texts of the columns that hold lists, and the sum.
func (d *draft) encode() (err error) {
	text := func(v any, empty bool) string {
		if empty || err != nil {
			return ""
		}
		var b []byte
		b, err = json.Marshal(v)
		return string(b)
	}
	d.tagsJSON = text(d.Tags, len(d.Tags) == 0)
	d.aliasesJSON = text(d.Aliases, len(d.Aliases) == 0)
	d.factsJSON = text(d.Facts, len(d.Facts) == 0)
	d.sourcesJSON = text(d.Sources, len(d.Sources) == 0)
	if d.extraJSON == "" {
		d.extraJSON = text(d.Extra, len(d.Extra) == 0)
	}
	d.sum = d.contentSum(d.wantSlug, d.published, d.updated)
	for i, said := range []bool{d.tierSaid, d.statusSaid, d.kindSaid} { // to say what is usual is not to be silent
		if said {
			d.sum ^= 1 << i
		}
	}
	return err
}

// contentSum is the first eight bytes of the SHA-256 of everything a record
// can say. Two drafts of equal sum say the same.
func (d *draft) contentSum(slug string, published, updated time.Time) int64 {
	b := make([]byte, 0, 1024+len(d.Body))
	put := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	for _, s := range []string{
		d.Title, d.Subtitle, d.Body, d.Know, d.Lang, string(d.Kind), string(d.Tier), d.Address, d.Website,
		string(d.Status), d.StatusDate, d.StatusUntil, d.StatusSource, d.TierReason, d.Licence, d.SourceURL, d.ImageURL,
		d.tagsJSON, d.aliasesJSON, d.factsJSON, d.sourcesJSON, d.extraJSON, slug,
	} {
		put(s)
	}
	if d.truth != nil {
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(d.truth.Lat))
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(d.truth.Lon))
	} else {
		for _, h := range d.hints {
			put(h)
		}
	}
	b = binary.BigEndian.AppendUint64(b, uint64(published.UnixMilli()))
	b = binary.BigEndian.AppendUint64(b, uint64(updated.UnixMilli()))
	h := sha256.Sum256(b)
	return int64(binary.BigEndian.Uint64(h[:]))
}

// madeID is the id of a record that brings none: a hash of name and position.
func madeID(title string, lat, lon *float64) string {
	s := title
	for _, v := range []*float64{lat, lon} {
		s += "\x00"
		if v != nil {
			s += strconv.FormatFloat(*v, 'f', -1, 64)
		}
	}
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:10])
}
