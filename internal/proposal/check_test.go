package proposal_test

import (
	"strings"
	"testing"

	"mirabilia/internal/desk"
	"mirabilia/internal/geo"
	"mirabilia/internal/setting"
)

// long is a text that no check finds fault with.
var long = strings.Repeat("An old quarry tunnel keeps the bones of six million people in rows of skulls under quiet streets. ", 6)

func TestChecks(t *testing.T) {
	each(t, func(h *house) {
		err := h.settings.Update(ctx, func(s *setting.Settings) {
			s.Contributing.BlockedWords, s.Contributing.BlockedDomains = []string{"Casino"}, []string{"spam.example"}
		})
		if err != nil {
			t.Fatal(err)
		}
		h.decide(h.eve, h.submit(h.ada, desk.Place, `{"title":"Ossuary","lat":48.8338,"lon":2.3324,"body":"`+long+`"}`), desk.Verdict{Action: desk.Publish})
		h.index()
		good := `"title":"A","lat":50.1,"lon":8.6,"licence":"CC0-1.0","sources":[{"url":"https://example.org/"}]`
		own := strings.Repeat("Here a clock of stone counts the years since its town was drowned, and nobody winds it now. ", 6)
		found := func(json string) (names []string) {
			list, err := h.proposals.Findings(ctx, &desk.Submission{Kind: desk.Place, Fields: fields(json)})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range list {
				names = append(names, f.Check)
			}
			return names
		}
		for want, json := range map[string]string{
			"":                 `{` + good + `,"body":"` + own + `"}`,
			"length":           `{` + good + `,"body":"Short."}`,
			"promotional":      `{` + good + `,"subtitle":"A hidden gem, book now!","body":"` + own + `"}`,
			"sea":              `{"title":"A","lat":0,"lon":-30,"licence":"CC0-1.0","sources":[{"url":"https://example.org/"}],"body":"` + own + `"}`,
			"country":          `{` + good + `,"country_code":"fr","body":"` + own + `"}`,
			"sources licence":  `{"title":"A","lat":50.1,"lon":8.6,"body":"` + own + `"}`,
			"copied":           `{` + good + `,"body":"` + long + `"}`,
			"blocked":          `{` + good + `,"body":"` + own + ` [see](https://www.spam.example/x)"}`,
			"blocked length":   `{` + good + `,"body":"The best CASINO."}`,
			"position-in-text": `{` + good + `,"location_tier":"hidden","body":"` + own + ` At 48° 51′ N."}`,
		} {
			if got := strings.Join(found(json), " "); got != want {
				t.Errorf("found %q, want %q in %.120s", got, want, json)
			}
		}
	})
}

func TestAlike_byNamesAndDistance(t *testing.T) {
	each(t, func(h *house) {
		for _, json := range []string{
			`{"title":"Hill of Crosses","lat":56.0153,"lon":23.4167,"aliases":[{"name":"Kryžių kalnas","lang":"lt"}]}`,
			`{"title":"Windmill","lat":56.0160,"lon":23.4170}`,
			`{"title":"Hill of Crosses","lat":-33.9,"lon":151.2}`,
		} {
			h.decide(h.eve, h.submit(h.ada, desk.Place, json), desk.Verdict{Action: desk.Publish})
		}
		h.index()
		at := &geo.Public{Lat: 56.0155, Lon: 23.4170}
		list, err := h.proposals.Alike(ctx, []string{"Kryziu Kalnas"}, at, 0)
		if err != nil || len(list) != 1 || list[0].Title != "Hill of Crosses" || list[0].Likeness < 0.9 || list[0].Metres > 100 || list[0].Score < 0.8 {
			t.Errorf("by another name beside it: %+v, %v", list, err)
		}
		if again, err := h.proposals.Alike(ctx, []string{"Hill of Crosses"}, at, list[0].ID); err != nil || len(again) != 0 {
			t.Errorf("itself, and the one at the other end of the world: %+v, %v", again, err)
		}
		if anywhere, err := h.proposals.Alike(ctx, []string{"Hill of Crosses"}, nil, 0); err != nil || len(anywhere) != 2 || anywhere[0].Metres != -1 {
			t.Errorf("without a position: %+v, %v", anywhere, err)
		}
	})
}
