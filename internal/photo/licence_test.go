package photo

import "testing"

func TestLicensed(t *testing.T) {
	for _, l := range []string{"permission", "CC0-1.0", "CC-BY-4.0", "cc-by-sa-3.0", "CC-BY-NC-ND-4.0", "CC-BY-3.0-DE", "CC-BY-SA-3.0-IGO", "PDDL-1.0", "ODbL-1.0", "OGL-UK-3.0", "GFDL-1.2-or-later", "LGPL-2.1", "AGPL-3.0-only", "MIT", "LicenseRef-Archive"} {
		if !licensed(l) {
			t.Errorf("%s is not known", l)
		}
	}
	for _, l := range []string{"", "bogus", "CC", "CC-BY", "CC-BY-9.0", "Permission!", "all rights reserved", "CC-BY-4.0 x", "LicenseRef-"} {
		if licensed(l) {
			t.Errorf("%q is taken for a licence", l)
		}
	}
}
