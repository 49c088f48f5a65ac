package web

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/webhook"
)

func TestWebhooks_page(t *testing.T) {
	a := newAccounts(t)
	_, boss := a.add("boss", actor.Admin)
	_, member := a.add("ada", actor.Member)
	if w := a.page(webhooksPath, member); w.Code != http.StatusForbidden {
		t.Errorf("a member sees %d", w.Code)
	}
	refused := a.form(webhooksPath, boss, url.Values{"do": {"add"}, "address": {"ftp://receiver.example/<b>"}})
	if body := refused.Body.String(); refused.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "Must be an address") || !strings.Contains(body, "ftp://receiver.example/&lt;b&gt;") {
		t.Errorf("%d, and what was typed is gone or not escaped", refused.Code)
	}
	added := a.form(webhooksPath, boss, url.Values{"do": {"add"}, "address": {"https://receiver.example/hook"}})
	if added.Code != http.StatusOK || !strings.Contains(added.Body.String(), "whsec_") {
		t.Fatalf("added: %d", added.Code)
	}
	page := a.page(webhooksPath, boss).Body.String()
	if strings.Contains(page, "whsec_") || !strings.Contains(page, "https://receiver.example/hook") {
		t.Error("the secret is shown twice, or the receiver is not listed")
	}
	_, rest, _ := strings.Cut(page, `name="id" value="`)
	id, _, _ := strings.Cut(rest, `"`)
	for do, shows := range map[string]string{"off": "Switch on", "on": "Switch off", "greet": "A test is on its way"} {
		w := a.form(webhooksPath, boss, url.Values{"do": {do}, "id": {id}})
		if w.Code != http.StatusSeeOther || !strings.Contains(a.page(w.Header().Get("Location"), boss).Body.String(), shows) {
			t.Errorf("%s: %d, and the page does not show %q", do, w.Code, shows)
		}
	}
	if w := a.form(webhooksPath, boss, url.Values{"do": {"rotate"}, "id": {id}}); !strings.Contains(w.Body.String(), "whsec_") {
		t.Errorf("a new secret is not shown: %d", w.Code)
	}
	if w := a.form(webhooksPath, boss, url.Values{"do": {"remove"}, "id": {"7"}}); w.Code != http.StatusNotFound {
		t.Errorf("one that is not there is removed: %d", w.Code)
	}
	if w := a.form(webhooksPath, boss, url.Values{"do": {"remove"}, "id": {id}}); w.Code != http.StatusSeeOther || strings.Contains(a.page(webhooksPath, boss).Body.String(), "receiver.example") {
		t.Errorf("removing: %d", w.Code)
	}
}

// A receiver that takes nothing is shown with how often it was tried, what it said
// and when it is tried again, to the minute.
func TestWebhookRow_tellsOfTries(t *testing.T) {
	at := time.Date(2026, 11, 3, 9, 5, 0, 0, time.UTC)
	r := webhookRow(t.Context(), webhook.Hook{ID: 1, Address: "https://receiver.example/hook", State: webhook.Active, Behind: true, Attempts: 3, Fault: "it answered with 503", Delivered: at, Next: at.Add(time.Hour)})
	facts := map[string]string{}
	for _, f := range r.Facts {
		facts[f.Name] = f.Value
	}
	want := map[string]string{"Took something last": "3 November 2026, 09:05 UTC", "The last try": "it answered with 503", "Tries in vain": "3", "Tried again at": "3 November 2026, 10:05 UTC"}
	if r.Tone != "warn" || !maps.Equal(facts, want) {
		t.Errorf("%s: %q", r.Tone, facts)
	}
}
