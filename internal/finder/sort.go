package finder

import "math"

// sortOrdinals is the ordinals 0..n-1 in ascending order of key, equal keys
// in ordinal order.
func sortOrdinals(n int, key func(ord uint32) uint64) []uint32 {
	ords := make([]uint32, n)
	for i := range ords {
		ords[i] = uint32(i)
	}
	radixSort(ords, key)
	return ords
}

// radixSort sorts ordinals by key, keeping the order of equal keys. It goes a
// byte at a time and leaves out bytes that all keys share: counts that are
// mostly zero and times of the same year cost little.
func radixSort(ords []uint32, key func(ord uint32) uint64) {
	if len(ords) < 2 {
		return
	}
	type item struct {
		key uint64
		ord uint32
	}
	from, to := make([]item, len(ords)), make([]item, len(ords))
	var all, none uint64 = math.MaxUint64, 0
	for i, o := range ords {
		k := key(o)
		from[i] = item{k, o}
		all &= k
		none |= k
	}
	for shift := 0; shift < 64; shift += 8 {
		if (all^none)>>shift&0xff == 0 {
			continue
		}
		var at [256]int
		for i := range from {
			at[from[i].key>>shift&0xff]++
		}
		sum := 0
		for i, c := range at {
			at[i], sum = sum, sum+c
		}
		for i := range from {
			b := from[i].key >> shift & 0xff
			to[at[b]] = from[i]
			at[b]++
		}
		from, to = to, from
	}
	for i := range from {
		ords[i] = from[i].ord
	}
}

// orderedInt maps a signed number to an unsigned one in the same order.
func orderedInt(x int64) uint64 { return uint64(x) ^ 1<<63 }
