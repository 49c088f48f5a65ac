package demo

// Route is a way between towns that is ready to try in the demo: at least five
// of its places lie within 30 km of the line through its stops.
type Route struct {
	Name  string
	Stops []string // names of cities as the gazetteer finds them, in order
}

// Routes are the ways that the demo offers to try along-the-way with.
func Routes() []Route {
	return []Route{
		{"Paris to Turin by Lyon", []string{"Paris", "Lyon", "Turin"}},
		{"Prague to Budapest by Vienna", []string{"Prague", "Vienna", "Budapest"}},
		{"Mexico City to Oaxaca by Puebla", []string{"Mexico City", "Puebla", "Oaxaca"}},
	}
}
