package view

import "mirabilia/internal/web/view/ui"

// DashboardPage is what an operator looks at in the morning.
type DashboardPage struct {
	Base
	Crumbs  []ui.Crumb
	Spans   []ui.Chip // how far one looks back
	Work    []DashboardFigure
	Counted bool // that what is read is counted
	Reading []DashboardFigure
	Most    []Counted // the places read most
	Misses  []Counted // what was looked for and not found
	Jobs    []JobRow
}

// DashboardFigure is one number with its name.
type DashboardFigure struct {
	Name, Value, Note string
	Path              string // where one does something about it, "" for nowhere
}

// Counted is a thing and how often.
type Counted struct{ Text, Path, N string }

// JobRow is how the jobs of one kind stand.
type JobRow struct{ Kind, Waiting, GivenUp, Late, Fault string }
