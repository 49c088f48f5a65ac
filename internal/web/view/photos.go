package view

import (
	"strconv"

	"mirabilia/internal/web/view/ui"
)

// PhotosPage is the photographs of one place, and the form that sends more.
type PhotosPage struct {
	Base
	Crumbs []ui.Crumb
	Title  string // of the place
	Back   string // its path
	Action string // path of this page
	Photos []PhotoItem
	Form   PhotoForm
	// SignedIn shows the form; else SignIn leads to signing in.
	SignedIn bool
	SignIn   string
	Sent     string        // what became of the files that were just sent
	Results  []PhotoResult // one a file, when some could not be taken
}

// PhotoItem is one photo with what may be done about it.
type PhotoItem struct {
	ID       string
	Picture  ui.Picture
	State    *ui.Badge // nil when public
	Reason   string    // of a take-down, or why a file could not be read
	Name     string    // of a file that could not be read
	Report   string    // path of the form, "" where there is none
	Ask      string    // the same, for who sent it and wishes it to be taken down
	Remove   bool      // its sender may throw it away
	Alike    string
	Public   bool
	Down     bool
	Editor   bool // decides about it
	Describe bool // may change what is written about it
	Form     PhotoForm
	Work     PhotoWork
}

// PhotoWork is how far the sizes of a photo are.
type PhotoWork struct {
	Making   bool
	Refused  bool   // they cannot be made
	Text     string // "It is being prepared: 1 of 3 sizes."
	Made, Of int    // 0 as long as nobody knows
}

// PhotoForm is what is written about a photo.
type PhotoForm struct {
	Caption, Alt, Credit, Licence, File ui.Field
	FocusX, FocusY                      int // 0 to 4
	// FocusName is the name of the control of the point, "" for "focus".
	FocusName string
}

// PhotoResult is what became of one file.
type PhotoResult struct {
	Name, Text string
	Kept       bool
}

// PhotosBeside is the part of a form about photos: those beside it, and the way
// to put more there.
type PhotosBeside struct {
	Rows    []PhotoBeside
	Blank   PhotoBeside   // that the script fills
	Results []PhotoResult // files that could not be taken
}

// PhotoBeside is one photo beside a form.
type PhotoBeside struct {
	ID, Name    string
	Picture     ui.Picture // Src "" as long as there is none
	Work        PhotoWork
	Reason      string   // why it could not be read: nothing else is asked of it then
	Remove      ui.Field // of such a one, the button that takes it away
	Alike       string
	First, Last bool
	Lat, Lon    string // where the camera was, "" where nobody knows
	Form        PhotoForm
}

// focusChoices are the nine points that the form offers.
func (f PhotoForm) focusChoices() []ui.Option {
	names := [3][3]string{{"Top start", "Top", "Top end"}, {"Start", "Middle", "End"}, {"Bottom start", "Bottom", "Bottom end"}}
	var out []ui.Option
	for y, row := range names {
		for x, name := range row {
			out = append(out, ui.Option{Value: strconv.Itoa(2*x) + "-" + strconv.Itoa(2*y), Text: name, Selected: 2*x == f.FocusX && 2*y == f.FocusY})
		}
	}
	return out
}

func (f PhotoForm) focusName() string {
	if f.FocusName == "" {
		return "focus"
	}
	return f.FocusName
}
