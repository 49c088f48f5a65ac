package web

import (
	"context"
	"strings"

	"mirabilia/internal/web/view/say"
)

// browsers and systems are what a browser's name for itself holds, the more
// particular first: most hold the names of others too.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Vivaldi/", "Vivaldi"}, {"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"},
		{"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Chromium/", "Chromium"}, {"Safari/", "Safari"}}
	systems = [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"}, {"Mac OS X", "Mac"}, {"Linux", "Linux"}}
)

// browserName says in words that its user knows which browser a session is of; one
// of no usual kind by what it calls itself.
func browserName(ctx context.Context, agent string) string {
	named := func(list [][2]string) string {
		for _, x := range list {
			if strings.Contains(agent, x[0]) {
				return x[1]
			}
		}
		return ""
	}
	browser, system := named(browsers), named(systems)
	switch {
	case agent == "":
		return say.T(ctx, "A browser without a name")
	case browser == "":
		return agent
	case system == "":
		return browser
	}
	return say.T(ctx, "%s on %s", browser, system)
}
