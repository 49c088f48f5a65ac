package tiles

// Number is the number of a tile in a PMTiles archive: all tiles of the lower
// zooms first, then along the Hilbert curve (PMTiles 3, 4.1).
func Number(z, x, y int) uint64 {
	var before uint64
	for i := range z {
		before += 1 << (2 * i)
	}
	var at uint64
	px, py := uint64(x), uint64(y)
	for s := uint64(1) << z >> 1; s > 0; s >>= 1 {
		var rx, ry uint64
		if px&s != 0 {
			rx = 1
		}
		if py&s != 0 {
			ry = 1
		}
		at += s * s * (3*rx ^ ry)
		if ry == 0 {
			if rx == 1 {
				px, py = s-1-px&(s-1), s-1-py&(s-1)
			}
			px, py = py, px
		}
	}
	return before + at
}
