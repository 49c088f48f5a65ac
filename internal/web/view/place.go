package view

import (
	"context"
	"net/url"
	"strings"
	"time"

	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/text"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// PlacePage is one place, whole.
type PlacePage struct {
	Base
	*PlaceItself
	// Faces are the pictures of those who made the page, by their own page.
	Faces map[string]string
	Tags  []ui.Chip
	// Nearby and Eateries are the neighbours, nearest first.
	Nearby   []ui.Row
	Eateries []ui.Row
	// NearbyAll leads to the list of all of them; nil without a position.
	NearbyAll *ui.Link
	Guide     *Guide
	// Stories holds stories and lists that mention the place.
	Stories []ui.Card
	Related []ui.Card
	Trip    *TripCard
	// Lists is on how many lists the place stands, OnLists some of them.
	Lists   int
	OnLists []ListCard
}

// PlaceItself is what the page of a place shows of nothing but the place. It
// never changes: another state of the place has another one, so that the parts
// that are made of it alone can be kept as they were written.
type PlaceItself struct {
	Place  *place.Place
	Page   string // absolute address of its page
	Spoken string // language of the page, BCP 47
	Crumbs []ui.Crumb
	Body   text.SafeHTML // About
	Know   text.SafeHTML // Know before you go
	// Pictures are the photographs and drawings, the cover first; Locator
	// stands in when there is none, and closes a small gallery.
	Pictures []ui.Picture
	Locator  ui.Picture
	Map      *ui.MapPicture // nil where no map may be drawn
	Take     *TakeAlong
	// Embed is what others may put into their pages.
	Embed *Embed
	// Reasons say why the place is as obscure as it is said to be.
	Reasons []string
	// Parts keeps the parts that are made of this alone; nil keeps nothing.
	Parts *Parts
}

// foreign is the language of a place's texts where it is not the page's.
func (p *PlaceItself) foreign() string {
	if p.Place.Lang == p.Spoken {
		return ""
	}
	return p.Place.Lang
}

// Guide is a destination as a card.
type Guide struct {
	Name, Path             string
	Picture                ui.Picture
	Places, Stories, Foods int
	// Also are the areas, drawn over the tree, that hold the place too.
	Also []ui.Chip
}

// TripCard is a trip as a band.
type TripCard struct {
	Kicker, Title, Text, Path, Button string
	Picture                           ui.Picture
}

// where is the place line: city and country, each with its guide.
func (p *PlaceItself) where() []ui.Crumb {
	var out []ui.Crumb
	parts := strings.Split(p.Place.Destination, "/")
	add := func(name string, depth int) {
		if name == "" {
			return
		}
		c := ui.Crumb{Name: name}
		if p.Place.Destination != "" && depth <= len(parts) {
			c.Path = "/destinations/" + strings.Join(parts[:depth], "/")
		}
		out = append(out, c)
	}
	switch {
	case p.Place.City != "":
		add(p.Place.City, len(parts))
	case p.Place.Region != "":
		add(p.Place.Region, min(2, len(parts)))
	}
	add(p.Place.Country, 1)
	return out
}

// exact reports whether the address may be shown: that of a protected place
// would tell what its position does not.
func exact(p *place.Place) bool { return p.Tier == place.Exact || p.Tier == "" }

// tierNotice explains why a position is not shown as it is; nil for exact.
func tierNotice(ctx context.Context, p *place.Place) *ui.Banner {
	b := ui.Banner{Tone: "info", Rest: p.TierReason}
	switch p.Tier {
	case place.Approximate:
		b.Statement = say.T(ctx, "Shown only roughly, to protect what is there.")
	case place.Region:
		b.Statement = say.T(ctx, "Only the region is told, to protect what is there.")
	case place.Hidden:
		b.Statement = say.T(ctx, "Only the country is told, to protect what is there.")
	default:
		return nil
	}
	return &b
}

// statusBanner says what keeps a place from being plainly open; nil when
// nothing does.
func statusBanner(ctx context.Context, p *place.Place) *ui.Banner {
	since := say.Day(ctx, p.StatusDate)
	b := ui.Banner{Source: p.StatusSource}
	switch p.Status {
	case place.Seasonal:
		b.Tone, b.Statement = "warn", say.T(ctx, "Open in season only.")
		if f, ok := p.Facts["season"]; ok {
			b.Rest = f.Value
		}
	case place.ByAppointment:
		b.Tone, b.Statement = "warn", say.T(ctx, "Open by appointment only.")
	case place.TemporarilyClosed:
		b.Tone, b.Statement = "warn", say.T(ctx, "Closed for now.")
		if p.StatusUntil != "" {
			b.Statement = say.T(ctx, "Closed until %s.", say.Day(ctx, p.StatusUntil))
		}
	case place.Closed:
		b.Tone, b.Statement = "bad", dated(ctx, "Closed for good.", "Closed for good since %s.", since)
		b.Rest = say.T(ctx, "This page stays, as history.")
	case place.Moved:
		b.Tone, b.Statement = "info", dated(ctx, "It has moved.", "It moved in %s.", since)
		b.Rest = say.T(ctx, "The text may still describe the old spot.")
	case place.Altered:
		b.Tone, b.Statement = "info", dated(ctx, "Not what it was.", "Altered in %s.", since)
	case place.Lost:
		b.Tone, b.Statement = "bad", dated(ctx, "Gone.", "Gone since %s.", since)
		b.Rest = say.T(ctx, "This page stays, as history.")
	case place.NoAccess:
		b.Tone, b.Statement = "bad", say.T(ctx, "No public access.")
		b.Rest = say.T(ctx, "Look from outside, or leave it in peace.")
	case place.Unverified:
		b.Tone, b.Statement = "warn", say.T(ctx, "Nobody has confirmed this place yet.")
		b.Rest = say.T(ctx, "Check before you set out.")
	default:
		return nil
	}
	switch p.Status {
	case place.Closed, place.Lost, place.Moved, place.Altered:
	default:
		if since != "" {
			b.Source = strings.TrimSuffix(since+", "+b.Source, ", ")
		}
	}
	if b.Source != "" && !strings.HasSuffix(b.Source, ".") {
		b.Source += "."
	}
	return &b
}

func dated(ctx context.Context, without, with, date string) string {
	if date == "" {
		return say.T(ctx, without)
	}
	return say.T(ctx, with, date)
}

// StatusBadge is the state of a place in a word, for cards; nil when open.
func StatusBadge(ctx context.Context, s place.Status) *ui.Badge {
	var tone, word string
	switch s {
	case place.Seasonal:
		tone, word = "warn", "Seasonal"
	case place.ByAppointment:
		tone, word = "warn", "By appointment"
	case place.TemporarilyClosed:
		tone, word = "warn", "Closed for now"
	case place.Closed:
		tone, word = "bad", "Closed for good"
	case place.Moved:
		tone, word = "info", "Moved"
	case place.Altered:
		tone, word = "info", "Altered"
	case place.Lost:
		tone, word = "bad", "Lost"
	case place.NoAccess:
		tone, word = "bad", "No access"
	case place.Unverified:
		tone, word = "warn", "Unverified"
	default:
		return nil
	}
	return &ui.Badge{Text: say.T(ctx, word), Tone: tone}
}

// factLabel names a fact as a reader would.
func factLabel(name string) string {
	switch name {
	case "hours":
		return "Open"
	case "price":
		return "Price"
	case "free":
		return "Free"
	case "booking":
		return "Booking"
	case "stepfree":
		return "Step-free"
	case "transit":
		return "Transit"
	case "parking":
		return "Parking"
	case "dogs":
		return "Dogs"
	case "children":
		return "Children"
	case "season":
		return "Season"
	case "danger":
		return "Danger"
	}
	return name
}

// factRows lists the facts in their fixed order, each with its date and source.
func factRows(ctx context.Context, p *place.Place) []ui.Fact {
	var rows []ui.Fact
	for _, name := range place.FactNames {
		f, ok := p.Facts[name]
		if !ok || f.Value == "" {
			continue
		}
		row := ui.Fact{Name: say.T(ctx, factLabel(name)), Value: f.Value, Checked: shortDay(ctx, f.Checked), Source: f.Source}
		if place.YesNo[name] {
			row.Value = yesNo(ctx, name, f.Value)
		}
		if u, err := url.Parse(f.Source); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
			row.Source, row.URL = strings.TrimPrefix(u.Host, "www."), f.Source
		}
		rows = append(rows, row)
	}
	return rows
}

