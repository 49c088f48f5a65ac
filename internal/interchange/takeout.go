package interchange

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Google gives saved places away in two ways (takeout.google.com): as GeoJSON
// with positions, whose properties were renamed around 2022, and as a table of
// Title, Note, URL, Comment and later Tags, where only some addresses say where
// the place is.

// takeoutFeature turns the properties of a saved place into those of a record.
// Google's page of the place is where the record is from, not its website.
func takeoutFeature(values map[string]any) {
	location, _ := values["Location"].(map[string]any)
	if location == nil {
		location, _ = values["location"].(map[string]any)
	}
	page := firstText(values, "Google Maps URL", "google_maps_url")
	if location == nil && page == "" {
		return
	}
	for from, to := range map[string]string{
		"Address": "address", "address": "address", "Country Code": "country_code", "country_code": "country_code",
		"Business Name": "name", "name": "name",
	} {
		if v, ok := location[from].(string); ok && v != "" && values[to] == nil && (to != "name" || values["Title"] == nil) {
			values[to] = v
		}
	}
	if page == "" {
		return
	}
	delete(values, "Location") // all of it is told above
	delete(values, "location")
	delete(values, "Google Maps URL")
	delete(values, "google_maps_url")
	fromGoogle(values, page)
	moveText(values, "saved_at", "Published", "date")
	moveText(values, "changed_at", "Updated")
	moveText(values, "description", "Comment", "comment", "Note", "note")
}

// fromGoogle notes Google's page of a place, and Google's number of it as the
// identity, which stays when the place is renamed or moved.
func fromGoogle(values map[string]any, page string) {
	putValue(values, "source", "Google Maps")
	if m := googleNumber.FindStringSubmatch(page); m != nil {
		number := m[1]
		if n, err := strconv.ParseUint(m[2], 16, 64); err == nil {
			number = strconv.FormatUint(n, 10) // the same number, in hexadecimal
		}
		putValue(values, "id", number)
	}
	if webAddress(page) != "" {
		putValue(values, "source_url", page)
	}
}

var (
	// ?cid=13376788033129186955, or …!1s0x8085808941977519:0x6a23af223bffdaf8.
	googleNumber = regexp.MustCompile(`[?&]cid=(\d{1,20})|!1s0x[0-9a-fA-F]{1,16}:0x([0-9a-fA-F]{1,16})`)
	// …!3d48.8583701!4d2.2944813 is where the place is; /@48.85,2.29,17z is where
	// the map was, and counts only where nothing else does.
	googlePin    = regexp.MustCompile(`!3d(-?\d{1,3}\.\d+)!4d(-?\d{1,3}\.\d+)`)
	googleSearch = regexp.MustCompile(`(?:/maps/(?:search|place|dir/)/?|[?&](?:q|query|ll|destination)=)(-?\d{1,3}\.\d+),\+?(-?\d{1,3}\.\d+)`)
	googleCamera = regexp.MustCompile(`/@(-?\d{1,3}\.\d+),(-?\d{1,3}\.\d+),`)
)

// googlePosition is the position that an address of Google Maps tells.
func googlePosition(page string) (lat, lon string, ok bool) {
	if plain, err := url.PathUnescape(page); err == nil {
		page = plain
	}
	for _, shape := range []*regexp.Regexp{googlePin, googleSearch, googleCamera} {
		if m := shape.FindStringSubmatch(page); m != nil {
			return m[1], m[2], true
		}
	}
	return "", "", false
}

// isGoogle tells the pages of Google Maps, under any of Google's countries.
func isGoogle(page string) bool {
	u, err := url.Parse(strings.TrimSpace(page))
	if err != nil {
		return false
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	return strings.HasPrefix(host, "maps.google.") || strings.HasPrefix(host, "google.") && strings.HasPrefix(u.Path, "/maps") ||
		host == "maps.app.goo.gl" || host == "goo.gl" && strings.HasPrefix(u.Path, "/maps")
}

// takeoutRow is takeoutFeature for a row of a table of saved places. The
// reason is why a row without a position cannot be used.
func takeoutRow(values map[string]any) (reason string) {
	page := firstText(values, "url")
	if !isGoogle(page) || !emptyAll(values, latNames, lonNames, pointNames) {
		return ""
	}
	delete(values, "url")
	if empty(values["description"]) && empty(values["body"]) {
		var notes []string
		for _, name := range []string{"Note", "Comment"} {
			if s := firstText(values, name); s != "" {
				notes = append(notes, s)
				delete(values, name)
			}
		}
		if len(notes) > 0 {
			values["description"] = strings.Join(notes, "\n\n")
		}
	}
	fromGoogle(values, page)
	lat, lon, ok := googlePosition(page)
	if !ok {
		return "no position: Google's list does not say where the place is; “Saved Places.json” of the same Takeout does, or add columns lat and lon"
	}
	values["lat"], values["lon"] = lat, lon
	return ""
}

func emptyAll(values map[string]any, lists ...[]string) bool {
	for _, names := range lists {
		for _, n := range names {
			if !empty(values[n]) {
				return false
			}
		}
	}
	return true
}

// firstText is the first text that is not empty among names.
func firstText(values map[string]any, names ...string) string {
	for _, n := range names {
		if s, ok := values[n].(string); ok && strings.TrimSpace(s) != "" {
			return strings.TrimSpace(s)
		}
	}
	return ""
}

// moveText moves the first text among names to a name of ours that is empty.
func moveText(values map[string]any, to string, names ...string) {
	if !empty(values[to]) {
		return
	}
	for _, n := range names {
		if s, ok := values[n].(string); ok && s != "" {
			values[to] = s
			delete(values, n)
			return
		}
	}
}

// putValue sets what is not there yet.
func putValue(values map[string]any, name string, v any) {
	if empty(values[name]) && !empty(v) {
		values[name] = v
	}
}
