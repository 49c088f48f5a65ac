package gazetteer

import (
	"math/rand"
	"strings"
	"testing"
	"unicode/utf8"

	"mirabilia/internal/gazetteer/table"
	"mirabilia/internal/text"
)

func TestSearchFindsFirst(t *testing.T) {
	g := Open()
	for q, want := range map[string]string{
		// in English, locally, in other languages and scripts
		"Paris": "france/ile-de-france/paris", "MUNICH": "germany/bavaria/munich", "München": "germany/bavaria/munich",
		"munchen": "germany/bavaria/munich", "Monaco di Baviera": "germany/bavaria/munich", "Мюнхен": "germany/bavaria/munich",
		"ミュンヘン": "germany/bavaria/munich", "Roma": "italy/lazio/rome", "Praha": "czechia/prague", "Prag": "czechia/prague",
		"القاهرة": "egypt/cairo", "Αθήνα": "greece/attica/athens", "墨西哥城": "mexico/mexico-city", "모스크바": "russia/moscow",
		"Лондон": "united-kingdom/england/london", "京都市": "japan/kyoto", "サンクトペテルブルク": "russia/saint-petersburg",
		"Kopenhagen": "denmark/capital-region-of-denmark/copenhagen", "Ciudad de México": "mexico/mexico-city",
		"กรุงเทพ": "thailand/bangkok", "서울": "south-korea/seoul", "Pékin": "china/beijing", "Saigon": "vietnam/ho-chi-minh-city",
		"ウィーン": "austria/vienna", "维也纳": "austria/vienna", "开罗": "egypt/cairo",
		// letters that no accent is taken from
		"Lodz": "poland/lodz-voivodeship/lodz", "Tromso": "norway/troms/tromso", "Malmo": "sweden/skane/malmo", "Diyarbakir": "turkey/diyarbakir-province/diyarbakir",
		// mistakes
		"Prgaue": "czechia/prague", "Budapset": "hungary/budapest", "Philadelphai": "united-states/pennsylvania/philadelphia",
		"San Fransisco": "united-states/california/san-francisco", "Reykjavki": "iceland/capital-region/reykjavik",
		"Копнегаген": "denmark/capital-region-of-denmark/copenhagen", "losangeles": "united-states/california/los-angeles",
		// unfinished, abbreviated, in another order, with the country or state
		"Frankfurt": "germany/hesse/frankfurt-am-main", "NYC": "united-states/new-york/new-york-city", "reykj": "iceland/capital-region/reykjavik",
		"Saint Louis": "united-states/missouri/st-louis", "city mexico": "mexico/mexico-city", "Paris, Texas": "united-states/texas/paris",
		"paris tx": "united-states/texas/paris", "London Ontario": "canada/ontario/london", "Springfield IL": "united-states/illinois/springfield",
		"Berlin Deutschland": "germany/berlin", "Cordoba, Argentina": "argentina/cordoba", "San Jose Costa Rica": "costa-rica/san-jose",
		// countries and regions
		"Germany": "germany", "Deutschland": "germany", "Германия": "germany", "USA": "united-states", "Bayern": "germany/bavaria",
		"Scotland": "united-kingdom/scotland", "Kalifornien": "united-states/california", "Vatican": "vatican-city", "Burma": "myanmar",
	} {
		got := ""
		if m := g.Search(q, 5); len(m) > 0 {
			got = m[0].Path
		}
		if got != want {
			t.Errorf("Search(%q) finds %q first, want %q", q, got, want)
		}
	}
}

func TestSearchFindsSections(t *testing.T) {
	g := Open()
	for q, path := range map[string]string{
		"Coyoacan": "mexico/mexico-city", "Brooklyn": "united-states/new-york/new-york-city", "Berlin Köpenick": "germany/berlin",
	} {
		m := g.Search(q, 3)
		if len(m) == 0 || m[0].Level != Section || m[0].Path != path {
			t.Errorf("Search(%q) = %+v, want a section of %s", q, m, path)
		}
	}
}

func TestMatchedIsTheNameThatMatched(t *testing.T) {
	g := Open()
	for q, want := range map[string]string{"мюнхен": "Мюнхен", "munchen": "München", "muniche": "Munich", "NAPOLI": "Napoli"} {
		if m := g.Search(q, 1); len(m) == 0 || m[0].Matched != want {
			t.Errorf("Search(%q) = %+v, want the name %q", q, m, want)
		}
	}
}

func TestSearchRanks(t *testing.T) {
	g := Open()
	for _, q := range []string{"san", "paris", "springfield", "San Antonio", "victoria", "santo", "Новый"} {
		matches := g.Search(q, 50)
		seen := map[string]bool{}
		for i, m := range matches {
			if i > 0 && m.Score > matches[i-1].Score {
				t.Errorf("%q: %s before %s, which scores more", q, matches[i-1].Path, m.Path)
			}
			if m.Level != Section && seen[m.Path] {
				t.Errorf("%q finds %s twice", q, m.Path)
			}
			seen[m.Path] = true
		}
	}
}

