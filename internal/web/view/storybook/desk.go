package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

// OnDesk is one edit open on the desk.
func OnDesk() *view.DeskOne {
	return &view.DeskOne{
		Enclosed: enclosedPhotos(),
		ID:       "s1", Path: "/desk/s1", Kicker: "Edit of revision 14 · 3 days ago", Title: "Museo Casa de León Trotsky", Page: "/places/x", Summary: "New price and hours; the study is shut until January.",
		Badges: []ui.Badge{{Text: "Waiting", Tone: "info"}}, Claim: "yours for 14 minutes", Mine: true, Open: true, Changes: changed(true),
		Message: lines(field("text", "Message to Mario", ""), 3, "low", ""), Publish: "Publish what is ticked", Decline: "Decline", EditPath: "/desk/s1/edit",
		Reasons: []view.Reason{{Code: "well-known", Name: "Well known", Text: "We will not publish this one: a well-known square without a hidden side."}, {Code: "other", Name: "Something else", Text: ""}},
		Of:      field("of", "Duplicate of", ""), Likely: []ui.Option{{Value: "p7", Text: "Casa Trotsky?, 38 m, 86 % alike"}}, Until: ui.Field{ID: "f-until", Name: "until", Label: "Hold until", Type: "date"},
		Checks: todos(), Passed: []ui.Todo{{State: "done", Text: "The position is on land"}, {State: "done", Text: "It names a source"}}, Chart: &view.Chart{Rings: []string{"250 m", "500 m", "750 m"}, Dots: []view.ChartDot{{X: 90, Y: 190, Label: "La Casa Azul"}, {X: 240, Y: 120, Label: "A name that is a good deal longer than the drawing"}, {X: 160, Y: 140, Label: "Casa Trotsky?", Doubt: true}}, Alt: "The proposed position with its neighbours."}, After: "/desk", NearRows: rows(), Alike: alikes(),
		Author: view.Contributor{Person: ui.Person{Name: "Mario Yair TS", Path: "/users/mario"}, Line: "Trusted. 64 accepted, 3 declined.", More: "/desk?by=7", Accepted: 64, Declined: 3, Percent: 95},
	}
}

func deskStories() []Story {
	queue := view.DeskPage{
		Base: base("Review desk", "/desk"), Stats: []string{"23 waiting", "oldest 3 days"},
		Filters: []ui.Chip{{Text: "All", Path: "/desk", Count: count(23), Current: true}, {Text: "Edits", Path: "/desk?kind=edit", Count: count(11)}, {Text: "Imports", Path: "/desk?kind=import", Count: count(1000), Over: true}},
		Orders:  []ui.Chip{{Text: "Oldest first", Path: "/desk", Current: true}, {Text: "Easiest first", Path: "/desk?order=easy"}},
		Search:  view.DeskFilter{In: field("in", "Destination", ""), By: field("by", "Contributor", ""), Keep: []ui.Option{{Value: "kind", Text: "edit"}}},
		Queue: []view.QueueRow{
			{Path: "/desk/s1", Title: "Museo Casa de León Trotsky", What: "Edit by Mario · 3 fields", Icon: "pencil", Age: "3 d", Badges: []ui.Badge{{Text: "yours for 14 min"}}, Current: true},
			{Path: "/desk/s2", Title: "The round school", What: "New place by pilar_v", Icon: "plus", Age: "1 d", Badges: []ui.Badge{{Text: "in the sea", Tone: "bad"}}},
		},
		Pager: ui.Pager{Text: "2 of 23", Next: "/desk?cursor=x", More: "More"}, Undo: &view.Undo{Text: "Published “Anahuacalli”.", Path: "/desk/s3"},
	}
	none := view.DeskPage{Base: base("Review desk", "/desk"), Search: queue.Search, Notice: &ui.Banner{Tone: "warn", Statement: "Another editor decided first."}}
	one := queue
	one.Undo, one.One, one.Next, one.Before = nil, OnDesk(), "/desk/s2", "/desk/s0"
	taken := one
	t := OnDesk()
	t.Taken, t.Mine, t.Claim, t.Chart, t.NearRows, t.Alike, t.Checks, t.Passed, t.Author.Accepted, t.Author.Declined = true, false, "Tomasz has it", nil, nil, nil, nil, nil, 0, 0
	t.Changes, t.Text, t.Page = nil, "A lighthouse that walks.", ""
	taken.One = t
	shot := one
	f := OnDesk()
	f.Kicker, f.Summary, f.Changes, f.EditPath, f.Publish, f.Matter, f.Alike, f.Chart, f.NearRows = "Photo, sent 3 hours ago", "", nil, "", "Publish", true, nil, nil, nil
	f.Photo = &view.DeskPhoto{Picture: gallery()[1], All: ui.Link{Text: "All photographs of the place", Path: "/places/x/photos"}, Alike: &view.DeskAlike{Picture: gallery()[0], Of: ui.Link{Text: "Museo Casa de León Trotsky", Path: "/places/x/photos"}},
		Form: view.PhotoForm{Caption: field("caption", "Caption", "The study"), Alt: lines(field("alt", "Description for those who cannot see it", ""), 2, "", ""), Credit: field("credit", "Whose picture it is", "hadaly"), Licence: field("licence", "Licence", "CC-BY-SA-4.0")}}
	shot.One = f
	told := one
	n := OnDesk()
	n.Kicker, n.Summary, n.Changes, n.EditPath, n.Publish, n.Matter, n.Alike, n.Chart, n.NearRows = "Field note, sent 3 hours ago", "", nil, "", "Take it up", true, nil, nil, nil
	n.Found = &view.DeskFound{Says: "Closed or gone", Day: "Found 2 November 2026", Now: "The entry says: Open", Words: "The gate is bricked up; the neighbour says since spring.", Edit: ui.Link{Text: "Edit the entry", Path: "/places/x/edit"},
		Status: ui.Field{ID: "f-how", Name: "how", Label: "What the entry says then", Options: []ui.Option{{Value: "", Text: "The same as now"}, {Value: "closed", Text: "Closed for good", Selected: true}}}}
	told.One = n
	refused := one
	r := OnDesk()
	r.Mine, r.Message = false, bad(r.Message, "Say what should change.")
	r.Refused, r.Bad = "One thing needs you.", []ui.Field{r.Message}
	refused.One = r
	again := one
	g := OnDesk()
	g.Since, g.Mended = &view.Since{When: "4 November 2026, 08:10"}, changed(false)[:1]
	again.One = g
	return []Story{
		page("view.Desk", "the queue", view.Desk(queue)),
		page("view.Desk", "nothing waits", view.Desk(none)),
		page("view.Desk", "one edit", view.Desk(one)),
		page("view.Desk", "another has it", view.Desk(taken)),
		page("view.Desk", "a photo", view.Desk(shot)),
		page("view.Desk", "a field note", view.Desk(told)),
		page("view.Desk", "refused", view.Desk(refused)),
		page("view.Desk", "sent again without a change, published with some", view.Desk(again)),
		page("view.Queue", "figures", view.Queue(view.QueuePage{Base: base("The queue", "/queue"), Lead: "Everything that is sent is read by an editor.",
			Figures: []view.Figure{{Name: "waiting", Value: "23"}, {Name: "median wait", Value: "2 days"}}, Kinds: []view.Figure{{Name: "Edits", Value: "11"}}})),
		page("view.Queue", "nothing decided yet", view.Queue(view.QueuePage{Base: base("The queue", "/queue"), Lead: "Nothing has been decided yet."})),
	}
}
