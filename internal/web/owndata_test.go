package web

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/user"
)

// lived is an atlas in which somebody called Canary has done this and that.
func lived(t *testing.T) (*accounts, *visitor, *user.Member, []byte) {
	t.Helper()
	a := newAccounts(t)
	_, cookie := a.add("canary", actor.Member)
	v, shot := a.visitor(cookie), someShot(t, 3)
	r := a.uploadRequest("/places/casa-azul/photos", map[string]string{"licence": "CC-BY-4.0", "caption": "A wall", "alt": "A wall", "credit": "canary"}, sentFile{"canary.jpg", shot})
	wantSomewhere(t, "a photo", v.send(r), http.StatusSeeOther, "")
	wantSomewhere(t, "a profile", v.post("/settings", "do", "profile", "name", "canary", "bio", "I am a canary.", "url1", "https://canary.example/"), http.StatusSeeOther, "")
	wantSomewhere(t, "a mark", v.post("/places/casa-azul/mark", "kind", "been", "mark", "been"), http.StatusSeeOther, "")
	v.setUp()
	m, err := a.users.ByName(context.Background(), "canary")
	if err != nil {
		t.Fatal(err)
	}
	wantSomewhere(t, "a list", v.post("/me/lists", "title", "Canary walks", "privacy", "public"), http.StatusSeeOther, "/lists/canary-walks/edit")
	var list int64
	if err := a.db.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT id FROM lists WHERE owner = $1`, m.ID).Scan(&list)
	}); err != nil {
		t.Fatal(err)
	}
	_, cookie = a.add("otto", actor.Member)
	otto := a.visitor(cookie)
	for kind, id := range map[string]int64{"member": m.ID, "list": list} {
		of := kind + "-" + strconv.FormatInt(id, 10)
		wantSomewhere(t, "a report of a "+kind, otto.post("/report", "of", of, "code", "promotion", "text", "It sells."), http.StatusSeeOther, "")
	}
	return a, v, m, shot
}

// tablesWith names the columns of the whole database in which a word stands.
func (a *atlas) tablesWith(word string) (found []string) {
	a.t.Helper()
	err := a.db.Read(context.Background(), func(tx *db.Tx) error {
		tables, err := tx.Tables()
		if err != nil {
			return err
		}
		for _, table := range tables {
			rows, err := tx.Query(`SELECT * FROM ` + table.Name)
			err = db.Each(rows, err, func(r *sql.Rows) error {
				cells := make([]any, len(table.Columns))
				for i := range cells {
					cells[i] = new(any)
				}
				if err := r.Scan(cells...); err != nil {
					return err
				}
				for i, c := range cells {
					text := fmt.Sprint(*c.(*any))
					if b, ok := (*c.(*any)).([]byte); ok {
						text = string(b)
					}
					if strings.Contains(strings.ToLower(text), word) {
						found = append(found, table.Name+"."+table.Columns[i].Name)
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return found
}

func TestOwnData_isTakenAlong(t *testing.T) {
	a, v, m, shot := lived(t)
	w := v.post(dataPath, "do", "take")
	h := w.Header()
	if w.Code != http.StatusOK || h.Get("Content-Type") != "application/zip" || h.Get("Cache-Control") != "private, no-store" || !strings.Contains(h.Get("Content-Disposition"), "canary.zip") ||
		h.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Access-Control-Allow-Origin") != "" {
		t.Fatalf("%d %v", w.Code, h)
	}
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files, originals := map[string][]byte{}, 0
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(f.Name, "photos/") {
			continue
		}
		if originals++; !bytes.Equal(files[f.Name], shot) {
			t.Errorf("%s is not the photo as it was sent", f.Name)
		}
	}
	var account map[string]any
	if err := json.Unmarshal(files["account.json"], &account); err != nil || account["email"] != m.Email || account["bio"] != "I am a canary." {
		t.Errorf("%v: %s", err, files["account.json"])
	}
	var photos, marks []map[string]any
	for name, into := range map[string]*[]map[string]any{"photos.json": &photos, "marks.json": &marks} {
		if err := json.Unmarshal(files[name], into); err != nil || len(*into) != 1 {
			t.Errorf("%s: %v: %s", name, err, files[name])
		}
	}
	if originals != 1 {
		t.Errorf("%d photos as they were sent", originals)
	}
	a.later(20 * time.Minute)
	wantSomewhere(t, "without a proof", v.post(dataPath, "do", "take"), http.StatusForbidden, "")
	if text := v.look(dataPath).Body.String(); strings.Contains(text, "Download my data") || !strings.Contains(text, "Show that it is you") {
		t.Error("the page offers what it refuses")
	}
	wantSomewhere(t, "nothing", v.post(dataPath, "do", "nothing"), http.StatusBadRequest, "")
}

func TestOwnData_leaving(t *testing.T) {
	for _, credit := range []string{"former", "named"} {
		t.Run(credit, func(t *testing.T) {
			a, v, m, _ := lived(t)
			if before := a.tablesWith("canary"); len(before) < 4 {
				t.Fatalf("the test has left no traces to look for: %v", before)
			}
			page := v.look(securityPath).Body.String()
			if !strings.Contains(page, "recovery codes are left") {
				t.Fatal("no authenticator")
			}
			wantSomewhere(t, "without a code", v.post(dataPath, "do", "leave", "credit", credit), http.StatusUnprocessableEntity, "")
			wantSomewhere(t, "the password where there is an authenticator", v.post(dataPath, "do", "leave", "credit", credit, "password", goodPassword), http.StatusUnprocessableEntity, "")
			wantSomewhere(t, "without a choice", v.post(dataPath, "do", "leave"), http.StatusUnprocessableEntity, "")
			w := v.post(securityPath, "do", "codes")
			code := recoveryCode.FindStringSubmatch(w.Body.String())
			gone := v.post(dataPath, "do", "leave", "credit", credit, "code", code[1])
			wantSomewhere(t, "leaving", gone, http.StatusSeeOther, "/login?done=left")
			if gone.Header().Get("Clear-Site-Data") != `"cache"` || len(v.cookies) != 0 {
				t.Errorf("%v, cookies %v", gone.Header(), v.cookies)
			}
			if text := v.look("/login?done=left").Body.String(); !strings.Contains(text, "Your account is deleted") {
				t.Error("nothing says so")
			}
			wantSomewhere(t, "signing in", v.post("/login", "email", m.Email, "password", goodPassword), http.StatusUnprocessableEntity, "")
			left := a.tablesWith("canary")
			if credit == "former" {
				// The job that changes credits in entries names the old path until it is done.
				if len(left) != 1 || left[0] != "jobs.args" {
					t.Errorf("the name is still in %v", left)
				}
				return
			}
			for _, at := range left {
				switch at {
				case "members.name", "members.shown", "photos.credit", "jobs.args":
				default:
					t.Errorf("more than the name is left: %s", at)
				}
			}
		})
	}
}

func TestOwnData_theOnlyAdminStays(t *testing.T) {
	a := newAccounts(t)
	_, cookie := a.add("boss", actor.Admin)
	boss := a.visitor(cookie)
	wantSomewhere(t, "a wrong password", boss.post(dataPath, "do", "leave", "credit", "named", "password", "guessed"), http.StatusUnprocessableEntity, "")
	w := boss.post(dataPath, "do", "leave", "credit", "named", "password", goodPassword)
	wantSomewhere(t, "leaving", w, http.StatusUnprocessableEntity, "")
	if !strings.Contains(w.Body.String(), "only admin") || !boss.signedIn() {
		t.Error("refused without a reason, or signed out")
	}
}
