package page

import (
	"errors"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
)

var boss = actor.Actor{ID: 1, Role: actor.Admin}

// An admin's words stand on every node after the log was read, and ours come
// back; each is in the log and the audit log.
func TestWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		here, there := open(t, d), open(t, d)
		ours, _ := here.BySlug("about")
		w := Words{Title: "Who we are", Description: "Two people and a van.", Source: "We *drive*.\r\n\r\n<script>alert(1)</script>"}
		if err := here.Write(ctx, boss, "about", ours.Words().Stamp(), w); err != nil {
			t.Fatal(err)
		}
		if err := there.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		for _, p := range []*Pages{here, there} {
			got, _ := p.BySlug("about")
			if got.Title != w.Title || !strings.Contains(string(got.Body), "<em>drive</em>") || strings.Contains(string(got.Body), "<script") || !p.IsOwn("about") || p.IsOwn("faq") {
				t.Errorf("%+v", got)
			}
		}
		if err := here.Write(ctx, boss, "about", ours.Words().Stamp(), w); !errs.Is(err, errs.Conflict) {
			t.Errorf("from what stood before: %v", err)
		}
		if err := here.Reset(ctx, boss, "about", ours.Words().Stamp()); !errs.Is(err, errs.Conflict) {
			t.Errorf("reset from what stood before: %v", err)
		}
		now, _ := here.BySlug("about")
		if err := here.Reset(ctx, boss, "about", now.Words().Stamp()); err != nil {
			t.Fatal(err)
		}
		if got, _ := here.BySlug("about"); got.Title != ours.Title || here.IsOwn("about") {
			t.Errorf("after the reset: %q", got.Title)
		}
		log, err := changes.Since(ctx, d, 0, 10)
		if err != nil || len(log) != 2 || log[0].Kind != setting.LogKind {
			t.Errorf("the log: %v, %v", log, err)
		}
		book, err := audit.Newest(ctx, d, boss, 0, 10)
		if err != nil || len(book) != 2 || book[0].Action != "reset" || book[1].Action != "write" {
			t.Errorf("the audit log: %+v, %v", book, err)
		}
	})
}

func TestWrite_refused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d)
		about, _ := p.BySlug("about")
		seen := about.Words().Stamp()
		good := Words{"a", "b", "c"}
		if err := p.Write(t.Context(), actor.Actor{ID: 2, Role: actor.Editor}, "about", seen, good); !errs.Is(err, errs.Denied) {
			t.Errorf("an editor: %v", err)
		}
		if err := p.Reset(t.Context(), actor.Actor{}, "about", seen); err == nil {
			t.Error("nobody resets")
		}
		if err := p.Write(t.Context(), boss, "nothing", "", good); !errs.Is(err, errs.NotFound) {
			t.Errorf("a page that is not there: %v", err)
		}
		for want, w := range map[string]Words{
			"title description source": {}, "title": {strings.Repeat("x", 81), "b", "c"}, "description": {"a", "b\nb", "c"}, "source": {"a", "b", strings.Repeat("x", maxSource+1)},
		} {
			var e *errs.Error
			var fields []string
			if errors.As(p.Write(t.Context(), boss, "about", seen, w), &e) {
				for _, f := range e.Fields {
					fields = append(fields, f.Field)
				}
			}
			if got := strings.Join(fields, " "); got != want {
				t.Errorf("%q is refused, not %q", got, want)
			}
		}
		if p.IsOwn("about") {
			t.Error("something was kept")
		}
	})
}

func open(t *testing.T, d *db.DB) *Pages {
	t.Helper()
	p, err := Open(d)
	if err == nil {
		err = p.Refresh(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}
