package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func webhookStories() []Story {
	p := view.WebhooksPage{
		Base: base("Webhooks", "/admin/webhooks"), Crumbs: []ui.Crumb{{Name: "Administration", Path: "/admin"}, {Name: "Webhooks"}},
		Address: ui.Field{ID: "address", Name: "address", Type: "url", Label: "Address", Hint: "Public addresses only.", Required: true},
		Rows: []view.WebhookRow{
			{ID: "1", Address: "https://search.example/atlas", On: true, Tone: "ok", Stands: "Up to date", Facts: []ui.Fact{{Name: "Took something last", Value: "12 May 2026, 17:40 UTC"}}},
			{ID: "2", Address: "https://a-very-long-name.of-a-newspaper.example/receivers/of/news/from/the/atlas", On: true, Tone: "warn", Stands: "Does not take what it is told", Facts: []ui.Fact{{Name: "Took something last", Value: "never"}, {Name: "The last try", Value: "it answered with 502"}, {Name: "Tried again at", Value: "13 May 2026, 09:12 UTC"}}},
			{ID: "3", Address: "https://gone.example/", Tone: "bad", Stands: "Given up", Facts: []ui.Fact{{Name: "The last try", Value: "it answered with 410"}}},
		},
	}
	p.NoIndex = true
	none, added, refused := p, p, p
	none.Rows = nil
	added.Secret = "whsec_bm90IGEgc2VjcmV0LCBidXQgYXMgbG9uZyBhcyBvbmU="
	refused.Address.Value, refused.Address.Error, refused.Refused = "ftp://search.example", "must be an address that begins with https://, without a password in it", "Please look at the address."
	refused.Faults = []ui.Field{refused.Address}
	return []Story{
		page("view.Webhooks", "three", view.Webhooks(p)),
		page("view.Webhooks", "none", view.Webhooks(none)),
		page("view.Webhooks", "just added", view.Webhooks(added)),
		page("view.Webhooks", "refused", view.Webhooks(refused)),
	}
}
