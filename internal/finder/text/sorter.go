package text

import (
	"math/bits"
	"slices"
)

// sorter puts the postings of one term after the other into the order of the
// new ordinals.
type sorter struct {
	*merger
	ords  []uint32
	codes []code
	keys  []uint64

	// A seat for each document, and a bit for each that is taken: postings of
	// what many documents have are put there and read off in order, which needs
	// no comparing.
	seats []code
	taken []uint64
}

// seatsFrom is the share of the documents from which seats are used: reading
// the bits of all of them then costs less than sorting.
const seatsFrom = 1024

// sorted gives the postings of a term that is found in several origins. They
// are good until the next call.
func (s *sorter) sorted(found []sighting) ([]uint32, []code) {
	s.ords, s.codes = s.ords[:0], s.codes[:0]
	n, ascending, last := 0, true, done
	for _, f := range found {
		s.ords, s.codes = s.in[f.in].unpacked(f.term, s.ords[:n], s.codes[:n])
		to := s.to[f.in]
		for i := n; i < len(s.ords); i++ {
			ord := to[s.ords[i]]
			if ord == gone {
				continue
			}
			ascending = ascending && (last == done || ord > last)
			s.ords[n], s.codes[n], last = ord, s.codes[i], ord
			n++
		}
	}
	s.ords, s.codes = s.ords[:n], s.codes[:n]
	switch {
	case ascending:
	case n > len(s.order)/seatsFrom:
		s.seat()
	default:
		s.sort()
	}
	return s.ords, s.codes
}

func (s *sorter) sort() {
	s.keys = s.keys[:0]
	for i, ord := range s.ords {
		s.keys = append(s.keys, uint64(ord)<<8|uint64(s.codes[i]))
	}
	slices.Sort(s.keys)
	for i, k := range s.keys {
		s.ords[i], s.codes[i] = uint32(k>>8), code(k)
	}
}

func (s *sorter) seat() {
	if s.seats == nil {
		s.seats = make([]code, len(s.order))
		s.taken = make([]uint64, (len(s.order)+63)/64)
	}
	for i, ord := range s.ords {
		s.seats[ord] = s.codes[i]
		s.taken[ord/64] |= 1 << (ord % 64)
	}
	n := 0
	for i, word := range s.taken {
		for ; word != 0; word &= word - 1 {
			ord := uint32(i*64 + bits.TrailingZeros64(word))
			s.ords[n], s.codes[n] = ord, s.seats[ord]
			n++
		}
		s.taken[i] = 0
	}
}
