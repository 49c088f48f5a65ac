package view

import "mirabilia/internal/web/view/ui"

// DefaultSite is an atlas before anyone changed a setting: the bar and the
// whole footer, every link to a page that exists.
func DefaultSite() *Site {
	return &Site{
		Name:    "Mirabilia",
		Tagline: "An atlas of the hidden and the curious",
		Unit:    "km",
		Licence: "CC-BY-SA-4.0",
		Menu: []ui.Link{
			{Text: "Trips", Path: "/trips"},
			{Text: "Places", Path: "/places"},
			{Text: "Foods", Path: "/foods"},
			{Text: "Stories", Path: "/stories"},
			{Text: "Newsletters", Path: "/newsletters"},
		},
		Columns:   defaultColumns(),
		Social:    []ui.Link{{Text: "Atom", Path: "/places.atom"}, {Text: "RSS", Path: "/places.rss"}, {Text: "JSON feed", Path: "/places.feed.json"}},
		Copyright: "Texts CC BY-SA 4.0 unless marked; pictures as credited.",
		Letter: Letter{
			Title: "A wonder by post", Text: "The letter of this atlas. Nothing in it watches you. Leave with one click.",
			Button: "See the newsletters", Path: "/newsletters",
		},
		Membership: Invitation{
			Title: "Members keep this atlas open", Text: "Membership pays for editors, servers and photographs, so that nothing here has to watch you.",
			Link: ui.Link{Text: "About membership", Path: "/membership"},
		},
		Contribute: Invitation{
			Title: "Know a place nobody has written down?", Text: "Three sentences and a pin are enough to begin.",
			Link: ui.Link{Text: "Add a place", Path: "/places/new"},
		},
	}
}

func defaultColumns() []Column {
	return []Column{
		{Title: "Places", Links: []ui.Link{
			{Text: "All places", Path: "/places"},
			{Text: "Latest places", Path: "/places?sort=newest"},
			{Text: "Most popular", Path: "/places?sort=wanted"},
			{Text: "Places to eat", Path: "/places-to-eat"},
			{Text: "Random", Path: "/random"},
			{Text: "Nearby", Path: "/near"},
			{Text: "Add a place", Path: "/places/new"},
		}},
		{Title: "Stories", Links: []ui.Link{
			{Text: "Food & drink", Path: "/foods"},
			{Text: "Itineraries", Path: "/itineraries"},
			{Text: "Lists", Path: "/lists"},
			{Text: "Video", Path: "/videos"},
			{Text: "Podcast", Path: "/podcast"},
			{Text: "Newsletters", Path: "/newsletters"},
		}},
		{Title: "Trips", Links: []ui.Link{
			{Text: "All trips", Path: "/trips"},
			{Text: "Family", Path: "/trips?theme=family"},
			{Text: "Food & drink", Path: "/trips?theme=food"},
			{Text: "History & culture", Path: "/trips?theme=history"},
			{Text: "Wildlife & nature", Path: "/trips?theme=nature"},
		}},
		{Title: "Community", Links: []ui.Link{
			{Text: "FAQ", Path: "/faq"},
			{Text: "Membership", Path: "/membership"},
			{Text: "Feedback & ideas", Path: "/feedback"},
			{Text: "Community guidelines", Path: "/guidelines"},
			{Text: "Product blog", Path: "/blog"},
			{Text: "Gifts", Path: "/gifts"},
		}},
		{Title: "The atlas", Links: []ui.Link{
			{Text: "About", Path: "/about"},
			{Text: "Work with us", Path: "/work-with-us"},
			{Text: "Advertise", Path: "/advertise"},
			{Text: "Advertising guidelines", Path: "/advertising-guidelines"},
			{Text: "Privacy", Path: "/privacy"},
			{Text: "Cookies", Path: "/cookies"},
			{Text: "Terms", Path: "/terms"},
			{Text: "Data and API", Path: "/api"},
		}},
	}
}
