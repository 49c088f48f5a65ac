package view

import (
	"strconv"
	"strings"

	"mirabilia/internal/place"
	"mirabilia/internal/web/view/ui"
)

// number writes degrees as short as five places allow.
func number(v float64) string {
	return strconv.FormatFloat(v, 'f', 5, 64)
}

// placeLD is what PlaceLD gives. Structs are written four times as fast as maps.
type placeLD struct {
	Context     string     `json:"@context"`
	ID          string     `json:"@id"`
	Type        string     `json:"@type"`
	Address     *addressLD `json:"address,omitempty"`
	Names       []string   `json:"alternateName,omitempty"`
	Description string     `json:"description,omitempty"`
	Geo         *geoLD     `json:"geo,omitempty"`
	Identifier  string     `json:"identifier"`
	Image       []string   `json:"image,omitempty"`
	Free        *bool      `json:"isAccessibleForFree,omitempty"`
	Keywords    string     `json:"keywords,omitempty"`
	Name        string     `json:"name"`
	SameAs      string     `json:"sameAs,omitempty"`
	URL         string     `json:"url"`
}

type addressLD struct {
	Type     string `json:"@type"`
	Country  string `json:"addressCountry,omitempty"`
	Locality string `json:"addressLocality,omitempty"`
	Region   string `json:"addressRegion,omitempty"`
	Street   string `json:"streetAddress,omitempty"`
}

type geoLD struct {
	Type      string  `json:"@type"`
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// PlaceLD is a place as structured data (schema.org TouristAttraction, or
// Restaurant for an eatery). It holds what the page holds: the public position
// only, and the address only of a place whose position is told.
func PlaceLD(p *place.Place, address string, pictures []string) any {
	ld := &placeLD{
		Context: "https://schema.org", Type: "TouristAttraction", ID: address, URL: address,
		Name: p.Title, Identifier: p.PublicID(), Description: p.Subtitle,
		Keywords: strings.Join(p.Tags, ", "), Image: pictures, SameAs: p.Website,
	}
	if p.Kind == place.KindEatery {
		ld.Type = "Restaurant"
	}
	postal := addressLD{Type: "PostalAddress", Locality: p.City, Region: p.Region, Country: p.CountryCode}
	if exact(p) {
		postal.Street = p.Address
	}
	if postal != (addressLD{Type: postal.Type}) {
		ld.Address = &postal
	}
	if p.At != nil {
		ld.Geo = &geoLD{"GeoCoordinates", p.At.Lat, p.At.Lon}
	}
	for _, a := range p.Aliases {
		ld.Names = append(ld.Names, a.Name)
	}
	switch free := p.Facts["free"].Value; free {
	case "yes", "no":
		yes := free == "yes"
		ld.Free = &yes
	}
	return ld
}

type crumbsLD struct {
	Context string    `json:"@context"`
	Type    string    `json:"@type"`
	Items   []crumbLD `json:"itemListElement"`
}

type crumbLD struct {
	Type     string `json:"@type"`
	Item     string `json:"item,omitempty"`
	Name     string `json:"name"`
	Position int    `json:"position"`
}

// CrumbsLD is a breadcrumb as structured data; base is the atlas's address
// without a slash at the end.
func CrumbsLD(base string, crumbs []ui.Crumb) any {
	ld := &crumbsLD{"https://schema.org", "BreadcrumbList", make([]crumbLD, len(crumbs))}
	for i, c := range crumbs {
		ld.Items[i] = crumbLD{Type: "ListItem", Name: c.Name, Position: i + 1}
		if c.Path != "" {
			ld.Items[i].Item = base + c.Path
		}
	}
	return ld
}

// SiteLD is the atlas as structured data, with its search.
func SiteLD(s *Site) any {
	return map[string]any{
		"@context": "https://schema.org", "@type": "WebSite", "name": s.Name, "url": s.URL + "/",
		"potentialAction": map[string]any{
			"@type": "SearchAction", "target": s.URL + "/search?q={search_term_string}",
			"query-input": "required name=search_term_string",
		},
	}
}
