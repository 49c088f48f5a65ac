package interchange

import "strings"

// myMaps cleans a placemark of Google My Maps, whose balloon repeats every
// column of the layer and shows its pictures: the columns are in ExtendedData
// already, and the pictures' addresses in one called gx_media_links.
func myMaps(values map[string]any) {
	if links := firstText(values, "gx_media_links"); links != "" {
		first, _, _ := strings.Cut(links, " ")
		putValue(values, "image_url", first)
		delete(values, "gx_media_links")
	}
	body, _ := values["description"].(string)
	if !strings.Contains(body, ": ") && values["image_url"] == nil {
		return
	}
	var kept []string
	for line := range strings.SplitSeq(body, "\n") {
		if !repeats(values, line) {
			kept = append(kept, line)
		}
	}
	if len(kept) == strings.Count(body, "\n")+1 {
		return
	}
	body = strings.TrimSpace(strings.Join(kept, "\n"))
	if body = strings.TrimPrefix(body, "description: "); body == "" {
		delete(values, "description")
		return
	}
	values["description"] = body
}

// repeats reports whether a line of a balloon says what a value says already.
func repeats(values map[string]any, line string) bool {
	if image := firstText(values, "image_url"); image != "" && strings.HasSuffix(line, "]("+webAddress(image)+")") {
		return true
	}
	name, value, ok := strings.Cut(line, ": ")
	if !ok || name == "description" {
		return false
	}
	v, _ := values[markdownUnescape(name)].(string)
	return v != "" && v == markdownUnescape(value)
}

// markdownUnescape takes off what escapeMarkdown puts on.
func markdownUnescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
