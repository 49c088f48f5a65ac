// Command bench holds what the benchmarks' scripts need beside the program
// itself: the data, the references written for the purpose, and the clocks.
//
//	bench draw -n 1000000 FOLDER
//	bench bare ADDRESS URL [HEADER]    a bare handler with the bytes that URL answers
//	bench unkept ADDRESS FOLDER        the atlas in FOLDER with no page kept
//	bench near FOLDER                  20 nearest, in process, beside an exact tree
//	bench ask near|tiles FOLDER OURS TARGET…
//	                                   over the network: http:URL, redis:ADDRESS, pg:URL
//	bench fill FOLDER ADDRESS          the places into Redis
//	bench share FOLDER                 pictures for networks beside rsvg-convert
//	bench words FOLDER [ENGINE…]       search, suggestions and typos in process, and
//	                                   of bleve:FOLDER, fts5:FILE, pg:URL, sphinx:ADDRESS
//	bench index FOLDER BLEVE           bleve's index of the places
//	bench people [-role R] [-n N] [-database URL] FOLDER
//	                                   members with a session and a token each
//	bench marks FOLDER N               marks beside sqlite3, durable each
//	bench send [options] URL FOLDER    submissions by the people in FOLDER/people.tsv
//	bench read URL PAGE                a page read again and again until the input ends
//	bench desk URL FOLDER PID          pages of the review desk
//	bench alike FOLDER                 duplicates of proposals in the atlas in FOLDER
//	bench variants PROGRAM PHOTO FOLDER
//	                                   what the child process makes of a photo
//	bench likeness REFERENCE FILE…     structural similarity of pictures
//	bench arrive URL FOLDER PID PHOTO  photos sent to the server
//	bench merge                        comparing and merging texts of 2,000 words
//	bench many N                       nearest and tiles over N places beside N/10
package main

import (
	"fmt"
	"os"
)

func main() {
	commands := map[string]func([]string) error{
		"draw": drawCommand, "bare": bareCommand, "unkept": unkeptCommand, "near": nearCommand, "ask": askCommand, "words": wordsCommand, "fill": fillCommand, "share": shareCommand,
		"index": indexCommand, "many": manyCommand, "people": peopleCommand, "marks": marksCommand, "send": sendCommand, "desk": deskCommand, "alike": alikeCommand, "merge": mergeCommand,
		"variants": variantsCommand, "likeness": likenessCommand, "arrive": arriveCommand, "read": readCommand,
	}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "bench: which command? See the head of bench/cmd/bench/main.go")
		os.Exit(2)
	}
	if err := commands[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
