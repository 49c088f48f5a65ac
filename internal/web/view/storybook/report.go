package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func reportedThing() view.ReportThing {
	return view.ReportThing{Kind: "Photograph", Title: "Museo Casa de León Trotsky", Path: "/places/x/photos", Says: "The study, as he left it.", Picture: &gallery()[0], Author: &ui.Person{Name: "Mario Yair TS", Path: "/users/mario"}}
}

func downWhy() (why, public ui.Field) {
	why = ui.Field{ID: "f-why", Name: "why", Label: "Reason", Options: []ui.Option{{Value: "legal", Text: "A notice under the law"}, {Value: "private", Text: "Private property", Selected: true}}}
	public = lines(field("public", "What everyone may read", ""), 2, "low", "")
	public.Hint = "Left empty, usual words for the reason are shown."
	return why, public
}

// ReportOnDesk is a report open on the desk.
func ReportOnDesk() *view.DeskOne {
	o := OnDesk()
	o.Kicker, o.Summary, o.Changes, o.EditPath, o.Publish, o.Decline, o.Matter, o.Alike, o.Chart, o.NearRows, o.Reasons = "Report, sent 3 hours ago", "", nil, "", "Act on it", "Leave it", true, nil, nil, nil, nil
	why, public := downWhy()
	o.Report = &view.DeskReport{Thing: reportedThing(), Why: why, Public: public,
		Reports: []view.Reported{{By: ui.Person{Name: "pilar_v", Path: "/users/pilar"}, Code: "It belongs to somebody else", Text: "It is in a book of my father’s, page 12.", When: "3 hours ago"}, {By: ui.Person{Name: "A reader"}, Code: "Something else", When: "an hour ago", To: "Is answered by mail."}},
		Earlier: []view.Reported{{By: ui.Person{Name: "A reader"}, Code: "It advertises", When: "2 May 2026", Badge: &ui.Badge{Text: "Left as it is"}}},
		Ways:    []ui.Option{{Value: "down", Text: "Take it down, with the reason below", Selected: true}, {Value: "noted", Text: "It is seen to otherwise: nothing more is done here"}}}
	return o
}

