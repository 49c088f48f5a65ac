package main

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
)

// counted is the sum of the numbers under a name in all features of a vector
// tile: how many places its clusters stand for.
func counted(tile []byte, name string) (int, error) {
	sum := 0
	err := fields(tile, func(n protowire.Number, b []byte, _ uint64) error {
		if n != 3 { // layers
			return nil
		}
		inside, err := countedLayer(b, name)
		sum += inside
		return err
	})
	return sum, err
}

func countedLayer(layer []byte, name string) (int, error) {
	key, keys := -1, 0
	var values []int
	var tags [][]byte
	err := fields(layer, func(n protowire.Number, b []byte, _ uint64) error {
		switch n {
		case 2:
			return fields(b, func(n protowire.Number, b []byte, _ uint64) error {
				if n == 2 {
					tags = append(tags, b)
				}
				return nil
			})
		case 3:
			if string(b) == name {
				key = keys
			}
			keys++
		case 4:
			value := 0
			if err := fields(b, func(_ protowire.Number, _ []byte, v uint64) error { value = int(v); return nil }); err != nil {
				return err
			}
			values = append(values, value)
		}
		return nil
	})
	sum := 0
	for _, b := range tags {
		for len(b) > 0 {
			k, n := protowire.ConsumeVarint(b)
			v, m := protowire.ConsumeVarint(b[max(n, 0):])
			if n < 0 || m < 0 || v >= uint64(len(values)) {
				return 0, errors.New("a feature's tags are broken")
			}
			if int(k) == key {
				sum += values[v]
			}
			b = b[n+m:]
		}
	}
	return sum, err
}

// fields visits the fields of a message: bytes, or a number.
func fields(b []byte, visit func(n protowire.Number, b []byte, v uint64) error) error {
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return protowire.ParseError(n)
		}
		b = b[n:]
		var inside []byte
		var value uint64
		switch kind {
		case protowire.BytesType:
			inside, n = protowire.ConsumeBytes(b)
		case protowire.VarintType:
			value, n = protowire.ConsumeVarint(b)
		default:
			n = protowire.ConsumeFieldValue(number, kind, b)
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		if err := visit(number, inside, value); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}
