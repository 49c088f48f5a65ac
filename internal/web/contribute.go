package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mirabilia/internal/desk"
	"mirabilia/internal/draft"
	"mirabilia/internal/errs"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
	"mirabilia/internal/web/entry"
	"mirabilia/internal/web/view/say"
)

// maxWriting is what a form about a place may carry: the longest text, written
// in the letters that take most room in a form.
const maxWriting = 1 << 20

// contributeRoutes are the forms to write with, and what became of what was
// written.
func (s *Site) contributeRoutes() []*Route {
	if s.Desk == nil || s.Drafts == nil {
		return nil
	}
	wide := func(r *Route) *Route { r.Body = maxWriting; return r }
	pictured := func(method, pattern string, fn func(context.Context, Own) (Answer, error)) *Route {
		r := ownRoute(method, pattern, Members, s.withFiles(fn))
		r.Body, r.Files = maxWriting+maxPhotos*photo.MaxFile, true
		return r
	}
	act := ownRoute(http.MethodPost, "/submissions/{id}", Members, s.actOnSubmission)
	act.Appeals = func(form url.Values) bool { return form.Get("do") == "appeal" }
	return []*Route{
		ownRoute(http.MethodGet, "/places/new", Members, s.newPlace, "draft", "lat", "lon", "title"),
		pictured(http.MethodPost, "/places/new", s.newPlace),
		ownRoute(http.MethodGet, "/places/{slug}/edit", Members, s.editPlace, "draft", "anew"),
		pictured(http.MethodPost, "/places/{slug}/edit", s.editPlace),
		ownRoute(http.MethodGet, "/pitch", Members, s.pitch, "draft", "lat", "lon", "title"),
		wide(ownRoute(http.MethodPost, "/pitch", Members, s.pitch)),
		ownRoute(http.MethodGet, "/drafts", Members, s.draftsPage),
		ownRoute(http.MethodPost, "/drafts", Members, s.discardDraft),
		ownRoute(http.MethodGet, "/submissions", Members, func(context.Context, Own) (Answer, error) { return See("/drafts"), nil }),
		ownRoute(http.MethodGet, "/submissions/{id}", Members, s.submissionPage),
		act,
		ownRoute(http.MethodGet, "/submissions/{id}/edit", Members, s.mendSubmission, "draft"),
		pictured(http.MethodPost, "/submissions/{id}/edit", s.mendSubmission),
	}
}

// newPlace is the form of a place that is not in the atlas yet.
func (s *Site) newPlace(ctx context.Context, o Own) (Answer, error) {
	w := &writing{path: "/places/new", Draft: draft.Draft{Kind: draft.Place}, typed: entry.Values{}, base: revision.Fields{}}
	asked(o, w)
	return s.write(ctx, o, w)
}

// asked fills a form with what the address that leads to it says.
func asked(o Own, w *writing) {
	if at, err := strconv.ParseFloat(o.Query.Get("lat"), 64); err == nil {
		if lon, err := strconv.ParseFloat(o.Query.Get("lon"), 64); err == nil {
			w.typed["position"] = number(at) + ", " + number(lon)
		}
	}
	if t := o.Query.Get("title"); t != "" && len(t) < 1000 {
		w.typed["title"] = t
	}
}

// pitch is the form of three questions.
func (s *Site) pitch(ctx context.Context, o Own) (Answer, error) {
	w := &writing{path: "/pitch", Draft: draft.Draft{Kind: draft.Pitch}, typed: entry.Values{}, base: revision.Fields{}}
	asked(o, w)
	return s.write(ctx, o, w)
}

// editPlace is the form of a place as it is now, or of a draft that goes on from
// an earlier state of it.
func (s *Site) editPlace(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	w := &writing{path: p.Path() + "/edit", place: p, Draft: draft.Draft{Kind: draft.Edit, Place: p.ID, Base: p.Revision}}
	if o.Form == nil && o.Query.Get("draft") == "" {
		d, err := s.Drafts.Latest(ctx, o.Actor, p.ID)
		if err != nil {
			return Answer{}, err
		}
		if d != nil && o.Query.Get("anew") == "" {
			w.resume(d)
		}
		w.anew = d != nil && o.Query.Get("anew") != ""
	}
	return s.write(ctx, o, w)
}

