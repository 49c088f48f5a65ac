package web

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"

	"mirabilia/internal/actor"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// photoReasons are the words that go with the reasons to decline a photo.
var photoReasons = map[string]string{
	"promotional":  "We will not show this one: it advertises something. A picture of the place as a visitor finds it is welcome.",
	"duplicate":    "We have much the same picture already. Another side of the place is welcome.",
	"unverifiable": "We cannot tell that this shows the place. Say where you stood, and we will look again.",
	"rights":       "We cannot show this: the picture, or what is in it, belongs to somebody else. One that you took yourself is welcome.",
	"other":        "",
}

// reasonsOf are the coded reasons that a kind of submission can be declined for.
func reasonsOf(k desk.Kind) []string {
	switch k {
	case desk.Photo:
		return []string{"rights", "unverifiable", "duplicate", "promotional", "other"}
	case desk.Visit, desk.Note:
		return []string{"unverifiable", "duplicate", "other"}
	case desk.Report:
		return nil
	}
	return desk.Reasons
}

func reasonText(k desk.Kind, reason string) string {
	switch k {
	case desk.Photo:
		return photoReasons[reason]
	case desk.Visit, desk.Note:
		return visitReasons[reason]
	}
	return reasonTexts[reason]
}

// deskMatter fills what an editor sees of a matter.
func (s *Site) deskMatter(ctx context.Context, o Own, sub *desk.Submission, typed url.Values, v *view.DeskOne) error {
	if !sub.Matter() {
		return nil
	}
	v.Matter, v.Changes, v.Summary = true, nil, ""
	switch sub.Kind {
	case desk.Photo:
		return s.deskPhoto(ctx, o, sub, typed, v)
	case desk.Report:
		return s.deskReport(ctx, o, sub, typed, v)
	case desk.Note:
		return s.deskNote(ctx, sub, v)
	case desk.Visit:
		return s.deskVisit(ctx, sub, typed, v)
	}
	return nil
}

// deskPhoto is a photo with what is written about it, as typed where a decision
// was refused.
func (s *Site) deskPhoto(ctx context.Context, o Own, sub *desk.Submission, typed url.Values, v *view.DeskOne) error {
	ph, err := s.Photos.Find(ctx, o.Actor, sub.ID)
	if err != nil {
		if sub.Status == desk.Withdrawn { // nothing of it is kept
			err = orShown(err)
		}
		return err
	}
	t := ph.About()
	if typed != nil {
		t.Caption, t.Alt, t.Credit, t.Licence = typed.Get("caption"), typed.Get("alt"), typed.Get("credit"), typed.Get("licence")
	}
	v.Photo = &view.DeskPhoto{Picture: s.previewOf(ph), Form: photoForm(ctx, "", t, "")}
	p, err := s.Places.ByID(ctx, place.PublicID(ph.Place))
	switch {
	case err == nil:
		v.Page = p.Path()
		v.Photo.All = ui.Link{Text: say.T(ctx, "All photographs of the place"), Path: p.Path() + "/photos"}
	case !tellable(err) && !errs.Is(err, errs.Moved):
		return err
	}
	if ph.State == photo.Hidden {
		v.Open = false
		v.Badges = append(v.Badges, ui.Badge{Text: say.T(ctx, "Hidden while a report is looked at"), Tone: "warn"})
	}
	if ph.Alike == 0 {
		return nil
	}
	v.Photo.Alike, err = s.alikePhoto(ctx, o.Actor, ph.Alike)
	return err
}

// alikePhoto is the photo that another one resembles, nil when it may not be seen
// any more.
func (s *Site) alikePhoto(ctx context.Context, a actor.Actor, id int64) (*view.DeskAlike, error) {
	other, err := s.Photos.Find(ctx, a, id)
	if err != nil {
		if tellable(err) {
			return nil, nil
		}
		return nil, err
	}
	out := &view.DeskAlike{Picture: s.previewOf(other)}
	p, err := s.Places.ByID(ctx, place.PublicID(other.Place))
	switch {
	case err == nil:
		out.Of = ui.Link{Text: p.Title, Path: p.Path() + "/photos"}
	case !tellable(err) && !errs.Is(err, errs.Moved):
		return nil, err
	}
	return out, nil
}

// previewOf is the picture of a photo under an address at which its editors see
// it whatever its state.
func (s *Site) previewOf(ph *photo.Photo) ui.Picture {
	if ph.State != photo.Public && ph.Stem != "" { // what was not sent here, such as a drawing, has no other address
		for w := range ph.URLs {
			ph.URLs[w] = "/photos/" + strconv.FormatInt(ph.ID, 10) + "/" + strconv.Itoa(w)
		}
	}
	return photograph(ph.Photo, "(min-width:62rem) 40vw, 100vw")
}

// photoChanges is what an editor wrote about a photo.
func photoChanges(form url.Values) revision.Fields {
	f := revision.Fields{}
	for _, name := range []string{"caption", "alt", "credit", "licence"} {
		if form.Has(name) {
			f[name], _ = json.Marshal(form.Get(name)) // a text is always written; an empty one counts
		}
	}
	return f
}
