// Package feed writes lists of things as Atom (RFC 4287), RSS 2.0 and JSON Feed
// 1.1. Text goes through encoders only; characters that XML 1.0 does not know
// are dropped.
package feed

import (
	"encoding/json"
	"encoding/xml"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/text"
)

// Feed is a list of entries, the newest first.
type Feed struct {
	ID       string // for ever the same address
	Title    string
	Subtitle string
	Home     string // address of the page
	Self     string // address of this form
	Lang     string
	Rights   string
	Updated  time.Time
	Entries  []Entry
}

// Entry is one thing in a feed.
type Entry struct {
	ID        string // for ever the same, whatever its slug becomes
	Title     string
	URL       string
	Summary   string // plain text
	HTML      text.SafeHTML
	Author    string
	Tags      []string
	Image     string // address, "" for none
	Published time.Time
	Updated   time.Time
	// Lat and Lon are the public position; nil for none.
	Lat, Lon *float64
}

// clean drops what XML 1.0 does not allow; the encoder would write a
// replacement character in its place.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r', r >= 0x20 && r <= 0xD7FF, r >= 0xE000 && r < 0xFFFD, r >= 0x10000 && r <= 0x10FFFF:
			return r
		}
		return -1
	}, s)
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type atomEntry struct {
	ID        string         `xml:"id"`
	Title     string         `xml:"title"`
	Links     []atomLink     `xml:"link"`
	Published string         `xml:"published"`
	Updated   string         `xml:"updated"`
	Author    *atomAuthor    `xml:"author,omitempty"`
	Tags      []atomCategory `xml:"category"`
	Summary   string         `xml:"summary,omitempty"`
	Content   *atomText      `xml:"content,omitempty"`
	Point     string         `xml:"http://www.georss.org/georss point,omitempty"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

// atomFeed is the feed in the order of its parts.
type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr,omitempty"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Links    []atomLink  `xml:"link"`
	Updated  string      `xml:"updated"`
	Author   atomAuthor  `xml:"author"`
	Rights   string      `xml:"rights,omitempty"`
	Entries  []atomEntry `xml:"entry"`
}

// Atom writes the feed as RFC 4287 has it.
func (f *Feed) Atom() ([]byte, error) {
	doc := atomFeed{
		Lang: f.Lang, ID: f.ID, Title: clean(f.Title), Subtitle: clean(f.Subtitle), Updated: stamp(f.Updated), Rights: clean(f.Rights),
		Author: atomAuthor{clean(f.Title)},
		Links:  []atomLink{{"self", "application/atom+xml", f.Self}, {"alternate", "text/html", f.Home}},
	}
	for i := range f.Entries {
		e := &f.Entries[i]
		one := atomEntry{
			ID: e.ID, Title: clean(e.Title), Links: []atomLink{{"alternate", "text/html", e.URL}},
			Published: stamp(e.Published), Updated: stamp(e.Updated), Summary: clean(e.Summary), Point: point(e),
		}
		if e.Image != "" {
			one.Links = append(one.Links, atomLink{"enclosure", imageType(e.Image), e.Image})
		}
		if e.Author != "" {
			one.Author = &atomAuthor{clean(e.Author)}
		}
		if e.HTML != "" {
			one.Content = &atomText{"html", clean(string(e.HTML))}
		}
		for _, t := range e.Tags {
			one.Tags = append(one.Tags, atomCategory{clean(t)})
		}
		doc.Entries = append(doc.Entries, one)
	}
	return encode(doc)
}

type rssGUID struct {
	Permanent bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

type rssItem struct {
	Title   string   `xml:"title"`
	Link    string   `xml:"link"`
	GUID    rssGUID  `xml:"guid"`
	Date    string   `xml:"pubDate"`
	Author  string   `xml:"http://purl.org/dc/elements/1.1/ creator,omitempty"`
	Tags    []string `xml:"category"`
	Summary string   `xml:"description,omitempty"`
	Content string   `xml:"http://purl.org/rss/1.0/modules/content/ encoded,omitempty"`
	Point   string   `xml:"http://www.georss.org/georss point,omitempty"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Self        atomLink  `xml:"http://www.w3.org/2005/Atom link"`
	Description string    `xml:"description"`
	Lang        string    `xml:"language,omitempty"`
	Rights      string    `xml:"copyright,omitempty"`
	Built       string    `xml:"lastBuildDate"`
	Items       []rssItem `xml:"item"`
}

