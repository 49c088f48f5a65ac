package campaign_test

import (
	"strings"
	"testing"
	"time"

	"mirabilia/internal/campaign"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/linkcheck"
	"mirabilia/internal/place"
)

// Every statement of campaigns finds its rows by an index, on both engines.
func TestStatements_servedByIndexes(t *testing.T) {
	var asked dbtest.Statements
	h := &house{at: time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)}
	dbtest.EachConfig(t, db.Config{Trace: asked.Trace, Now: func() time.Time { return h.at }}, func(t *testing.T, d *db.DB) {
		*h = house{T: t, db: d, at: h.at, places: place.New(d, world), dead: dead{}}
		h.campaigns = campaign.New(d, h.places, linkcheck.New(d, h.places, nil))
		h.people()
		h.fill()
		asked.Forget()
		h.make(h.eve, campaign.Wish{Question: campaign.DeadLink})
		c := h.make(h.eve, campaign.Wish{Question: campaign.NoPhoto, In: "italy"})
		h.sweep(h.rome, c.ID)
		if _, _, err := h.campaigns.All(t.Context(), h.eve); err != nil {
			t.Fatal(err)
		}
		if _, err := h.campaigns.Newest(t.Context(), h.eve, c.ID, 5); err != nil {
			t.Fatal(err)
		}
		if _, err := h.campaigns.Item(t.Context(), h.eve, c.ID, h.id("grotto")); err != nil {
			t.Fatal(err)
		}
		if err := h.campaigns.Close(t.Context(), h.eve, c.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.places.Age(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		asked.ServedByIndexes(t, d, dbtest.Served{Least: 15, Whole: []string{"i"}, Of: func(text string) bool {
			return strings.Contains(text, "campaign") || strings.Contains(text, "link_uses") || strings.Contains(text, "place_confirmed") || strings.Contains(text, "FROM places")
		}})
	})
}
