package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func accountStories() []Story {
	b := base("Sign in", "/login")
	b.NoIndex = true
	in := view.AccountPage{Base: b, Heading: "Sign in", Action: "/login", Button: "Sign in", Fields: accountFields(), Hidden: []ui.Name{{Text: "next", Path: "/places"}},
		Checks: []view.Tick{{Name: "stay", Option: ui.Option{Value: "yes", Text: "Stay signed in on this device"}}}, Ways: []ui.Link{{Text: "Sign in by mail", Path: "/forgotten"}}}
	refused := in
	refused.Fields = accountFields()
	refused.Fields[1].Error = "would be guessed too soon; add a word or two that do not belong together"
	refused.Refused, refused.Faults = "No account was made yet.", []ui.Field{refused.Fields[1]}
	refused.Challenge, refused.WorkBits = "lx3k.00.00", 17
	otherwise := in
	otherwise.Otherwise = &view.Otherwise{Next: "/places", Passkey: "Sign in with a passkey", Provider: "Sign in through accounts.example.org", Mail: "Sign in by mail", Or: "or with a password"}
	otherwise.Sight = &view.Sight{Title: "Sedlec Ossuary", Where: "Kutná Hora, Czechia", Path: "/places/sedlec-ossuary", Picture: gallery()[0]}
	told := view.AccountPage{Base: b, Heading: "Look into your mail", Text: "A mail with a link is on its way to ada@example.org.", Notice: &ui.Banner{Tone: "ok", Statement: "You are signed out."}}
	mine := base("Settings", "/settings")
	mine.NoIndex, mine.Me = true, &view.Me{Links: []ui.Link{{Text: "Ada Lovelace", Path: "/users/ada-lovelace"}, {Text: "Desk", Path: "/desk"}, {Text: "Settings", Path: "/settings"}}}
	settings := accountSettings(mine)
	stale := settings
	stale.Fresh, stale.NewToken, stale.Tokens, stale.HasPassword = false, "", nil, false
	stale.Bounced = &ui.Banner{Tone: "warn", Statement: "Mails to ada@example.org come back, since 3 November 2026.", Rest: "The mail server said: 550 no such mailbox"}
	stale.Notice = &ui.Banner{Tone: "warn", Statement: "This account is suspended: it can read and write nothing.", Rest: "Links to a shop.", Link: &ui.Link{Text: "Until when, and how to appeal", Path: "/me/appeal"}}
	bad := settings
	bad.Refused, bad.Faults = "Some of this cannot be.", []ui.Field{bad.Profile[0]}
	admin := view.AdminPage{Parts: []ui.Link{{Text: "Areas and metros", Path: "/admin/areas"}, {Text: "Webhooks", Path: "/admin/webhooks"}}, Base: mine, Find: ui.Field{ID: "find", Name: "q", Label: "Name or address", Type: "search"}, Next: "/admin?from=b",
		Rows: []view.MemberRow{{Path: "/admin/members/ada-lovelace", Shown: "Ada Lovelace", Email: "ada@example.org", Role: "editor", State: "active", Since: "3 November 2026"}}, Log: logRows()}
	asked := mine
	asked.Ask = &ui.Banner{Tone: "info", Statement: "Your password alone guards what you may do here.", Link: &ui.Link{Text: "Set up a second factor", Path: "/settings/security"}}
	none := view.AdminPage{Parts: []ui.Link{{Text: "Areas and metros", Path: "/admin/areas"}, {Text: "Webhooks", Path: "/admin/webhooks"}}, Base: asked, Factor: &ui.Option{Value: "yes", Text: "Editors and admins must sign in with a second factor or a passkey", Selected: true}, Find: admin.Find, Notice: &ui.Banner{Tone: "ok", Statement: "This link invites one new member, for two weeks:", Rest: "https://atlas.example/join?invitation=x"}}
	one := view.AdminMemberPage{Base: mine, Crumbs: []ui.Crumb{{Name: "Administration", Path: "/admin"}, {Name: "Ada Lovelace"}}, Action: "/admin/members/ada-lovelace",
		Facts:   []ui.Fact{{Name: "Address", Value: "ada@example.org"}},
		Appoint: []ui.Field{{ID: "role", Name: "role", Label: "Role", Options: []ui.Option{{Value: "editor", Text: "Editor", Selected: true}}}, {ID: "regions", Name: "regions", Label: "Destinations", Lines: 3}},
		State:   []ui.Field{{ID: "state", Name: "state", Label: "State", Options: []ui.Option{{Value: "active", Text: "Active", Selected: true}}}, {ID: "reason", Name: "reason", Label: "Reason", Lines: 2, Error: "is needed: the member is told it"}},
		Log:     logRows()}
	one.Refused, one.Faults, one.Notice = "Some of this cannot be.", []ui.Field{one.State[1]}, &ui.Banner{Tone: "ok", Statement: "Decided."}
	own := view.AdminMemberPage{Base: mine, Crumbs: one.Crumbs, Facts: one.Facts, Own: true}
	return append(noteStories(mine), []Story{
		page("view.Account", "signing in", view.Account(in)), page("view.Account", "other ways in", view.Account(otherwise)), page("view.Account", "refused", view.Account(refused)), page("view.Account", "told", view.Account(told)),
		page("view.Settings", "everything", view.Settings(settings)), page("view.Settings", "suspended, signed in long ago", view.Settings(stale)), page("view.Settings", "refused", view.Settings(bad)),
		page("view.Dashboard", "a week", view.Dashboard(dashboard(mine))), page("view.Dashboard", "a new atlas", view.Dashboard(view.DashboardPage{Base: mine, Counted: true})),
		page("view.Admin", "members", view.Admin(admin)), page("view.Admin", "nobody, an invitation", view.Admin(none)),
		page("view.DeskMember", "taken back in part", view.DeskMember(deskMember(mine, one.State[:1], one.Refused))), page("view.DeskMember", "closed", view.DeskMember(view.DeskMemberPage{Base: mine, Closed: "Only an admin decides about editors."})),
		page("view.AdminMember", "refused", view.AdminMember(one)), page("view.AdminMember", "oneself", view.AdminMember(own)),
	}...)
}