type rssFeed struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Channel rssChannel `xml:"channel"`
}

// RSS writes the feed as RSS 2.0.
func (f *Feed) RSS() ([]byte, error) {
	c := rssChannel{
		Title: clean(f.Title), Link: f.Home, Self: atomLink{"self", "application/rss+xml", f.Self}, Description: clean(f.Subtitle),
		Lang: f.Lang, Rights: clean(f.Rights), Built: f.Updated.UTC().Format(time.RFC1123Z),
	}
	if c.Description == "" {
		c.Description = c.Title
	}
	for i := range f.Entries {
		e := &f.Entries[i]
		tags := make([]string, len(e.Tags))
		for j, t := range e.Tags {
			tags[j] = clean(t)
		}
		c.Items = append(c.Items, rssItem{
			Title: clean(e.Title), Link: e.URL, GUID: rssGUID{false, e.ID}, Date: e.Published.UTC().Format(time.RFC1123Z),
			Author: clean(e.Author), Tags: tags, Summary: clean(e.Summary), Content: clean(string(e.HTML)), Point: point(e),
		})
	}
	return encode(rssFeed{Version: "2.0", Channel: c})
}

func encode(doc any) ([]byte, error) {
	body, err := xml.Marshal(doc)
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), body...), nil
}

type jsonAuthor struct {
	Name string `json:"name"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	Summary   string       `json:"summary,omitempty"`
	HTML      string       `json:"content_html,omitempty"`
	Text      string       `json:"content_text,omitempty"`
	Image     string       `json:"image,omitempty"`
	Published string       `json:"date_published"`
	Modified  string       `json:"date_modified"`
	Authors   []jsonAuthor `json:"authors,omitempty"`
	Tags      []string     `json:"tags,omitempty"`
	Geo       *jsonPoint   `json:"_geo,omitempty"`
}

type jsonPoint struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// JSON writes the feed as JSON Feed 1.1. An item needs content, so one without
// has its title as text.
func (f *Feed) JSON() ([]byte, error) {
	doc := struct {
		Version     string     `json:"version"`
		Title       string     `json:"title"`
		Home        string     `json:"home_page_url"`
		Self        string     `json:"feed_url"`
		Description string     `json:"description,omitempty"`
		Lang        string     `json:"language,omitempty"`
		Items       []jsonItem `json:"items"`
	}{"https://jsonfeed.org/version/1.1", f.Title, f.Home, f.Self, f.Subtitle, f.Lang, []jsonItem{}}
	for i := range f.Entries {
		e := &f.Entries[i]
		one := jsonItem{ID: e.ID, URL: e.URL, Title: e.Title, Summary: e.Summary, HTML: string(e.HTML), Image: e.Image,
			Published: stamp(e.Published), Modified: stamp(e.Updated), Tags: e.Tags}
		if one.HTML == "" {
			one.Text = e.Summary
			if one.Text == "" {
				one.Text = e.Title
			}
		}
		if e.Author != "" {
			one.Authors = []jsonAuthor{{e.Author}}
		}
		if e.Lat != nil && e.Lon != nil {
			one.Geo = &jsonPoint{*e.Lat, *e.Lon}
		}
		doc.Items = append(doc.Items, one)
	}
	return json.Marshal(doc)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// point is a position as GeoRSS Simple writes it.
func point(e *Entry) string {
	if e.Lat == nil || e.Lon == nil {
		return ""
	}
	return strconv.FormatFloat(*e.Lat, 'f', -1, 64) + " " + strconv.FormatFloat(*e.Lon, 'f', -1, 64)
}

// imageType is the type of a picture by the end of its address.
func imageType(address string) string {
	switch {
	case strings.HasSuffix(address, ".webp"):
		return "image/webp"
	case strings.HasSuffix(address, ".png"):
		return "image/png"
	case strings.HasSuffix(address, ".svg"):
		return "image/svg+xml"
	}
	return "image/jpeg"
}
