package media

import (
	"encoding/binary"
	"errors"
	"slices"
)

var errCut = errors.New("unexpected EOF")

// boxes is what the boxes of a HEIC or AVIF file (ISO/IEC 23008-12) say about
// its main picture.
type boxes struct {
	quarters int  // to turn it anticlockwise by
	mirror   byte // 0 none, 'h' left to right, 'v' upside down
	wide     bool // its primaries are those of Display P3, said by number
}

// brand tells HEIC and AVIF apart from films by the brands they declare.
func brand(b []byte) Kind {
	end := min(int(binary.BigEndian.Uint32(b)), len(b), 256)
	for at := 8; at+4 <= end; at += 4 {
		switch string(b[at : at+4]) {
		case "avif":
			return AVIF
		case "heic", "heix", "heim", "heis":
			return HEIC
		}
	}
	return ""
}

// box cuts the first box off b.
func box(b []byte) (name string, body, rest []byte, ok bool) {
	if len(b) < 8 {
		return "", nil, nil, false
	}
	size, start := uint64(binary.BigEndian.Uint32(b)), uint64(8)
	switch {
	case size == 1 && len(b) >= 16:
		size, start = binary.BigEndian.Uint64(b[8:]), 16
	case size == 0:
		size = uint64(len(b))
	}
	if size < start || size > uint64(len(b)) {
		return "", nil, nil, false
	}
	return string(b[4:8]), b[start:size], b[size:], true
}

// inside finds a box by its name among those in b.
func inside(b []byte, name string) []byte {
	for {
		n, body, rest, ok := box(b)
		if !ok {
			return nil
		}
		if n == name {
			return body
		}
		b = rest
	}
}

// readBoxes reads size, turns and profile of the main picture.
func (h *head) readBoxes(file []byte) error {
	meta := inside(file, "meta")
	if len(meta) < 4 {
		return broken(h.kind, errCut)
	}
	meta = meta[4:]
	main := uint32(0)
	switch p := inside(meta, "pitm"); {
	case len(p) >= 8 && p[0] > 0:
		main = binary.BigEndian.Uint32(p[4:])
	case len(p) >= 6:
		main = uint32(binary.BigEndian.Uint16(p[4:]))
	}
	iprp := inside(meta, "iprp")
	var props []property
	for b := inside(iprp, "ipco"); len(props) < 1024; {
		name, body, rest, ok := box(b)
		if !ok {
			break
		}
		props, b = append(props, property{name, body}), rest
	}
	mine := associations(inside(iprp, "ipma"), main)
	for i, p := range props {
		w, ht, ok := p.size()
		if ok && (slices.Contains(mine, i+1) || len(mine) == 0) {
			h.width, h.height = w, ht
		} else if ok && w*ht > maxPixels[h.kind] { // a tile or a thumbnail is decoded as well
			h.width, h.height = w, ht
			return h.bounded()
		}
	}
	if h.width == 0 {
		return broken(h.kind, errCut)
	}
	// In the order in which they are told: turning and mirroring do not commute.
	for _, i := range mine {
		if i >= 1 && i <= len(props) {
			h.take(props[i-1])
		}
	}
	return nil
}

type property struct {
	name string
	body []byte
}

func (p property) size() (w, h int, ok bool) {
	if p.name != "ispe" || len(p.body) < 12 {
		return 0, 0, false
	}
	w, h = int(binary.BigEndian.Uint32(p.body[4:])), int(binary.BigEndian.Uint32(p.body[8:]))
	return min(w, 1<<28), min(h, 1<<28), true
}

func (h *head) take(p property) {
	switch {
	case p.name == "irot" && len(p.body) >= 1:
		h.boxes.quarters = int(p.body[0] & 3)
	case p.name == "imir" && len(p.body) >= 1:
		h.boxes.mirror = 'v'
		if p.body[0]&1 == 1 {
			h.boxes.mirror = 'h'
		}
	case p.name == "colr" && len(p.body) >= 4 && (string(p.body[:4]) == "prof" || string(p.body[:4]) == "rICC"):
		if len(p.body)-4 <= maxProfile {
			h.profile = p.body[4:]
		}
	case p.name == "colr" && len(p.body) >= 8 && string(p.body[:4]) == "nclx":
		h.boxes.wide = binary.BigEndian.Uint16(p.body[4:]) == 12
	}
}

// associations lists the properties of an item, counted from 1.
func associations(b []byte, item uint32) []int {
	if len(b) < 8 {
		return nil
	}
	version, wide, n := b[0], b[3]&1 == 1, binary.BigEndian.Uint32(b[4:])
	b = b[8:]
	for range min(n, 1<<16) {
		id, size := uint32(0), 2
		if version > 0 {
			size = 4
		}
		if len(b) < size+1 {
			return nil
		}
		if size == 4 {
			id = binary.BigEndian.Uint32(b)
		} else {
			id = uint32(binary.BigEndian.Uint16(b))
		}
		count, each := int(b[size]), 1
		if wide {
			each = 2
		}
		b = b[size+1:]
		if len(b) < count*each {
			return nil
		}
		if id == item {
			out := make([]int, count)
			for i := range out {
				if wide {
					out[i] = int(binary.BigEndian.Uint16(b[2*i:]) & 0x7fff)
				} else {
					out[i] = int(b[i] & 0x7f)
				}
			}
			return out
		}
		b = b[count*each:]
	}
	return nil
}
