package view

import "mirabilia/internal/web/view/ui"

// AlongPage is what lies beside a way, in the order one passes it.
type AlongPage struct {
	Base
	Form AlongForm
	Demo []ui.Link // ways ready to try
	// Found says that a way was given and understood; all below is of it.
	Found   bool
	Total   int
	Length  float64 // of the way, metres
	Within  float64 // of the corridor to each side, metres
	Notes   []ui.Banner
	Choices []AlongChoice
	Items   []AlongItem
	Pager   ui.Pager
	Forms   []ui.Link
	Take    *TakeAlong
	On      []ui.Chip
	Filters Filters
	Map     *ui.MapPicture
	Nothing *ui.Empty
}

// AlongForm is the form of a way: stops, or a line that the address holds.
type AlongForm struct {
	Stops              []ui.Field
	Within, Most, Step string  // kilometres; Most is as far as the slider goes
	Widest             string  // that may be typed
	Metres             float64 // of Within
	Keep               []ui.Option
	Line, Off          string
	MaxFile            string
}

// AlongItem is a stop or a place where the way passes it.
type AlongItem struct {
	Along float64 // metres
	Stop  string
	Card  *ui.Card
}

// AlongChoice is what the words of a stop could also name.
type AlongChoice struct {
	Text  string
	Links []ui.Link
}
