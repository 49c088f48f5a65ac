package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func newsStories() []Story {
	b := base("Notifications", "/notifications")
	b.NoIndex, b.Me = true, &view.Me{Unread: 2, Links: []ui.Link{{Text: "Ada Lovelace", Path: "/users/ada-lovelace"}, {Text: "Desk", Path: "/desk"}, {Text: "Admin", Path: "/admin"}, {Text: "Notifications", Path: "/notifications"}, {Text: "Settings", Path: "/settings"}}}
	ways := []ui.Link{{Text: "What comes, and how", Path: "/settings/notifications"}, {Text: "What you follow", Path: "/settings/following"}}
	told := view.NoticesPage{Base: b, Unread: 2, All: "3", Older: "/notifications?before=1", Ways: ways, Rows: []view.NoticeRow{
		{ID: "3", Says: "An editor asks for a change in “The dry well”.", Path: "/submissions/s12", Icon: "pencil", Words: "Lovely. When did you go?\nThe gate was closed in May.", When: "3 November 2026", At: "2026-11-03T12:00:00Z", Unread: true},
		{ID: "2", Says: "Tomasz has added The stairs behind the post office.", Path: "/places/stairs", Icon: "map-pin", When: "2 November 2026", At: "2026-11-02T12:00:00Z", Unread: true},
		{ID: "1", Says: "“A very long title of a place that somebody has walked to over three hills and two rivers to write down” is in the atlas.", Icon: "check", When: "1 November 2026", At: "2026-11-01T12:00:00Z"},
	}}
	read := told
	read.Unread, read.Older, read.Rows = 0, "", told.Rows[2:]
	none := view.NoticesPage{Base: base("Notifications", "/notifications"), Ways: ways, Empty: ui.Empty{Title: "Nothing yet.", Text: "When something that you sent is decided, it stands here.", Ways: []ui.Link{{Text: "Destinations", Path: "/destinations"}}}}
	choose := view.NoticeSettingsPage{Base: b, Ways: ways, Notice: &ui.Banner{Tone: "ok", Statement: "Kept."}, Crumbs: []ui.Crumb{{Name: "Settings", Path: "/settings"}, {Name: "What comes, and how"}}, Choices: []view.NoticeChoice{
		{Name: "decision", Label: "What becomes of what you sent", Hint: "Published, changes asked, not published.", Site: ui.Option{Value: "yes", Text: "Among the notifications", Selected: true}, Mail: ui.Option{Value: "yes", Text: "By mail", Selected: true}},
		{Name: "follower", Label: "Who follows you", Site: ui.Option{Value: "yes", Text: "Among the notifications"}, Mail: ui.Option{Value: "yes", Text: "By mail"}},
	}}
	unsaid := choose
	unsaid.Notice = nil
	following := view.FollowingPage{Base: b, Crumbs: choose.Crumbs, Notice: &ui.Banner{Tone: "ok", Statement: "You follow it no more."}, Groups: []view.FollowGroup{
		{Title: "Members", Rows: []view.FollowRow{{Kind: "member", Name: "7", Text: "Inés Aguirre", Path: "/users/ines", Since: "since 3 November 2026", Stop: "Stop following Inés Aguirre"}}},
		{Title: "Destinations", Rows: []view.FollowRow{{Kind: "destination", Name: "mexico", Text: "Mexico", Path: "/destinations/mexico", Since: "since 1 May 2026", Stop: "Stop following Mexico"}}},
	}}
	nothing := view.FollowingPage{Base: b, Crumbs: choose.Crumbs, Empty: none.Empty}
	f := view.Follow{Kind: "destination", Name: "mexico", What: "Mexico"}
	no, yes := f, f
	no.Known, yes.Known, yes.On = true, true, true
	state := func(f view.Follow) view.FollowPage {
		return view.FollowPage{Base: b, Follow: f, Back: ui.Link{Text: "Back to Mexico", Path: "/destinations/mexico"}, Crumbs: []ui.Crumb{{Name: "Mexico", Path: "/destinations/mexico"}, {Name: "Follow"}}}
	}
	return []Story{
		story("view.FollowButton", "nobody knows who reads", view.FollowButton(f)), story("view.FollowButton", "not followed", view.FollowButton(no)), story("view.FollowButton", "followed", view.FollowButton(yes)),
		page("view.FollowState", "not followed", view.FollowState(state(no))), page("view.FollowState", "followed", view.FollowState(state(yes))),
		page("view.Notices", "two unread", view.Notices(told)), page("view.Notices", "all read", view.Notices(read)), page("view.Notices", "nothing", view.Notices(none)),
		page("view.NoticeSettings", "kept", view.NoticeSettings(choose)), page("view.NoticeSettings", "before", view.NoticeSettings(unsaid)),
		page("view.Following", "two kinds", view.Following(following)), page("view.Following", "nothing", view.Following(nothing)),
	}
}
