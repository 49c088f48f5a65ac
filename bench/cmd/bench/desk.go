package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"time"

	"mirabilia/bench/draw"
	"mirabilia/internal/db"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/proposal"
	"mirabilia/internal/setting"
)

// deskCommand asks the server at URL, process PID, for pages of the review desk
// with each of its filters, as the first of the people in FOLDER, and tells how
// much CPU a page takes.
func deskCommand(args []string) error {
	c, pid := newCaller(args[0]), args[2]
	list, err := readPeople(args[1], "people.tsv")
	if err != nil {
		return err
	}
	editor := &list[0]
	var queue struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
		Next string `json:"next"`
	}
	// Some are held, so that this filter finds something, and the cursor leads deep.
	cursor := ""
	for i := range 60 {
		editor := &list[i%len(list)] // no token is asked too much of
		if err := c.call(editor, http.MethodGet, "/api/v1/submissions?limit=100&cursor="+url.QueryEscape(cursor), nil, &queue); err != nil {
			return err
		}
		if i%10 == 0 && len(queue.Items) > 10 {
			for _, s := range queue.Items[:10] {
				// Nobody decides about what they sent themselves; then another does.
				hold := func(by *person) error {
					return c.call(by, http.MethodPost, "/api/v1/submissions/"+s.ID+"/decision", map[string]any{"action": "hold"}, nil)
				}
				if hold(editor) == nil {
					continue
				}
				if err := hold(&list[(i+1)%len(list)]); err != nil {
					return err
				}
			}
		}
		if queue.Next == "" {
			break
		}
		cursor = queue.Next
	}
	one := queue.Items[len(queue.Items)/2].ID
	pages := []string{"", "kind=edit", "kind=place", "kind=pitch", "kind=import", "kind=photo", "kind=note", "kind=report", "kind=visit", "status=held", "status=changes", "status=published", "status=declined",
		"sampled=yes", "in=france", "in=united-states&kind=place", "in=iceland", "by=" + url.QueryEscape(editor.name), "cursor=" + url.QueryEscape(cursor), "kind=place&cursor=" + url.QueryEscape(cursor)}
	worst, worstPage, sum := time.Duration(0), "", time.Duration(0)
	for _, query := range pages {
		cpu, err := c.cpuOf(editor, "/desk?"+query, pid, 12)
		if err != nil {
			return err
		}
		fmt.Printf("/desk?%s: %.1f ms CPU\n", query, ms(cpu))
		if sum += cpu; cpu > worst {
			worst, worstPage = cpu, query
		}
	}
	whole, err := c.cpuOf(editor, "/desk/"+one, pid, 12)
	if err != nil {
		return err
	}
	var numbers string
	if err := c.waiting(list, &numbers); err != nil {
		return err
	}
	tableLine(fmt.Sprintf("desk, %s waiting, %d filters, CPU a page", numbers, len(pages)), "", fmt.Sprintf("mean %.1f ms, the dearest (%s) %.1f ms; with one submission open %.1f ms", ms(sum)/float64(len(pages)), worstPage, ms(worst), ms(whole)), "", "≤ 50 ms")
	return nil
}

// waiting counts what waits.
func (c *caller) waiting(list []person, into *string) error {
	n, cursor := 0, ""
	for i := 0; ; i++ {
		var page struct {
			Items []struct{} `json:"items"`
			Next  string     `json:"next"`
		}
		if err := c.call(&list[i%len(list)], http.MethodGet, "/api/v1/submissions?limit=100&cursor="+url.QueryEscape(cursor), nil, &page); err != nil {
			return err
		}
		if n += len(page.Items); page.Next == "" {
			*into = fmt.Sprint(n)
			return nil
		}
		cursor = page.Next
	}
}

// cpuOf is the CPU time of the server for one answer, the mean of n.
func (c *caller) cpuOf(p *person, path, pid string, n int) (time.Duration, error) {
	if err := c.call(p, http.MethodGet, path, nil, nil); err != nil {
		return 0, err
	}
	before, err := usedBy(pid)
	if err != nil {
		return 0, err
	}
	for range n {
		if err := c.call(p, http.MethodGet, path, nil, nil); err != nil {
			return 0, err
		}
	}
	after, err := usedBy(pid)
	return (after - before) / time.Duration(n), err
}

// alikeCommand looks for the places that a proposed one may repeat, among those
// of the atlas in FOLDER: what is there already with a letter changed and some
// metres aside, and what is new.
func alikeCommand(args []string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{Dir: args[0]})
	if err != nil {
		return err
	}
	defer d.Close()
	places, f := place.New(d, gazetteer.Open()), finder.New()
	r := rand.New(rand.NewPCG(draw.QuestionSeed, 11))
	var docs []finder.Doc // to ask about: a sample of all
	seen := 0
	err = load(f, func(yield func(finder.Doc) bool) error {
		return places.EachDoc(ctx, func(doc finder.Doc) error {
			if seen++; len(docs) < 500 && doc.At != nil {
				docs = append(docs, doc)
			} else if k := r.IntN(seen); k < len(docs) && doc.At != nil {
				docs[k] = doc
			}
			yield(doc)
			return nil
		})
	})
	if err != nil {
		return err
	}
	proposals, found := proposal.New(places, f, setting.Open(d)), map[int]bool{}
	again, err := each(len(docs), limit, func(i int) error {
		at := geo.Public{Lat: docs[i].At.Lat + 0.0002, Lon: docs[i].At.Lon}
		list, err := proposals.Alike(ctx, []string{changed(r, docs[i].Title)}, &at, 0)
		if slices.ContainsFunc(list, func(a proposal.Alike) bool { return a.ID == docs[i].ID }) {
			found[i] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	fresh, err := each(len(docs), limit, func(i int) error {
		other := docs[(i+len(docs)/2)%len(docs)]
		_, err := proposals.Alike(ctx, []string{other.Title}, docs[i].At, 0)
		return err
	})
	if err != nil {
		return err
	}
	if len(found) < len(docs)/2 {
		return errors.New("most of what is there twice was not found")
	}
	tableLine(fmt.Sprintf("duplicates of a proposal among %d places, in process", f.Len()), "", fmt.Sprintf("one that is there, a letter changed and 22 m aside: CPU p50 %.1f, p99 %.1f ms, %d of %d found; a new one: CPU p50 %.1f, p99 %.1f ms",
		ms(at(again.own, .5)), ms(at(again.own, .99)), len(found), len(again.took), ms(at(fresh.own, .5)), ms(at(fresh.own, .99))), "", "≤ 20 ms")
	return nil
}

// changed is a title with one letter inside it changed.
func changed(r *rand.Rand, title string) string {
	b := []byte(title)
	if len(b) > 3 {
		b[1+r.IntN(len(b)-2)] = byte('a' + r.IntN(26))
	}
	return string(b)
}
