package web

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"mirabilia/internal/draft"
	"mirabilia/internal/errs"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/web/entry"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// besides are the photos of a form, with what was typed about them.
type besides struct {
	photos []*photo.Photo
	typed  map[int64]photo.About
	sent   []sentPhoto // what became of files that came with the form
}

// good are those that could be read, or may be still: they stand before the others.
func (b *besides) good() []*photo.Photo {
	n := slices.IndexFunc(b.photos, func(p *photo.Photo) bool { return p.Becomes == photo.Refused })
	if n < 0 {
		return b.photos
	}
	return b.photos[:n]
}

// pictured reports whether photos can be beside the form at all.
func (s *Site) pictured(w *writing) bool { return s.Photos != nil && w.Kind != draft.Pitch }

// beside is what the photos of a form are beside.
func (w *writing) beside() photo.Form {
	f := photo.Form{Draft: w.ID, Submission: w.Mends}
	if w.Kind == draft.Edit {
		f.Place = w.Place
	}
	return f
}

// readAbouts takes what is written about photos out of what was sent.
func readAbouts(sent url.Values) map[int64]photo.About {
	out := map[int64]photo.About{}
	for name := range sent {
		rest, photos := strings.CutPrefix(name, "photo.")
		digits, about := strings.CutSuffix(rest, ".alt")
		if !photos || !about || len(out) > 100 {
			continue
		}
		id, ok := place.ParseID("p" + digits)
		if !ok {
			continue
		}
		at := "photo." + digits + "."
		x, y, _ := strings.Cut(sent.Get(at+"focus"), "-")
		out[id] = photo.About{Caption: sent.Get(at + "caption"), Alt: sent.Get(at + "alt"), Credit: sent.Get(at + "credit"), Licence: sent.Get(at + "licence"),
			FocusX: focusStep(x), FocusY: focusStep(y)}
	}
	return out
}

// keepBeside keeps what is written about photos, and the files that came with the
// form: after the draft itself, so that nothing lies beside one that is not there.
func (s *Site) keepBeside(ctx context.Context, o Own, w *writing) error {
	if !s.pictured(w) {
		return nil
	}
	faults, err := s.Photos.Write(ctx, o.Actor, w.beside(), w.besides.typed)
	if err != nil {
		return err
	}
	for id, err := range faults {
		w.blamePhoto(id, err)
	}
	for _, f := range o.files {
		one, err := s.enclose(ctx, o, w, f)
		if err != nil {
			return err
		}
		w.besides.sent = append(w.besides.sent, one)
	}
	return s.loadBeside(ctx, o, w)
}

func (s *Site) loadBeside(ctx context.Context, o Own, w *writing) (err error) {
	if s.pictured(w) {
		w.besides.photos, err = s.Photos.Beside(ctx, o.Actor, w.beside())
	}
	return err
}

// failed reports whether a file that came with the form could not be taken.
func (b *besides) failed() bool {
	return b.failures() > 0
}

// failures counts them.
func (b *besides) failures() (n int) {
	for _, r := range b.sent {
		if r.State == "" {
			n++
		}
	}
	return n
}

// picturesAlone reports whether an edit brings photos and says nothing else.
func (w *writing) picturesAlone() bool {
	return w.Kind == draft.Edit && w.Mends == 0 && len(w.besides.good()) > 0 && len(w.proposal().Fields) == 0
}

// blamePhoto puts what is wrong with the texts of a photo beside them.
func (w *writing) blamePhoto(id int64, err error) {
	other := &writing{}
	at := "photo." + itoa64(id) + "."
	if !other.blame(err) {
		w.fault(at+"alt", err.Error())
		return
	}
	for name, message := range other.faults {
		w.fault(at+name, message)
	}
}

// enclose puts one file beside the form.
func (s *Site) enclose(ctx context.Context, o Own, w *writing, f arrived) (sentPhoto, error) {
	if f.err != nil {
		return s.photoSent(ctx, f.name, nil, f.err)
	}
	about := photo.About{FocusX: 2, FocusY: 2}
	if good := w.besides.good(); len(good) > 0 { // several of one hand have the same rights
		last := good[len(good)-1]
		about.Licence, about.Credit = last.Licence, last.Credit
	}
	added, err := s.Photos.Enclose(ctx, o.Actor, w.beside(), about, photo.Sent{Name: f.name, From: f.file.Reader()})
	return s.photoSent(ctx, f.name, added, err)
}

