// Package outward is what programs see of the atlas: the JSON forms that the
// API and the .json suffixes share, word for word those of the contract. They
// are made from public values only.
package outward

import (
	"strconv"
	"time"

	"mirabilia/internal/place"
)

// Place is one place; of a list without what only the whole form has.
type Place struct {
	ID              string          `json:"id" doc:"Stable id, p and a number." example:"p123"`
	Slug            string          `json:"slug" doc:"Name in the address; may change, the old one redirects."`
	URL             string          `json:"url" format:"uri" doc:"Address of the page."`
	Kind            string          `json:"kind" enum:"place,eatery"`
	Title           string          `json:"title"`
	Subtitle        string          `json:"subtitle" doc:"One sentence, the hook."`
	Body            *string         `json:"body,omitempty" doc:"Markdown; whole form only."`
	KnowBeforeYouGo *string         `json:"know_before_you_go,omitempty" doc:"Markdown."`
	Lat             *float64        `json:"lat" doc:"Public latitude, WGS 84 degrees; null where the tier shows none." nullable:"true"`
	Lon             *float64        `json:"lon" doc:"Public longitude, WGS 84 degrees; null where the tier shows none." nullable:"true"`
	LocationTier    string          `json:"location_tier" enum:"exact,approximate,region,hidden"`
	Address         string          `json:"address"`
	CountryCode     string          `json:"country_code" doc:"ISO 3166-1 alpha-2, empty where unknown."`
	Country         string          `json:"country"`
	Region          string          `json:"region"`
	City            string          `json:"city"`
	Destination     string          `json:"destination" doc:"Path of the narrowest destination, empty for none."`
	Tags            []string        `json:"tags" doc:"Slugs." nullable:"false"`
	Status          string          `json:"status" enum:"open,seasonal,by_appointment,temporarily_closed,closed,moved,altered,lost,no_access,unverified"`
	StatusDate      string          `json:"status_date" doc:"Since when: a year, a month or a day; empty where unknown."`
	Facts           map[string]Fact `json:"facts"`
	Website         string          `json:"website"`
	Sources         []Source        `json:"sources" nullable:"false"`
	Aliases         []Alias         `json:"aliases" nullable:"false"`
	Photos          []Photo         `json:"photos" nullable:"false" doc:"All of them in the whole form, the first in lists."`
	Been            int             `json:"been" minimum:"0"`
	Want            int             `json:"want" minimum:"0"`
	Obscurity       int             `json:"obscurity" minimum:"0" maximum:"100" doc:"0 famous … 100 obscure."`
	Licence         string          `json:"licence" doc:"Of the text, an SPDX id."`
	AddedBy         Person          `json:"added_by" doc:"Name is empty where nobody is credited."`
	EditedBy        []Person        `json:"edited_by" nullable:"false"`
	Confirmed       *Confirmed      `json:"confirmed,omitempty" doc:"What visitors confirm of it; whole form only."`
	PublishedAt     time.Time       `json:"published_at"`
	UpdatedAt       time.Time       `json:"updated_at"`
	Revision        int             `json:"revision" minimum:"1"`
	Distance        *float64        `json:"distance_m,omitempty" doc:"Metres from the position or the line asked for."`
	Along           *float64        `json:"along_m,omitempty" doc:"Metres along the line, to its point nearest to the place."`
}

// Confirmed is what the confirmations of visitors come to. It names nobody.
type Confirmed struct {
	Month    string `json:"month" doc:"Of the newest confirmation, YYYY-MM; empty for none." example:"2026-11"`
	Visitors int    `json:"visitors" minimum:"0" doc:"Members who stand by one."`
	Health   string `json:"health" enum:"fresh,ageing,unconfirmed" doc:"How sure one can be that the entry is still true: confirmations count less with age."`
}

// Fact is a checkable statement.
type Fact struct {
	Value   string `json:"value"`
	Checked string `json:"checked" doc:"Date, empty where it was not checked yet."`
	Source  string `json:"source"`
}

