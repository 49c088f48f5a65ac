package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/report"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// maxPhotos is how many files one request may bring: the form without script
// sends all of them at once, the script each alone.
const maxPhotos = 10

// photosRoutes are the page of a place's photographs, what is done there, and
// the files.
func (s *Site) photosRoutes() []*Route {
	if s.Photos == nil {
		return nil
	}
	send := ownRoute(http.MethodPost, "/places/{slug}/photos", Members, s.sendPhotos)
	send.Body, send.Files = maxPhotos*photo.MaxFile+(1<<20), true
	return []*Route{
		ownRoute(http.MethodGet, "/places/{slug}/photos", Everyone, s.photosPage, "sent"),
		send,
		ownRoute(http.MethodPost, "/places/{slug}/photos/{photo}", Members, s.changePhoto),
		ownRoute(http.MethodGet, "/photos/{photo}/{width}", Everyone, s.previewPhoto),
		ownRoute(http.MethodGet, progressPath, Members, s.photoProgress, "id"),
		{Method: http.MethodGet, Pattern: photo.Path + "{file}", Access: Everyone, Kind: Photo, Raw: http.HandlerFunc(s.photoFile)},
	}
}

// sentPhoto is what became of a file.
type sentPhoto struct {
	Name  string `json:"name"`
	ID    string `json:"id,omitempty"`    // of a photo that was kept
	State string `json:"state,omitempty"` // of the same
	Text  string `json:"text"`
	// Again says that it was there already.
	Again bool `json:"again,omitempty"`

	refused error // why it was not kept
}

// sendPhotos takes files, each for itself: one that cannot be taken says why and
// stops no other.
func (s *Site) sendPhotos(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	about, list, err := s.takePhotos(ctx, o, p)
	if err != nil {
		return Answer{}, err
	}
	if len(list) == 0 {
		list = []sentPhoto{{Text: say.T(ctx, "No file was chosen.")}}
	}
	kept := 0
	for _, r := range list {
		if r.State != "" {
			kept++
		}
	}
	if kept > 0 && s.Published != nil {
		if err := s.Published(ctx); err != nil {
			return Answer{}, err
		}
	}
	if o.Request.Header.Get("Accept") == "application/json" {
		body, err := json.Marshal(map[string]any{"photos": list})
		return Answer{Kind: Personal, Type: "application/json", Body: body}, err
	}
	if kept == len(list) {
		return See(address(p.Path()+"/photos", url.Values{"sent": {strconv.Itoa(kept)}}.Encode())), nil
	}
	a, err := s.renderPhotos(ctx, o, p, about, list)
	a.Status = http.StatusUnprocessableEntity
	if kept == 0 {
		a.tooMany(ctx, list[0].refused)
	}
	return a, err
}

// takePhotos reads the form as it arrives: the fields stand before the files.
func (s *Site) takePhotos(ctx context.Context, o Own, p *place.Place) (about photo.About, list []sentPhoto, err error) {
	about = photo.About{FocusX: 2, FocusY: 2}
	parts, err := o.Request.MultipartReader()
	if err != nil {
		return about, nil, errs.InField("file", "was not sent as a form with files")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return about, list, nil
		}
		if err != nil {
			return about, nil, partError(err)
		}
		if part.FormName() != "file" {
			if err := readAbout(part, &about); err != nil {
				return about, nil, err
			}
			continue
		}
		if part.FileName() == "" {
			continue
		}
		if len(list) == maxPhotos {
			return about, list, errs.New(errs.TooLarge, "At most %d photos can be sent at once.", maxPhotos)
		}
		one, err := s.takePhoto(ctx, o.Actor, p, about, part)
		if err != nil {
			return about, nil, err
		}
		list = append(list, one)
	}
}

func readAbout(part *multipart.Part, about *photo.About) error {
	b, err := io.ReadAll(io.LimitReader(part, 4<<10))
	if err != nil {
		return partError(err)
	}
	if !readableText(string(b)) {
		return errs.New(errs.Invalid, "What was sent is not readable text: it holds bytes that are no letters.")
	}
	switch part.FormName() {
	case "caption":
		about.Caption = string(b)
	case "alt":
		about.Alt = string(b)
	case "credit":
		about.Credit = string(b)
	case "licence":
		about.Licence = string(b)
	}
	return nil
}

