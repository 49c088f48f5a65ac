package main

import (
	"io"
	"slices"
	"testing"
)

func TestUnknownVariables(t *testing.T) {
	parser, err := newParser(streams{nil, io.Discard, io.Discard}, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	environ := []string{"PATH=/bin", "MIRABILIA_DATABSE=x", "MIRABILIA_DATABASE=y", "MIRABILIA_LOG=info", "MIRABILIA_CONFIG=", "MIRABILIA_TEST_POSTGRES=z", "MIRABILIA_A=b=c"}
	if got, want := unknownVariables(parser.Model, environ), []string{"MIRABILIA_A", "MIRABILIA_DATABSE"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
