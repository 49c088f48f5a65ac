package personal_test

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/job"
	"mirabilia/internal/mail"
	"mirabilia/internal/mark"
	"mirabilia/internal/personal"
	"mirabilia/internal/place"
	"mirabilia/internal/user"
)

// canary is in everything that Ida has written or is known by.
const canary = "canary"

// house is an atlas in which Ida has left a trace in every table that can hold
// one, and Otto has as many.
type house struct {
	db        *db.DB
	own       *personal.Own
	crew      *job.Crew
	places    *place.Places
	ida, otto actor.Actor
	stairs    int64
}

func each(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := &house{db: d, places: place.New(d, gazetteer.Open())}
		h.own = personal.New(d, personal.Deps{
			Files: func(_ context.Context, member int64) ([]personal.File, error) {
				return []personal.File{{Name: fmt.Sprintf("%d.jpg", member), Open: func(context.Context) (io.ReadCloser, error) {
					return io.NopCloser(strings.NewReader("the photo as it was sent")), nil
				}}}, nil
			},
			Leave: []func(*db.Tx, int64) error{mark.Leave},
			Farewell: func(tx *db.Tx, email, shown string) error {
				return mail.Enqueue(tx, mail.Message{To: email, Subject: "Goodbye", Text: "Goodbye, " + shown})
			},
			Recredit: func(ctx context.Context, path, name string) error {
				return h.places.Recredit(ctx, path, place.Credit{Name: name})
			},
		})
		h.crew = job.NewCrew(d, slog.New(slog.NewTextHandler(io.Discard, nil)))
		job.Work(h.crew, h.own.Work, job.Limits{})
		job.Work(h.crew, func(context.Context, mail.Message) error { return nil }, job.Limits{})
		users := user.New(d)
		for _, a := range []*actor.Actor{&h.ida, &h.otto} {
			name := "Ida " + canary
			if a == &h.otto {
				name = "Otto"
			}
			m, err := users.Add(t.Context(), actor.Actor{}, user.Account{Email: strings.ReplaceAll(strings.ToLower(name), " ", "_") + "@example.org", Name: name, Role: actor.Member, Verified: true})
			if err != nil {
				t.Fatal(err)
			}
			*a = m.Actor()
			a.Session = m.ID + 1
		}
		h.fill(t)
		body(t, h)
	})
}