func yesNo(ctx context.Context, name, value string) string {
	if name == "booking" {
		switch strings.ToLower(value) {
		case "yes":
			return say.T(ctx, "Needed")
		case "no":
			return say.T(ctx, "Not needed")
		}
	}
	switch strings.ToLower(value) {
	case "yes":
		return say.T(ctx, "Yes")
	case "no":
		return say.T(ctx, "No")
	case "partly":
		return say.T(ctx, "Partly")
	}
	return value
}

// shortDay abbreviates the month: 3 Nov 2026.
func shortDay(ctx context.Context, s string) string {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return say.Day(ctx, s)
	}
	return say.T(ctx, "%d %s %d", t.Day(), say.T(ctx, t.Format("Jan")), t.Year())
}

func people(credits []place.Credit, faces map[string]string) []ui.Person {
	out := make([]ui.Person, len(credits))
	for i, c := range credits {
		out[i] = ui.Person{Name: c.Name, Path: c.URL, Picture: faces[c.URL]}
	}
	return out
}

// photographers are those whom the pictures name, each once: the same source
// as the captions, so that the two cannot disagree.
func photographers(pictures []ui.Picture) []ui.Person {
	var out []ui.Person
	seen := map[string]bool{}
	for _, p := range pictures {
		if p.Credit != "" && !seen[p.Credit] {
			seen[p.Credit] = true
			out = append(out, ui.Person{Name: p.Credit})
		}
	}
	return out
}

