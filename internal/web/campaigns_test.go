package web

import (
	"net/url"
	"strings"
	"testing"

	"mirabilia/internal/campaign"
)

// Two editors sweep together by forms alone, and never have the same place.
func TestCampaigns(t *testing.T) {
	h := newHouse(t)
	h.has(h.as("tomasz", "/desk"), 200, `href="/desk/campaigns"`)
	h.has(h.as("tomasz", campaignsPath), 200, "Campaigns", "None.", "Unconfirmed for three years")
	wish := url.Values{"question": {"no_photo"}, "title": {"Pictures"}, "in": {"no-such-land"}, "steps": {"Ask.\nLook."}}
	h.has(h.post("tomasz", campaignsPath, wish), 422, "Is no destination", "no-such-land", "Ask.")
	wish.Set("in", "mexico")
	wish.Set("tag", "no-such-tag")
	h.has(h.post("tomasz", campaignsPath, wish), 422, "Is no tag.")
	wish.Del("tag")
	at := h.sends("tomasz", campaignsPath, wish)
	h.has(h.as("olga", at), 200, "Pictures", "Mexico", "still being gathered", "0 of 0")
	id, ok := campaign.ParseID(strings.TrimPrefix(at, campaignPath))
	if !ok {
		t.Fatal(at)
	}
	if err := h.site.Campaigns.Gather(t.Context(), campaign.Gather{Campaign: id}); err != nil {
		t.Fatal(err)
	}
	page := h.as("olga", at)
	h.has(page, 200, "0 of ", "Take the next place", `data-key="n"`, "Look.")
	h.hasNot(page, "Close the campaign") // it is not hers

	first := h.sends("tomasz", at, url.Values{"do": {"next"}})
	second := h.sends("olga", at, url.Values{"do": {"next"}})
	if first == second || !strings.HasPrefix(first, at+"/p") || !strings.HasPrefix(second, at+"/p") {
		t.Fatalf("they have %s and %s", first, second)
	}
	h.has(h.as("tomasz", first), 200, "It has no photograph.", "yours for 15 minutes", `data-key="d"`, `data-key="e"`, "Ask.")
	page = h.as("olga", first)
	h.has(page, 200, "Another editor is at this place until")
	h.hasNot(page, `value="done"`)
	h.has(h.post("olga", first, url.Values{"do": {"done"}, "note": {"Mine"}}), 409, "Another editor is at this place")
	h.has(h.post("tomasz", first, url.Values{"do": {"done"}, "note": {strings.Repeat("x", 501)}}), 422, "At most 500 characters.", strings.Repeat("x", 501))
	if to := h.sends("tomasz", first, url.Values{"do": {"done"}, "note": {"Asked <b>them</b>."}}); to == first || to == second {
		t.Errorf("the next is %s", to)
	}
	h.has(h.as("olga", at), 200, "1 of ", "Asked &lt;b&gt;them&lt;/b&gt;.", "tomasz", "Done")
	for range 5 {
		page := h.sends("olga", at, url.Values{"do": {"next"}})
		if page == at+"?done=yes" {
			break
		}
		h.sends("olga", page, url.Values{"do": {"skipped"}})
	}
	h.sends("tomasz", at, url.Values{"do": {"close"}})
	h.has(h.as("tomasz", at), 200, "Closed 3 November 2026.")
	h.has(h.post("tomasz", at, url.Values{"do": {"next"}}), 409, "This campaign is closed.")
	for _, path := range []string{campaignsPath, at, first} {
		if w := h.as("ines", path); w.Code == 200 {
			t.Errorf("a member reads %s", path)
		}
		if w := h.post("ines", path, wish); w.Code < 400 {
			t.Errorf("a member writes to %s: %d", path, w.Code)
		}
	}
	h.has(h.as("tomasz", campaignPath+"c404"), 404)
	h.has(h.as("tomasz", at+"/p404"), 404)
}
