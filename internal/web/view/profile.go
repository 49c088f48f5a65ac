package view

import (
	"mirabilia/internal/text"
	"mirabilia/internal/web/view/ui"
)

// ProfileHead is what stands at the top of every page of a member.
type ProfileHead struct {
	Person  ui.Person
	Picture string // of the member, "" where a letter stands in for it
	Seal    string // trust or office in a word, "" for none
	Since   string
	Bio     text.SafeHTML
	Links   []ui.Link
	Badges  []ui.Badge
	Follow  *Follow // nil where nobody can follow
	// Followers says how many follow, "" where nobody does.
	Followers string
	Feed      ui.Link
	// Acts leads to reporting and blocking the member.
	Acts ui.Link
	Tabs []ProfileTab
	// Notice says why less is here than there might be.
	Notice *ui.Banner
}

// ProfileTab is a part of a profile with how much there is of it; Count is ""
// where that is not told.
type ProfileTab struct {
	ui.Link
	Count string
}

// ProfilePage is what everyone sees of a member.
type ProfilePage struct {
	Base
	Head    ProfileHead
	Travels *Travels // nil where everyone may see nothing of them
	Been    []ui.Card
	BeenTo  *ui.Link
	Added   []ui.Card
	AddedTo *ui.Link
	Edited  []ui.Card
	EditTo  *ui.Link
	Photos  []ProfilePhoto
	PhotoTo *ui.Link
	Lists   []ListCard
	ListsTo *ui.Link
	// Empty stands for all of it; OwnEmpty says the same to whose page it is.
	Empty, OwnEmpty *ui.Empty
	Year            *ui.Link
}

// Travels is where a member has been.
type Travels struct {
	Map       *ui.MapPicture
	Counts    []Count
	Countries []CountryRow
	All       *ui.Link // to all countries
}

// CountryRow is how much of a country a member has seen.
type CountryRow struct {
	Name, Path string
	Been, Of   string
	Share      int // in percent
	Label      string
}

// ProfilePart is one part of a profile.
type ProfilePart struct {
	Base
	Head  ProfileHead
	Title string
	// Seen says who sees this part, to its member; Choose leads to where that is
	// chosen.
	Seen   string
	Choose ui.Link
	// Kept says that the part is not for who reads; nothing else is then shown.
	Kept    string
	Listing Listing
	Lists   []ListCard
	Photos  []ProfilePhoto
	Visits  []ProfileVisit
	Travels *Travels
	Pager   *ui.Pager
	Forms   []ui.Link
	// Ways are what one can do with it: import, find what is near.
	Ways []ui.Link
}

// ProfilePhoto is a photograph with the place it shows.
type ProfilePhoto struct {
	Picture ui.Picture
	Place   ui.Link
}

// ProfileVisit is a visit as others see it.
type ProfileVisit struct {
	Card   ui.Card
	Day    string
	Note   string
	Photos []ui.Picture
	// Report is the path of the form, "" where there is none.
	Report string
}

// ProfileYear is a member's year in review.
type ProfileYear struct {
	Base
	Head    ProfileHead
	Title   string
	Dek     string
	Counts  []Count
	Map     *ui.MapPicture
	Parts   []ProfileYearPart
	Before  *ui.Link
	After   *ui.Link
	Nothing *ui.Empty
}

// ProfileYearPart is what was done in a year, of one kind.
type ProfileYearPart struct {
	ID, Title string
	Cards     []ui.Card
	More      string // "and 12 more", "" for no more
}

// listsBeside reports whether there is so much else that the lists stand at its
// side.
func (p ProfilePage) listsBeside() bool {
	return len(p.Been)+len(p.Added)+len(p.Edited)+len(p.Photos) > 0
}

// main and aside report whether the page has something in either column.
func (p ProfilePage) main() bool { return p.listsBeside() || len(p.Lists) > 0 }

func (p ProfilePage) aside() bool {
	return p.Travels != nil && len(p.Travels.Countries) > 0 || p.listsBeside() && len(p.Lists) > 0
}
