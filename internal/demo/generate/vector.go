package main

import "math"

// vec is a point or a direction: x to the right, y up, z away from the viewer,
// in metres.
type vec struct{ x, y, z float64 }

func (a vec) plus(b vec) vec           { return vec{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a vec) minus(b vec) vec          { return vec{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vec) times(s float64) vec      { return vec{a.x * s, a.y * s, a.z * s} }
func (a vec) dot(b vec) float64        { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vec) length() float64          { return math.Sqrt(a.dot(a)) }
func (a vec) from(x, y, z float64) vec { return vec{a.x - x, a.y - y, a.z - z} }

func (a vec) cross(b vec) vec {
	return vec{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x}
}

// unit is the direction of a; straight up for the zero vector.
func (a vec) unit() vec {
	l := a.length()
	if l == 0 {
		return vec{0, 1, 0}
	}
	return a.times(1 / l)
}

// turned is a about the vertical axis, by an angle in radians.
func (a vec) turned(angle float64) vec {
	s, c := math.Sincos(angle)
	return vec{c*a.x - s*a.z, a.y, s*a.x + c*a.z}
}

// leaned is a about the axis towards the viewer, by an angle in radians.
func (a vec) leaned(angle float64) vec {
	s, c := math.Sincos(angle)
	return vec{c*a.x - s*a.y, s*a.x + c*a.y, a.z}
}

func mix(a, b, t float64) float64     { return a + (b-a)*t }
func clamp(x, lo, hi float64) float64 { return math.Max(lo, math.Min(hi, x)) }

// smooth goes from 0 at lo to 1 at hi.
func smooth(lo, hi, x float64) float64 {
	t := clamp((x-lo)/(hi-lo), 0, 1)
	return t * t * (3 - 2*t)
}

// chance is a number from 0 to 1 that looks random and is always the same for
// the same whole numbers.
func chance(x, y float64) float64 {
	h := uint32(int32(x))*0x9e3779b1 ^ uint32(int32(y))*0x85ebca77
	h = (h ^ h>>15) * 0x2c1b3c6d
	h = (h ^ h>>12) * 0x297a2d39
	return float64(h^h>>15) / (1 << 32)
}

// noise is a gentle landscape over the plane, from 0 to 1.
func noise(x, y float64) float64 {
	ix, iy := math.Floor(x), math.Floor(y)
	fx, fy := x-ix, y-iy
	fx, fy = fx*fx*(3-2*fx), fy*fy*(3-2*fy)
	return mix(mix(chance(ix, iy), chance(ix+1, iy), fx), mix(chance(ix, iy+1), chance(ix+1, iy+1), fx), fy)
}

// rough is noise with finer noise upon it.
func rough(x, y float64) float64 {
	sum, part := 0.0, .5
	for range 4 {
		sum += part * noise(x, y)
		x, y, part = x*2.03+3.1, y*2.03+1.7, part/2
	}
	return sum
}

// lumps is a bumpy texture in space, from -1 to 1.
func lumps(p vec) float64 {
	return math.Sin(p.x)*math.Sin(p.y)*math.Sin(p.z)*.6 + math.Sin(p.x*2.3+1)*math.Sin(p.y*2.1+2)*math.Sin(p.z*2.5)*.4
}

func sine(x float64) float64  { return math.Sin(x) }
func floor(x float64) float64 { return math.Floor(x) }
