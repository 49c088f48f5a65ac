package web

import (
	"errors"
	"io"
	"math"
	"net/http"
	"net/url"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/interchange"
	"mirabilia/internal/query"
)

// maxFilePoints is how many points the line of a file may have before it is
// simplified: a week of one a second and pauses.
const maxFilePoints = 250_000

// alongFile takes the line of a file and sends the reader on to the page of it.
// The line goes into the address, simplified until it fits: so the page can be
// kept, shared and reloaded, works without script, and nothing of the file
// stays on the server.
func (s *Site) alongFile(w http.ResponseWriter, r *http.Request) {
	to, err := s.takeFile(w, r)
	if err != nil {
		w.(*call).fail(err)
		return
	}
	w.Header().Set("Location", to)
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(http.StatusSeeOther)
}

func (s *Site) takeFile(w http.ResponseWriter, r *http.Request) (string, error) {
	select {
	case s.costly <- struct{}{}:
		defer func() { <-s.costly }()
	case <-r.Context().Done():
		return "", errs.New(errs.Unavailable, "Too much is asked for at once. Try again.")
	}
	fields, name, data, err := readForm(r)
	if err != nil {
		return "", err
	}
	q, err := query.ParseAlong(fields)
	if err != nil {
		return "", err
	}
	line, err := interchange.ReadWay(name, data, maxFilePoints)
	if err != nil {
		return "", errs.InField("file", "%s", err.Error())
	}
	q.Stops, q.Points = nil, nil
	if q.Line, q.Off, err = lineOf(line); err != nil {
		return "", err
	}
	return address("/along", q.Encode()), nil
}

// lineOf writes a line for the address, and how many metres it may be off.
func lineOf(line []geo.Public) (letters string, off int, err error) {
	kept, metres := geo.Simplify(line, func(l []geo.Public) bool { return len(geo.EncodeLine(l)) <= query.MaxLine })
	if kept == nil {
		// So long a line keeps its every so many-th point; thin it out once more.
		coarse, first := geo.Simplify(line, func(l []geo.Public) bool { return len(l) <= len(line)/chunkShare+2 })
		if kept, metres = geo.Simplify(coarse, func(l []geo.Public) bool { return len(geo.EncodeLine(l)) <= query.MaxLine }); kept == nil {
			return "", 0, errs.InField("file", "the line winds too much for the address of a page; take a part of it, or use the API")
		}
		metres += first
	}
	if _, err := finder.NewRoute(kept); err != nil {
		return "", 0, errs.InField("file", "the line is longer than 100,000 km; take a part of it")
	}
	// The address has hundred-thousandths of a degree, which is 0.8 m at most;
	// a line of few points lost nothing else.
	if metres < 1 {
		return geo.EncodeLine(kept), 0, nil
	}
	return geo.EncodeLine(kept), int(math.Ceil(metres + .8)), nil
}

// chunkShare is how many times fewer points a first simplification leaves.
const chunkShare = 256

// readForm reads a form with one file and short fields, part by part.
func readForm(r *http.Request) (fields url.Values, name string, data []byte, err error) {
	form, err := r.MultipartReader()
	if err != nil {
		return nil, "", nil, errs.InField("file", "choose a GPX, KML or GeoJSON file first")
	}
	fields = url.Values{}
	for parts := 0; ; parts++ {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || parts > 40 {
			return nil, "", nil, formError(err)
		}
		if part.FormName() == "file" && data == nil {
			name = part.FileName()
			if data, err = io.ReadAll(part); err != nil {
				return nil, "", nil, formError(err)
			}
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, 1000))
		if err != nil {
			return nil, "", nil, formError(err)
		}
		for _, known := range query.AlongParams {
			if known == part.FormName() && known != "line" && known != "off" && known != "stop" && len(value) > 0 {
				fields.Add(known, string(value))
			}
		}
	}
	if len(data) == 0 {
		return nil, "", nil, errs.InField("file", "choose a GPX, KML or GeoJSON file first")
	}
	return fields, name, data, nil
}

func formError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return errs.New(errs.TooLarge, "The file is larger than 16 MB. Thin the line out first.")
	}
	return errs.InField("file", "did not arrive whole; send it again")
}
