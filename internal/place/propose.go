package place

import (
	"encoding/json"
	"slices"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
	"mirabilia/internal/revision"
)

// WrittenHere is the source of places that were written in an atlas; with
// their id it is their identity in exports.
const WrittenHere = "atlas"

// Proposed is a change of a place that was accepted, to be made in the
// transaction of whoever accepts it. Fields were checked by CheckFields.
type Proposed struct {
	ID      int64 // of the place; for Create 0, or a place that was taken back
	Base    int   // revision that the fields were written on
	Fields  revision.Fields
	By      Credit
	Summary string
}

// Changed is what a change did, enough to take it back.
type Changed struct {
	ID       int64    `json:"id"`
	Before   int      `json:"before"` // revision; 0: the place was made
	After    int      `json:"after"`
	EditedBy []Credit `json:"edited_by,omitempty"` // as it was before
	// Came is the revision as which an import came, before it was changed on its way;
	// 0 where it was not.
	Came int `json:"came,omitempty"`
	// StatusSince is when its status had last changed, before this.
	StatusSince int64 `json:"status_since,omitempty"`
	// Aside is the imported record that was taken over.
	Aside    json.RawMessage `json:"aside,omitempty"`
	AsideSum int64           `json:"aside_sum,omitempty"`
}

// Create makes a place of the fields and publishes it; one that was taken back
// is published again under the address it had.
func (s *Places) Create(tx *db.Tx, n Proposed) (Changed, error) {
	if n.ID != 0 {
		return s.createAgain(tx, n)
	}
	d, err := draftOf(n.Fields)
	if err != nil {
		return Changed{}, err
	}
	d.Source, d.SourceID = WrittenHere, PublicID(s.db.NewID())
	d.revisedBy, d.summary = creditJSON(n.By), n.Summary
	if d.Tier == Exact {
		if d.truth == nil {
			return Changed{}, errs.InField("lat", "a place needs a position")
		}
		d.locate(s.gaz, nil)
	}
	im := s.Importer(ImportOptions{Publish: true, By: n.By})
	if err := im.create(tx, []*draft{d}, nil); err != nil {
		return Changed{}, err
	}
	return Changed{ID: d.ID, After: 1}, nil
}

func (s *Places) createAgain(tx *db.Tx, n Proposed) (Changed, error) {
	count, err := tx.Exec(`UPDATE places SET state = 'published', published_at = $2 WHERE id = $1 AND state = 'waiting'`, n.ID, tx.DB().Millis())
	if err != nil {
		return Changed{}, err
	}
	if count == 0 {
		return Changed{}, errs.New(errs.Conflict, "the place is not waiting any more")
	}
	changes.Append(tx, LogKind, n.ID, changes.Put)
	p, err := placeByID(tx, n.ID)
	if err != nil {
		return Changed{}, err
	}
	done := Changed{ID: n.ID, After: p.Revision}
	if len(n.Fields) == 0 {
		return done, nil
	}
	n.Base = p.Revision
	if _, err := s.change(tx, n, false); err != nil {
		return Changed{}, err
	}
	return done, nil
}

// Edit joins a change into the place as it is now. What somebody else changed
// since in the same place is a conflict, which names the fields; see Compare.
func (s *Places) Edit(tx *db.Tx, n Proposed) (Changed, error) { return s.change(tx, n, true) }

// Compare is what an edit makes of the place as it is now, and what it conflicts
// with. Now and merged are what the public may see.
func (s *Places) Compare(tx *db.Tx, n Proposed) (now, merged revision.Fields, conflicts []revision.Conflict, err error) {
	p, err := placeByID(tx, n.ID)
	if err != nil {
		return nil, nil, nil, err
	}
	return s.merge(tx, p, n)
}

