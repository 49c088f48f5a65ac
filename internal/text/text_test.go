package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"mirabilia/internal/text"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		"Museo Casa de León Trotsky":    "museo casa de leon trotsky",
		"Łódź ŁAZIENKI":                 "lodz lazienki",
		"Ærø Ørsted Åre":                "aero orsted are",
		"Œuvre Straße STRASSE ẞ":        "oeuvre strasse strasse ss",
		"İstanbul Isparta Iğdır":        "istanbul isparta igdir",
		"Đà Nẵng Þingvellir Ísafjörður": "da nang thingvellir isafjordur",
		"Ｆｕｌｌ　ｗｉｄｔｈ":                    "full width",
		"ﬁn de siècle Ⅷ ½":              "fin de siecle viii 1/2",
		"Ёлка Йошкар-Ола Київ":          "елка иошкар-ола киив",
		"ΑΘΉΝΑ Ὀδυσσεύς":                "αθηνα οδυσσευσ",
		"مُحَمَّد أحمد مكتبة":           "محمد احمد مكتبه",
		"שָׁלוֹם":                       "שלום",
		"が ガ ｶﾞ":                        "が ガ ガ",
		"경복궁":                           "경복궁",
		"วัดพระแก้ว":                    "วัดพระแกว",
		"दिल्ली क़िला":                  "दिल्ली किला",
		"Hawai‘i “x” – y":               "hawai'i \"x\" - y",
		"soft\u00adhyphen\u200d":        "softhyphen",
		"caf\xe9":                       "caf",
	} {
		if got := text.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		folded := text.Fold(s)
		if again := text.Fold(folded); again != folded {
			t.Fatalf("folded twice: %q, %q, %q", s, folded, again)
		}
		if !utf8.ValidString(folded) {
			t.Fatalf("%q folds to invalid UTF-8 %q", s, folded)
		}
		if other := text.Fold(norm.NFD.String(s)); other != folded {
			t.Fatalf("%q: %q, but %q when written in pieces", s, folded, other)
		}
		if got := string(text.AppendFold([]byte("x"), s)); got != "x"+folded {
			t.Fatalf("AppendFold gives %q", got)
		}
	})
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		" — ":                           "",
		"Museo Casa de León Trotsky":    "museo casa de leon trotsky",
		"Saint-Denis, 3rd floor (1863)": "saint denis 3rd floor 1863",
		"O'Connor’s St. Peter's Hawaiʻi Xi'an": "oconnors st peters hawaii xian",
		"Musée d'Orsay, L’Aquila, Sant'Angelo": "musee d orsay l aquila sant angelo",
		"C.N. Tower, U.S.A. Washington D.C.":   "cn tower usa washington dc",
		"J. Edgar e.g. 1.5 a.b":                "j edgar eg 1 5 ab",
		"Paral·lel ½":                          "parallel 1 2",
		"故宮博物院":                                "故宮 宮博 博物 物院",
		"東京タワーTower 3号":                        "東京 京タ タワ ワー tower 3 号",
		"塔":                                    "塔",
		"경복궁":                                  "경복 복궁",
		"วัดพระแก้ว":                           "วัด ดพ พร ระ ะแ แก กว",
		"नई दिल्ली":                            "नई दिल्ली",
		"Музей Жакмар-Андре":                   "музеи жакмар андре",
		"القاهرة الكبرى":                       "القاهره الكبري",
		"’quoted’ 'it'":                        "quoted it",
		"snake_case a+b a&b #tag":              "snake case a b a b tag",
		"x\x00y\xffz":                          "x y z",
		"Lego™ 🦄 café":                         "lego cafe",
	} {
		if got := strings.Join(text.Words(in), " "); got != want {
			t.Errorf("Words(%q) = %q, want %q", in, got, want)
		}
	}
	long := text.Words(strings.Repeat("ж", 1000))
	if len(long) != 1 || len(long[0]) > text.MaxTerm || !utf8.ValidString(long[0]) {
		t.Errorf("a word of 1,000 letters gives %d terms, the first %q", len(long), long[0])
	}
}