func reportStories() []Story {
	b := base("Report", "/report")
	codes := ui.Field{ID: "code", Name: "code", Label: "What is wrong?", Options: []ui.Option{{Value: "rights", Text: "It belongs to somebody else", Selected: true}, {Value: "other", Text: "Something else"}}}
	form := view.ReportPage{Base: b, Crumbs: []ui.Crumb{{Name: "Casa Azul", Path: "/places/x"}, {Name: "Report"}}, Heading: "Report: Casa Azul", Lead: "Tell the editors what is wrong. Nobody else reads it.", Thing: reportedThing(),
		Of: "photo-12", Codes: codes, Text: lines(field("text", "What should an editor look at?", ""), 4, "low", ""), Button: "Send the report", Ways: []ui.Link{{Text: "Back", Path: "/places/x"}}}
	contact := field("contact", "Mail address, if you want an answer", "")
	stranger := form
	stranger.Contact, stranger.Challenge, stranger.WorkBits = &contact, "x.y", 1
	refused := stranger
	refused.Codes.Hint, refused.Codes.Error, refused.Text = "One of these.", "Choose what is wrong.", bad(refused.Text, "Say in a sentence or two what an editor should look at.")
	refused.Refused, refused.Faults = "The report was not sent.", []ui.Field{refused.Codes, refused.Text}
	sent := form
	sent.Sent, sent.Thing.Picture, sent.Thing.Author, sent.Thing.Path, sent.Thing.Says = &ui.Banner{Tone: "ok", Statement: "Thank you."}, nil, nil, "", ""
	mine := view.MyReportsPage{Base: b, Crumbs: form.Crumbs, Rows: []view.ReportRow{{Title: "Casa Azul", What: "Photograph: It belongs to somebody else", When: "3 November 2026", Badge: ui.Badge{Text: "Waiting", Tone: "info"}}}}
	empty := ui.Empty{Title: "You have reported nothing.", Text: "A link beside everything tells the editors."}
	why, public := downWhy()
	take := view.DownPage{Base: b, Crumbs: form.Crumbs, Heading: "Take down: Casa Azul", Lead: "Nobody sees it from then on.", Thing: reportedThing(), Action: "/takedowns/photo-12", Why: why, Public: public}
	takeRefused := take
	takeRefused.Public = bad(public, "says in one or two sentences why")
	takeRefused.Refused, takeRefused.Faults = "It was not taken down.", []ui.Field{takeRefused.Public}
	give := take
	give.Down, give.Reason = true, "The garden is private."
	list := view.DownListPage{Base: b, Crumbs: form.Crumbs, Notice: &ui.Banner{Tone: "ok", Statement: "It is taken down."}, Pager: ui.Pager{Text: "50 shown", More: "Those before", Next: "/takedowns?before=1-1"},
		Rows: []view.DownRow{{Kind: "Place", Title: "Casa Azul", Why: "Private property", Text: "The garden is private.", When: "3 November 2026", By: ui.Person{Name: "Tomasz", Path: "/users/tomasz"}, Path: "/takedowns/place-1"}, {Kind: "List", Title: "Wells", Why: "Insult", Text: "It insults somebody.", When: "2 November 2026", Path: "/takedowns/list-1"}}}
	blocked := view.BlockedPage{Base: b, Crumbs: form.Crumbs, Notice: &ui.Banner{Tone: "ok", Statement: "Blocked."}, Rows: []view.BlockedRow{{ID: "7", Shown: "Mario", Path: "/users/mario", Since: "since 3 November 2026"}, {ID: "8", Shown: "A member who has left", Since: "since 1 May 2026"}}}
	acts := func(signIn string, own, blocked bool) view.MemberActsPage {
		return view.MemberActsPage{Base: b, Crumbs: form.Crumbs, Name: "mario", Shown: "Mario", Report: "/report?of=member-7", SignIn: signIn, Own: own, Blocked: blocked}
	}
	on := view.DeskPage{Base: base("Review desk", "/desk"), One: ReportOnDesk()}
	missing := view.DeskPage{Base: base("Review desk", "/desk"), One: ReportOnDesk()}
	missing.One.Report.Missing, missing.One.Report.Ways, missing.One.Report.Public, missing.One.Report.Earlier = true, nil, ui.Field{}, nil
	appeal := view.DeskPage{Base: base("Review desk", "/desk"), One: ReportOnDesk()}
	appeal.One.Report.Appeal, appeal.One.Report.Public, appeal.One.Publish, appeal.One.Decline = true, ui.Field{}, "End the suspension", "Let it stand"
	return []Story{
		page("view.Report", "a member", view.Report(form)), page("view.Report", "a stranger", view.Report(stranger)), page("view.Report", "refused", view.Report(refused)), page("view.Report", "sent", view.Report(sent)),
		page("view.MyReports", "one", view.MyReports(mine)), page("view.MyReports", "none", view.MyReports(view.MyReportsPage{Base: b, Crumbs: form.Crumbs, Empty: empty})),
		page("view.Down", "to be taken down", view.Down(take)), page("view.Down", "refused", view.Down(takeRefused)), page("view.Down", "taken down", view.Down(give)),
		page("view.DownList", "two", view.DownList(list)), page("view.DownList", "nothing", view.DownList(view.DownListPage{Base: b, Crumbs: form.Crumbs})),
		page("view.Desk", "a report", view.Desk(on)), page("view.Desk", "a report of what is gone", view.Desk(missing)), page("view.Desk", "an appeal against a suspension", view.Desk(appeal)),
		page("view.MemberActions", "nobody is signed in", view.MemberActions(acts("/login", false, false))), page("view.MemberActions", "not blocked", view.MemberActions(acts("", false, false))),
		page("view.MemberActions", "blocked", view.MemberActions(acts("", false, true))), page("view.MemberActions", "oneself", view.MemberActions(acts("", true, false))),
		page("view.Blocked", "two", view.Blocked(blocked)), page("view.Blocked", "nobody", view.Blocked(view.BlockedPage{Base: b, Crumbs: form.Crumbs, Empty: empty})),
	}
}
