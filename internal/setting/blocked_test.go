package setting_test

import (
	"slices"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
)

func blocking() setting.Contributing {
	return setting.Contributing{BlockedWords: []string{"Casino", "free money", "рулетка", "赌场", "naïve"}, BlockedDomains: []string{"spam.example", "*.bücher.example", "xn--e1afmkfd.example"}}
}

func TestBlockedWordsIn(t *testing.T) {
	c := blocking()
	for said, want := range map[string]string{
		"The best CASINO in town.":               "Casino",
		"the cásïno":                             "Casino",
		"ｃａｓｉｎｏ":                                 "Casino",
		"cas\u200bi\u00adno, ca\u2060sino":       "Casino",
		"c\u034fasi\u3164no":                     "Casino",
		"сasinо with letters of another script":  "Casino", // Cyrillic с and о
		"c a s i n o":                            "Casino",
		"c.a.s.i.n.o":                            "Casino",
		"c\u2003a\u2003s\u00a0i\u3000n-o":        "Casino",
		"all in: c*a*s*i*n*o":                    "Casino",
		"cas**i**no":                             "Casino",
		"[casino](https://example.org)":          "Casino",
		"cas&#105;no":                            "Casino",
		"Get FREE\u00a0 money, now":              "free money",
		"free\n\nmoney":                          "free money",
		"играй в РУЛЕТКА":                        "рулетка",
		"大赌场":                                    "赌场",
		"a naive idea":                           "naïve",
		"":                                       "",
		"Casinos, a casinolike hall, Cas Ino":    "",
		"free of charge, money back":             "",
		"money free":                             "",
		"The word is a b c of roulette, c a s h": "",
		"Monte Carlo, 1 2 3 4 5 6":               "",
	} {
		got := strings.Join(c.BlockedWordsIn(said), ", ")
		if got != want {
			t.Errorf("%q has %q, not %q", said, got, want)
		}
	}
	if got := (setting.Contributing{BlockedWords: []string{"", " - ", "\u200b"}}).BlockedWordsIn("anything - at all"); got != nil {
		t.Errorf("nothing is blocked by words without letters: %q", got)
	}
}

func TestBlockedSitesIn(t *testing.T) {
	c := blocking()
	for said, want := range map[string]string{
		"https://spam.example/x":                          "spam.example",
		"see HTTP://WWW.Spam.Example.":                    "www.spam.example",
		"spam.example":                                    "spam.example",
		"mail me: x@spam.example":                         "spam.example",
		"//spam.example, //a.b.spam.example":              "spam.example",
		"[here](https://user:pass@spam.example:8080?a=b)": "spam.example",
		"<https://spam.example>":                          "spam.example",
		`spam\.example`:                                   "spam.example",
		"sp&#97;m.example":                                "spam.example",
		"https://sp%61m.example/":                         "spam.example",
		"https://spam%2Eexample/":                         "spam.example",
		"spam。example and ｓｐａｍ．example":                   "spam.example",
		"sp\u200bam.exam\u00adple":                        "spam.example",
		"https://xn--bcher-kva.example":                   "xn--bcher-kva.example",
		"https://BÜCHER.example":                          "bücher.example",
		"https://shop.bu\u0308cher.example":               "shop.bücher.example",
		"https://пример.example/":                         "пример.example",
		"https://notspam.example/":                        "",
		"https://spam.example.org/":                       "",
		"https://spam.examples/":                          "",
		"spam, for example":                               "",
		"no-spam.example":                                 "",
		"100 % of it & more.":                             "",
		"%zz.%":                                           "",
	} {
		got := strings.Join(c.BlockedSitesIn(said), ", ")
		if got != want {
			t.Errorf("%q names %q, not %q", said, got, want)
		}
	}
}

// What is long and odd hides nothing behind it.
func TestBlocked_behindOddTexts(t *testing.T) {
	c := blocking()
	for i := range 500 {
		c.BlockedWords = append(c.BlockedWords, strings.Repeat("a", 5+i%30)+" b")
		c.BlockedDomains = append(c.BlockedDomains, strings.Repeat("a.", 3+i%20)+"invalid")
	}
	for name, said := range map[string]string{
		"letters": strings.Repeat("a ", 20_000), "dots": strings.Repeat("a.", 20_000), "one word": strings.Repeat("a", 40_000),
		"signs": strings.Repeat("%61", 13_000), "stars": strings.Repeat("*a", 20_000), "percent": strings.Repeat("%", 20_000),
	} {
		if got := c.Blocked(said + "\n\nA casino: https://spam.example"); len(got) != 2 {
			t.Errorf("behind %s: %q", name, got)
		}
	}
}

func TestRefuse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := setting.Open(d).Update(t.Context(), func(s *setting.Settings) { s.Contributing.BlockedWords = []string{"casino"} })
		if err != nil {
			t.Fatal(err)
		}
		refuse := func(role actor.Role, list ...setting.Said) error {
			return d.Read(t.Context(), func(tx *db.Tx) error {
				return setting.Refuse(tx, actor.Actor{ID: 1, Role: role}, setting.OfList, list...)
			})
		}
		err = refuse(actor.Member, setting.Said{Field: "title", Text: "Nice"}, setting.Said{Field: "note", Text: "A Casino"})
		e, ok := err.(*errs.Error)
		if !ok || !errs.Is(err, errs.Invalid) || len(e.Fields) != 1 || e.Fields[0].Field != "note" || !strings.Contains(e.Fields[0].Message, "“casino”") {
			t.Errorf("refused: %v", err)
		}
		if err := refuse(actor.Editor, setting.Said{Field: "note", Text: "A Casino"}); err != nil {
			t.Errorf("an editor writes it: %v", err)
		}
		if err := refuse(actor.Member, setting.Said{Field: "note", Text: "A hall"}); err != nil {
			t.Errorf("nothing is blocked: %v", err)
		}
		bad := []func(*setting.Settings){
			func(s *setting.Settings) { s.Contributing.BlockedWords = []string{" . "} },
			func(s *setting.Settings) { s.Contributing.BlockedDomains = []string{"example"} },
			func(s *setting.Settings) { s.Contributing.BlockedDomains = []string{"https://spam.example/path"} },
			func(s *setting.Settings) { s.Confirming.HalfLife = 0 },
			func(s *setting.Settings) { s.Confirming.Ageing = s.Confirming.Fresh + 1 },
		}
		for i, fn := range bad {
			if err := setting.Open(d).Update(t.Context(), fn); !errs.Is(err, errs.Invalid) {
				t.Errorf("setting %d: %v", i, err)
			}
		}
		if s, err := setting.Open(d).Now(t.Context()); err != nil || !slices.Equal(s.Contributing.BlockedWords, []string{"casino"}) {
			t.Errorf("%+v, %v", s.Contributing, err)
		}
	})
}
