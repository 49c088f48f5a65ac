package view

import (
	"context"

	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// Follow is the button that follows something. On a public page, which is the
// same for everyone, nobody knows yet whether it is followed: the script shows
// it, and without one the button leads to a page that says.
type Follow struct {
	Kind string // "member", "destination", "tag"
	Name string // as its page has it in its address
	What string // as people call it
	// Known says that the page knows who reads; On then says whether they follow.
	Known, On bool
}

// FollowPage says whether the reader follows something.
type FollowPage struct {
	Base
	Crumbs []ui.Crumb
	Follow Follow
	Back   ui.Link
}

// NoticesPage is what a member was told.
type NoticesPage struct {
	Base
	Unread int // at most a hundred are counted
	// All is the newest notice that is shown: what "all" reaches.
	All   string
	Rows  []NoticeRow
	Older string // path of the next page, "" on the last
	Empty ui.Empty
	Ways  []ui.Link
}

// NoticeRow is one notice.
type NoticeRow struct {
	ID     string
	Says   string
	Path   string // "" leads nowhere
	Icon   string
	Words  string // what somebody wrote, "" for nothing
	When   string
	At     string // the same for programs
	Unread bool
}

// NoticeChoice is how a member is told of one kind of news.
type NoticeChoice struct {
	Name, Label, Hint string
	Site, Mail        ui.Option
}

// NoticeSettingsPage chooses what comes, and how.
type NoticeSettingsPage struct {
	Base
	Crumbs  []ui.Crumb
	Notice  *ui.Banner
	Choices []NoticeChoice
	Ways    []ui.Link
}

// FollowingPage is what a member follows.
type FollowingPage struct {
	Base
	Crumbs []ui.Crumb
	Notice *ui.Banner
	Groups []FollowGroup
	Empty  ui.Empty
}

// FollowGroup is what is followed of one kind.
type FollowGroup struct {
	Title string
	Rows  []FollowRow
}

// FollowRow is one thing that is followed.
type FollowRow struct {
	Kind, Name  string
	Text, Path  string
	Since, Stop string // Stop is what the button says to those who only hear it
}

// UnreadCount is a number of unread notices as the bar shows it; "" for none.
func UnreadCount(ctx context.Context, n int) string {
	switch {
	case n <= 0:
		return ""
	case n > 99:
		return "99+"
	}
	return say.Number(ctx, n)
}

// NotificationsPath is the page of notices.
const NotificationsPath = "/notifications"

func (m *Me) count(ctx context.Context, l ui.Link) string {
	if l.Path != NotificationsPath {
		return ""
	}
	return UnreadCount(ctx, m.Unread)
}
