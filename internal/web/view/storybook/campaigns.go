package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func campaignStories() []Story {
	row := view.CampaignRow{Link: ui.Link{Text: "Describe the photographs of Rome", Path: "/desk/campaigns/c/c1"}, What: "Photographs without a description · italy/lazio/rome", Done: "12 of 40", Percent: 30}
	crumbs := []ui.Crumb{{Name: "Review desk", Path: "/desk"}, {Name: "Campaigns", Path: "/desk/campaigns"}, {Name: row.Link.Text}}
	form := []ui.Field{{ID: "f-question", Name: "question", Label: "What to look for", Options: []ui.Option{{Value: "dead_links", Text: "Dead links"}, {Value: "no_alt", Text: "Photographs without a description", Selected: true}}}, field("title", "Title", ""), lines(field("steps", "What is done with each", ""), 4, "", "")}
	list := view.CampaignsPage{Base: base("Campaigns", "/desk/campaigns"), Crumbs: crumbs[:2], Running: []view.CampaignRow{row}, Closed: []view.CampaignRow{{Link: ui.Link{Text: "Dead links of May", Path: "/desk/campaigns/c/c2"}, What: "Dead links", Done: "7 of 7", Percent: 100}}, Form: form}
	refused := view.CampaignsPage{Base: list.Base, Crumbs: list.Crumbs, Form: []ui.Field{form[0], bad(form[1], "Give it a title."), form[2]}, Refused: "The campaign cannot be made as it is."}
	refused.Faults = []ui.Field{refused.Form[1]}
	steps := []string{"Say what one would see.", "Leave out what the caption says."}
	one := view.CampaignPage{Base: base(row.Link.Text, "/desk/campaigns/c/c1"), Crumbs: crumbs, Action: "/desk/campaigns/c/c1", Row: row, Steps: steps, Next: true, Close: true, State: "",
		Figures: []view.Figure{{Name: "open", Value: "28"}, {Name: "done", Value: "10"}, {Name: "left as they are", Value: "2"}},
		Recent:  []view.CampaignItem{{Place: ui.Link{Text: "Sunken Church", Path: "/desk/campaigns/c/c1/p7"}, Result: ui.Badge{Text: "Done", Tone: "been", Icon: "check"}, By: "Tomasz", When: "an hour ago", Note: "Two of three; the third is a map."}}}
	closed := one
	closed.Next, closed.Close, closed.Recent, closed.Steps, closed.State, closed.Notice = false, false, nil, nil, "Closed 3 May 2026.", &ui.Banner{Tone: "warn", Statement: "This campaign is closed."}
	item := view.CampaignOnePage{Base: base("Sunken Church", "/desk/campaigns/c/c1/p7"), Crumbs: crumbs, Action: "/desk/campaigns/c/c1/p7", Row: row, Card: cards()[0], Steps: steps, Open: true, Lease: "yours for 14 minutes",
		Finding: ui.Banner{Tone: "warn", Statement: "A photograph has no description for those who cannot see it."}, Details: []string{"https://gone.example/page"},
		Edit: []ui.Link{{Text: "Edit the place", Path: "/places/x/edit"}, {Text: "Its photographs", Path: "/places/x/photos"}}, Note: field("note", "A note for the others", "")}
	taken := item
	taken.Open, taken.Lease, taken.Details, taken.Steps, taken.Refused, taken.Finding = false, "Another editor is at this place until 14:20 UTC.", nil, nil, "Another editor is at this place at the moment.", ui.Banner{Tone: "ok", Statement: "This is no longer so."}
	return []Story{
		page("view.Campaigns", "one runs", view.Campaigns(list)), page("view.Campaigns", "refused", view.Campaigns(refused)),
		page("view.Campaign", "under way", view.Campaign(one)), page("view.Campaign", "closed", view.Campaign(closed)),
		page("view.CampaignOne", "on lease", view.CampaignOne(item)), page("view.CampaignOne", "another has it", view.CampaignOne(taken)),
	}
}
