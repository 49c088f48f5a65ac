package finder

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/finder/pack"
	"mirabilia/internal/finder/space"
	"mirabilia/internal/finder/text"
)

// Origin says of what a snapshot is one. A snapshot is good for a finder of
// just the same origin but for Seq.
type Origin struct {
	// Program names the program that wrote it, with all that it has built in:
	// another folds words, ranks and locates otherwise.
	Program string
	// Seq is where in the log the finder stood.
	Seq int64
	// Log is a digest of the log up to Seq: another atlas has another one, and
	// so has one that was set back and then went another way.
	Log string
}

const (
	// snapshotMagic begins every snapshot.
	snapshotMagic = "mirabilia finder\n"
	// snapshotFormat is to be raised with every change of what is packed.
	snapshotFormat = 1
	// maxParts bounds the parts of a snapshot; there are rarely ten.
	maxParts = 1 << 12
)

// ErrSnapshot is what a snapshot cannot be used for: damaged, or of another
// format.
var ErrSnapshot = errors.New("no good snapshot")

// Snapshot is all that a finder held at one moment: public positions only, as
// that is all it has.
type Snapshot struct{ view *view }

// Snapshot takes hold of this moment; it costs nothing but the memory of what
// is replaced meanwhile.
func (f *Finder) Snapshot() Snapshot { return Snapshot{f.view()} }

// Write writes the snapshot as one of origin o. It holds up nobody.
func (s Snapshot) Write(to io.Writer, o Origin) error {
	w := pack.NewWriter(to)
	v := s.view
	w.String(snapshotMagic)
	pack.Integers(w, []int64{snapshotFormat, o.Seq, int64(len(v.parts))})
	w.String(o.Program)
	w.String(o.Log)
	for _, p := range v.parts {
		p.docs.write(w)
		p.facet.Write(w)
		for _, x := range p.points {
			x.Write(w)
		}
		for o := range orders {
			pack.Integers(w, p.order[o])
		}
		pack.Integers(w, p.dead)
		p.text.Write(w)
	}
	return w.Err()
}

// ReadOrigin reads of what a snapshot is one, without the rest of it.
func ReadOrigin(from io.Reader, size int64) (Origin, error) {
	o, _, err := readOrigin(pack.NewReader(from, size))
	return o, err
}

func readOrigin(r *pack.Reader) (o Origin, parts int, err error) {
	if r.String() != snapshotMagic {
		return o, 0, fmt.Errorf("%w: it is none", ErrSnapshot)
	}
	n := pack.ReadIntegers[int64](r)
	if len(n) == 0 || n[0] != snapshotFormat {
		return o, 0, fmt.Errorf("%w: it has another format", ErrSnapshot)
	}
	if len(n) != 3 || n[2] < 0 || n[2] > maxParts {
		return o, 0, broken(pack.ErrBroken)
	}
	o.Seq, o.Program, o.Log = n[1], r.String(), r.String()
	return o, int(n[2]), broken(r.Err())
}

func broken(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrSnapshot, err)
}

// LoadSnapshot replaces all documents by those of a snapshot of size bytes, if
// good says of its origin that it may, and if it is whole; else the finder
// stays as it is. It takes no more memory than the finder then has, and never
// more than a few times size.
func (f *Finder) LoadSnapshot(from io.Reader, size int64, good func(Origin) error) (Origin, error) {
	r := pack.NewReader(from, size)
	o, n, err := readOrigin(r)
	if err != nil {
		return o, err
	}
	if err := good(o); err != nil {
		return o, err
	}
	parts := make([]*part, 0, n)
	for range n {
		p := readPart(r)
		if r.Err() != nil {
			return o, broken(r.Err())
		}
		parts = append(parts, p)
	}
	if r.End(); r.Err() != nil {
		return o, broken(r.Err())
	}
	f.writing.Lock()
	defer f.writing.Unlock()
	f.now.Store(&view{parts: parts, epoch: f.view().epoch + 1, areas: f.view().areas})
	return o, nil
}

