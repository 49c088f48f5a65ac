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

// PlaceLD is a place as structured data (schema.org TouristAttraction, or
// Restaurant for an eatery). It holds what the page holds: the public position
// only, and the address only of a place whose position is told.
func PlaceLD(p *place.Place, address string, pictures []string) any {
	kind := "TouristAttraction"
	if p.Kind == place.KindEatery {
		kind = "Restaurant"
	}
	ld := map[string]any{
		"@context": "https://schema.org", "@type": kind, "@id": address,
		"url": address, "name": p.Title, "identifier": p.PublicID(),
	}
	if p.Subtitle != "" {
		ld["description"] = p.Subtitle
	}
	postal := map[string]any{"@type": "PostalAddress"}
	set := func(name, value string) {
		if value != "" {
			postal[name] = value
		}
	}
	if exact(p) {
		set("streetAddress", p.Address)
	}
	set("addressLocality", p.City)
	set("addressRegion", p.Region)
	set("addressCountry", p.CountryCode)
	if len(postal) > 1 {
		ld["address"] = postal
	}
	if p.At != nil {
		ld["geo"] = map[string]any{"@type": "GeoCoordinates", "latitude": p.At.Lat, "longitude": p.At.Lon}
	}
	var names []string
	for _, a := range p.Aliases {
		names = append(names, a.Name)
	}
	if len(names) > 0 {
		ld["alternateName"] = names
	}
	if len(p.Tags) > 0 {
		ld["keywords"] = strings.Join(p.Tags, ", ")
	}
	if len(pictures) > 0 {
		ld["image"] = pictures
	}
	if p.Website != "" {
		ld["sameAs"] = p.Website
	}
	switch p.Facts["free"].Value {
	case "yes":
		ld["isAccessibleForFree"] = true
	case "no":
		ld["isAccessibleForFree"] = false
	}
	return ld
}

// CrumbsLD is a breadcrumb as structured data; base is the atlas's address
// without a slash at the end.
func CrumbsLD(base string, crumbs []ui.Crumb) any {
	items := make([]any, 0, len(crumbs))
	for i, c := range crumbs {
		item := map[string]any{"@type": "ListItem", "position": i + 1, "name": c.Name}
		if c.Path != "" {
			item["item"] = base + c.Path
		}
		items = append(items, item)
	}
	return map[string]any{"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}
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
