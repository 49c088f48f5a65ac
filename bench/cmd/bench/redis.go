package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"

	"mirabilia/bench/draw"
)

// redis is as much of a client as GEOADD and GEOSEARCH need.
type redis struct {
	r *bufio.Reader
	w *bufio.Writer
	// strings are those of the last answers, when they are wanted.
	strings []string
	wanted  bool
}

func dialRedis(address string) (*redis, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &redis{r: bufio.NewReaderSize(c, 1<<16), w: bufio.NewWriterSize(c, 1<<16)}, nil
}

func (c *redis) send(words ...string) {
	fmt.Fprintf(c.w, "*%d\r\n", len(words))
	for _, s := range words {
		fmt.Fprintf(c.w, "$%d\r\n%s\r\n", len(s), s)
	}
}

// read reads an answer and returns the length of its list, 0 for others.
func (c *redis) read() (int, error) {
	line, err := c.r.ReadString('\n')
	if err != nil {
		return 0, err
	}
	n, _ := strconv.Atoi(line[1 : len(line)-2])
	switch line[0] {
	case '-':
		return 0, errors.New(line)
	case '*':
		for range n {
			if _, err := c.read(); err != nil {
				return 0, err
			}
		}
		return n, nil
	case '$':
		if !c.wanted {
			_, err = c.r.Discard(max(n, -2) + 2)
			break
		}
		b := make([]byte, max(n, -2)+2)
		_, err = io.ReadFull(c.r, b)
		c.strings = append(c.strings, string(b[:max(n, 0)]))
	}
	return 0, err
}

// redisNear asks with a growing radius until 20 are inside.
func redisNear(address string) (nearFunc, error) {
	c, err := dialRedis(address)
	if err != nil {
		return nil, err
	}
	c.wanted = true
	return func(p draw.Point) ([]float64, error) {
		for _, radius := range []string{"2", "10", "50", "250", "2000", "21000"} {
			c.strings = c.strings[:0]
			c.send("GEOSEARCH", "places", "FROMLONLAT", degrees(p.Lon), degrees(p.Lat), "BYRADIUS", radius, "km", "ASC", "COUNT", strconv.Itoa(nearest), "WITHDIST")
			if err := c.w.Flush(); err != nil {
				return nil, err
			}
			if n, err := c.read(); err != nil {
				return nil, err
			} else if n == nearest {
				out := make([]float64, nearest)
				for i := range out { // name and kilometres in turn
					out[i] = number(c.strings[2*i+1]) * 1000
				}
				return out, nil
			}
		}
		return nil, io.ErrUnexpectedEOF
	}, nil
}

// fillCommand puts the places of a folder into Redis.
func fillCommand(args []string) error {
	c, err := dialRedis(args[1])
	if err != nil {
		return err
	}
	n := 0
	answers := func() error {
		err := c.w.Flush()
		for ; n > 0 && err == nil; n-- {
			_, err = c.read()
		}
		return err
	}
	var failed error
	err = eachPlace(args[0], func(t draw.Text, p draw.Point) {
		c.send("GEOADD", "places", degrees(p.Lon), degrees(p.Lat), strconv.Itoa(t.ID))
		if n++; n == 1000 && failed == nil {
			failed = answers()
		}
	})
	return errors.Join(err, failed, answers())
}
