package interchange

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// OpenStreetMap's objects come as GeoJSON from overpass turbo (id "node/240",
// properties the tags, "@…" about the object), from osmtogeojson (the tags in
// an object of their own), and from osmium ("@type" and "@id", or "n240").

var (
	osmPath  = regexp.MustCompile(`^(node|way|relation)/(\d{1,20})$`)
	osmShort = regexp.MustCompile(`^([nwr])(\d{1,20})$`)
)

// osmFeature turns the tags of an object of OpenStreetMap into the fields of a
// record; what has none stays under its key.
func osmFeature(values map[string]any, featureID any) {
	object := osmObject(values, featureID)
	if object == "" {
		return
	}
	if tags, ok := values["tags"].(map[string]any); ok {
		delete(values, "tags")
		for k, v := range tags {
			putValue(values, k, v)
		}
	}
	for name := range values {
		if strings.HasPrefix(name, "@") {
			delete(values, name)
		}
	}
	values["source"], values["id"] = "OpenStreetMap", object
	values["source_url"] = "https://www.openstreetmap.org/" + object
	values["licence"] = "ODbL-1.0"
	values["sources"] = []any{map[string]any{"url": "https://www.openstreetmap.org/copyright", "title": "© OpenStreetMap contributors"}}
	osmNames(values)
	osmTags(values)
	osmFacts(values)
	osmAddress(values)
	moveText(values, "website", "contact:website", "url", "contact:url")
	moveText(values, "image_url", "image")
}

// osmObject is "node/240", "" for what is not OpenStreetMap's.
func osmObject(values map[string]any, featureID any) string {
	for _, v := range []any{values["@id"], featureID, values["id"]} {
		s := plainText(v)
		if osmPath.MatchString(s) && (values["@id"] != nil || osmTagged(values)) {
			return s
		}
		if m := osmShort.FindStringSubmatch(s); m != nil && osmTagged(values) {
			return map[string]string{"n": "node", "w": "way", "r": "relation"}[m[1]] + "/" + m[2]
		}
	}
	for _, at := range []string{"@", ""} {
		kind, number := plainText(values[at+"type"]), plainText(values[at+"id"])
		if object := kind + "/" + number; osmPath.MatchString(object) && (at == "@" || values["tags"] != nil) {
			return object
		}
	}
	return ""
}

// osmKeys are the keys that make a tag of a value, the telling ones first.
var osmKeys = []string{"tourism", "historic", "memorial", "artwork_type", "attraction", "amenity", "man_made", "natural", "geological", "leisure", "building", "ruins", "military", "railway", "waterway", "shop", "craft"}

func osmTagged(values map[string]any) bool {
	if _, ok := values["tags"].(map[string]any); ok {
		return true
	}
	return slices.ContainsFunc(osmKeys, func(k string) bool { return values[k] != nil }) || values["@id"] != nil
}

var osmEateries = []string{"restaurant", "cafe", "bar", "pub", "fast_food", "biergarten", "ice_cream", "food_court"}

func osmTags(values map[string]any) {
	var tags []any
	for _, key := range osmKeys {
		v := firstText(values, key)
		if v == "" || v == "no" {
			continue
		}
		delete(values, key)
		if key == "amenity" && slices.Contains(osmEateries, v) {
			putValue(values, "kind", "eatery")
		}
		if v == "yes" {
			v = key // historic=yes says: historic
		}
		for part := range strings.SplitSeq(v, ";") {
			if part = strings.TrimSpace(strings.ReplaceAll(part, "_", " ")); part != "" {
				tags = append(tags, part)
			}
		}
	}
	if len(tags) > 0 {
		values["tags"] = tags
	}
}

var osmNameKeys = []string{"alt_name", "old_name", "official_name", "int_name", "loc_name", "short_name"}

func osmNames(values map[string]any) {
	var aliases []any
	var keys []string
	for k := range values {
		if lang, ok := strings.CutPrefix(k, "name:"); ok && lang != "" && !strings.Contains(lang, ":") {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	if firstText(values, "name") == "" {
		for _, k := range append([]string{"name:en"}, keys...) {
			if s := firstText(values, k); s != "" {
				values["name"], values["lang"] = s, strings.TrimPrefix(k, "name:")
				break
			}
		}
	}
	for _, k := range append(keys, osmNameKeys...) {
		for part := range strings.SplitSeq(firstText(values, k), ";") {
			if part = strings.TrimSpace(part); part == "" || part == values["name"] {
				continue
			}
			alias := map[string]any{"name": part}
			if lang, ok := strings.CutPrefix(k, "name:"); ok {
				alias["lang"] = lang
			}
			aliases = append(aliases, alias)
		}
		delete(values, k)
	}
	if len(aliases) > 0 {
		values["aliases"] = aliases
	}
}

// osmFacts translates the keys that say what facts say.
func osmFacts(values map[string]any) {
	facts := map[string]any{}
	checked := firstText(values, "check_date", "survey:date")
	put := func(name, value string) {
		if value != "" {
			facts[name] = map[string]any{"value": value, "checked": checked, "source": firstText(values, "source_url")}
		}
	}
	take := func(key string) string {
		s := firstText(values, key)
		delete(values, key)
		return s
	}
	put("hours", take("opening_hours"))
	put("stepfree", map[string]string{"yes": "yes", "designated": "yes", "limited": "partly", "no": "no"}[take("wheelchair")])
	put("dogs", map[string]string{"yes": "yes", "leashed": "partly", "no": "no"}[take("dog")])
	put("free", map[string]string{"yes": "no", "no": "yes"}[take("fee")])
	put("price", take("charge"))
	put("booking", map[string]string{"yes": "yes", "required": "yes", "recommended": "partly", "no": "no"}[take("reservation")])
	if len(facts) > 0 {
		values["facts"] = facts
	}
}

func osmAddress(values map[string]any) {
	part := func(key string) string {
		s := firstText(values, "addr:"+key)
		delete(values, "addr:"+key)
		return s
	}
	full := part("full")
	street := strings.TrimSpace(part("street") + " " + part("housenumber"))
	town := strings.TrimSpace(part("postcode") + " " + firstText(values, "addr:city"))
	putValue(values, "city", part("city"))
	putValue(values, "country_code", part("country"))
	if full == "" {
		full = strings.Trim(street+", "+town, ", ")
	}
	putValue(values, "address", full)
}

// overpassElement takes an element of Overpass's own JSON; ways and relations
// have a position when the query ended with "out center".
func overpassElement(values map[string]any) {
	if center, ok := values["center"].(map[string]any); ok && osmObject(values, nil) != "" {
		putValue(values, "lat", center["lat"])
		putValue(values, "lon", center["lon"])
		delete(values, "center")
	}
	osmFeature(values, nil)
	if values["source"] == "OpenStreetMap" {
		for _, name := range []string{"type", "nodes", "members", "bounds", "geometry"} {
			delete(values, name)
		}
	}
}

func plainText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}
