package interchange

import (
	"regexp"
	"strings"
)

// Forms of another atlas of this kind: what an export or a dump holds is read
// as any record is; the pages' own forms (/places.geojson, .csv, .gpx, .kml,
// .json) also carry the address of each place's page, which is where the record
// is from and not the place's website.

var ourPage = regexp.MustCompile(`^https?://[^/\s]+/places/([^/?#\s]+)$`)

// ours moves the address of a page of another atlas out of the way of the
// website. slug is the place's, where the form tells it.
func ours(values map[string]any) {
	page, _ := values["url"].(string)
	m := ourPage.FindStringSubmatch(page)
	if m == nil {
		return
	}
	slug, _ := values["slug"].(string)
	if !strings.EqualFold(slug, m[1]) {
		return
	}
	delete(values, "url")
	putValue(values, "source_url", page)
}

// apiItem turns an item of the API's list into a record: its id belongs to
// that atlas, its names of places are computed, its people are members there.
func apiItem(values map[string]any) {
	id, _ := values["id"].(string)
	page, _ := values["url"].(string)
	m := ourPage.FindStringSubmatch(page)
	if m == nil || !ourID.MatchString(id) {
		return
	}
	delete(values, "url")
	putValue(values, "source_url", page)
	putValue(values, "source", strings.TrimSuffix(page, "/places/"+m[1]))
	for _, name := range []string{"country", "destination", "been", "want", "added_by", "edited_by", "revision", "photos", "distance_m", "along_m", "obscurity"} {
		delete(values, name)
	}
}

var ourID = regexp.MustCompile(`^p\d{1,18}$`)