func (s *Places) merge(tx *db.Tx, p *Place, n Proposed) (now, merged revision.Fields, conflicts []revision.Conflict, err error) {
	now = FieldsOf(p)
	now.Set("country_code", p.CountryCode)
	base, err := fieldsAt(tx, p, n.Base)
	if err != nil {
		return nil, nil, nil, err
	}
	base.Set("country_code", p.CountryCode)
	merged, conflicts = MergeRules.Merge(base, base.With(n.Fields), now)
	return now, merged, conflicts, nil
}

// conflict is the error that names the fields of conflicts.
func conflict(list []revision.Conflict) error {
	e := errs.New(errs.Conflict, "somebody else has changed the same since")
	for _, c := range list {
		e.Fields = append(e.Fields, errs.Field{Field: c.Field, Message: "was changed by somebody else since"})
	}
	return e
}

func (s *Places) change(tx *db.Tx, n Proposed, credited bool) (done Changed, err error) {
	// Taken first, so that two changes of one place come one after the other.
	if _, err := tx.Exec(`UPDATE places SET revision = revision WHERE id = $1`, n.ID); err != nil {
		return done, err
	}
	p, err := placeByID(tx, n.ID)
	if err != nil {
		if errs.Is(err, errs.NotFound) {
			err = notThere()
		}
		return done, err
	}
	if p.State != Published {
		return done, errs.New(errs.Conflict, "the place is not public any more")
	}
	now, merged, conflicts, err := s.merge(tx, p, n)
	if err != nil {
		return done, err
	}
	if len(conflicts) > 0 {
		return done, conflict(conflicts)
	}
	done = Changed{ID: n.ID, Before: p.Revision, After: p.Revision, EditedBy: p.EditedBy}
	fields := revision.Changed(now, merged)
	if len(fields) == 0 {
		return done, nil
	}
	if done.StatusSince, err = StatusSince(tx, n.ID); err != nil {
		return done, err
	}
	done.After++
	return done, s.put(tx, n, now, merged, fields, credited)
}

// put writes the changed ones of the fields over the place as it truly is.
func (s *Places) put(tx *db.Tx, n Proposed, now, merged revision.Fields, changed []string, credited bool) error {
	im := s.Importer(ImportOptions{Publish: true, By: n.By})
	old, before, err := im.load(tx, n.ID)
	if err != nil {
		return err
	}
	var at *geo.Public
	if old.truth != nil {
		at = &geo.Public{Lat: old.truth.Lat, Lon: old.truth.Lon}
	}
	whole := content(old.Fields, at)
	for _, name := range changed {
		whole.Set(name, merged[name])
	}
	d, err := draftOf(whole)
	if err != nil {
		return err
	}
	d.ID = n.ID
	d.keepFrom(&old.Place)
	d.Source, d.SourceID, d.SourceURL, d.ImageURL = old.Source, old.SourceID, old.SourceURL, old.ImageURL
	d.Extra, d.extraJSON = old.Extra, old.extraJSON
	d.hints = old.hints
	if slices.Contains(changed, "country_code") {
		d.hints = [3]string{merged.Text("country_code")}
	}
	if d.truth == nil && (d.Tier == Exact || d.Tier == Approximate) {
		return errs.InField("lat", "a place needs a position")
	}
	// The sum is of what the import said: the same record again is no news.
	if err := tx.QueryRow(`SELECT import_sum FROM places WHERE id = $1`, n.ID).Scan(&d.sum); err != nil {
		return err
	}
	if credited && n.By.Name != "" && n.By != d.AddedBy && !slices.Contains(d.EditedBy, n.By) {
		d.EditedBy = append(slices.Clone(d.EditedBy), n.By)
		d.editedBy = creditsJSON(d.EditedBy)
		if err := note(tx, n.ID, Edited, n.By); err != nil {
			return err
		}
	}
	d.Updated, d.Published, d.Revision = s.db.Now(), old.Published, old.Revision+1
	d.revisedBy, d.summary = creditJSON(n.By), n.Summary
	return s.replace(tx, im, old, d, before)
}

