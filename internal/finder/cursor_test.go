package finder_test

import (
	"strings"
	"testing"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
)

func fixture() *finder.Finder {
	f := finder.New()
	w := newWorld(9)
	f.Apply(w.docs(200), nil)
	return f
}

func TestListRefusesBadCursors(t *testing.T) {
	f := fixture()
	near := &geo.Public{Lat: 1, Lon: 2}
	page, err := f.List(finder.Filter{}, finder.Newest, 5, "")
	if err != nil || page.Next == "" {
		t.Fatalf("first page: %v, next %q", err, page.Next)
	}
	good := page.Next
	cases := map[string]struct {
		order  finder.Order
		cursor string
	}{
		"garbage":       {finder.Newest, "garbage"},
		"not base64":    {finder.Newest, "\x00\xff"},
		"cut":           {finder.Newest, good[:len(good)-1]},
		"longer":        {finder.Newest, good + "AAAA"},
		"one letter":    {finder.Newest, "B" + good[1:]},
		"another order": {finder.Wanted, good},
		"near":          {finder.Near, good},
		"very long":     {finder.Newest, strings.Repeat("A", 1<<20)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := f.List(finder.Filter{Near: near}, c.order, 5, c.cursor)
			e, ok := err.(*errs.Error)
			if !ok || e.Code != errs.Invalid || len(e.Fields) != 1 || e.Fields[0].Field != "cursor" {
				t.Errorf("got %v, want an error in the field cursor", err)
			}
		})
	}
}

func TestNearOrderWantsAPosition(t *testing.T) {
	if _, err := fixture().List(finder.Filter{}, finder.Near, 5, ""); !errs.Is(err, errs.Invalid) {
		t.Errorf("got %v, want invalid", err)
	}
}

func TestPagesStayPutAsOthersComeAndGo(t *testing.T) {
	f, w := fixture(), newWorld(10)
	flt := finder.Filter{Kinds: []finder.Kind{finder.Place}}
	page, err := f.List(flt, finder.Newest, 200, "")
	if err != nil {
		t.Fatal(err)
	}
	all := page.Hits
	first, err := f.List(flt, finder.Newest, 40, "")
	if err != nil {
		t.Fatal(err)
	}
	// The last of the page goes, and newer ones come.
	var newer []finder.Doc
	for id := range int64(20) {
		d := w.doc(1000 + id)
		d.Kind, d.Published = finder.Place, 1<<40
		newer = append(newer, d)
	}
	f.Apply(newer, []finder.Ref{first.Hits[39].Ref})
	second, err := f.List(flt, finder.Newest, 40, first.Next)
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range second.Hits {
		if h != all[40+i] {
			t.Fatalf("document %d of the second page is %v, want %v", i, h, all[40+i])
		}
	}
}

func FuzzListCursor(f *testing.F) {
	atlas := fixture()
	near := &geo.Public{Lat: -17, Lon: 180}
	for o := range finder.Order(5) {
		page, err := atlas.List(finder.Filter{Near: near}, o, 3, "")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(page.Next, uint8(o))
	}
	f.Add("", uint8(0))
	f.Add("AQMAAAAAAAAAAA", uint8(3))
	f.Fuzz(func(t *testing.T, cursor string, order uint8) {
		page, err := atlas.List(finder.Filter{Near: near}, finder.Order(order), 10, cursor)
		if err != nil {
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("cursor %q: %v", cursor, err)
			}
			return
		}
		if len(page.Hits) > 10 {
			t.Errorf("cursor %q: %d documents", cursor, len(page.Hits))
		}
	})
}
