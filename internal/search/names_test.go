package search

import (
	"strings"
	"testing"

	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
)

// endonyms are cities by what they are called, in many languages and scripts.
var endonyms = map[string]string{
	"austria/vienna":                               "Wien Vienna Viena Vienne Vídeň Wiedeń Bécs Wenen Viyana Вена Βιέννη فيينا ウィーン 维也纳",
	"czechia/prague":                               "Praha Prag Praga Prague Prága Прага 布拉格 プラハ",
	"germany/bavaria/munich":                       "München Munich Múnich Mnichov Monachium Мюнхен ミュンヘン 慕尼黑",
	"germany/north-rhine-westphalia/cologne":       "Köln Cologne Colonia Keulen Kolonia Кёльн ケルン",
	"italy/lazio/rome":                             "Roma Rome Rom Řím Rzym Róma Рим Ρώμη ローマ روما",
	"italy/lombardy/milan":                         "Milano Milan Mailand Milán Mediolan Милан ミラノ",
	"italy/veneto/venice":                          "Venezia Venice Venedig Venise Venecia Benátky Wenecja Velence Венеция",
	"italy/tuscany/florence":                       "Firenze Florence Florenz Florencia Florencja Флоренция",
	"portugal/lisbon":                              "Lisboa Lisbon Lissabon Lisbonne Lisbona Lizbona Лиссабон リスボン",
	"poland/mazovia/warsaw":                        "Warszawa Warsaw Warschau Varsovie Varsovia Varšava Варшава",
	"denmark/capital-region-of-denmark/copenhagen": "København Copenhagen Kopenhagen Copenhague Copenaghen Kodaň Копенгаген",
	"russia/moscow":                                "Москва Moscow Moskau Moscou Moscú Mosca Moskva Moskwa モスクワ 莫斯科",
	"greece/attica/athens":                         "Αθήνα Athens Athen Athènes Atenas Atene Atény Ateny Atina Афины アテネ",
	"japan/tokyo":                                  "東京 Tokyo Tokio Tóquio Токио",
	"china/beijing":                                "北京 Beijing Peking Pékin Pequim Pechino Pekin Пекин",
	"egypt/cairo":                                  "القاهرة Cairo Kairo Caire Каир カイロ",
	"france/ile-de-france/paris":                   "Paris París Parigi Parijs Paříž Paryż Párizs Париж Παρίσι パリ 巴黎",
	"united-kingdom/england/london":                "London Londres Londra Londen Londýn Londyn Лондон Λονδίνο ロンドン 伦敦 لندن",
}

// known is an atlas that holds something in each of those cities, and things
// that are called nearly as they are.
func known(t *testing.T) (*Search, map[string]string) {
	t.Helper()
	var docs []finder.Doc
	count, meant := map[string]int{}, map[string]string{}
	add := func(title string, lat, lon float64) string {
		w := world.Locate(lat, lon)
		d := finder.Doc{Ref: finder.Ref{Kind: finder.Place, ID: int64(len(docs) + 1)}, Slug: strings.ReplaceAll(title, " ", "-"), Title: title, At: &geo.Public{Lat: lat, Lon: lon}, Status: "open"}
		path := ""
		for _, n := range []*gazetteer.Node{w.Country, w.Region, w.City} {
			if n != nil && n.Path != path {
				path = n.Path
				d.In = append(d.In, path)
				count[path]++
			}
		}
		docs = append(docs, d)
		return path
	}
	for path, names := range endonyms {
		n, ok := world.ByPath(path)
		if !ok {
			t.Errorf("%s (%s) is not in the gazetteer", path, names)
			continue
		}
		if meant[path] = add("Something in "+path, n.Lat, n.Lon); meant[path] != path {
			t.Errorf("%s lies in %s", path, meant[path])
		}
	}
	for _, title := range []string{"Wiener House", "Wein", "Praha Square", "Romea", "Mailandt", "Kolna", "Lisbo", "Museum of Wien"} {
		add(title, 64.1, -21.9)
	}
	add("A ship", 59.33, 18.07) // in Sweden
	add("A stream", 37.56, 126.98)
	return filled(docs, count), meant
}

// A city by its own name, or by that of another language, comes first among
// destinations: found, suggested and geocoded.
func TestNames_firstAmongDestinations(t *testing.T) {
	s, meant := known(t)
	first := func(cards []finder.Card) string {
		for _, c := range cards {
			if c.Kind == finder.Destination {
				return c.Slug
			}
		}
		return ""
	}
	for path, names := range endonyms {
		want := meant[path]
		for _, name := range strings.Fields(names) {
			found := s.Find(name, finder.SearchOptions{Limit: 10})
			if got := first(found.Cards); got != want {
				t.Errorf("%s finds %q, not %q, first among destinations", name, got, want)
			}
			if len(found.Cards) > 0 && found.Cards[0].Kind != finder.Destination {
				t.Errorf("%s: %q comes before the city", name, found.Cards[0].Title)
			}
			if got := first(s.Suggest(name, nil, 8).Cards); got != want {
				t.Errorf("%s suggests %q, not %q, first among destinations", name, got, want)
			}
			list := world.Search(name, 5)
			if len(list) == 0 || list[0].Path != want {
				t.Errorf("%s is geocoded as %v, not %q", name, list, want)
			}
		}
	}
}

// What lies in the city comes before countries whose names are spelt much like
// it.
func TestNames_alikeLast(t *testing.T) {
	s, meant := known(t)
	vienna := meant["austria/vienna"]
	cards := s.Find("Wien", finder.SearchOptions{Limit: 20}).Cards
	there, alike := -1, -1
	for i, c := range cards {
		switch {
		case c.Title == "Something in austria/vienna":
			there = i
		case c.Kind == finder.Destination && c.Slug != vienna && alike < 0:
			alike = i
		}
	}
	if there < 0 || alike < there {
		t.Errorf("Wien finds %q", titles(cards))
	}
}
