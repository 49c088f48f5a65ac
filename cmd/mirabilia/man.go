package main

import (
	"fmt"

	"github.com/alecthomas/kong"
	mangokong "github.com/alecthomas/mango-kong"
	"github.com/muesli/roff"
)

// manCmd writes the manual page that the Debian package brings.
type manCmd struct{}

func (manCmd) Run(parser *kong.Kong, s streams) error {
	_, err := fmt.Fprint(s.out, mangokong.NewManPage(1, parser.Model).Build(roff.NewDocument()))
	return err
}
