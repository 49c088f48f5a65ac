package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func words() []ui.Words {
	return []ui.Words{{Text: "A "}, {Op: "del", Text: "museum in the former home"}, {Op: "ins", Text: "house with a secret"}, {Text: " in Coyoacán, a "}, {Op: "mark", Text: "must-see"}, {Text: "."}}
}

func changed(pick bool) []ui.Changed {
	return []ui.Changed{
		{ID: "only-facts.price", Field: "facts.price", Label: "Price", Pick: pick, On: pick, Now: []ui.Words{{Text: "MX$"}, {Op: "del", Text: "40"}}, Proposed: []ui.Words{{Text: "MX$"}, {Op: "ins", Text: "70, children free"}}, Badge: &ui.Badge{Text: "goes live at once", Tone: "been", Icon: "check"}},
		{ID: "only-subtitle", Field: "subtitle", Label: "Hook", Pick: pick, Now: words()[:2], Proposed: words()[2:], Note: "+4 words, −5", Badge: &ui.Badge{Text: "promotional word", Tone: "warn", Icon: "triangle-alert"}},
		{ID: "only-website", Field: "website", Label: "Website", Pick: pick, On: pick, Proposed: []ui.Words{{Op: "ins", Text: "https://museotrotsky.org.mx/a-very-long-address-that-must-break-somewhere-or-the-page-grows-wider-than-the-screen"}}},
		{ID: "only-body", Field: "body", Label: "About", Pick: pick, On: pick, New: true, Proposed: []ui.Words{{Text: "A house with a secret in Coyoacán."}}, Note: "6 words"},
	}
}

func todos() []ui.Todo {
	return []ui.Todo{{State: "done", Text: "On land, in Denmark"}, {State: "fail", Text: "Shorten the hook", Path: "#f-subtitle"}, {State: "open", Text: "90 more words would do", Path: "#f-body"}}
}

func alikes() []view.Alike {
	c := cards()[0]
	c.Metres = metres(70)
	return []view.Alike{{Card: c, Alike: 78, Slug: "hallwyl"}}
}

// field is a control of the form of a place.
func field(name, label, value string) ui.Field {
	return ui.Field{ID: "f-" + name, Name: name, Label: label, Value: value}
}

func bad(f ui.Field, message string) ui.Field {
	f.Error = message
	return f
}

func lines(f ui.Field, n int, class, hint string) ui.Field {
	f.Lines, f.Class, f.Hint = n, class, hint
	return f
}

// NewPlace is the form of a new place, half filled.
func NewPlace() view.PlaceFormPage {
	title := field("title", "What is it called?", "Rubjerg Knude Fyr")
	title.Hint, title.Class = "As a local would say it. Other names can follow.", "title"
	tier := field("location_tier", "Show the position", "")
	tier.Options = []ui.Option{{Value: "exact", Text: "Exactly", Selected: true}, {Value: "approximate", Text: "About here"}}
	status := field("status", "State", "")
	status.Options = []ui.Option{{Value: "open", Text: "Open", Selected: true}, {Value: "lost", Text: "Lost"}}
	kind := field("kind", "What it is", "")
	kind.Options = []ui.Option{{Value: "place", Text: "A place", Selected: true}, {Value: "eatery", Text: "Somewhere to eat"}}
	facts := []view.FactFields{
		{Label: "Open", Open: true, Value: field("facts.hours.value", "Open", "Always"), Checked: field("facts.hours.checked", "Checked on", "2026-10-18"), Source: field("facts.hours.source", "Who says so", "")},
		{Label: "Price", Value: field("facts.price.value", "Price", ""), Checked: field("facts.price.checked", "Checked on", ""), Source: field("facts.price.source", "Who says so", "")},
	}
	return view.PlaceFormPage{
		Base: base("Add a place", "/places/new"), Heading: "Add a place", Lead: "Three sentences and a pin are enough to begin.", Action: "/places/new", Draft: "77", New: true, Keeps: true, Saved: "Saved 14:52.",
		Title: title, Hook: lines(field("subtitle", "The hook, in one sentence", "A white tower."), 2, "low", "What would make a friend turn the car round?"),
		Position: field("position", "Coordinates, city or address", "57°26′56″ N 9°46′28″ E"), Tier: tier, Reason: field("tier_reason", "Why not exactly", ""), Address: field("address", "Address", ""),
		About: lines(field("body", "About", "The lamp went out in 1968."), 8, "", "120 to 600 words. Markdown works."), Know: lines(field("know_before_you_go", "Know before you go", ""), 3, "low", ""),
		Tags: field("tags", "Themes", "lighthouses, dunes"), Website: field("website", "Website", ""), Status: status, StatusDate: field("status_date", "Since", ""), Kind: kind,
		Facts: facts, Words: "6 words of 120", Licence: "CC BY-SA 4.0", Send: "Send to the desk", Queue: "You would be 9th in the queue; half of all hear within two days.",
		Sources: []view.SourceFields{{Label: "Source 1", Title: field("sources.0.title", "What", ""), URL: field("sources.0.url", "Address", ""), Author: field("sources.0.author", "By", ""), Date: field("sources.0.date", "Date", ""), Archived: field("sources.0.archived", "An archived copy of it", ""), Archive: "https://web.archive.org/web/*/https://example.org/"}},
		Aliases: []view.AliasFields{{Name: field("aliases.0.name", "Another name", ""), Lang: field("aliases.0.lang", "Its language", "")}},
		Where:   view.Understood{Said: "Understood: 57.4489, 9.7744, North Jutland, Denmark", Good: true}, Map: mapPicture(),
		Ready: view.Readiness{Heading: "Ready? Nearly", Done: 6, Of: 10, Steps: todos()},
	}
}