func TestWordsHold(t *testing.T) {
	var g text.Segmenter
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zA-Zäłß.' ]{0,40}`), rapid.StringMatching(`[a東京カが궁วัก้ 1.']{0,20}`)).Draw(t, "s")
		words := text.Words(s)
		var each []string
		g.Each(s, func(term []byte) { each = append(each, string(term)) })
		if !slices.Equal(words, each) {
			t.Fatalf("%q: Words %q, Each %q", s, words, each)
		}
		for _, w := range words {
			if w == "" || len(w) > text.MaxTerm || !utf8.ValidString(w) {
				t.Fatalf("%q: term %q", s, w)
			}
			if text.Fold(w) != w {
				t.Fatalf("%q: term %q is not folded", s, w)
			}
			if strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) }) {
				t.Fatalf("%q: term %q holds more than letters and digits", s, w)
			}
		}
		if got := text.AppendWords([]string{"kept"}, s); got[0] != "kept" || !slices.Equal(got[1:], words) {
			t.Fatalf("%q: AppendWords %q", s, got)
		}
	})
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{
		"Museo Casa de León Trotsky":  "museo-casa-de-leon-trotsky",
		"  St. Peter’s -- Basilica! ": "st-peters-basilica",
		"Łódź":                        "lodz",
		"Straße":                      "strasse",
		"Ærø":                         "aero",
		"Музей Жакмар-Андре":          "muzei-zhakmar-andre",
		"故宮博物院":                       "gu-gong-bo-wu-yuan",
		"القاهرة":                     "alqahra",
		"Αθήνα":                       "athena",
		"თბილისი":                     "tbilisi",
		"new":                         "new-place",
		"New":                         "new-place",
		"p123":                        "p123-place",
		"P 123":                       "p-123",
		"":                            "place",
		"🦄🦄":                          "place",
		"../../etc/passwd":            "etc-passwd",
		"\x00\xff":                    "place",
	} {
		if got := text.Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
	long := text.Slug(strings.Repeat("wonderful ", 20))
	if len(long) > text.MaxSlug || strings.HasSuffix(long, "-") || !strings.HasSuffix(long, "wonderful") {
		t.Errorf("a long title gives %q", long)
	}
}

func TestSlugHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`p[0-9]{1,90}`)).Draw(t, "s")
		slug := text.Slug(s)
		if !text.IsSlug(slug) || len(slug) > text.MaxSlug {
			t.Fatalf("Slug(%q) = %q", s, slug)
		}
		if text.Slug(slug) != slug {
			t.Fatalf("the slug %q of %q has the slug %q", slug, s, text.Slug(slug))
		}
	})
}

func TestIsSlug(t *testing.T) {
	for _, bad := range []string{"", "-a", "a-", "a--b", "A", "a_b", "p1", "new", "ä", "a.json", strings.Repeat("a", 200)} {
		if text.IsSlug(bad) {
			t.Errorf("%q passes as a slug", bad)
		}
	}
}

func TestSimilarity(t *testing.T) {
	for _, c := range []struct {
		a, b     string
		min, max float64
	}{
		{"Museo Casa de León Trotsky", "museo casa de leon TROTSKY", 1, 1},
		{"Trotsky Museum", "Museum, Trotsky", 1, 1},
		{"St Peter's Basilica", "Saint Peters Basilica", 1, 1},
		{"Kinkaku-ji", "Kinkakuji", 1, 1},
		{"Winchester Mystery House", "Winchester Mistery House", 0.9, 1},
		{"金閣寺", "金閣寺", 1, 1},
		{"Museum of Art", "Museum of Fire", 0, 0.79},
		{"Pier 7", "Pier 9", 0, 0.79},
		{"Cathedral", "Fountain", 0, 0.3},
		{"Chubby Noodle", "Chubby Noodle North Beach", 0, 0.79},
		{"", "", 0, 0},
		{"x", "", 0, 0},
	} {
		got := text.Similarity(c.a, c.b)
		if got < c.min || got > c.max {
			t.Errorf("Similarity(%q, %q) = %.2f, want %.2f to %.2f", c.a, c.b, got, c.min, c.max)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringN(0, 30, 60).Draw(t, "a"), rapid.StringN(0, 30, 60).Draw(t, "b")
		s := text.Similarity(a, b)
		if s < 0 || s > 1.0000001 || s-text.Similarity(b, a) > 0.15 || text.Similarity(b, a)-s > 0.15 {
			t.Fatalf("Similarity(%q, %q) = %v, the other way %v", a, b, s, text.Similarity(b, a))
		}
		if len(text.Words(a)) > 0 && text.Similarity(a, a) < 0.999999 {
			t.Fatalf("%q is %v like itself", a, text.Similarity(a, a))
		}
	})
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain\ttext\n":         "plain\ttext\n",
		"a\r\nb\rc":             "a\nb\nc",
		"a\x00b\x1bc\x7fd":      "abcd",
		"a\xffb\xc3":            "ab",
		"a\ufffeb\uffffc\u0085": "abc",
		"łódź":                  "łódź",
	} {
		if got := text.Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
	if got := text.CleanLine(" a\u202eb \n\t c\u200b\ufeff "); got != "ab c" {
		t.Errorf("CleanLine gives %q", got)
	}
	if got := text.CleanLine("می\u200cخواهم"); got != "می\u200cخواهم" {
		t.Errorf("CleanLine drops a joiner that Persian needs: %q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "s")) + rapid.String().Draw(t, "u")
		got := text.Clean(s)
		if !utf8.ValidString(got) || text.Clean(got) != got || strings.ContainsFunc(got, func(r rune) bool { return !text.Legal(r) }) {
			t.Fatalf("Clean(%q) = %q", s, got)
		}
		if line := text.CleanLine(s); text.CleanLine(line) != line || strings.ContainsAny(line, "\n\t") {
			t.Fatalf("CleanLine(%q) = %q", s, line)
		}
	})
}

func TestExcerpt(t *testing.T) {
	for _, c := range []struct {
		in   string
		max  int
		want string
	}{
		{"A stone rolled seventy metres inland.", 100, "A stone rolled seventy metres inland."},
		{"A stone rolled seventy metres inland.", 30, "A stone rolled seventy metres…"},
		{"A stone, rolled seventy metres", 9, "A stone…"},
		{"one\n\ntwo  three", 50, "one two three"},
		{"故宮博物院故宮博物院", 6, "故宮博物院…"},
		{"anything", 0, ""},
	} {
		if got := text.Excerpt(c.in, c.max); got != c.want {
			t.Errorf("Excerpt(%q, %d) = %q, want %q", c.in, c.max, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s, n := rapid.String().Draw(t, "s"), rapid.IntRange(1, 40).Draw(t, "n")
		if got := text.Excerpt(s, n); utf8.RuneCountInString(got) > n || strings.Contains(got, "\n") {
			t.Fatalf("Excerpt(%q, %d) = %q", s, n, got)
		}
	})
}
