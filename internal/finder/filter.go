package finder

import (
	"strings"

	"mirabilia/internal/finder/facet"
)

// The groups of properties (first byte of a facet key).
const (
	groupTag         = 't'
	groupDestination = 'd' // then the depth, so that children are a range
	groupStatus      = 's'
	groupFact        = 'f' // name=value
	groupKind        = 'k'
	groupPhotos      = 'p'
	groupPosition    = '@'
)

func tagKey(tag string) string          { return string(groupTag) + tag }
func statusKey(s string) string         { return string(groupStatus) + s }
func factKey(name, value string) string { return string(groupFact) + name + "=" + value }
func kindKey(k Kind) string             { return string([]byte{groupKind, byte('a' + k)}) }

const (
	photosKey   = string(groupPhotos)
	positionKey = string(groupPosition)
)

// destinationKey is the key of a path; childrenPrefix that of the keys one
// level below it ("" for the countries).
func destinationKey(path string) string {
	return string([]byte{groupDestination, byte('0' + strings.Count(path, "/"))}) + path
}

func childrenPrefix(path string) string {
	if path == "" {
		return string(groupDestination) + "0"
	}
	return string([]byte{groupDestination, byte('1' + strings.Count(path, "/"))}) + path + "/"
}

// keys are the properties of a document.
func keys(d *Doc, buf []string) []string {
	buf = append(buf[:0], kindKey(d.Kind))
	for _, t := range d.Tags {
		buf = append(buf, tagKey(t))
	}
	for _, path := range d.In {
		buf = append(buf, destinationKey(path))
	}
	if d.Status != "" {
		buf = append(buf, statusKey(d.Status))
	}
	for name, value := range d.Facts {
		buf = append(buf, factKey(name, value))
	}
	if d.HasPhotos {
		buf = append(buf, photosKey)
	}
	if d.At != nil && d.At.Valid() {
		buf = append(buf, positionKey)
	}
	return buf
}

// selection is what a filter keeps of one part.
type selection struct {
	*part
	bits facet.Bits // nil: every document that is alive
	n    int        // how many
}

// has reports whether the filter keeps the document.
func (s *selection) has(ord uint32) bool {
	if s.bits == nil {
		return s.alive(ord)
	}
	return s.bits.Has(ord)
}