func readPart(r *pack.Reader) *part {
	s := &segment{docs: readDocs(r)}
	p := &part{segment: s}
	n := s.docs.len()
	if r.Err() != nil {
		return p
	}
	s.facet = facet.Read(r, n)
	for i := range s.points {
		s.points[i] = space.Read(r, &s.docs.at)
	}
	for o := range orders {
		s.order[o] = pack.ReadIntegers[uint32](r)
		if o != Near && len(s.order[o]) != n || !pack.Below(s.order[o], n) {
			r.Break()
		}
	}
	p.dead = facet.ReadBits(r, n)
	if r.Err() != nil {
		return p
	}
	p.live = n - p.dead.Count()
	s.text = text.Read(r, n)
	return p
}

// write packs the table.
func (d *docs) write(w *pack.Writer) {
	w.String(d.arena)
	pack.Integers(w, d.offset)
	pack.Integers(w, d.id)
	pack.Integers(w, d.kind)
	pack.Integers(w, d.status)
	pack.Integers(w, []int64{int64(len(d.statuses))})
	for _, s := range d.statuses {
		w.String(s)
	}
	w.Each(len(d.rank), 4, func(i int, b []byte) { binary.LittleEndian.PutUint32(b, math.Float32bits(d.rank[i])) })
	pack.Integers(w, d.obscurity)
	pack.Integers(w, d.been)
	pack.Integers(w, d.want)
	pack.Integers(w, d.published)
	d.at.Write(w)
	pack.Integers(w, d.byRef)
}

func readDocs(r *pack.Reader) *docs {
	d := &docs{}
	d.arena = r.String()
	d.offset = pack.ReadIntegers[uint32](r)
	d.id = pack.ReadIntegers[int64](r)
	d.kind = pack.ReadIntegers[Kind](r)
	d.status = pack.ReadIntegers[uint8](r)
	many := pack.ReadIntegers[int64](r)
	if len(many) != 1 || many[0] < 0 || many[0] > math.MaxUint8+1 {
		r.Break()
		return d
	}
	for range many[0] {
		d.statuses = append(d.statuses, r.String())
	}
	d.rank = pack.ReadEach(r, 4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) })
	d.obscurity = pack.ReadIntegers[uint8](r)
	d.been = pack.ReadIntegers[uint32](r)
	d.want = pack.ReadIntegers[uint32](r)
	d.published = pack.ReadIntegers[int64](r)
	d.at = space.ReadPositions(r, len(d.id))
	d.byRef = pack.ReadIntegers[uint32](r)
	if r.Err() == nil && !d.sound() {
		r.Break()
	}
	return d
}

// sound reports whether nothing that the table says leads outside of it.
func (d *docs) sound() bool {
	n := d.len()
	if n == 0 || n > space.MaxOrdinal || len(d.kind) != n || len(d.status) != n || len(d.rank) != n ||
		len(d.obscurity) != n || len(d.been) != n || len(d.want) != n || len(d.published) != n || len(d.byRef) != n ||
		!pack.Offsets(d.offset, n, len(d.arena)) || !pack.Below(d.kind, int(kinds)) ||
		!pack.Below(d.status, len(d.statuses)) || !pack.Below(d.byRef, n) {
		return false
	}
	for ord := range uint32(n) {
		if !wholeRecord(d.arena[d.offset[ord]:d.offset[ord+1]]) {
			return false
		}
	}
	return true
}

// wholeRecord reports whether a record is slug, title, subtitle and pairs of
// language and name, and nothing else.
func wholeRecord(s string) bool {
	count := 0
	for ; s != ""; count++ {
		n, k := uvarint(s)
		if k > 5 || n > uint64(len(s)-k) {
			return false
		}
		s = s[k+int(n):]
	}
	return count >= 3 && count%2 == 1
}