// replace writes d over old, which becomes a revision.
func (s *Places) replace(tx *db.Tx, im *Importer, old, d *draft, before *hidden) error {
	if err := im.noteTags(tx, []*draft{d}); err != nil {
		return err
	}
	h, err := im.protect(d, before)
	if err != nil {
		return err
	}
	d.Obscurity, _ = d.Renown(d.population).Obscurity()
	if err := keepRevision(tx, old); err != nil {
		return err
	}
	if err := updatePlace(tx, d); err != nil {
		return err
	}
	if h != nil {
		if err := putHidden(tx, d.ID, h); err != nil {
			return err
		}
	}
	if d.Protected() {
		if err := redactRevisions(tx, d.ID); err != nil {
			return err
		}
	}
	changes.Append(tx, LogKind, d.ID, changes.Put)
	return nil
}

// TakeBack undoes a change: a place that was made waits again, unseen; of an
// edit what it changed is as before, while what others changed since stands.
func (s *Places) TakeBack(tx *db.Tx, c Changed, by Credit, summary string) error {
	if c.Before == 0 {
		if c.Came != 0 && c.Came < c.After { // it waits again as it came
			since := c
			since.Before, since.Came = c.Came, 0
			if err := s.TakeBack(tx, since, by, summary); err != nil {
				return err
			}
		}
		n, err := tx.Exec(`UPDATE places SET state = 'waiting', updated_at = $2 WHERE id = $1 AND state = 'published'`, c.ID, tx.DB().Millis())
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "the place is not public any more")
		}
		changes.Append(tx, LogKind, c.ID, changes.Drop)
		return nil
	}
	if c.Before == c.After {
		return nil
	}
	p, err := placeByID(tx, c.ID)
	if err != nil {
		return err
	}
	after, err := fieldsAt(tx, p, c.After)
	if err != nil {
		return err
	}
	was, err := fieldsAt(tx, p, c.Before)
	if err != nil {
		return err
	}
	back := revision.Fields{}
	changed := revision.Changed(after, was)
	for _, name := range changed {
		back[name] = was[name]
		if len(was[name]) == 0 {
			back[name] = cleared
		}
	}
	if _, err := s.change(tx, Proposed{ID: c.ID, Base: c.After, Fields: back, By: by, Summary: summary}, false); err != nil {
		return err
	}
	if slices.Contains(changed, "status") {
		if err := s.statusBack(tx, c.ID, c.StatusSince); err != nil {
			return err
		}
	}
	if len(c.Aside) > 0 {
		if err := putAside(tx, c); err != nil {
			return err
		}
	}
	return uncredit(tx, c)
}

// cleared is the value of a field that is taken away.
var cleared = json.RawMessage("null")

// uncredit takes the credit for a change that was taken back from whoever made
// no other.
func uncredit(tx *db.Tx, c Changed) error {
	var author, editedBy string
	if err := tx.QueryRow(`SELECT author FROM place_revisions WHERE place = $1 AND number = $2`, c.ID, c.After).Scan(&author); err != nil {
		return err
	}
	var others int
	err := tx.QueryRow(`SELECT count(*) FROM place_revisions WHERE place = $1 AND number > $2 AND author = $3`, c.ID, c.Before, author).Scan(&others)
	if err != nil || others > 1 {
		return err
	}
	if err := tx.QueryRow(`SELECT edited_by FROM places WHERE id = $1`, c.ID).Scan(&editedBy); err != nil || editedBy == "" {
		return err
	}
	var list []Credit
	if err := json.Unmarshal([]byte(editedBy), &list); err != nil {
		return err
	}
	gone := func(x Credit) bool { return creditJSON(x) == author && !slices.Contains(c.EditedBy, x) }
	for _, x := range list {
		if gone(x) {
			if _, err := tx.Exec(`DELETE FROM place_credits WHERE place = $1 AND part = 'edited' AND who = $2`, c.ID, x.URL); err != nil {
				return err
			}
		}
	}
	list = slices.DeleteFunc(list, gone)
	_, err = tx.Exec(`UPDATE places SET edited_by = $2 WHERE id = $1`, c.ID, creditsJSON(list))
	return err
}