func accountFields() []ui.Field {
	return []ui.Field{
		{ID: "email", Name: "email", Label: "Mail address", Type: "email", Value: "ada@example.org", Required: true, Autocomplete: "username", Inputmode: "email"},
		{ID: "password", Name: "password", Label: "Password", Type: "password", Required: true, Autocomplete: "current-password"},
	}
}

func logRows() []view.LogRow {
	return []view.LogRow{{At: "3 November 2026, 12:00", Who: "Demo Admin", What: "suspended", Whom: ui.Link{Text: "Ada Lovelace", Path: "/admin/members/ada-lovelace"}, Rest: "Sold tickets · until 1 December 2026, 12:00"}, {At: "2 November 2026, 12:00", Who: "The atlas", What: "got mails back from the address of", Whom: ui.Link{Text: "Otto"}}}
}

func accountSettings(b view.Base) view.SettingsPage {
	return view.SettingsPage{
		Base: b, Email: "ada@example.org", HasPassword: true, Fresh: true, SignIn: ui.Link{Text: "Sign in once more", Path: "/login?next=%2Fsettings"}, Parts: []ui.Link{{Text: "Your page", Path: "/users/ada-lovelace"}},
		Picture:        &view.PictureForm{Person: ui.Person{Name: "Ada Lovelace"}, Picture: gallery()[0].Src, File: ui.Field{ID: "file", Name: "file", Label: "A picture of you", Hint: "JPEG, up to 30 MB."}},
		Profile:        []ui.Field{{ID: "name", Name: "name", Label: "Name", Value: "Ada Lovelace", Required: true}, {ID: "bio", Name: "bio", Label: "About you", Lines: 5}},
		EmailField:     ui.Field{ID: "email", Name: "email", Label: "New address", Type: "email"},
		Password:       ui.Field{ID: "password", Name: "password", Label: "New password", Type: "password"},
		PrivacyOptions: []ui.Field{{ID: "privacy-been", Name: "been", Label: "Places you have been to", Options: []ui.Option{{Value: "me", Text: "Only you", Selected: true}}}},
		Sessions:       []view.SessionRow{{ID: "1", Agent: "Mozilla/5.0 (X11; Linux x86_64)", Network: "192.0.2.7", Since: "3 November 2026, 09:12", Seen: "4 November 2026, 21:40", Here: true}, {ID: "2", Agent: "Telephone", Network: "2001:db8::/64", Since: "1 November 2026, 17:03", Seen: "2 November 2026, 08:55"}},
		Tokens:         []view.TokenRow{{ID: "3", Name: "Script", Scope: "contribute", Since: "1 November 2026", Used: "not used yet", Until: "1 December 2026"}},
		TokenFields:    []ui.Field{{ID: "token-name", Name: "name", Label: "What it is for"}, {ID: "token-scope", Name: "scope", Label: "What it may", Options: []ui.Option{{Value: "read", Text: "Read"}}}},
		NewToken:       "mir_00",
	}
}

