// Package storybook shows every component of the pages in every state, from
// fixtures: for the eye (serve/), for the accessibility checker, and for the
// test that fails on a component nobody can see.
package storybook

import (
	"embed"

	"github.com/a-h/templ"
)

// Story is one component in one state.
type Story struct {
	Component string // package and name: "ui.EntryCard"
	State     string
	Render    templ.Component
	// Page says that the component is a whole document.
	Page bool
}

//go:embed pictures
var pictures embed.FS

// Pictures holds the drawings that the fixtures show, under "pictures/".
func Pictures() embed.FS { return pictures }

// Stories lists every component in every state.
func Stories() []Story {
	var all []Story
	for _, part := range [][]Story{entryStories(), partStories(), formStories(), pictureStories(), frameStories(), pageStories(), listStories(), searchStories(), alongStories(), embedStories(), keptStories(), contributeStories(), deskStories(), markStories(), areaStories(), webhookStories(), deadLinkStories(), ruleStories(), atlasStories(), campaignStories(), photoStories(), accountStories(), memberListStories(), newsStories(), securityStories(), profileStories(), bringStories(), reportStories()} {
		all = append(all, part...)
	}
	return all
}

func story(component, state string, c templ.Component) Story {
	return Story{Component: component, State: state, Render: c}
}

func page(component, state string, c templ.Component) Story {
	return Story{Component: component, State: state, Render: c, Page: true}
}
