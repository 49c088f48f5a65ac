package photo

import "regexp"

// permission stands for a picture that is shown with its author's word alone.
const permission = "permission"

// spdx knows the ids of SPDX under which pictures, texts and data are given
// away: those of Creative Commons with their versions and countries, the open
// licences of data and of governments, and those of free software whose
// screenshots and drawings people bring. A licence of one's own is written as
// LicenseRef- and its name, as SPDX has it.
var spdx = regexp.MustCompile(`(?i)^(` +
	`CC-BY(-NC)?(-SA|-ND)?-(1\.0|2\.0|2\.5|3\.0|4\.0)(-[A-Z]{2,3})?|CC-BY-NC-SA-2\.0-(FR|UK)|CC-SA-1\.0|CC0-1\.0|CC-PDDC|CC-PDM-1\.0|` +
	`PDDL-1\.0|ODbL-1\.0|ODC-By-1\.0|C-UDA-1\.0|CDLA-(Permissive-1\.0|Permissive-2\.0|Sharing-1\.0)|` +
	`OGL-UK-[123]\.0|OGL-Canada-2\.0|OGC-1\.0|OGDL-Taiwan-1\.0|etalab-2\.0|DL-DE-(BY|ZERO)-2\.0|NLOD-[12]\.0|` +
	`GFDL-1\.[123](-(no-)?invariants)?(-only|-or-later)?|LAL-1\.[23]|FSFAP|FreeImage|` +
	`(A?GPL|LGPL)-[123]\.[01](-only|-or-later|\+)?|MIT(-0)?|Apache-[12]\.[01]|BSD-[1-4]-Clause|0BSD|ISC|Zlib|MPL-[12]\.[01]|EPL-[12]\.0|EUPL-1\.[012]|` +
	`Artistic-[12]\.0|OFL-1\.[01]|Unlicense|WTFPL|` +
	`LicenseRef-[A-Z0-9.-]{1,50})$`)

// licensed reports whether a licence says under which terms a photo may be used.
func licensed(l string) bool { return l == permission || spdx.MatchString(l) }
