package ui

import "strings"

// LicenceName is how people write a licence that is kept as its SPDX id:
// "CC-BY-SA-4.0" is CC BY-SA 4.0. What is no id is returned as it is.
func LicenceName(id string) string {
	kind, version, ok := creativeCommons(id)
	switch {
	case ok && kind == "zero":
		return "CC0 " + version
	case ok:
		return "CC " + strings.ToUpper(kind) + " " + version
	case id == "permission":
		return "permission of the author"
	}
	return id
}

// LicenceURL is the address of a licence's text, "" where none is known for
// its id.
func LicenceURL(id string) string {
	kind, version, ok := creativeCommons(id)
	switch {
	case ok && kind == "zero":
		return "https://creativecommons.org/publicdomain/zero/" + version + "/"
	case ok:
		return "https://creativecommons.org/licenses/" + kind + "/" + version + "/"
	}
	return ""
}

// creativeCommons takes the id of one of the organisation's licences apart:
// its conditions in small letters, "zero" for the dedication, and its version.
// The ported licences ("CC-BY-3.0-DE") are not among them.
func creativeCommons(id string) (kind, version string, ok bool) {
	if id == "CC0" {
		return "zero", "1.0", true
	}
	cut := strings.LastIndexByte(id, '-')
	if cut < 0 {
		return "", "", false
	}
	kind, version = id[:cut], id[cut+1:]
	switch version {
	case "1.0", "2.0", "2.5", "3.0", "4.0":
	default:
		return "", "", false
	}
	switch kind {
	case "CC0":
		return "zero", version, version == "1.0"
	case "CC-BY", "CC-BY-SA", "CC-BY-NC", "CC-BY-ND", "CC-BY-NC-SA", "CC-BY-NC-ND":
		return strings.ToLower(kind[len("CC-"):]), version, true
	}
	return "", "", false
}