// takePhoto keeps one file; its sizes are made by a job. The error is only of
// what stops the whole request.
func (s *Site) takePhoto(ctx context.Context, a actor.Actor, p *place.Place, about photo.About, part *multipart.Part) (sentPhoto, error) {
	name := shownName(part.FileName())
	added, err := s.Photos.Take(ctx, a, p.ID, about, photo.Sent{Name: name, From: part})
	out, err := s.photoSent(ctx, name, added, err)
	if err != nil || out.State == "" {
		return out, err
	}
	switch {
	case added.Again:
	case added.Becomes == photo.Becoming(photo.Public):
		out.Text = say.T(ctx, "Kept. It is public as soon as its sizes are made.")
	default:
		out.Text = say.T(ctx, "Kept. An editor looks at it first.")
	}
	return out, nil
}

// photoSent tells what became of one file: err is told beside its name where
// its sender can do something about it, and stops the whole request else.
func (s *Site) photoSent(ctx context.Context, name string, added *photo.Added, err error) (sentPhoto, error) {
	out := sentPhoto{Name: name}
	var cut *http.MaxBytesError
	var e *errs.Error
	switch {
	case errors.As(err, &cut):
		return out, partError(err)
	case errors.As(err, &e) && e.Code != errs.Internal && e.Code != errs.Unsigned && e.Code != errs.Denied:
		out.Text, out.refused = say.T(ctx, e.Message), e
		if e.Cause != nil {
			s.log.Info("a photo was refused", "reason", e.Message, "cause", e.Cause)
		}
		return out, nil
	case err != nil:
		return out, err
	}
	out.ID, out.State, out.Again = itoa64(added.ID), string(added.State), added.Again
	out.Text = say.T(ctx, "Kept.")
	if added.Again {
		out.Text = say.T(ctx, "This photo is here already.")
	}
	return out, nil
}

