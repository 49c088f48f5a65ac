package personal

import (
	"archive/zip"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/user"
)

// File is a photo of a member as it was sent.
type File struct {
	Name string
	Open func(context.Context) (io.ReadCloser, error)
}

// Own is what is a member's own. Safe for concurrent use.
type Own struct {
	db *db.DB
	d  Deps
}

// Deps is what app joins.
type Deps struct {
	// Settle is called before a member's rows are read: what waits elsewhere to
	// become rows; optional.
	Settle func(context.Context) error
	// Files gives the photos that a member has sent; optional.
	Files func(ctx context.Context, member int64) ([]File, error)
	// Leave are what features do in the transaction in which a member leaves,
	// before the rows go: counts that must stay right.
	Leave []func(tx *db.Tx, member int64) error
	// Farewell enqueues the last letter.
	Farewell func(tx *db.Tx, email, shown string) error
	// Recredit puts another name where entries name the member at a path.
	Recredit func(ctx context.Context, path, name string) error
}

// New makes what is members' own in d.
func New(d *db.DB, deps Deps) *Own { return &Own{d, deps} }

// Pack gives everything that the atlas holds of a member, to be written as one
// ZIP: a file of JSON for each table, and the photos as they were sent. All is
// read before the first byte is written, from one state of the database.
func (o *Own) Pack(ctx context.Context, who actor.Actor) (write func(context.Context, io.Writer) error, err error) {
	if o.d.Settle != nil {
		if err := o.d.Settle(ctx); err != nil {
			return nil, err
		}
	}
	parts := map[string][]byte{}
	err = o.db.Snapshot(ctx, func(tx *db.Tx) error {
		if err := user.Proven(tx, who); err != nil {
			return err
		}
		m, err := user.ByID(tx, who.ID)
		if err != nil {
			return err
		}
		tables, err := tx.Tables()
		if err != nil {
			return err
		}
		if parts["account"], err = accountJSON(m); err != nil {
			return err
		}
		for _, r := range rules {
			if err := r.give(tx, tables, who.ID, parts); err != nil {
				return err
			}
		}
		parts["revisions"], err = rowsJSON(tx, db.Table{Columns: []db.Column{{Name: "place"}, {Name: "number"}, {Name: "summary"}, {Name: "at"}}},
			`SELECT place, number, summary, at FROM place_revisions WHERE author LIKE $1
			UNION ALL SELECT id, revision, summary, updated_at FROM places WHERE revised_by LIKE $1 ORDER BY 1, 2`, `%"`+m.Path()+`"%`)
		return err
	})
	if err != nil {
		return nil, err
	}
	var files []File
	if o.d.Files != nil {
		if files, err = o.d.Files(ctx, who.ID); err != nil {
			return nil, err
		}
	}
	now := o.db.Now()
	return func(ctx context.Context, w io.Writer) error { return writeZIP(ctx, w, parts, files, now) }, nil
}

func accountJSON(m *user.Member) ([]byte, error) {
	return json.MarshalIndent(map[string]any{
		"id": m.ID, "name": m.Name, "shown": m.Shown, "email": m.Email, "verified": when(m.Verified), "role": m.Role, "level": m.Level, "regions": m.Regions,
		"state": m.State, "state_reason": m.Reason, "bio": m.Bio, "links": m.Links, "avatar": m.Avatar, "settings": m.Settings, "accepted": m.Accepted,
		"declined": m.Declined, "created": when(m.Created), "seen": when(m.Seen), "has_password": m.HasPassword,
		"mail_refused": when(m.Bounced), "mail_refused_words": m.BouncedWords,
	}, "", "  ")
}

func when(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Format(time.RFC3339)
}

// give adds the rows of a table that name the member.
func (r rule) give(tx *db.Tx, tables []db.Table, member int64, parts map[string][]byte) error {
	t, ok := r.in(tables)
	if !ok || slices.Contains(r.hide, "*") {
		return nil
	}
	t.Columns = slices.DeleteFunc(slices.Clone(t.Columns), func(c db.Column) bool { return slices.Contains(r.hide, c.Name) })
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	text := fmt.Sprintf(`SELECT %s FROM %s WHERE %s = $1 ORDER BY %s`, strings.Join(names, ", "), t.Name, r.of, strings.Join(t.Key, ", "))
	b, err := rowsJSON(tx, t, text, member)
	if err == nil {
		parts[r.table] = b
	}
	return err
}

// rowsJSON gives rows as a list of objects. Times are written as such, and what
// is JSON in a column is JSON in the file.
func rowsJSON(tx *db.Tx, t db.Table, text string, arg any) ([]byte, error) {
	list := []map[string]any{}
	rows, err := tx.Query(text, arg)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		cells := make([]any, len(t.Columns))
		for i := range cells {
			cells[i] = new(any)
		}
		if err := r.Scan(cells...); err != nil {
			return err
		}
		row := map[string]any{}
		for i, c := range t.Columns {
			row[c.Name] = cell(c.Name, *cells[i].(*any))
		}
		list = append(list, row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(list, "", "  ")
}

func cell(name string, v any) any {
	switch x := v.(type) {
	case int64:
		if name == "at" || strings.HasSuffix(name, "_at") || strings.HasSuffix(name, "_until") {
			return when(db.Time(x))
		}
	case []byte:
		return cell(name, string(x))
	case string:
		if (strings.HasPrefix(x, "{") || strings.HasPrefix(x, "[")) && json.Valid([]byte(x)) {
			return json.RawMessage(x)
		}
	}
	return v
}

const readme = `Everything that this atlas holds of you.

account.json is your account. Each other file is one table: what you marked,
wrote, sent and set, who was signed in as you. Secrets (passwords, keys, codes)
are kept in a form that nobody can read, and are not here. photos/ holds your
photos as you sent them. Times are in UTC.
`

func writeZIP(ctx context.Context, w io.Writer, parts map[string][]byte, files []File, now time.Time) error {
	z := zip.NewWriter(w)
	put := func(name string, method uint16) (io.Writer, error) {
		return z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: now})
	}
	parts["README"] = []byte(readme)
	names := make([]string, 0, len(parts))
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		end := ".json"
		if name == "README" {
			end = ".txt"
		}
		f, err := put(name+end, zip.Deflate)
		if err != nil {
			return err
		}
		if _, err := f.Write(parts[name]); err != nil {
			return err
		}
	}
	for _, file := range files {
		if err := putFile(ctx, put, file); err != nil {
			return err
		}
	}
	return z.Close()
}

func putFile(ctx context.Context, put func(string, uint16) (io.Writer, error), file File) error {
	in, err := file.Open(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	f, err := put("photos/"+file.Name, zip.Store) // compressed already
	if err != nil {
		return err
	}
	_, err = io.Copy(f, in)
	return err
}
