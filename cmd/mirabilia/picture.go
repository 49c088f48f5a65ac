package main

import "mirabilia/internal/media"

// pictureCmd is the child process in which serve makes pictures.
type pictureCmd struct {
	Memory  uint64 `arg:"" help:"Bytes it may take."`
	Seconds uint64 `arg:"" help:"Seconds of the processor for one file."`
}

func (p *pictureCmd) Run(io streams) error {
	return media.Child(io.in, io.out, p.Memory, p.Seconds)
}