func sources(list []place.Source) []ui.Source {
	out := make([]ui.Source, len(list))
	for i, s := range list {
		out[i] = ui.Source(s)
	}
	return out
}

// directions are the ways to hand a position to another program.
type directions struct{ geo, osm, google, apple string }

func directionsTo(at geo.Public, title string) directions {
	ll := number(at.Lat) + "," + number(at.Lon)
	return directions{
		geo:    "geo:" + ll + "?q=" + ll + "(" + url.PathEscape(title) + ")",
		osm:    "https://www.openstreetmap.org/?mlat=" + number(at.Lat) + "&mlon=" + number(at.Lon) + "#map=17/" + number(at.Lat) + "/" + number(at.Lon),
		google: "https://www.google.com/maps/search/?api=1&query=" + url.QueryEscape(ll),
		apple:  "https://maps.apple.com/?ll=" + ll + "&q=" + url.QueryEscape(title),
	}
}

// network is a site that takes a page as a plain link: no script of theirs.
type network struct{ name, href string }

func networks(address, title string) []network {
	u, t := url.QueryEscape(address), url.QueryEscape(title)
	return []network{
		{"Bluesky", "https://bsky.app/intent/compose?text=" + t + "%20" + u},
		{"Facebook", "https://www.facebook.com/sharer/sharer.php?u=" + u},
		{"Reddit", "https://www.reddit.com/submit?url=" + u + "&title=" + t},
		{"Telegram", "https://t.me/share/url?url=" + u + "&text=" + t},
		{"WhatsApp", "https://wa.me/?text=" + t + "%20" + u},
	}
}

func mailto(address, title string) string {
	return "mailto:?subject=" + url.PathEscape(title) + "&body=" + url.PathEscape(address)
}

// written says by whom, and how often it was mended since.
func written(ctx context.Context, p *place.Place) string {
	by := say.T(ctx, "Written by %s", p.AddedBy.Name)
	if p.Revision > 1 {
		by += ", " + say.N(ctx, p.Revision-1, "revised once", "revised %s times")
	}
	return by + "."
}

// confirmedWords say when visitors confirmed a place last, and how many stand by
// it.
func confirmedWords(ctx context.Context, c place.Confirmation) string {
	return say.T(ctx, "Last confirmed %s", say.Day(ctx, c.Month)) + " " + say.N(ctx, c.Visitors, "by one visitor", "by %s visitors")
}

// healthBadge says how sure one can be that an entry is still true.
func healthBadge(ctx context.Context, h place.Health) ui.Badge {
	switch h {
	case place.Fresh:
		return ui.Badge{Text: say.T(ctx, "Fresh"), Tone: "been", Icon: "check"}
	case place.Ageing:
		return ui.Badge{Text: say.T(ctx, "Ageing"), Tone: "warn", Icon: "clock"}
	}
	return ui.Badge{Text: say.T(ctx, "Unconfirmed"), Tone: "warn"}
}

// namesShown is how many other names of a place its page tells.
const namesShown = 8

// otherNames are the first of the names that a place has beside its title, each
// once however many languages call it so.
func otherNames(p *place.Place) []place.Alias {
	var out []place.Alias
	seen := map[string]bool{text.Fold(p.Title): true}
	for _, a := range p.Aliases {
		folded := text.Fold(a.Name)
		if seen[folded] || len(out) == namesShown {
			continue
		}
		seen[folded] = true
		out = append(out, a)
	}
	return out
}
