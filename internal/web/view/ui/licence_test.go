package ui

import "testing"

func TestLicences(t *testing.T) {
	for _, c := range []struct{ id, name, url string }{
		{"CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"},
		{"CC0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"},
		{"CC-BY-SA-4.0", "CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"},
		{"CC-BY-2.5", "CC BY 2.5", "https://creativecommons.org/licenses/by/2.5/"},
		{"CC-BY-3.0-DE", "CC-BY-3.0-DE", ""},
		{"CC-BY-../../x-4.0", "CC-BY-../../x-4.0", ""},
		{"CC0-4.0", "CC0-4.0", ""},
		{"permission", "permission of the author", ""},
		{"CC BY 4.0", "CC BY 4.0", ""},
		{"ODbL-1.0", "ODbL-1.0", ""},
		{"", "", ""},
	} {
		if name, url := LicenceName(c.id), LicenceURL(c.id); name != c.name || url != c.url {
			t.Errorf("%q: %q %q, want %q %q", c.id, name, url, c.name, c.url)
		}
	}
}
