package main

import "image/color"

// material is a tint and how the burin treats it.
type material struct {
	tint color.RGBA
	// round surfaces are hatched along their swelling, flat ones by the way
	// they face.
	round bool
	// grain is how uneven the tone is: 0 for a painted wall, 1 for lava.
	grain float64
}

// scene is what a picture shows, from where, and in which light.
type scene struct {
	// name is that of the files, place the id of the demo place.
	name string
	// solids offers everything there is to n, as seen from p.
	solids    func(n *nearest, p vec)
	eye, look vec
	// view is half the height of the picture at a distance of one metre.
	view      float64
	sun       vec
	materials []material
	sky       sky
	// haze is the share of what is seen that is lost in each metre of air.
	haze float64
	// reach is how far the eye sees, in metres; 60 when 0.
	reach float64
	// stride is the part of a distance that is safe to step; .8 when 0.
	stride float64
	indoor bool
	// largest is the width of the widest variant in pixels; 1280 when 0.
	largest int
}

// sky is drawn behind everything.
type sky struct {
	top, low color.RGBA
	clouds   float64
	// wind is where the clouds have drifted to: a number of its own for each picture.
	wind float64
}

func rgb(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255}
}

// Inks and papers of the design.
var (
	ink   = rgb(0x14262b)
	paper = rgb(0xfbfbf7)
)

// Skies by hour.
func noon(wind float64) sky {
	return sky{top: rgb(0xa9c9cb), low: rgb(0xf3ecd8), clouds: 1, wind: wind}
}
func evening(wind float64) sky {
	return sky{top: rgb(0xb7c6c3), low: rgb(0xf4dcb8), clouds: .8, wind: wind}
}
func grey(wind float64) sky {
	return sky{top: rgb(0xbccbcb), low: rgb(0xeceadf), clouds: 1, wind: wind}
}

func flat(hex uint32) material  { return material{tint: rgb(hex)} }
func soil(hex uint32) material  { return material{tint: rgb(hex), grain: .55} }
func stone(hex uint32) material { return material{tint: rgb(hex), grain: .9} }
func round(hex uint32) material { return material{tint: rgb(hex), round: true, grain: .15} }
func leaf(hex uint32) material  { return material{tint: rgb(hex), round: true, grain: .5} }
