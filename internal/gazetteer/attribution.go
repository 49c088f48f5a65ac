package gazetteer

// Source is where a part of the tables is from. Its licence asks that it be
// named where the data is used.
type Source struct {
	Name, Licence, URL string
}

// Attribution lists the sources of the tables, for the About page.
func Attribution() []Source {
	return []Source{
		{"GeoNames", "CC-BY-4.0", "https://www.geonames.org/"},
		{"Natural Earth", "public domain", "https://www.naturalearthdata.com/"},
		{"United States Census Bureau", "public domain", "https://www.census.gov/"},
		{"Unicode CLDR", "Unicode-3.0", "https://cldr.unicode.org/"},
	}
}
