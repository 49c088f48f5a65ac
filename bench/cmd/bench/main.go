// Command bench holds what the benchmarks' scripts need beside the program
// itself: the data, the references written for the purpose, and the clocks.
//
//	bench draw -n 1000000 FOLDER
//	bench bare ADDRESS URL             a bare handler with the bytes that URL answers
//	bench unkept ADDRESS FOLDER        the atlas in FOLDER with no page kept
//	bench near FOLDER                  20 nearest, in process, beside an exact tree
//	bench ask near|tiles FOLDER OURS TARGET…
//	                                   over the network: http:URL, redis:ADDRESS, pg:URL
//	bench fill FOLDER ADDRESS          the places into Redis
//	bench share FOLDER                 pictures for networks beside rsvg-convert
//	bench words FOLDER [ENGINE…]       search, suggestions and typos in process, and
//	                                   of bleve:FOLDER, fts5:FILE, pg:URL, sphinx:ADDRESS
//	bench index FOLDER BLEVE           bleve's index of the places
//	bench many N                       nearest and tiles over N places beside N/10
package main

import (
	"fmt"
	"os"
)

func main() {
	commands := map[string]func([]string) error{
		"draw": drawCommand, "bare": bareCommand, "unkept": unkeptCommand, "near": nearCommand, "ask": askCommand, "words": wordsCommand, "fill": fillCommand, "share": shareCommand,
		"index": indexCommand, "many": manyCommand,
	}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "bench: draw, bare, unkept, near, ask, words, fill, index or many; see the head of bench/cmd/bench/main.go")
		os.Exit(2)
	}
	if err := commands[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