// takeBeside takes the files that the script sends, one with each request, and
// leaves the texts of the draft as they are kept.
func (s *Site) takeBeside(ctx context.Context, o Own, w *writing) (Answer, error) {
	if !s.pictured(w) {
		return Answer{}, errs.New(errs.NotFound, "There are no photos here.")
	}
	if err := s.ensureDraft(ctx, o, w); err != nil {
		if !tellable(err) {
			return Answer{}, err
		}
		return jsonAnswer(statuses[errs.CodeOf(err)], map[string]string{"error": say.T(ctx, err.Error())})
	}
	if err := s.loadBeside(ctx, o, w); err != nil {
		return Answer{}, err
	}
	list := []sentPhoto{}
	for _, f := range o.files {
		one, err := s.enclose(ctx, o, w, f)
		if err != nil {
			return Answer{}, err
		}
		list = append(list, one)
	}
	return jsonAnswer(200, map[string]any{"photos": list})
}

// ensureDraft keeps the form as it began, where nothing of it is kept yet.
func (s *Site) ensureDraft(ctx context.Context, o Own, w *writing) error {
	d, err := s.Drafts.Open(ctx, o.Actor, w.ID)
	if err == nil && d.Sent != 0 {
		return errs.New(errs.Conflict, "This was sent already.")
	}
	if !errs.Is(err, errs.NotFound) {
		return err
	}
	if w.typed == nil {
		names, err := s.tagWords(ctx, w.base)
		if err != nil {
			return err
		}
		w.typed = entry.Of(w.base, names)
	}
	return s.Drafts.Keep(ctx, o.Actor, w.toKeep())
}

// actOnPhoto does what a button beside a photo says: "remove.12".
func (s *Site) actOnPhoto(ctx context.Context, o Own, w *writing, what string) error {
	do, digits, _ := strings.Cut(what, ".")
	id, ok := place.ParseID("p" + digits)
	if !ok || !s.pictured(w) {
		return errs.New(errs.NotFound, "There is no such photo.")
	}
	if do == "remove" {
		return s.Photos.Remove(ctx, o.Actor, w.beside(), id)
	}
	list, err := s.Photos.Beside(ctx, o.Actor, w.beside())
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(p *photo.Photo) bool { return p.ID == id })
	if at < 0 {
		return errs.New(errs.NotFound, "There is no such photo.")
	}
	to := at
	switch do {
	case "position":
		if t := list[at].Taken; t != nil {
			w.typed["position"], w.typed["spot"] = number(t.Lat)+", "+number(t.Lon), ""
		}
		return nil
	case "first":
		to = 0
	case "earlier":
		to = max(0, at-1)
	case "later":
		to = min(len(list)-1, at+1)
	default:
		return errs.InField("photo", "is none of remove, position, first, earlier, later")
	}
	ids := make([]int64, 0, len(list))
	for _, p := range list {
		if p.ID != id {
			ids = append(ids, p.ID)
		}
	}
	return s.Photos.Arrange(ctx, o.Actor, w.beside(), slices.Insert(ids, to, id))
}

// checkBeside looks the photos over before they are sent.
func (w *writing) checkBeside(ctx context.Context) {
	for _, p := range w.besides.photos {
		at := "photo." + itoa64(p.ID) + "."
		switch {
		case p.Becomes == photo.Refused:
			w.fault(at+"remove", say.T(ctx, "This file could not be read. Remove it, or send another in its place."))
		case w.aboutOf(p).Licence == "":
			w.fault(at+"licence", say.T(ctx, "Under which licence may it be used?"))
		}
	}
}

// aboutOf is what is written about a photo: as typed, else as kept.
func (w *writing) aboutOf(p *photo.Photo) photo.About {
	if t, ok := w.besides.typed[p.ID]; ok {
		return t
	}
	return p.About()
}

// offerAlone sends the photos of an edit that says nothing else straight to the
// place, where they wait for an editor as all photos do.
func (s *Site) offerAlone(ctx context.Context, o Own, w *writing) (Answer, error) {
	n, err := s.Photos.Offer(ctx, o.Actor, w.beside())
	if err != nil {
		if !tellable(err) {
			return Answer{}, err
		}
		return s.showWriting(ctx, o, w, err.Error())
	}
	if err := s.Drafts.Discard(ctx, o.Actor, w.ID); err != nil {
		return Answer{}, err
	}
	if err := s.published(ctx); err != nil {
		return Answer{}, err
	}
	return See(address(w.place.Path()+"/photos", url.Values{"sent": {itoa64(int64(min(n, maxPhotos)))}}.Encode())), nil
}

