package interchange

import (
	"regexp"
	"strings"
)

// fromWriter puts in order what single programs write into GPX in ways of their
// own, which the creator of the file tells.
func fromWriter(values map[string]any, creator string) {
	switch low := strings.ToLower(creator); {
	case strings.HasPrefix(low, "osmand"):
		osmandFavourite(values)
	case strings.Contains(low, "wikivoyage"):
		wikivoyageWaypoint(values)
	case creator == writtenBy:
		// The first link is the page in that atlas, the second the website.
		moveText(values, "source_url", "url")
		moveText(values, "url", "link")
		moveText(values, "licence", "src")
		if values["cmt"] != nil && values["cmt"] != values["description"] {
			moveText(values, "subtitle", "cmt")
		}
	}
}

// osmandFavourite reads what OsmAnd knows of the object a favourite was made
// from; the favourite's group already became a tag.
func osmandFavourite(values map[string]any) {
	moveText(values, "website", "osm_tag_website", "osm_tag_contact_website")
	moveText(values, "saved_at", "creation_date", "time")
	if hours := firstText(values, "osm_tag_opening_hours"); hours != "" {
		values["facts"] = map[string]any{"hours": map[string]any{"value": hours, "source": "OpenStreetMap"}}
		delete(values, "osm_tag_opening_hours")
	}
	if kind := firstText(values, "amenity_subtype"); kind != "" {
		tags, _ := values["tags"].([]any)
		values["tags"] = append(tags, strings.ReplaceAll(kind, "_", " "))
	}
	if name := firstText(values, "amenity_name"); name != "" && name != values["name"] {
		values["aliases"] = []any{name}
	}
}

// listingName is "Dom (Aachen, see)": name, article and type of a listing, as
// the converter of Wikivoyage's listings for OsmAnd writes them.
var listingName = regexp.MustCompile(`^(.+) \(([^()]+), ([a-z]+)\)$`)

func wikivoyageWaypoint(values map[string]any) {
	name := firstText(values, "name")
	m := listingName.FindStringSubmatch(name)
	if m == nil {
		return
	}
	kind, ok := listingTypes[m[3]]
	if !ok {
		return
	}
	values["name"] = m[1]
	// Two articles may list one place: the name as it was written tells them apart.
	values["source"], values["id"] = "Wikivoyage", textID(name, firstText(values, "lat"), firstText(values, "lon"))
	values["licence"] = "CC-BY-SA-3.0" // of the texts until 2023; the converter ended before
	listed(values, kind, article{title: m[2]})
}
