package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"mirabilia/internal/text"
)

// capitalLanguages are those whose readers cannot guess a capital from its English
// name: they are written in other letters. The catalogues lack some in each, of
// Japanese and Chinese Vienna among them.
var capitalLanguages = []string{"ja", "zh", "ko", "ar", "he", "fa", "th", "hi", "ru", "uk", "bg", "sr", "el"}

// readZoneCities reads CLDR's names of the cities that stand for time zones, by
// language and by English name.
func readZoneCities(cldr string) (map[string]map[string]string, error) {
	english, err := readZones(cldr, "en")
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]string{}
	for _, lang := range capitalLanguages {
		zones, err := readZones(cldr, lang)
		if err != nil {
			return nil, err
		}
		out[lang] = map[string]string{}
		for zone, name := range zones {
			in := english[zone]
			if in == "" { // the last part of the zone says it
				in = strings.ReplaceAll(zone[strings.LastIndexByte(zone, '/')+1:], "_", " ")
			}
			out[lang][text.Fold(in)] = name
		}
	}
	return out, nil
}

// readZones reads the city of each zone in one language.
func readZones(cldr, lang string) (map[string]string, error) {
	file := filepath.Join(cldr, "main", lang, "timeZoneNames.json")
	var doc struct {
		Main map[string]struct {
			Dates struct {
				TimeZoneNames struct {
					Zone map[string]json.RawMessage
				}
			}
		}
	}
	if err := readJSON(file, &doc); err != nil {
		return nil, err
	}
	out := map[string]string{}
	if err := addZones(out, "", doc.Main[lang].Dates.TimeZoneNames.Zone); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no city of any zone", file)
	}
	return out, nil
}

// addZones adds the zones below a part of their names. What is text and no part
// says something else of a zone.
func addZones(out map[string]string, above string, parts map[string]json.RawMessage) error {
	for part, raw := range parts {
		if part == "exemplarCity" {
			var name string
			if err := json.Unmarshal(raw, &name); err != nil {
				return err
			}
			out[strings.TrimSuffix(above, "/")] = name
			continue
		}
		var below map[string]json.RawMessage
		if json.Unmarshal(raw, &below) == nil {
			if err := addZones(out, above+part+"/", below); err != nil {
				return err
			}
		}
	}
	return nil
}

// nameCapitals gives capitals the names that the catalogues lack. Of two capitals
// of one name neither gets any: a zone does not say which it means.
func (a *atlas) nameCapitals() {
	capitals := map[string][]string{} // ids by English name
	for _, c := range a.cities {
		if c.feature == "PPLC" {
			key := text.Fold(c.english)
			capitals[key] = append(capitals[key], strconv.FormatInt(c.id, 10))
		}
	}
	for _, lang := range capitalLanguages {
		for english, name := range a.zoneCities[lang] {
			if ids := capitals[english]; len(ids) == 1 && a.names[lang][ids[0]] == "" {
				a.names[lang][ids[0]] = name
			}
		}
	}
}