// Source is where a statement comes from.
type Source struct {
	URL      string `json:"url"`
	Title    string `json:"title"`
	Author   string `json:"author"`
	Date     string `json:"date"`
	Archived string `json:"archived"`
}

// Alias is another name.
type Alias struct {
	Name string `json:"name"`
	Lang string `json:"lang" doc:"BCP 47, empty where unknown."`
}

// Person is somebody credited.
type Person struct {
	Name string `json:"name"`
	URL  string `json:"url" doc:"Address of the profile, empty for who has none."`
}

// Photo is one picture with its rights.
type Photo struct {
	ID      string            `json:"id"`
	Caption string            `json:"caption"`
	Alt     string            `json:"alt"`
	Credit  string            `json:"credit"`
	Licence string            `json:"licence"`
	Width   int               `json:"width"`
	Height  int               `json:"height"`
	URLs    map[string]string `json:"urls" doc:"Width in pixels to address."`
}

// Card is a place without its texts. base is the atlas's address without a
// slash at the end.
func Card(p *place.Place, base string) Place {
	o := Place{
		ID: p.PublicID(), Slug: p.Slug, URL: base + p.Path(), Kind: string(p.Kind),
		Title: p.Title, Subtitle: p.Subtitle, LocationTier: string(p.Tier), Address: p.Address,
		CountryCode: p.CountryCode, Country: p.Country, Region: p.Region, City: p.City,
		Destination: p.Destination, Tags: orEmpty(p.Tags), Status: string(p.Status), StatusDate: p.StatusDate,
		Facts: facts(p.Facts), Website: p.Website, Sources: []Source{}, Aliases: []Alias{}, Photos: []Photo{},
		Been: p.Been, Want: p.Want, Obscurity: p.Obscurity, Licence: p.Licence, EditedBy: []Person{},
		PublishedAt: p.Published.UTC(), UpdatedAt: p.Updated.UTC(), Revision: p.Revision,
	}
	if p.At != nil {
		lat, lon := p.At.Lat, p.At.Lon
		o.Lat, o.Lon = &lat, &lon
	}
	for _, s := range p.Sources {
		o.Sources = append(o.Sources, Source(s))
	}
	for _, a := range p.Aliases {
		o.Aliases = append(o.Aliases, Alias(a))
	}
	for _, ph := range p.Photos {
		o.Photos = append(o.Photos, photo(ph, base))
	}
	if p.AddedBy.Name != "" {
		o.AddedBy = person(p.AddedBy, base)
	}
	for _, c := range p.EditedBy {
		o.EditedBy = append(o.EditedBy, person(c, base))
	}
	return o
}

// Whole is a place with its texts.
func Whole(p *place.Place, base string) Place {
	o := Card(p, base)
	o.Body, o.KnowBeforeYouGo = &p.Body, &p.Know
	o.Confirmed = &Confirmed{Health: string(place.Unconfirmed)}
	if c := p.Confirmed; c != nil {
		o.Confirmed = &Confirmed{c.Month, c.Visitors, string(c.Health)}
	}
	return o
}

func facts(in map[string]place.Fact) map[string]Fact {
	out := make(map[string]Fact, len(in))
	for name, f := range in {
		out[name] = Fact(f)
	}
	return out
}

func person(c place.Credit, base string) Person {
	p := Person{Name: c.Name}
	if c.URL != "" {
		p.URL = base + c.URL
	}
	return p
}

// PhotoOf is a picture of a place in its outward form.
func PhotoOf(ph place.Photo, base string) Photo { return photo(ph, base) }

func photo(ph place.Photo, base string) Photo {
	o := Photo{ID: strconv.FormatInt(ph.ID, 10), Caption: ph.Caption, Alt: ph.Alt, Credit: ph.Credit,
		Licence: ph.Licence, Width: ph.Width, Height: ph.Height, URLs: make(map[string]string, len(ph.URLs))}
	for width, path := range ph.URLs {
		o.URLs[strconv.Itoa(width)] = base + path
	}
	return o
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