// mendSubmission is the form of something that was sent and is to be sent again,
// or of a draft that came from the desk or a program.
func (s *Site) mendSubmission(ctx context.Context, o Own) (Answer, error) {
	sub, err := s.submission(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	if sub.Author.ID != o.Actor.ID || sub.Status != desk.Changes && sub.Status != desk.Draft {
		return See(sub.Path()), nil
	}
	w := &writing{path: sub.Path() + "/edit", Draft: draft.Draft{Kind: draft.Kind(sub.Kind), Place: sub.Place, Base: sub.Base, Mends: sub.ID}, base: revision.Fields{}}
	if sub.Kind == desk.Edit {
		if w.place, err = s.Places.ByID(ctx, place.PublicID(sub.Place)); err != nil {
			return Answer{}, err
		}
	}
	if err := s.began(ctx, w); err != nil {
		return Answer{}, err
	}
	names, err := s.tagWords(ctx, sub.Fields)
	if err != nil {
		return Answer{}, err
	}
	w.typed = entry.Of(w.base.With(sub.Fields), names)
	w.typed["summary"] = sub.Summary
	if sub.Status == desk.Changes { // who sent it once has said so
		w.typed["rights"] = "yes"
	}
	if sub.Kind == desk.Pitch && w.typed["position"] == "" {
		w.typed["position"] = sub.Fields.Text("address")
	}
	if o.Form == nil {
		d, err := s.Drafts.Mending(ctx, o.Actor, sub.ID)
		if err != nil {
			return Answer{}, err
		}
		if d != nil {
			w.resume(d)
		}
	}
	return s.write(ctx, o, w)
}

// began reads what an edit began from.
func (s *Site) began(ctx context.Context, w *writing) (err error) {
	if w.place == nil {
		w.base = revision.Fields{}
		return nil
	}
	if w.Base == 0 || w.Base > w.place.Revision {
		w.Base = w.place.Revision
	}
	w.base, err = s.Places.Revision(ctx, w.place.ID, w.Base)
	return err
}

// tagWords names tags in the form by what they are called, where that leads back
// to the tag.
func (s *Site) tagWords(ctx context.Context, f revision.Fields) (func(string) string, error) {
	var slugs []string
	if raw := f["tags"]; len(raw) > 0 {
		_ = json.Unmarshal(raw, &slugs) // of a checked state: a list of texts
	}
	names, err := s.Tags.Names(ctx, slugs)
	return func(slug string) string {
		if n := names[slug]; n != "" && slices.Equal(entry.Values{"tags": n}.Tags(), []string{slug}) {
			return n
		}
		return slug
	}, err
}

// write shows a form, keeps it, or sends it.
func (s *Site) write(ctx context.Context, o Own, w *writing) (Answer, error) {
	if o.Form == nil {
		return s.openWriting(ctx, o, w)
	}
	if id, err := strconv.ParseInt(o.Form.Get("draft"), 10, 64); err == nil && id > 0 {
		w.ID = id
	} else {
		w.ID = s.Drafts.NewID()
	}
	if n, err := strconv.Atoi(o.Form.Get("base")); err == nil && n > 0 {
		w.Base = n
	}
	if err := s.began(ctx, w); err != nil {
		return Answer{}, err
	}
	if o.Form.Get("do") == "photo" {
		return s.takeBeside(ctx, o, w)
	}
	w.read(o.Form)
	if what := o.Form.Get("photo"); what != "" {
		if err := s.actOnPhoto(ctx, o, w, what); err != nil {
			return Answer{}, err
		}
	}
	switch do := o.Form.Get("do"); {
	case do == "keep":
		return s.keepWriting(ctx, o, w)
	case o.Form.Get("join") != "":
		return s.joinWriting(ctx, o, w, o.Form.Get("join"))
	case do == "discard":
		if err := s.Drafts.Discard(ctx, o.Actor, w.ID); err != nil {
			return Answer{}, err
		}
		return See("/drafts"), nil
	case do == "send":
		return s.sendWriting(ctx, o, w)
	default:
		return s.saveWriting(ctx, o, w, do)
	}
}

// openWriting shows the form as it is kept, or as it begins.
func (s *Site) openWriting(ctx context.Context, o Own, w *writing) (Answer, error) {
	if id, err := strconv.ParseInt(o.Query.Get("draft"), 10, 64); err == nil {
		d, err := s.Drafts.Open(ctx, o.Actor, id)
		if err != nil {
			return Answer{}, err
		}
		if d.Sent > 0 {
			return See("/submissions/" + desk.PublicID(d.Sent)), nil
		}
		if d.Kind != w.Kind || d.Place != w.Place {
			return See("/drafts"), nil
		}
		w.resume(d)
	}
	if w.ID == 0 {
		w.ID = s.Drafts.NewID()
	}
	if err := s.began(ctx, w); err != nil {
		return Answer{}, err
	}
	if w.typed == nil {
		names, err := s.tagWords(ctx, w.base)
		if err != nil {
			return Answer{}, err
		}
		w.typed = entry.Of(w.base, names)
	}
	s.locate(ctx, w, true)
	if err := s.rebase(ctx, w); err != nil {
		return Answer{}, err
	}
	if err := s.loadBeside(ctx, o, w); err != nil {
		return Answer{}, err
	}
	return s.showWriting(ctx, o, w, "")
}

// keepAs keeps the draft and the photos beside it. What cannot be kept is told
// above the form.
func (s *Site) keepAs(ctx context.Context, o Own, w *writing) error {
	if err := s.Drafts.Keep(ctx, o.Actor, w.toKeep()); err != nil {
		return err
	}
	w.kept = s.now()
	return s.keepBeside(ctx, o, w)
}

// sentAlready leads to what a draft became, when that is why it cannot be kept.
func (s *Site) sentAlready(ctx context.Context, o Own, w *writing, err error) (Answer, error) {
	if !errs.Is(err, errs.Conflict) {
		return Answer{}, err
	}
	d, gone := s.Drafts.Open(ctx, o.Actor, w.ID)
	if gone != nil {
		return Answer{}, gone
	}
	if d.Sent > 0 {
		return See("/submissions/" + desk.PublicID(d.Sent)), nil
	}
	return See("/drafts"), nil // on its way this moment
}

// saveWriting keeps the draft by a button and shows it again: as it was, with a
// row more, or looked over.
func (s *Site) saveWriting(ctx context.Context, o Own, w *writing, do string) (Answer, error) {
	if err := s.keepAs(ctx, o, w); err != nil {
		return s.sentAlready(ctx, o, w, err)
	}
	switch do {
	case "source":
		w.rows = map[string]int{"sources": w.typed.RowsOf("sources", entry.SourceParts) + 2}
	case "name":
		w.rows = map[string]int{"aliases": w.typed.RowsOf("aliases", entry.AliasParts) + 2}
	case "check":
	default:
		if len(w.faults) > 0 || w.besides.failed() {
			break // what could not be kept is shown with what was typed
		}
		if o.Form.Get("photo") != "" || len(o.files) > 0 {
			return See(address(w.path, url.Values{"draft": {strconv.FormatInt(w.ID, 10)}}.Encode()) + "#photos"), nil
		}
		return See(address(w.path, url.Values{"draft": {strconv.FormatInt(w.ID, 10)}}.Encode())), nil
	}
	s.locate(ctx, w, true)
	if err := s.rebase(ctx, w); err != nil {
		return Answer{}, err
	}
	if do == "check" {
		s.check(ctx, w)
		s.checkFields(ctx, w)
	}
	refused := ""
	if w.besides.failed() {
		refused = say.T(ctx, "Not every file could be taken.")
	}
	return s.showWriting(ctx, o, w, refused)
}

// checkFields asks the place's own rules.
func (s *Site) checkFields(_ context.Context, w *writing) {
	if w.Kind == draft.Pitch || w.faults["position"] != "" {
		return
	}
	if _, err := s.Places.CheckFields(w.proposal().Fields, w.Kind == draft.Place); err != nil {
		w.blame(err)
	}
}

// submit gives what was written to the desk. Who sends a new entry has ticked
// that its text may be shared: it goes there with the atlas's licence.
func (s *Site) submit(ctx context.Context, o Own, w *writing) (*desk.Submission, error) {
	p := w.proposal()
	if w.Kind == draft.Place && p.Fields.Text("licence") == "" {
		set, err := s.Settings.Present(ctx)
		if err != nil {
			return nil, err
		}
		p.Fields.Set("licence", set.Licence)
	}
	return s.Desk.Submit(ctx, o.Actor, p)
}

// sendWriting sends the form to the desk, once.
func (s *Site) sendWriting(ctx context.Context, o Own, w *writing) (Answer, error) {
	s.locate(ctx, w, true)
	if err := s.rebase(ctx, w); err != nil {
		return Answer{}, err
	}
	if len(w.besides.typed) > 0 || len(o.files) > 0 || w.Mends != 0 {
		if err := s.keepAs(ctx, o, w); err != nil {
			return s.sentAlready(ctx, o, w, err)
		}
	} else if err := s.loadBeside(ctx, o, w); err != nil {
		return Answer{}, err
	}
	if len(w.conflicts) == 0 { // all that needs its author is told at once
		s.check(ctx, w)
		s.checkFields(ctx, w)
	}
	if len(w.faults) > 0 || len(w.conflicts) > 0 || w.besides.failed() {
		o.files = nil // they are kept
		if err := s.keepAs(ctx, o, w); err != nil {
			return s.sentAlready(ctx, o, w, err)
		}
		return s.refuseWriting(ctx, o, w)
	}
	if w.picturesAlone() {
		return s.offerAlone(ctx, o, w)
	}
	if err := s.Drafts.Sending(ctx, o.Actor, w.toKeep()); err != nil {
		return s.sentAlready(ctx, o, w, err)
	}
	sub, err := s.submit(ctx, o, w)
	if err != nil {
		if stay := s.Drafts.Stay(context.WithoutCancel(ctx), o.Actor, w.ID); stay != nil {
			s.log.ErrorContext(ctx, "a draft stays on its way", "error", stay)
		}
		w.kept = s.now()
		if !w.blame(err) && !tellable(err) {
			return Answer{}, err
		}
		if len(w.faults) == 0 {
			a, shown := s.showWriting(ctx, o, w, err.Error())
			a.tooMany(ctx, err)
			return a, shown
		}
		return s.refuseWriting(ctx, o, w)
	}
	if err := s.Drafts.Sent(ctx, o.Actor, w.toKeep(), sub.ID); err != nil {
		return Answer{}, err
	}
	if err := s.published(ctx); err != nil {
		return Answer{}, err
	}
	return See(address(sub.Path(), "sent=yes")), nil
}

// tellable reports whether an error is something that the member can do
// something about, with the form still before them.
func tellable(err error) bool {
	switch errs.CodeOf(err) {
	case errs.Invalid, errs.Conflict, errs.Denied, errs.TooMany, errs.TooLarge, errs.Gone, errs.NotFound:
		return true
	}
	return false
}

// published waits until what was just made public is found by readers.
func (s *Site) published(ctx context.Context) error {
	if s.Published == nil {
		return nil
	}
	return s.Published(ctx)
}

// refuseWriting shows the form with what stands in the way.
func (s *Site) refuseWriting(ctx context.Context, o Own, w *writing) (Answer, error) {
	return s.showWriting(ctx, o, w, say.N(ctx, max(1, len(w.faults)+len(w.conflicts)+w.besides.failures()), "One thing needs you before this can go to the desk.", "%s things need you before this can go to the desk."))
}

// joinWriting carries what was written about a new place over to one that is
// there: its own form opens with everything in it.
func (s *Site) joinWriting(ctx context.Context, o Own, w *writing, slug string) (Answer, error) {
	p, err := s.Places.BySlug(ctx, slug)
	if err != nil {
		return Answer{}, err
	}
	into := &writing{place: p, Draft: draft.Draft{ID: s.Drafts.NewID(), Kind: draft.Edit, Place: p.ID, Base: p.Revision}}
	if err := s.began(ctx, into); err != nil {
		return Answer{}, err
	}
	names, err := s.tagWords(ctx, into.base)
	if err != nil {
		return Answer{}, err
	}
	into.typed = entry.Join(entry.Of(into.base, names), w.typed)
	if err := s.keepAs(ctx, o, into); err != nil {
		return Answer{}, err
	}
	if s.Photos != nil {
		if err := s.Photos.Carry(ctx, o.Actor, w.beside(), into.beside()); err != nil {
			return Answer{}, err
		}
	}
	if err := s.Drafts.Discard(ctx, o.Actor, w.ID); err != nil {
		return Answer{}, err
	}
	return See(address(p.Path()+"/edit", url.Values{"draft": {strconv.FormatInt(into.ID, 10)}}.Encode())), nil
}

// rebase brings an edit onto the place as it is now. What only others changed is
// taken over; what both changed is a conflict until the member has chosen.
func (s *Site) rebase(ctx context.Context, w *writing) error {
	if w.place == nil || w.Base >= w.place.Revision {
		return nil
	}
	now, err := s.Places.Revision(ctx, w.place.ID, w.place.Revision)
	if err != nil {
		return err
	}
	mine := w.fields()
	merged, conflicts := place.MergeRules.Merge(w.base, mine, now)
	for _, c := range conflicts {
		switch w.typed["keep."+c.Field] {
		case "mine":
			merged[c.Field] = c.Mine
			if len(c.Mine) == 0 {
				delete(merged, c.Field)
			}
		case "theirs":
		default:
			w.conflicts, w.now = conflicts, now
			return nil
		}
	}
	names, err := s.tagWords(ctx, merged)
	if err != nil {
		return err
	}
	typed := entry.Of(merged, names)
	for _, name := range []string{"summary", "rights", "spot"} {
		typed[name] = w.typed[name]
	}
	if w.moved && w.at == nil {
		typed["position"] = w.typed["position"] // words that are not understood yet
	}
	w.typed, w.base, w.Base = typed, now, w.place.Revision
	s.locate(ctx, w, true)
	return nil
}

// ownID is the number in the path of a submission.
func ownID(o Own) (int64, error) {
	id, ok := desk.ParseID(o.Request.PathValue("id"))
	if !ok {
		return 0, errs.New(errs.NotFound, "There is no such submission.")
	}
	return id, nil
}

func (s *Site) submission(ctx context.Context, o Own) (*desk.Submission, error) {
	id, err := ownID(o)
	if err != nil {
		return nil, err
	}
	return s.Desk.Of(ctx, o.Actor, id)
}

func upperFirst(s string) string {
	for i, r := range s {
		if i == 0 {
			return strings.ToUpper(string(r)) + s[len(string(r)):]
		}
	}
	return s
}