// fill leaves traces: a row of each member in every table that a rule names and
// that is there, with the canary in each text of Ida's.
func (h *house) fill(t *testing.T) {
	t.Helper()
	lat := 48.2
	total, err := h.places.Import(t.Context(), []place.Record{{Source: "s", ID: "1", Title: "Stairs", Lat: &lat, Lon: &lat}},
		place.ImportOptions{Publish: true, Source: "s", Report: func(_ int, _ bool, reason string) { t.Log(reason) }})
	if err != nil || total.Created != 1 {
		t.Fatalf("%+v, %v", total, err)
	}
	err = h.db.Write(t.Context(), func(tx *db.Tx) error {
		if err := tx.QueryRow(`SELECT id FROM places`).Scan(&h.stairs); err != nil {
			return err
		}
		tables, err := tx.Tables()
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO place_joints (id, place, into_place, at) VALUES (7, $1, $1, 1)`, h.stairs); err != nil {
			return err
		}
		for i, a := range []actor.Actor{h.ida, h.otto} {
			for _, r := range personal.Rules() {
				if err := h.trace(tx, tables, r, a, int64(i)); err != nil {
					return fmt.Errorf("%s: %w", r.Table, err)
				}
			}
		}
		credits := fmt.Sprintf(`[{"name":"Otto","url":"%s"},{"name":"Ida canary","url":"%s"}]`, h.otto.Path(), h.ida.Path())
		if _, err := tx.Exec(`UPDATE places SET added_by = $1, edited_by = $2, revised_by = $1, summary = 'of mine, as it stands'`, credit(h.ida), credits); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE members SET bio = 'canary', links = '[{"label":"canary","url":"https://example.org"}]', avatar = '/canary', settings = '{"unit":"canary"}', state_reason = 'canary', bounced = 'canary', regions = '["canary"]' WHERE id = $1`, h.ida.ID); err != nil {
			return err
		}
		for number, a := range []actor.Actor{h.ida, h.otto} {
			if _, err := tx.Exec(`INSERT INTO place_revisions (place, number, author, summary, at, lat, lon, snapshot) VALUES ($1, $2, $3, 'of mine', 1, NULL, NULL, '{}')`,
				h.stairs, number+100, credit(a)); err != nil {
				return err
			}
		}
		if err := mail.Enqueue(tx, mail.Message{To: "ida_canary@example.org", Subject: "x", Text: "x"}); err != nil {
			return err
		}
		return mail.Enqueue(tx, mail.Message{To: "idaxcanary@example.org", Subject: "another's", Text: "x"})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func credit(a actor.Actor) string { return fmt.Sprintf(`{"name":"%s","url":"%s"}`, a.Shown, a.Path()) }

// words are values that a column takes alone.
var words = map[string]string{"scope": "read", "kind": "place", "outcome": "found", "privacy": "public", "status": "waiting", "state": "waiting", "becomes": "waiting", "action": "add", "role": "editor",
	"still": "same", "says": "changed", "health": "fresh", "stage": "open", "result": "done", "code": "other", "what": "been"}

// trace writes one row, made from what the catalogue says of the table.
func (h *house) trace(tx *db.Tx, tables []db.Table, r personal.Rule, a actor.Actor, n int64) error {
	for _, t := range tables {
		if t.Name != r.Table || !slices.ContainsFunc(t.Columns, func(c db.Column) bool { return c.Name == r.Of }) {
			continue
		}
		var columns []string
		var values []any
		for _, c := range t.Columns {
			v := any(n)
			switch {
			case c.Name == r.Of:
				v = a.ID
			case slices.Contains([]string{"factor", "stays", "appealed", "live", "sampled", "drawing", "waits", "shown", "weekly", "site", "mail", "hid", "shared"}, c.Name):
				v = false
			case t.Name == "member_blocks" && c.Name == "blocked":
				v = a.ID // themselves: each pair is there once
			case t.Name == "member_blocks" && c.Name == "member":
				if v = h.otto.ID; a.ID == h.otto.ID {
					v = h.ida.ID
				}
			case c.Name == "by_member" || c.Name == "member" && r.Of != "member":
				v = h.otto.ID
			case slices.Contains([]string{"used_by", "claimed_by", "author", "made_by", "closed_by", "leased_by"}, c.Name):
				v = nil
			case c.Name == "place" || c.Name == "of_place":
				v = h.stairs
			case c.Name == "step":
				v = 1
			case c.Name == "joint":
				v = int64(7)
			case c.Name == "list": // that of the rule for lists
				v = n + 1
			case c.Name == "campaign": // those of the rules for campaigns
				v = n + 1
				if r.Of == "leased_by" {
					v = n + 11
				}
			case c.Name == "submission": // that of the rule for claims
				v = n + 11
			case c.Name == "proven_at":
				v = tx.DB().Millis()
			case c.Name == "id" && t.Name == "sessions":
				v = a.Session
			case c.Name == "id":
				v = n + 1
				if r.Of == "used_by" || r.Of == "claimed_by" || r.Of == "closed_by" || t.Name == "notices" && r.Of == "by_member" {
					v = n + 11
				}
			case c.Kind == db.Text:
				v = fmt.Sprintf("%s %s %d %s", canary, r.Of, n, t.Name)
				if r.Others {
					v = fmt.Sprintf("%s %d %s", r.Of, n, t.Name)
				} else if a.ID == h.otto.ID {
					v = fmt.Sprintf("otto %s %d %s", r.Of, n, t.Name)
				}
				if w := words[c.Name]; w != "" {
					v = w
				}
				if t.Name == "reports" && c.Name == "state" {
					v = "open"
				}
				if c.Name == "hash" { // tells nothing of anybody
					v = fmt.Sprintf("%x", v)
				}
				if (t.Name == "audit" || t.Name == "follows") && c.Name == "kind" {
					v = "member"
				}
				if t.Name == "marks" && c.Name == "kind" {
					v = "been"
				}
				if t.Name == "mark_deltas" && c.Name == "kind" {
					v = "want"
				}
			}
			columns, values = append(columns, c.Name), append(values, v)
		}
		err := tx.Insert(t.Name, columns, 1, func(_ int, into []any) { copy(into, values) })
		if err == nil && t.Name == "marks" {
			place.Count(tx, []place.Tally{{Place: h.stairs, Been: 1}})
		}
		if err == nil && t.Name == "photos" {
			_, err = tx.Exec(`UPDATE photos SET credit = $1, caption = '', alt = '', licence = '', reason = '', original = '', sha256 = '', format = '', stem = '', blur = '', variants = '' WHERE member = $2`, a.Shown, a.ID)
		}
		return err
	}
	return nil // its migration is not there yet
}

// dump is every cell of every table, as text.
func (h *house) dump(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := h.db.Snapshot(t.Context(), func(tx *db.Tx) error {
		tables, err := tx.Tables()
		if err != nil {
			return err
		}
		for _, table := range tables {
			var b strings.Builder
			err := tx.EachRow(table, func(row []db.Value) error {
				for _, v := range row {
					fmt.Fprintf(&b, "%d %s|", v.Int, v.Bytes)
				}
				b.WriteByte('\n')
				return nil
			})
			if err != nil {
				return err
			}
			out[table.Name] = b.String()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Every table is either in the rules or said to hold nobody.
func TestEveryTableIsClassed(t *testing.T) {
	d := dbtest.SQLite(t)
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		tables, err := tx.Tables()
		if err != nil {
			return err
		}
		for _, table := range tables {
			if !personal.Classed(table.Name) {
				t.Errorf("table %s: say in internal/personal/rules.go what becomes of its rows when a member leaves", table.Name)
			}
		}
		// And every column that refers to a member has a rule.
		rows, err := tx.Query(`SELECT t.name, f."from" FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' AND f."table" = 'members'`)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var table, column string
			if err := r.Scan(&table, &column); err != nil {
				return err
			}
			for _, x := range personal.Rules() {
				if x.Table == table && x.Of == column {
					return nil
				}
			}
			t.Errorf("%s.%s names a member and has no rule", table, column)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPackHoldsEverything(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		write, err := h.own.Pack(t.Context(), h.ida)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := write(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		for _, f := range z.File {
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(in)
			if err != nil {
				t.Fatal(err)
			}
			files[f.Name] = string(text)
			if strings.HasSuffix(f.Name, ".json") && !json.Valid(text) {
				t.Errorf("%s is no JSON", f.Name)
			}
			if strings.Contains(string(text), "otto") {
				t.Errorf("%s tells of somebody else: %s", f.Name, text)
			}
		}
		for _, name := range []string{"account", "sessions", "tokens", "identities", "passkeys", "drafts", "visits"} {
			if !strings.Contains(files[name+".json"], canary) {
				t.Errorf("%s.json lacks what is hers: %s", name, files[name+".json"])
			}
		}
		if !strings.Contains(files["marks.json"], "been") || !strings.Contains(files["revisions.json"], `"of mine"`) || !strings.Contains(files["revisions.json"], "of mine, as it stands") || !strings.Contains(files["account.json"], "ida_canary@example.org") {
			t.Errorf("%s %s", files["marks.json"], files["revisions.json"])
		}
		if files[fmt.Sprintf("photos/%d.jpg", h.ida.ID)] != "the photo as it was sent" {
			t.Error("the photos are missing")
		}
		for name, text := range files {
			for _, secret := range []string{`"hash"`, `"secret"`, `"record"`, `"password"`} {
				if strings.Contains(text, secret) {
					t.Errorf("%s gives out %s", name, secret)
				}
			}
		}
	})
}

// After a member has left, no table holds a word of hers but the chosen name,
// counts are right, and nothing of others is gone.
func TestLeaving(t *testing.T) {
	for name, named := range map[string]bool{"under the name": true, "as a former member": false} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				before := h.dump(t)
				if err := h.own.Leave(t.Context(), h.ida, named); err != nil {
					t.Fatal(err)
				}
				if left := h.dump(t)["jobs"]; strings.Count(left, "ida_canary@example.org") != 1 || !strings.Contains(left, "idaxcanary@example.org") {
					t.Errorf("only the farewell is on its way to her: %s", left)
				}
				if _, err := h.crew.Drain(t.Context()); err != nil {
					t.Fatal(err)
				}
				after := h.dump(t)
				for table, text := range after {
					if named { // the credit, and the address under which she was known
						text = strings.ReplaceAll(strings.ReplaceAll(text, "Ida canary", ""), "ida-canary|", "|")
					}
					if strings.Contains(strings.ToLower(text), canary) {
						t.Errorf("table %s still holds: %s", table, text)
					}
					if n := strings.Count(before[table], "otto"); strings.Count(after[table], "otto") < n {
						t.Errorf("table %s has lost something of another's", table)
					}
				}
				p, err := h.places.BySlug(t.Context(), "stairs")
				want := place.Credit{Name: personal.FormerMember}
				if named {
					want.Name = "Ida canary"
				}
				if err != nil || p.AddedBy != want || len(p.EditedBy) != 2 || p.EditedBy[1] != want || p.EditedBy[0].URL != h.otto.Path() || p.Been != 1 {
					t.Errorf("%+v, %+v, %d, %v", p.AddedBy, p.EditedBy, p.Been, err)
				}
				if err := h.own.Leave(t.Context(), h.ida, named); err == nil {
					t.Error("she left twice")
				}
			})
		})
	}
}

// Who has not proved lately that the browser is his may neither take the data
// along nor leave; the last admin may not leave at all.
func TestLeavingIsGuarded(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		set := func(text string, args ...any) {
			t.Helper()
			if err := h.db.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(text, args...); return err }); err != nil {
				t.Fatal(err)
			}
		}
		refused := func(name string, who actor.Actor, code errs.Code) {
			t.Helper()
			if err := h.own.Leave(t.Context(), who, true); !errs.Is(err, code) {
				t.Errorf("%s: %v", name, err)
			}
		}
		refused("nobody", actor.Actor{}, errs.Unsigned)
		token := h.ida
		token.Session, token.Token = 0, 7
		refused("a token", token, errs.Denied)
		other := h.ida
		other.Session = h.otto.Session
		refused("another's session", other, errs.Denied)
		set(`UPDATE members SET role = 'admin' WHERE id = $1`, h.ida.ID)
		refused("the last admin", h.ida, errs.Conflict)
		set(`UPDATE sessions SET proven_at = $1 WHERE id = $2`, h.db.Now().Add(-16*time.Minute).UnixMilli(), h.ida.Session)
		refused("a session of this morning", h.ida, errs.Denied)
		if _, err := h.own.Pack(t.Context(), h.ida); !errs.Is(err, errs.Denied) {
			t.Errorf("taken along: %v", err)
		}
	})
}