func noteStories(b view.Base) []Story {
	p := view.NotePage{Base: b, Crumbs: []ui.Crumb{{Name: "All", Path: "/places"}, {Name: "Leave a note"}}, Place: cards()[0], Action: "/places/museo/note", Visit: "/places/museo/mark#h-visit", Edit: "/places/museo/edit",
		Line: ui.Field{ID: "n-text", Name: "text", Label: "What should the entry know?", Hint: "One line.", Required: true}}
	refused := p
	refused.Refused, refused.Line.Error, refused.Line.Value = "The note was not left.", "Write one line, of 300 characters at most.", "Long"
	return []Story{page("view.LeaveNote", "empty", view.LeaveNote(p)), page("view.LeaveNote", "refused", view.LeaveNote(refused))}
}

func deskMember(b view.Base, state []ui.Field, refused string) view.DeskMemberPage {
	why := ui.Field{ID: "why", Name: "text", Label: "Why", Lines: 2, Error: "Say why: the member reads it."}
	return view.DeskMemberPage{Base: b, Crumbs: []ui.Crumb{{Name: "Review desk", Path: "/desk"}, {Name: "Ada Lovelace"}}, Line: "Known since 3 November 2026. 4 accepted, 1 declined.",
		Ways:   []ui.Link{{Text: "What waits of theirs", Path: "/desk?by=ada-lovelace"}},
		Notice: &ui.Banner{Tone: "warn", Statement: "3 contributions were taken back.", Rest: "One is left: others have built upon it since."}, Refused: refused, Faults: []ui.Field{why},
		State: state, Why: why, Action: "/users/ada-lovelace/desk"}
}

func dashboard(b view.Base) view.DashboardPage {
	return view.DashboardPage{Base: b, Crumbs: []ui.Crumb{{Name: "Administration", Path: "/admin"}, {Name: "Dashboard"}}, Counted: true,
		Spans:   []ui.Chip{{Text: "7 days", Path: "/admin/dashboard?days=7", Current: true}, {Text: "30 days", Path: "/admin/dashboard?days=30"}},
		Work:    []view.DashboardFigure{{Name: "Waits on the desk", Value: "14", Note: "the oldest since 3 November 2026", Path: "/desk"}, {Name: "Members", Value: "1,204", Note: "31 of them new"}},
		Reading: []view.DashboardFigure{{Name: "Pages of places read", Value: "48,210"}, {Name: "Searches", Value: "3,104", Note: "212 of them found nothing"}},
		Most:    []view.Counted{{Text: "Museo Casa de León Trotsky", Path: "/places/x", N: "812"}}, Misses: []view.Counted{{Text: "whale jawbone", Path: "/search?q=whale+jawbone", N: "7"}},
		Jobs: []view.JobRow{{Kind: "mail", Waiting: "3", GivenUp: "1", Late: "4 minutes", Fault: "550 no such user"}},
	}
}
