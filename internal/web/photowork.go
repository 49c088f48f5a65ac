package web

import (
	"context"

	"mirabilia/internal/errs"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
)

// progressPath is where a page asks how far the sizes of photos are.
const progressPath = "/photos/progress"

// mostAsked is how many photos one question may be about.
const mostAsked = 60

// workState is how far one photo is, as the script is told.
type workState struct {
	ID      string  `json:"id"`
	Text    string  `json:"text"`
	Made    int     `json:"made"`
	Of      int     `json:"of"`
	Done    bool    `json:"done"` // nothing more happens by itself
	Refused bool    `json:"refused,omitempty"`
	Picture string  `json:"picture,omitempty"` // the smallest, as soon as it is there
	Width   int     `json:"width,omitempty"`
	Height  int     `json:"height,omitempty"`
	Alike   string  `json:"alike,omitempty"`
	Lat     *string `json:"lat,omitempty"` // where the camera was, for the sender alone
	Lon     *string `json:"lon,omitempty"`
}

// photoProgress tells a member how far the sizes of their photos are.
func (s *Site) photoProgress(ctx context.Context, o Own) (Answer, error) {
	out := []workState{}
	for _, text := range o.Query["id"] {
		id, ok := place.ParseID("p" + text)
		if !ok || len(out) == mostAsked {
			return Answer{}, errs.New(errs.NotFound, "There is no such photo.")
		}
		ph, err := s.Photos.Find(ctx, o.Actor, id)
		switch {
		case errs.Is(err, errs.NotFound):
			out = append(out, workState{ID: text, Done: true, Text: say.T(ctx, "It was removed.")})
			continue
		case err != nil:
			return Answer{}, err
		}
		out = append(out, s.workState(ctx, o, ph))
	}
	return jsonAnswer(200, map[string]any{"photos": out})
}

func (s *Site) workState(ctx context.Context, o Own, ph *photo.Photo) workState {
	w := workState{ID: itoa64(ph.ID), Done: !ph.Making(), Refused: ph.Becomes == photo.Refused}
	w.Made, w.Of = ph.Made()
	w.Text = s.photoWork(ctx, ph).Text
	if ph.Becomes == photo.Refused {
		w.Text = say.T(ctx, ph.Reason)
	}
	if width := smallest(ph); width > 0 {
		w.Picture, w.Width, w.Height = previewPath(ph.ID, width), width, max(1, ph.Height*width/max(1, ph.Width))
	}
	if ph.Alike != 0 && ph.State != photo.Public {
		w.Alike = say.T(ctx, "Looks much like another photo.")
	}
	if ph.Taken != nil && ph.Member == o.Actor.ID {
		lat, lon := number(ph.Taken.Lat), number(ph.Taken.Lon)
		w.Lat, w.Lon = &lat, &lon
	}
	return w
}

// photoWork says how far the sizes of a photo are; nothing when they are made.
func (s *Site) photoWork(ctx context.Context, ph *photo.Photo) view.PhotoWork {
	w := view.PhotoWork{Refused: ph.Becomes == photo.Refused, Making: ph.Making()}
	if !w.Making {
		return w
	}
	w.Made, w.Of = ph.Made()
	w.Text = say.T(ctx, "It is being prepared.")
	if w.Of > 0 {
		w.Text = say.T(ctx, "It is being prepared: %d of %d sizes.", w.Made, w.Of)
	}
	return w
}

// smallest is the width of the smallest size that is there, 0 for none.
func smallest(ph *photo.Photo) int {
	width := 0
	for w := range ph.URLs {
		if width == 0 || w < width {
			width = w
		}
	}
	return width
}

// previewPath is where a photo is seen by those who may before it is public.
func previewPath(id int64, width int) string {
	return "/photos/" + itoa64(id) + "/" + itoa64(int64(width))
}