// shownName is the name of a stranger's file, to be shown beside what became of it.
func shownName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(name[strings.LastIndexAny(name, `/\`)+1:], ""))
	if r := []rune(name); len(r) > 80 {
		name = string(r[:79]) + "…"
	}
	return name
}

func partError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return errs.New(errs.TooLarge, "That is more than is taken at once. Send fewer photos.")
	}
	return errs.Wrap(err, errs.Invalid, "The photos did not arrive whole; send them again.")
}

// changePhoto is what editors decide about a photo, and what its sender writes
// about it while it waits.
func (s *Site) changePhoto(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	id, ok := photoID(o)
	if !ok {
		return Answer{}, errs.New(errs.NotFound, "There is no such photo.")
	}
	switch o.Form.Get("do") {
	case "publish":
		err = s.Photos.Publish(ctx, o.Actor, id)
	case "hide":
		err = s.Photos.Hide(ctx, o.Actor, id)
	case "down":
		err = s.Photos.TakeDown(ctx, o.Actor, id, o.Form.Get("reason"))
	case "first":
		err = s.Photos.Order(ctx, o.Actor, p.ID, []int64{id})
	case "remove":
		err = s.Photos.TakeBack(ctx, o.Actor, id)
	case "describe":
		x, y, _ := strings.Cut(o.Form.Get("focus"), "-")
		about := photo.About{Caption: o.Form.Get("caption"), Alt: o.Form.Get("alt"), Credit: o.Form.Get("credit"), Licence: o.Form.Get("licence")}
		about.FocusX, about.FocusY = focusStep(x), focusStep(y)
		err = s.Photos.Describe(ctx, o.Actor, id, about)
	default:
		err = errs.InField("do", "is none of publish, hide, down, first, describe, remove")
	}
	if err == nil && s.Published != nil {
		err = s.Published(ctx)
	}
	if err != nil {
		return Answer{}, err
	}
	return See(p.Path() + "/photos"), nil
}

func focusStep(text string) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return 2
}

func photoID(o Own) (int64, bool) { return place.ParseID("p" + o.Request.PathValue("photo")) }

// previewPhoto is a photo that is not public, for its sender and for editors,
// and one of a visit for whom sees that.
func (s *Site) previewPhoto(ctx context.Context, o Own) (Answer, error) {
	id, ok := photoID(o)
	width, err := strconv.Atoi(o.Request.PathValue("width"))
	if !ok || err != nil {
		return Answer{}, errs.New(errs.NotFound, "There is no such photo.")
	}
	content, _, err := s.Photos.Preview(ctx, o.Actor, id, width)
	if errs.Is(err, errs.NotFound) && !o.Actor.SignedIn() {
		err = o.Actor.Needs(actor.Member)
	}
	if err != nil {
		return Answer{}, err
	}
	defer content.Close()
	body, err := io.ReadAll(content)
	return Answer{Kind: Personal, Type: "image/webp", Body: body}, err
}

// photoFile serves a variant. Its name says what is in it, so it is the same for
// ever; it is gone when no public photo has it any more.
func (s *Site) photoFile(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	content, _, kind, err := s.Photos.Variant(r.Context(), name)
	if err != nil {
		s.noFile(w, err, "There is no photo at this address.", "a photo cannot be served", name)
		return
	}
	defer content.Close()
	giveFile(w, r, content, kind, name)
}

// noFile says why a picture is not served.
func (s *Site) noFile(w http.ResponseWriter, err error, none, fault, name string) {
	status, text := http.StatusInternalServerError, "This picture cannot be read at the moment."
	switch errs.CodeOf(err) {
	case errs.NotFound:
		status, text = http.StatusNotFound, none
	case errs.Gone:
		status, text = http.StatusGone, goneWords(err)
	case errs.Unavailable:
		status = http.StatusServiceUnavailable
	default:
		s.log.Error(fault, "file", name, "error", err)
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, text, status)
}

// giveFile serves a picture whose name says what is in it.
func giveFile(w http.ResponseWriter, r *http.Request, content io.Reader, kind, name string) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Etag", `"`+name+`"`)
	from, ok := content.(io.ReadSeeker)
	if !ok {
		b, err := io.ReadAll(content)
		if err != nil {
			http.Error(w, "This picture cannot be read at the moment.", http.StatusInternalServerError)
			return
		}
		from = bytes.NewReader(b)
	}
	http.ServeContent(w, r, "", time.Time{}, from)
}

// goneWords tell why a photo is not there any more, where everyone may read it.
func goneWords(err error) string {
	var e *errs.Error
	if errors.As(err, &e) && !e.Since.IsZero() {
		return "This photo was taken down: " + e.Message
	}
	return "This photo was taken down."
}

// photosPage shows the photographs of a place and the form that sends more.
func (s *Site) photosPage(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	return s.renderPhotos(ctx, o, p, photo.About{Licence: "CC-BY-SA-4.0", FocusX: 2, FocusY: 2}, nil)
}

func (s *Site) renderPhotos(ctx context.Context, o Own, p *place.Place, about photo.About, sent []sentPhoto) (Answer, error) {
	list, err := s.Photos.Seen(ctx, o.Actor, p)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.baseFor(ctx, o, say.T(ctx, "Photographs: %s", p.Title), say.T(ctx, "The photographs of this place, and how to send yours."))
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = true
	v := view.PhotosPage{Base: b, Title: p.Title, Back: p.Path(), Action: p.Path() + "/photos", SignedIn: o.Actor.SignedIn(),
		SignIn: signInPath(&url.URL{Path: p.Path() + "/photos"}), Form: photoForm(ctx, "", about, o.Actor.Shown),
		Crumbs: []ui.Crumb{{Name: say.T(ctx, "All"), Path: "/places"}, {Name: p.Title, Path: p.Path()}, {Name: say.T(ctx, "Photographs")}}}
	if n, err := strconv.Atoi(o.Query.Get("sent")); err == nil && n > 0 && n <= maxPhotos && o.Actor.SignedIn() {
		v.Sent = say.T(ctx, "Thank you. Your photos are kept; those that wait are marked below.")
		if slices.ContainsFunc(list, func(ph *photo.Photo) bool { return ph.Becomes == photo.Refused }) {
			v.Sent = say.T(ctx, "What could be read of your photos is kept; what could not is marked below, with the reason.")
		}
	}
	for _, r := range sent {
		v.Results = append(v.Results, view.PhotoResult{Name: r.Name, Text: r.Text, Kept: r.State != ""})
	}
	for _, ph := range list {
		v.Photos = append(v.Photos, s.photoItem(ctx, o.Actor, p, ph))
	}
	return s.render(ctx, view.Photos(v))
}

func (s *Site) photoItem(ctx context.Context, a actor.Actor, p *place.Place, ph *photo.Photo) view.PhotoItem {
	id := strconv.FormatInt(ph.ID, 10)
	if ph.State != photo.Public && ph.Stem != "" {
		for w := range ph.URLs {
			ph.URLs[w] = "/photos/" + id + "/" + strconv.Itoa(w)
		}
	}
	item := view.PhotoItem{ID: id, Reason: ph.Reason, Editor: a.Edits(p.Destination) && ph.Becomes == photo.Ready && ph.Original != "",
		Public: ph.State == photo.Public, Down: ph.State == photo.Down, Work: s.photoWork(ctx, ph)}
	if ph.Becomes == photo.Refused {
		item.Name = ph.File
	}
	if len(ph.URLs) > 0 {
		item.Picture = photograph(ph.Photo, "(min-width:62rem) 30vw, 100vw")
	}
	switch ph.State {
	case photo.Waiting:
		if ph.Becomes != photo.Ready {
			break
		}
		item.State = &ui.Badge{Text: say.T(ctx, "Waits for an editor"), Tone: "info"}
	case photo.Hidden:
		item.State = &ui.Badge{Text: say.T(ctx, "Hidden while a report is looked at"), Tone: "warn"}
	case photo.Down:
		item.State = &ui.Badge{Text: say.T(ctx, "Taken down"), Tone: "bad"}
	}
	own := a.SignedIn() && ph.Member == a.ID
	if s.Reports != nil && ph.State == photo.Public && !own {
		item.Report = reportPath(report.Photo, ph.ID)
	}
	if s.Reports != nil && ph.State == photo.Public && own && !item.Editor {
		item.Ask = reportPath(report.Photo, ph.ID)
	}
	item.Remove = own && ph.State == photo.Waiting
	if ph.Alike != 0 && (item.Editor || own && ph.State == photo.Waiting) {
		item.Alike = say.T(ctx, "Looks much like another photo.")
	}
	item.Describe = item.Editor || own && ph.State == photo.Waiting && ph.Becomes != photo.Refused
	if item.Describe {
		item.Form = photoForm(ctx, "-"+id, photo.About{Caption: ph.Caption, Alt: ph.Alt, Credit: ph.Credit, Licence: ph.Licence, FocusX: ph.FocusX, FocusY: ph.FocusY}, "")
	}
	return item
}

// licences are those that the form offers; the API takes any SPDX id.
var licences = []struct{ id, text string }{
	{"CC-BY-SA-4.0", "CC BY-SA 4.0: anyone may use it, naming you, and must share alike"},
	{"CC-BY-4.0", "CC BY 4.0: anyone may use it, naming you"},
	{"CC0-1.0", "CC0: given to everyone, without conditions"},
	{"permission", "Only here, with the permission of its author"},
}

func photoForm(ctx context.Context, suffix string, t photo.About, shown string) view.PhotoForm {
	f := view.PhotoForm{
		Caption: ui.Field{ID: "ph-caption" + suffix, Name: "caption", Label: say.T(ctx, "Caption"), Hint: say.T(ctx, "What one sees, and when."), Value: t.Caption},
		Alt: ui.Field{ID: "ph-alt" + suffix, Name: "alt", Label: say.T(ctx, "Description for those who cannot see it"),
			Hint: say.T(ctx, "What you would tell a friend on the phone."), Value: t.Alt, Lines: 2},
		Credit:  ui.Field{ID: "ph-credit" + suffix, Name: "credit", Label: say.T(ctx, "Whose picture it is"), Hint: say.T(ctx, "The name that stands beside it."), Value: t.Credit},
		Licence: ui.Field{ID: "ph-licence" + suffix, Name: "licence", Label: say.T(ctx, "Licence")},
		File:    ui.Field{ID: "ph-file" + suffix},
		FocusX:  t.FocusX, FocusY: t.FocusY,
	}
	if f.Credit.Value == "" {
		f.Credit.Value = shown
	}
	known := false
	for _, l := range licences {
		known = known || l.id == t.Licence
		f.Licence.Options = append(f.Licence.Options, ui.Option{Value: l.id, Text: say.T(ctx, l.text), Selected: l.id == t.Licence})
	}
	if !known && t.Licence != "" {
		f.Licence.Options = append(f.Licence.Options, ui.Option{Value: t.Licence, Text: ui.LicenceName(t.Licence), Selected: true})
	}
	return f
}
