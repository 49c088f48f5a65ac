package web

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"mirabilia/internal/setting"
	"mirabilia/internal/web/assets"
)

// themePath is where the style sheet of the operator's colours is: among the
// built files, which devices keep by their names.
const themePath = assets.Prefix + "theme/"

// How far an accent goes towards black or white under the pointer: away from the
// surface it stands on, so that its contrast grows.
const (
	hoverLight = 0.3
	hoverDark  = 0.4
)

// themeSheet is the style sheet of colours; "" where they are our own. It stands
// in the layer of the tokens, behind them, so that what is not set stays ours.
func themeSheet(c setting.Colours) string {
	var b strings.Builder
	if c.Light != "" {
		b.WriteString(":root{" + accent(c.Light, setting.Toward(c.Light, "#000000", hoverLight)) + "}")
	}
	if c.Dark != "" {
		all := "{" + accent(c.Dark, setting.Toward(c.Dark, "#ffffff", hoverDark)) + "}"
		b.WriteString(`@media (prefers-color-scheme:dark){:root:not([data-theme="light"])` + all + `}:root[data-theme="dark"]` + all)
	}
	if b.Len() == 0 {
		return ""
	}
	return "@layer tokens{" + b.String() + "}\n"
}

func accent(colour, hover string) string {
	return "--link:" + colour + ";--link-hover:" + hover + ";--fill:" + colour + ";--fill-hover:" + hover + ";--focus:" + colour + ";--map-cluster:" + colour
}

// themeName names the sheet of colours by what makes it and by what is in it, so
// that every node can serve every one, and none changes.
func themeName(c setting.Colours, sheet string) string {
	sum := sha256.Sum256([]byte(sheet))
	return fmt.Sprintf("%s-%s-%x.css", colourName(c.Light), colourName(c.Dark), sum[:6])
}

func colourName(colour string) string {
	if colour == "" {
		return "own"
	}
	return strings.TrimPrefix(colour, "#")
}

// themeURL is the path of the sheet, "" for our own colours.
func themeURL(c setting.Colours) string {
	sheet := themeSheet(c)
	if sheet == "" {
		return ""
	}
	return themePath + themeName(c, sheet)
}

var themeForm = regexp.MustCompile(`^([0-9a-f]{6}|own)-([0-9a-f]{6}|own)-[0-9a-f]{12}\.css$`)

// theme serves a sheet by its name alone: it asks no setting, so that a page of a
// node that knows the newest finds it on one that does not yet. Colours that
// could not be chosen have none.
func (s *Site) theme(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	if m := themeForm.FindStringSubmatch(name); m != nil {
		c := setting.Colours{Light: colourOf(m[1]), Dark: colourOf(m[2])}
		if sheet := themeSheet(c); sheet != "" && c.Check() == nil && themeName(c, sheet) == name {
			h := w.Header()
			h.Set("Content-Type", "text/css; charset=utf-8")
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			http.ServeContent(w, r, "", time.Time{}, strings.NewReader(sheet))
			return
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, "There is no style sheet at this address.\n") // who went away does not read it
}

func colourOf(name string) string {
	if name == "own" {
		return ""
	}
	return "#" + name
}