func TestSearchTakesAnything(t *testing.T) {
	g := Open()
	for _, q := range []string{"", " ", "---", "\x00", "\xff\xfe", strings.Repeat("a", 2000), strings.Repeat("é", 200), "💥", "'"} {
		if m := g.Search(q, 10); len(m) != 0 {
			t.Errorf("Search(%.20q) = %v", q, m)
		}
	}
	if len(g.Search("paris", 0))+len(g.Search("paris", -1)) != 0 {
		t.Error("a limit of nothing gives something")
	}
	if n := len(g.Search("san", 1_000)); n > maxAnswers {
		t.Errorf("%d answers, more than %d", n, maxAnswers)
	}
}

// TestSearchForgives asks for towns of 15,000 and more by each of their
// names, and with one mistake of each sort.
func TestSearchForgives(t *testing.T) {
	g, rng := Open(), rand.New(rand.NewSource(7))
	var towns []int
	for i := range g.nodes {
		if g.town(i).Population >= 15_000 {
			towns = append(towns, i)
		}
	}
	kinds := map[string]func(i int) string{
		"name":          func(i int) string { return g.book.First(i) },
		"no accents":    func(i int) string { return text.Fold(g.book.First(i)) },
		"one mistake":   func(i int) string { return mistyped(text.Fold(g.book.First(i)), rng) },
		"foreign":       func(i int) string { return foreign(g, i, rng) },
		"foreign, typo": func(i int) string { return mistyped(foreign(g, i, rng), rng) },
	}
	for kind, ask := range kinds {
		asked, missed := 0, 0
		for asked < 150 {
			i := towns[rng.Intn(len(towns))]
			q := ask(i)
			if q == "" {
				continue
			}
			asked++
			town, hit := g.town(i), false
			for _, m := range g.Search(q, 10) {
				hit = hit || table.Distance(town.Lat, town.Lon, m.Lat, m.Lon) < 10_000
			}
			if !hit {
				missed++
			}
		}
		if missed > asked*3/100 {
			t.Errorf("%s: %d of %d missed", kind, missed, asked)
		}
	}
}

func foreign(g *Gazetteer, i int, rng *rand.Rand) string {
	others := g.book.Others(i)
	if len(others) == 0 {
		return ""
	}
	return others[rng.Intn(len(others))].Text
}

// mistyped swaps, replaces, doubles or leaves out a letter within the name.
func mistyped(name string, rng *rand.Rand) string {
	r := []rune(name)
	if len(r) < 5 {
		return ""
	}
	at := 1 + rng.Intn(len(r)-2)
	switch rng.Intn(4) {
	case 0:
		r[at], r[at+1] = r[at+1], r[at]
	case 1:
		r[at] = rune('a' + rng.Intn(26))
	case 2:
		r = append(r[:at+1], r[at:]...)
	default:
		r = append(r[:at], r[at+1:]...)
	}
	return string(r)
}

func FuzzSearch(f *testing.F) {
	for _, q := range []string{"paris", "Paris, Texas", "st louis", "京都", "กรุงเทพ", "\xff", "a b c d e f g h", "İstanbul", "'' - ,"} {
		f.Add(q, 10)
	}
	g := Open()
	f.Fuzz(func(t *testing.T, q string, limit int) {
		for _, m := range g.Search(q, limit) {
			if m.Name == "" || m.Matched == "" || !utf8.ValidString(m.Matched) || m.Lat < -90 || m.Lat > 90 {
				t.Fatalf("Search(%q) gives %+v", q, m)
			}
		}
	})
}

func TestNamedAndBeginning(t *testing.T) {
	g := Open()
	for name, path := range map[string]string{
		"prague": "czechia/prague", "Прага": "czechia/prague", "paris, texas": "united-states/texas/paris", "München": "germany/bavaria/munich",
		"กรุงเทพมหานคร": "thailand/bangkok", "Portugal": "portugal", "Sao Paulo": "brazil/sao-paulo",
	} {
		list := g.Named(name, 3)
		if len(list) == 0 || !strings.HasPrefix(path, list[0].Path) && list[0].Path != path {
			t.Errorf("%q names %+v, want %s", name, list, path)
		}
	}
	for _, name := range []string{"pragu", "plague", "", "xyzzy", "pariss texas"} {
		if list := g.Named(name, 3); len(list) > 0 {
			t.Errorf("%q names %+v", name, list)
		}
	}
	for letters, name := range map[string]string{"pragu": "Prague", "กรุงเทพ": "Bangkok", "Моск": "Moscow", "東京": "Tokyo"} {
		if list := g.Beginning(letters, 3); len(list) == 0 || list[0].Name != name {
			t.Errorf("%q begins %+v, want %s", letters, list, name)
		}
	}
	if list := g.Beginning("pr", 3); list != nil {
		t.Errorf("two letters begin %+v", list)
	}
}

func TestRegionOf(t *testing.T) {
	g := Open()
	for path, name := range map[string]string{"mexico/mexico-city": "Mexico City", "germany/berlin": "Berlin", "germany/bavaria/munich": "Bavaria", "germany/bavaria": "Bavaria"} {
		if n := g.RegionOf(path); n == nil || n.Level != Region || n.Name != name {
			t.Errorf("%s is in the region %+v, want %s", path, n, name)
		}
	}
	for _, path := range []string{"germany", "", "nowhere/at-all", "monaco/nothing"} {
		if n := g.RegionOf(path); n != nil {
			t.Errorf("%s is in the region %+v", path, n)
		}
	}
}