// photoBeside are the controls of one photo beside a form.
func photoBeside(id, name string) view.PhotoBeside {
	licence := field("photo."+id+".licence", "Licence", "")
	licence.Options = []ui.Option{{Value: "", Text: "Choose one"}, {Value: "CC-BY-SA-4.0", Text: "CC BY-SA 4.0: anyone may use it, naming you, and must share alike", Selected: true}}
	alt := field("photo."+id+".alt", "For those who cannot see it", "")
	alt.Placeholder = "What would you tell a friend on the phone?"
	return view.PhotoBeside{ID: id, Name: name, Form: view.PhotoForm{Alt: alt, Caption: field("photo."+id+".caption", "Caption", ""),
		Credit: field("photo."+id+".credit", "Whose picture it is", "hadaly"), Licence: licence, FocusX: 2, FocusY: 2, FocusName: "photo." + id + ".focus"}}
}

// photosBeside are photos beside a form in all states that they can be in.
func photosBeside() *view.PhotosBeside {
	made, making, begun, refused := photoBeside("1", "IMG_2231.heic"), photoBeside("2", "sea-at-dusk.jpg"), photoBeside("3", "dunes.jpg"), photoBeside("4", "cut.jpg")
	made.Picture, made.First, made.Lat, made.Lon, made.Alike = gallery()[0], true, "57.44890", "9.77440", "Looks much like another photo."
	making.Picture, making.Work = gallery()[1], view.PhotoWork{Making: true, Text: "It is being prepared: 1 of 3 sizes.", Made: 1, Of: 3}
	begun.Work = view.PhotoWork{Making: true, Text: "It is being prepared."}
	begun.Last, refused.Work, refused.Reason = true, view.PhotoWork{Refused: true}, "This JPEG file is cut off before its end and cannot be read. Open it in a picture program and save it again."
	return &view.PhotosBeside{Rows: []view.PhotoBeside{made, making, begun, refused}, Blank: photoBeside("0", ""),
		Results: []view.PhotoResult{{Name: "postcard_1911.tif", Text: "This is a TIFF or raw camera file. Save it as JPEG."}}}
}

// enclosedPhotos are photos that came with a submission.
func enclosedPhotos() []view.DeskEnclosed {
	return []view.DeskEnclosed{
		{ID: "1", Picture: gallery()[0], Take: true, Alike: &view.DeskAlike{Picture: gallery()[1], Of: ui.Link{Text: "Museo", Path: "/places/x/photos"}}},
		{ID: "2", Picture: gallery()[1], Notes: []string{"It has no description for those who cannot see it."}, Badge: &ui.Badge{Text: "Left out", Tone: "warn"}},
		{ID: "3", Take: true, Work: view.PhotoWork{Making: true, Text: "It is being prepared."}},
	}
}

