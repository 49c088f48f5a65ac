package main

import (
	"math"
	"runtime"
	"sync"
)

// spot is what one ray of sight meets.
type spot struct {
	// t is the distance in metres; below 0 where there is only sky.
	t float64
	m int
	// normal is the way the surface faces, toward how much it faces the eye.
	normal vec
	toward float64
	at     vec
	// light falls from 0, dark, to 1, sunlit.
	light float64
}

// view is the traced scene, row by row.
type view struct {
	w, h  int
	spots []spot
}

// trace looks along every pixel of a picture w by h.
func (s *scene) trace(w, h int) *view {
	v := &view{w: w, h: h, spots: make([]spot, w*h)}
	ahead := s.look.minus(s.eye).unit()
	right := vec{0, 1, 0}.cross(ahead).unit()
	up := ahead.cross(right)
	var rows sync.WaitGroup
	workers := runtime.NumCPU()
	for k := range workers {
		rows.Go(func() {
			for y := k; y < h; y += workers {
				for x := range w {
					a := (float64(x) - float64(w)/2) / float64(h) * 2 * s.view
					b := (float64(h)/2 - float64(y)) / float64(h) * 2 * s.view
					v.spots[y*w+x] = s.spot(ahead.plus(right.times(a)).plus(up.times(b)).unit())
				}
			}
		})
	}
	rows.Wait()
	return v
}

func (s *scene) near(p vec) nearest {
	n := nearest{d: 1e9}
	s.solids(&n, p)
	return n
}

// march steps along a ray until it meets something; -1 where it does not.
func (s *scene) march(from, along vec) (float64, int) {
	reach, stride := s.reach, s.stride
	if reach == 0 {
		reach = 60
	}
	if stride == 0 {
		stride = .8
	}
	t, m := .05, 0
	for range 160 {
		n := s.near(from.plus(along.times(t)))
		if n.d < .0005*t+.0004 {
			return t, n.m
		}
		m = n.m
		if t += n.d * stride; t > reach {
			return -1, 0
		}
	}
	// It runs along a surface for good: that surface is what is seen.
	return t, m
}

func (s *scene) spot(along vec) spot {
	t, m := s.march(s.eye, along)
	if t < 0 {
		return spot{t: -1}
	}
	p := s.eye.plus(along.times(t))
	e := .0012 * (1 + t*.25)
	d := func(x, y, z float64) float64 { return s.near(vec{p.x + x, p.y + y, p.z + z}).d }
	normal := vec{d(e, 0, 0) - d(-e, 0, 0), d(0, e, 0) - d(0, -e, 0), d(0, 0, e) - d(0, 0, -e)}.unit()
	return spot{t: t, m: m, normal: normal, toward: -normal.dot(along), at: p, light: s.light(p, normal)}
}

// light is sun, where no shadow falls, and what comes from the sky, less in
// corners.
func (s *scene) light(p, normal vec) float64 {
	sun := s.sun.unit()
	direct := math.Max(0, normal.dot(sun))
	if direct > 0 {
		direct *= s.shadow(p.plus(normal.times(.012)), sun)
	}
	closed := 0.0
	for i := 1; i <= 3; i++ {
		h := .12 * float64(i)
		closed += (h - s.near(p.plus(normal.times(h))).d) / math.Pow(1.7, float64(i))
	}
	open := clamp(1-1.5*closed, 0, 1)
	ambient := .34 + .14*normal.y
	if s.indoor {
		ambient = .56 + .1*normal.y + .12*math.Max(0, normal.dot(vec{-.4, .2, -.9}))
	}
	return clamp((ambient+.74*direct)*(.4+.6*open), 0, 1)
}

// shadow is 0 where the sun is hidden from p, 1 where it is not.
func (s *scene) shadow(p, sun vec) float64 {
	free, t := 1.0, .03
	for i := 0; i < 36 && t < 14; i++ {
		d := s.near(p.plus(sun.times(t))).d
		free = math.Min(free, 24*d/t)
		if free < .02 {
			return 0
		}
		t += clamp(d, .03, .7)
	}
	return clamp(free, 0, 1)
}