// photoSteps count the rights and the descriptions of photos.
func (s *Site) photoSteps(ctx context.Context, w *writing, step func(bool, string, string, string)) {
	if !s.pictured(w) {
		return
	}
	good := w.besides.good()
	if len(good) == 0 {
		there := w.place != nil && w.place.PhotoCount > 0
		step(there, say.T(ctx, "It has photographs"), say.T(ctx, "A photograph, with its licence"), "file")
		return
	}
	unlicensed, undescribed := "", ""
	name := ""
	for _, p := range good {
		t, id := w.aboutOf(p), itoa64(p.ID)
		if t.Licence == "" && unlicensed == "" {
			unlicensed = "photo." + id + ".licence"
		}
		if t.Alt == "" && undescribed == "" {
			undescribed, name = "photo."+id+".alt", p.File
		}
	}
	step(unlicensed == "", say.N(ctx, len(good), "A photograph with its licence", "%s photographs with their licences"), say.T(ctx, "The licence of each photograph"), unlicensed)
	step(undescribed == "", say.T(ctx, "Photographs are described for people who cannot see them"), say.T(ctx, "Describe %s for people who cannot see it", name), undescribed)
}

// besideView is the part of the form about photos.
func (s *Site) besideView(ctx context.Context, o Own, w *writing) *view.PhotosBeside {
	if !s.pictured(w) {
		return nil
	}
	v := &view.PhotosBeside{Blank: view.PhotoBeside{ID: "0", Form: besideForm(ctx, w, 0, photo.About{FocusX: 2, FocusY: 2}, o.Actor.Shown)}}
	for _, r := range w.besides.sent {
		if r.State == "" || r.Again {
			v.Results = append(v.Results, view.PhotoResult{Name: r.Name, Text: r.Text, Kept: r.State != ""})
		}
	}
	good := len(w.besides.good())
	for i, p := range w.besides.photos {
		id := itoa64(p.ID)
		row := view.PhotoBeside{ID: id, Name: p.File, Work: s.photoWork(ctx, p), First: i == 0, Last: i == good-1}
		if p.Becomes == photo.Refused {
			row.Reason = say.T(ctx, p.Reason)
			row.Remove = ui.Field{ID: "f-photo." + id + ".remove", Label: p.File, Error: w.faults["photo."+id+".remove"]}
			v.Rows = append(v.Rows, row)
			continue
		}
		row.Form = besideForm(ctx, w, p.ID, w.aboutOf(p), "")
		if width := smallest(p); width > 0 {
			row.Picture = ui.Picture{Src: previewPath(p.ID, width), Width: width, Height: max(1, p.Height*width/max(1, p.Width))}
		}
		if p.Alike != 0 {
			row.Alike = say.T(ctx, "Looks much like another photo.")
		}
		if p.Taken != nil {
			row.Lat, row.Lon = number(p.Taken.Lat), number(p.Taken.Lon)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// besideForm are the controls of one photo beside the form.
func besideForm(ctx context.Context, w *writing, id int64, t photo.About, shown string) view.PhotoForm {
	f := photoForm(ctx, "", t, shown)
	for _, x := range []struct {
		field *ui.Field
		part  string
	}{{&f.Caption, "caption"}, {&f.Alt, "alt"}, {&f.Credit, "credit"}, {&f.Licence, "licence"}} {
		name := "photo." + itoa64(id) + "." + x.part
		x.field.Name, x.field.ID, x.field.Error = name, "f-"+name, w.faults[name]
	}
	f.Alt.Label, f.Alt.Hint, f.Alt.Placeholder = say.T(ctx, "For those who cannot see it"), "", say.T(ctx, "What would you tell a friend on the phone?")
	f.Caption.Hint, f.Credit.Hint = "", ""
	f.Licence.Options = slices.Insert(f.Licence.Options, 0, ui.Option{Text: say.T(ctx, "Choose one"), Selected: t.Licence == ""})
	f.FocusName = "photo." + itoa64(id) + ".focus"
	return f
}
