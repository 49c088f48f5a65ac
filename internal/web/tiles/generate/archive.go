package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"sort"

	"mirabilia/internal/web/tiles"
)

// archive collects tiles and writes them as a PMTiles file, version 3
// (github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md): header, root
// directory, metadata, tiles in order of their number, equal ones once.
type archive struct {
	tiles map[uint64][]byte
}

func newArchive() *archive { return &archive{tiles: map[uint64][]byte{}} }

func (a *archive) put(z, x, y int, data []byte) {
	a.tiles[tiles.Number(z, x, y)] = data
}

type entry struct {
	id, offset  uint64
	length, run uint64
}

func (a *archive) bytes() ([]byte, error) {
	ids := make([]uint64, 0, len(a.tiles))
	for id := range a.tiles {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i] < ids[j] })
	var data []byte
	var entries []entry
	seen := map[string]uint64{}
	for _, id := range ids {
		t := a.tiles[id]
		offset, known := seen[string(t)]
		if !known {
			offset = uint64(len(data))
			seen[string(t)] = offset
			data = append(data, t...)
		}
		if n := len(entries); n > 0 && entries[n-1].offset == offset && entries[n-1].id+entries[n-1].run == id {
			entries[n-1].run++
			continue
		}
		entries = append(entries, entry{id, offset, uint64(len(t)), 1})
	}
	root, err := pack(directory(entries))
	if err != nil {
		return nil, err
	}
	about, err := json.Marshal(map[string]any{
		"name": "Mirabilia world", "attribution": "Natural Earth", "type": "baselayer",
		"vector_layers": []map[string]any{{"id": "earth", "fields": map[string]string{}}, {"id": "landcover", "fields": map[string]string{}}, {"id": "water", "fields": map[string]string{}}, {"id": "boundaries", "fields": map[string]string{}}, {"id": "places", "fields": map[string]string{}}},
	})
	if err != nil {
		return nil, err
	}
	meta, err := pack(about)
	if err != nil {
		return nil, err
	}
	out := header(len(root), len(meta), len(data), len(ids), len(entries), len(seen))
	out = append(out, root...)
	out = append(out, meta...)
	return append(out, data...), nil
}

func directory(entries []entry) []byte {
	var b []byte
	b = binary.AppendUvarint(b, uint64(len(entries)))
	var last uint64
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.id-last)
		last = e.id
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.run)
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.length)
	}
	for i, e := range entries {
		if i > 0 && e.offset == entries[i-1].offset+entries[i-1].length {
			b = append(b, 0)
			continue
		}
		b = binary.AppendUvarint(b, e.offset+1)
	}
	return b
}

func header(root, meta, data, addressed, entries, contents int) []byte {
	var b bytes.Buffer
	b.WriteString("PMTiles")
	b.WriteByte(3)
	put := func(values ...int) {
		for _, v := range values {
			_ = binary.Write(&b, binary.LittleEndian, uint64(v)) // a buffer takes all
		}
	}
	const size = 127
	// Root, metadata, leaves (none), tiles: offset and length each.
	put(size, root, size+root, meta, size+root+meta, 0, size+root+meta, data, addressed, entries, contents)
	// Clustered; directories and tiles packed with gzip; vector tiles.
	b.Write([]byte{1, 2, 2, 1, 0, maxZoom})
	for _, degrees := range []int32{-180, -85, 180, 85} {
		_ = binary.Write(&b, binary.LittleEndian, degrees*10_000_000)
	}
	b.WriteByte(2) // zoom and place of the first view
	_ = binary.Write(&b, binary.LittleEndian, [2]int32{10 * 10_000_000, 30 * 10_000_000})
	return b.Bytes()
}
