package main

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"mirabilia/internal/gazetteer/names"
	"mirabilia/internal/gazetteer/table"
	"mirabilia/internal/gazetteer/trie"
	"mirabilia/internal/text"
)

// A name that several languages share is kept once, under the first of them
// here; the other languages follow in the order of their codes.
var firstLanguages = []string{
	"de", "fr", "es", "it", "pt", "nl", "pl", "ru", "ja", "zh", "ko", "ar", "tr", "sv", "fi", "cs", "hu", "el",
	"uk", "ro", "he", "fa", "th", "vi", "id", "hi", "da", "nb", "bg", "hr", "sr", "sk", "sl", "lt", "lv", "et", "ca",
}

// countryAliases are what people call countries besides.
var countryAliases = map[string][]string{
	"US": {"USA", "US", "United States of America", "America"}, "GB": {"UK", "Great Britain", "Britain"},
	"AE": {"UAE", "Emirates"}, "NL": {"Holland", "The Netherlands"}, "MM": {"Burma"}, "SZ": {"Swaziland"},
	"MK": {"Macedonia"}, "CZ": {"Czech Republic"}, "TR": {"Türkiye"}, "CD": {"DR Congo", "Congo-Kinshasa", "DRC"},
	"CG": {"Congo", "Congo-Brazzaville", "Congo Republic"}, "CI": {"Côte d'Ivoire"}, "KR": {"Korea"}, "TL": {"East Timor"},
	"CV": {"Cabo Verde"}, "MO": {"Macao"}, "RU": {"Russian Federation"}, "VA": {"Holy See"}, "PH": {"The Philippines"},
	"GM": {"The Gambia"}, "BS": {"The Bahamas"},
}

// cityAliases are short names in use, by GeoNames id.
var cityAliases = map[int64][]string{5128581: {"NYC"}, 4140963: {"Washington"}, 1566083: {"Saigon"}, 1275339: {"Bombay"}, 1275004: {"Calcutta"}, 1264527: {"Madras"}}

// recordOf makes a node's record: the English name, the name in use where
// that is another, then the other languages' names.
func (a *atlas) recordOf(english, local, id string, more []string) []names.Name {
	record := []names.Name{{Text: english}}
	known := map[string]bool{trie.Key(english): true}
	add := func(name, lang string) {
		if key := trie.Key(name); key != "" && len(name) <= 100 && !known[key] {
			known[key] = true
			record = append(record, names.Name{Text: name, Lang: lang})
		}
	}
	if local != "" && local != english {
		delete(known, trie.Key(english)) // "Málaga" beside "Malaga" is worth its bytes
		add(local, "")
		known[trie.Key(english)] = true
	}
	for _, name := range more {
		add(name, "en")
	}
	if id != "" {
		for _, lang := range a.languages() {
			add(plainQuotes(a.names[lang][id]), lang)
		}
	}
	return record
}

func (a *atlas) languages() []string {
	if a.langs == nil {
		a.langs = slices.Clone(firstLanguages)
		var others []string
		for lang := range a.names {
			if !slices.Contains(firstLanguages, lang) {
				others = append(others, lang)
			}
		}
		sort.Strings(others)
		a.langs = append(a.langs, others...)
	}
	return a.langs
}

// packNames makes the book of names, numbered as towns, regions, countries,
// and the index over all their names.
func (a *atlas) packNames() (book, index []byte) {
	var records [][]names.Name
	for _, c := range a.cities {
		records = append(records, a.recordOf(c.english, plainQuotes(c.name), strconv.FormatInt(c.id, 10), cityAliases[c.id]))
	}
	for _, r := range a.regions {
		id, local := r.code, a.admin1[r.code]
		if r.oldNamesMistaken {
			id = ""
		}
		if r.name == "" {
			id, local = "", ""
		}
		records = append(records, a.recordOf(r.name, plainQuotes(local), id, nil))
	}
	for _, c := range a.countries {
		records = append(records, a.recordOf(c.name, "", c.code, countryAliases[c.code]))
	}
	var entries []trie.Entry
	for i, record := range records {
		for _, n := range record {
			if key := trie.Key(n.Text); key != "" {
				entries = append(entries, trie.Entry{Key: key, Value: uint32(i)})
			}
		}
		// The slug finds the node too, where it is not spelt as the name.
		if slug := strings.ReplaceAll(text.Slug(record[0].Text), "-", " "); i < len(a.cities) && slug != trie.Key(record[0].Text) {
			entries = append(entries, trie.Entry{Key: slug, Value: uint32(i)})
		}
	}
	langs, pieces, start, texts := names.Build(records)
	return table.Pack(langs, pieces, start, texts), trie.Build(entries)
}
