package matter_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/list"
	"mirabilia/internal/mark"
	"mirabilia/internal/photo"
	"mirabilia/internal/report"
	"mirabilia/internal/revision"
	"mirabilia/internal/setting"
	"mirabilia/internal/user"
)

// spam has a blocked word and a blocked site in it.
const spam = "Best c a s i n o at https://win.spam.example/"

// writers write spam in every field of every way in which strangers write, each
// by its use case. A way that is held gives the submission that waits.
func (h *house) writers(word string, lists *list.Lists) map[setting.Writer][]func(a actor.Actor) (submission int64, err error) {
	ctx := h.Context()
	waits := func(s *desk.Submission, err error) (int64, error) {
		if err != nil {
			return 0, err
		}
		return s.ID, nil
	}
	submit := func(name string) func(actor.Actor) (int64, error) {
		return func(a actor.Actor) (int64, error) {
			f := revision.Fields{}
			f.Set("title", "A grove")
			f.Set("body", "Old oaks.")
			f.Set("lat", 48.2)
			f.Set("lon", 2.2)
			summary := "New"
			switch name {
			case "summary":
				summary = word
			case "facts":
				f.Set("facts", map[string]any{"free": map[string]string{"value": "yes", "source": word}})
			case "sources":
				f.Set("sources", []map[string]string{{"title": word}})
			default:
				f.Set(name, word)
			}
			return waits(h.desk.Submit(ctx, a, desk.Proposal{Kind: desk.Place, Fields: f, Summary: summary}))
		}
	}
	list1 := func(d list.Details) func(actor.Actor) (int64, error) {
		return func(a actor.Actor) (int64, error) {
			d.Privacy = list.Public
			_, err := lists.Make(ctx, a, d)
			return 0, err
		}
	}
	picture := 0
	about := func(t photo.About) func(actor.Actor) (int64, error) {
		return func(a actor.Actor) (int64, error) {
			picture++
			t.Licence = "CC-BY-4.0"
			p, err := h.photos.Add(ctx, a, h.well.ID, t, bytes.NewReader(h.shot(40+picture)))
			if err != nil {
				return 0, err
			}
			return p.ID, nil
		}
	}
	again := func(t photo.About) func(actor.Actor) (int64, error) {
		return func(a actor.Actor) (int64, error) {
			picture++
			t.Licence = "CC-BY-4.0"
			return 0, h.photos.Describe(ctx, a, h.send(a, 40+picture, "Noon").ID, t)
		}
	}
	profile := func(p user.Profile) func(actor.Actor) (int64, error) {
		return func(a actor.Actor) (int64, error) { return 0, h.users.Describe(ctx, a, p) }
	}
	pitch := func(a actor.Actor) (*desk.Submission, error) {
		f := revision.Fields{}
		f.Set("title", "A mill")
		f.Set("body", "By the river.")
		f.Set("lat", 48.3)
		f.Set("lon", 2.3)
		return h.desk.Submit(ctx, a, desk.Proposal{Kind: desk.Pitch, Fields: f})
	}
	return map[setting.Writer][]func(actor.Actor) (int64, error){
		setting.OfName: {
			func(actor.Actor) (int64, error) {
				return 0, h.users.Join(ctx, user.Joining{Email: "new@example.org", Name: "casino", Password: "tin kettle on the moor", Network: "192.0.2.1"})
			},
		},
		setting.OfProfile: {
			profile(user.Profile{Shown: "casino"}), profile(user.Profile{Shown: "Bob", Bio: word}),
			profile(user.Profile{Shown: "Bob", Links: []user.Link{{Label: word, URL: "https://example.org/"}}}),
			profile(user.Profile{Shown: "Bob", Links: []user.Link{{Label: "Mine", URL: "https://win.spam.example/"}}}),
		},
		setting.OfList: {
			list1(list.Details{Title: word}), list1(list.Details{Title: "Mine", Intro: word}),
			func(a actor.Actor) (int64, error) {
				l, err := lists.Make(ctx, a, list.Details{Title: "Mine", Privacy: list.Public})
				if err != nil {
					return 0, err
				}
				return 0, lists.Add(ctx, a, l.Slug, h.well.ID, word)
			},
		},
		setting.OfVisit: {func(a actor.Actor) (int64, error) {
			_, err := h.marks.Write(ctx, a, mark.Visit{Place: h.well.ID, Day: "2026-04", Outcome: mark.Found, Privacy: mark.Public, Note: word})
			return 0, err
		}},
		setting.OfLetter: {func(a actor.Actor) (int64, error) {
			s, err := pitch(a)
			if err != nil {
				return 0, err
			}
			return 0, h.desk.Say(ctx, a, s.ID, word)
		}},
		setting.OfPhotoAgain: {again(photo.About{Caption: word}), again(photo.About{Alt: word}), again(photo.About{Credit: word})},
		setting.OfPhoto:      {about(photo.About{Caption: word}), about(photo.About{Alt: word}), about(photo.About{Credit: word})},
		setting.OfSubmission: {submit("title"), submit("subtitle"), submit("body"), submit("know_before_you_go"), submit("address"), submit("summary"), submit("facts"), submit("sources")},
		setting.OfFieldNote: {func(a actor.Actor) (int64, error) {
			_, err := h.marks.Write(ctx, a, mark.Visit{Place: h.well.ID, Day: "2026-04", Outcome: mark.Found, Privacy: mark.Me, Still: mark.Changed, Told: word})
			if err != nil {
				return 0, err
			}
			return h.queue(desk.Filter{Kind: desk.Visit})[0].ID, nil
		}, func(a actor.Actor) (int64, error) { return h.notes.Leave(ctx, a, h.well.ID, word) }},
		setting.OfAppeal: {func(a actor.Actor) (int64, error) {
			s, err := pitch(a)
			if err != nil {
				return 0, err
			}
			h.decide(h.eve, s.ID, desk.Verdict{Action: desk.Decline, Reason: "other", Text: "No."})
			return waits(h.desk.AppealTo(ctx, a, s.ID, word))
		}},
		setting.OfReport: {func(a actor.Actor) (int64, error) {
			r, _, err := h.reports.File(ctx, a, report.Filing{Kind: report.Place, Thing: h.well.ID, Code: report.Wrong, Text: word})
			if err != nil {
				return 0, err
			}
			return r.Item, nil
		}},
	}
}