func contributeStories() []Story {
	pictured := NewPlace()
	pictured.Photos = photosBeside()
	refused := NewPlace()
	refused.Hook = bad(refused.Hook, "214 of 160 characters. Try ending after “rolled seventy metres inland”.")
	refused.Refused, refused.Bad, refused.RightsError = "One thing needs you before this can go to the desk.", []ui.Field{refused.Hook}, "Only what may be shared can be published."
	refused.Alike, refused.Same = alikes(), []string{"another"}
	refused.Where = view.Understood{Said: "Several places are called so.", Choices: []ui.Option{{Value: "50.1,8.7", Text: "Frankfurt am Main, Germany", Selected: true}, {Value: "52.3,14.5", Text: "Frankfurt (Oder), Germany"}}}
	edit := NewPlace()
	edit.New, edit.Heading, edit.From, edit.SummaryAsk, edit.Summary = false, "Edit", "14", true, field("summary", "What you changed", "New price")
	edit.Crumbs = []ui.Crumb{{Name: "All", Path: "/places"}, {Name: "Rubjerg Knude Fyr", Path: "/places/x"}, {Name: "Edit"}}
	edit.Conflicts = []view.Conflict{{Field: "subtitle", Label: "Hook", By: "by hadaly, revision 15", Now: words(), Mine: words()[:3], Choice: "theirs"}}
	edit.Notices = []ui.Banner{{Tone: "info", Statement: "This goes on from what you kept on 3 November.", Link: &ui.Link{Text: "Begin anew", Path: "/places/x/edit?anew=yes"}}}
	edit.Discards = true
	question := view.PitchPage{
		Base: base("Pitch", "/pitch"), Action: "/pitch", Title: field("title", "What is it called?", ""), Body: lines(field("body", "What makes it worth a detour?", ""), 4, "", ""),
		Position: field("position", "Where is it?", ""), Where: view.Understood{Said: "A city, an address, coordinates."},
	}
	told := question
	told.Title = bad(told.Title, "A name is needed.")
	told.Refused, told.Bad, told.Alike, told.Queue, told.Discards, told.Draft, told.Same = "One thing needs you.", []ui.Field{told.Title}, alikes(), "You would be 2nd.", true, "5", []string{"x"}
	said := []view.Said{
		{By: ui.Person{Name: "Tomasz", Path: "/users/tomasz"}, When: "3 November 2026, 12:00", What: "asks for changes", Tone: "warn", Text: "The price is right. Would you try another hook?", Staff: true},
		{By: ui.Person{Name: "Inés"}, When: "4 November 2026, 08:10", Text: "Done.\nIs it better now?", Report: "/report?of=message-7"},
		{By: ui.Person{Name: "Inés"}, When: "4 November 2026, 08:12", Gone: true},
	}
	sent := view.SubmissionPage{Was: "Now",
		Base: base("Museo Casa de León Trotsky", "/submissions/s1"), Crumbs: []ui.Crumb{{Name: "Your contributions", Path: "/drafts"}, {Name: "Museo"}}, Heading: "Museo Casa de León Trotsky",
		What: "Edit of revision 14, sent 3 November 2026", Badge: ui.Badge{Text: "Waiting", Tone: "info"}, Lines: []string{"You are 9th in the queue. Half of all hear within two days.", "Tomasz has it."},
		Summary: "New price and hours.", Changes: changed(false), Path: "/submissions/s1", Answer: true, Withdraw: true, Photos: enclosedPhotos(), Reply: lines(field("text", "Your message", ""), 3, "low", ""), AppealText: lines(field("text", "Why", ""), 3, "low", ""),
	}
	changes, declined, published := sent, sent, sent
	changes.Badge, changes.Resubmit, changes.ResubmitPath, changes.Talk = ui.Badge{Text: "Changes asked", Tone: "warn"}, true, "/submissions/s1/edit", said
	declined.Badge, declined.Appeal, declined.Answer, declined.Withdraw, declined.Talk = ui.Badge{Text: "Declined", Tone: "bad"}, true, false, false, said
	declined.AppealText = bad(declined.AppealText, "Say why.")
	declined.Refused, declined.Bad = "One thing needs you.", []ui.Field{declined.AppealText}
	published.Badge, published.Published, published.Answer, published.Withdraw, published.Changes, published.Summary = ui.Badge{Text: "Published", Tone: "been"}, &ui.Link{Text: "Read it", Path: "/places/x"}, false, false, nil, ""
	again, mended := sent, published
	again.Since = &view.Since{When: "4 November 2026, 08:10", Changes: changed(false)[:1]}
	mended.Mended, mended.Lines = changed(false)[:1], []string{"It is public, with some changes by an editor: they stand below, word by word. Thank you."}
	history := view.HistoryPage{
		Base: base("History", "/places/x/history"), Crumbs: []ui.Crumb{{Name: "All", Path: "/places"}, {Name: "History"}}, Heading: "History", Place: ui.Link{Text: "Museo", Path: "/places/x"}, Restores: true, Path: "/places/x/history", Parts: []view.PartView{{ID: "7", Title: "Museum of the other spelling", Path: "/places/y", When: "1 November 2026, 12:00"}},
		Revisions: []view.RevisionView{
			{Number: 3, By: ui.Person{Name: "Inés", Path: "/users/ines"}, When: "3 November 2026, 12:00", Summary: "New price.", Changes: changed(false), Note: "+4 words, −2", Current: true},
			{Number: 2, By: ui.Person{Name: "a former member"}, When: "2 November 2026, 12:00", Changes: changed(false)[:1]},
			{Number: 1, By: ui.Person{Name: "hadaly"}, When: "1 November 2026, 12:00", First: true},
		},
		Pager: ui.Pager{Text: "3 of 41", Next: "/places/x/history?before=1", More: "Older ones"},
	}
	return []Story{
		story("ui.Diff", "three fields to choose from", ui.Diff(changed(true), "Now", "Proposed")),
		story("ui.Todos", "done, missing, open", ui.Todos(todos())),
		story("view.Alikes", "one place", view.Alikes(alikes())),
		story("view.Ready", "nearly", view.Ready(NewPlace().Ready)),
		page("view.PlaceForm", "a new place", view.PlaceForm(NewPlace())),
		page("view.PlaceForm", "with photos", view.PlaceForm(pictured)),
		page("view.PlaceForm", "refused, with a duplicate", view.PlaceForm(refused)),
		page("view.PlaceForm", "an edit in conflict", view.PlaceForm(edit)),
		page("view.Pitch", "empty", view.Pitch(question)),
		page("view.Pitch", "refused", view.Pitch(told)),
		page("view.Drafts", "nothing", view.Drafts(view.DraftsPage{Base: base("Your contributions", "/drafts")})),
		page("view.Drafts", "drafts and what was sent", view.Drafts(view.DraftsPage{Base: base("Your contributions", "/drafts"),
			Drafts: []view.DraftRow{{Title: "Rubjerg Knude Fyr", What: "new place", Kept: "kept 3 November 2026, 14:52", Path: "/places/new?draft=77", Discard: "77"}},
			Sent:   []view.SentRow{{Title: "Museo", What: "edit", When: "3 November 2026", Path: "/submissions/s1", Badge: ui.Badge{Text: "Waiting", Tone: "info"}}}, Pager: &ui.Pager{Text: "1–50", Next: "?before=2", More: "Older ones"}})),
		page("view.Submission", "waiting", view.Submission(sent)),
		page("view.Submission", "changes asked", view.Submission(changes)),
		page("view.Submission", "declined", view.Submission(declined)),
		page("view.Submission", "published", view.Submission(published)),
		page("view.Submission", "sent again", view.Submission(again)),
		page("view.Submission", "published with changes", view.Submission(mended)),
		page("view.JoinPlacesPage", "which other", view.JoinPlacesPage(JoinPlaces(false))),
		page("view.JoinPlacesPage", "both", view.JoinPlacesPage(JoinPlaces(true))),
		page("view.History", "three revisions", view.History(history)),
	}
}

// JoinPlaces is an entry that may be the same as another.
func JoinPlaces(chosen bool) view.JoinPlaces {
	list := alikes()
	side := &view.JoinSide{Card: list[0].Card, Lines: []string{"2 photos", "4 have been, 12 want to go", "3 revisions", "180 words"}}
	p := view.JoinPlaces{Base: base("Join with another entry", "/places/lighthouse/join"), Path: "/places/lighthouse/join", Back: "/places/lighthouse/history", One: side, Likely: list,
		Into: ui.Field{ID: "f-into", Name: "into", Label: "The entry that stays", Hint: "The address or number of the place"}, Why: ui.Field{ID: "f-why", Name: "why", Label: "Why", Hint: "For the audit log; may stay empty"}}
	if chosen {
		p.Other, p.OtherSlug = side, "other"
	}
	return p
}
