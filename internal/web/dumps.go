package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"mirabilia/internal/dump"
	"mirabilia/internal/errs"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
)

// dumpsPage lists the files of the newest dump, and is itself JSON for
// programs.
func (s *Site) dumpsPage(ctx context.Context, q Public) (Answer, error) {
	set, err := s.Dumps.Latest()
	none := errs.Is(err, errs.NotFound)
	if err != nil && (!none || q.Form != "") {
		return Answer{}, err
	}
	if q.Form == ".json" {
		body, err := json.Marshal(s.outwardDump(set))
		return Answer{Kind: Data, Type: forms[".json"].mime, Body: append(body, '\n'), Once: true}, err
	}
	b, err := s.base(ctx, q, say.T(ctx, "The atlas to take home"), say.T(ctx, "Everything published here as files, made anew each night, with checksums and the licence."))
	if err != nil {
		return Answer{}, err
	}
	v := view.DumpsPage{Base: b, Licence: set.Licence, LicenceURL: set.LicenceURL, Places: set.Places}
	if !none {
		v.Made, v.MadeISO = set.Made.Format("2 January 2006, 15:04 MST"), set.Made.Format(time.RFC3339)
	}
	for _, f := range set.Files {
		v.Files = append(v.Files, view.DumpFile{Name: f.Name, Path: "/dumps/" + f.Name, What: say.T(ctx, dumpTexts[f.Name]), Size: bytesText(f.Size), SHA256: f.SHA256})
	}
	a, err := s.render(ctx, view.Dumps(v))
	a.Once = true // it changes in the night, without a row in the log
	return a, err
}

var dumpTexts = map[string]string{
	"places.ndjson.gz":  "A record a line, as “mirabilia import” reads it",
	"places.csv.gz":     "A table",
	"places.geojson.gz": "Points for maps",
	dump.Licence:        "What you may do with them",
	dump.Sums:           "Checksums, for sha256sum -c",
}

// outwardDump is a dump as programs see it: its files by their addresses.
func (s *Site) outwardDump(set dump.Set) any {
	type file struct {
		dump.File
		URL string `json:"url"`
	}
	out := struct {
		dump.Set
		Files []file `json:"files"`
	}{Set: set}
	for _, f := range set.Files {
		out.Files = append(out.Files, file{f, s.absolute("/dumps/" + f.Name)})
	}
	return out
}

// bytesText is a size as people read it, in the units of storage.
func bytesText(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.2f GB", float64(n)/1e9)
}

// downloadTime is how long one download may take: a slow line gets its file,
// a dead one does not hold its connection for ever.
const downloadTime = 2 * time.Hour

// dumpFile gives out a file of the newest dump, in parts when asked for.
func (s *Site) dumpFile(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	f, info, set, err := s.Dumps.File(name)
	if err != nil {
		if c, ok := w.(*call); ok {
			c.fail(err)
		}
		return
	}
	defer f.Close()
	if err := http.NewResponseController(w).SetWriteDeadline(s.now().Add(downloadTime)); err != nil {
		s.log.Debug("a download keeps its usual time", "error", err)
	}
	h := w.Header()
	h.Set("Content-Type", info.Type)
	h.Set("ETag", `"`+info.SHA256[:32]+`"`)
	h.Set("Cache-Control", "public, no-cache")
	h.Set("Access-Control-Expose-Headers", "ETag, Content-Range, Accept-Ranges")
	h.Set("Link", "<"+set.LicenceURL+`>; rel="license"`)
	if strings.HasSuffix(name, ".gz") {
		h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	}
	http.ServeContent(w, r, name, set.Made, f)
}