// Blocked words and sites are noticed in whatever a stranger writes, and what
// has none of them is taken as it is.
func TestBlocked_whoeverWrites(t *testing.T) {
	each(t, func(h *house) {
		if err := h.settings.Update(h.Context(), func(s *setting.Settings) {
			s.Contributing.BlockedWords, s.Contributing.BlockedDomains = []string{"casino"}, []string{"spam.example"}
		}); err != nil {
			h.Fatal(err)
		}
		ways := h.writers(spam, list.New(h.db))
		for w, held := range setting.Writers {
			if len(ways[w]) == 0 {
				h.Errorf("no way to write a %s is walked", w)
			}
			for i, write := range ways[w] {
				a := h.member(fmt.Sprintf("w-%s-%d", strings.ReplaceAll(string(w), " ", "-"), i), actor.Member)
				id, err := write(a)
				if !held {
					if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "not taken here") {
						h.Errorf("%s %d: %v, want a refusal", w, i, err)
					}
					continue
				}
				if err != nil {
					h.Errorf("%s %d: %v", w, i, err)
					continue
				}
				s, err := h.desk.Of(h.Context(), h.eve, id)
				if err != nil {
					h.Fatal(err)
				}
				if !slices.ContainsFunc(s.Findings, func(f desk.Finding) bool { return f.Blocking && strings.Contains(f.Message, "casino") }) {
					h.Errorf("%s %d waits without a warning: %+v", w, i, s.Findings)
				}
			}
		}
	})
}

// said tells of columns of text that members or strangers write, by which way;
// unsaid are columns of the same tables that they do not write, or that nobody
// else reads.
var said = map[string]map[string]setting.Writer{
	"members":             {"shown": setting.OfName, "bio": setting.OfProfile, "links": setting.OfProfile},
	"lists":               {"title": setting.OfList, "intro": setting.OfList},
	"list_entries":        {"note": setting.OfList},
	"visits":              {"note": setting.OfVisit},
	"field_notes":         {"words": setting.OfFieldNote},
	"submissions":         {"title": setting.OfSubmission, "summary": setting.OfSubmission, "fields": setting.OfSubmission},
	"submission_messages": {"text": setting.OfLetter},
	"decisions":           {"text": setting.OfAppeal},
	"photos":              {"caption": setting.OfPhoto, "alt": setting.OfPhoto, "credit": setting.OfPhoto},
	"reports":             {"text": setting.OfReport},
}

var unsaid = map[string]string{
	"members": "name email password role level regions state state_reason avatar settings bounced", "lists": "slug privacy secret barred", "list_entries": "",
	"visits": "day outcome privacy still barred", "field_notes": "says day state", "submissions": "kind status destination findings", "submission_messages": "",
	"decisions": "action reason taken undo mended", "photos": "licence variants state reason original sha256 format stem blur becomes file written",
	"reports": "kind code voice contact state title",
}

// silent are tables without anything that a stranger wrote for others: secrets,
// numbers, what is their own alone, copies of what was looked at where it was
// written, what editors and operators write, and what admins alone are told.
const silent = `changes settings places place_slugs place_truths place_revisions place_duplicates tags destinations place_aside sessions tokens links flows
	identities factors recovery_codes passkeys attempts proofs invitations audit idempotency jobs job_schedules marks mark_deltas place_counted list_members areas
	area_shapes drafts follows notices notice_choices notice_letters link_checks link_uses link_gathered webhooks reported takedowns member_blocks
	place_credits mark_imports place_confirmed campaigns campaign_items portraits place_joints place_carried
	submission_versions read_days read_places read_misses`

// Whoever adds a column of text says here by which way it is written, or that it
// is not a stranger's.
func TestBlocked_everyColumnIsClassed(t *testing.T) {
	d := dbtest.SQLite(t)
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		tables, err := tx.Tables()
		if err != nil {
			return err
		}
		for _, table := range tables {
			for _, c := range table.Columns {
				if c.Kind != db.Text || slices.Contains(strings.Fields(silent), table.Name) || slices.Contains(strings.Fields(unsaid[table.Name]), c.Name) {
					continue
				}
				if w, ok := said[table.Name][c.Name]; !ok {
					t.Errorf("%s.%s: say in internal/matter/blocked_test.go by which way of setting.Writers it is written, or that no stranger writes it", table.Name, c.Name)
				} else if _, known := setting.Writers[w]; !known {
					t.Errorf("%s.%s: there is no way called %q", table.Name, c.Name, w)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
