package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
)

// badValues are raw values that no parameter of a schema takes.
func badValues(name string, s *huma.Schema) []string {
	bad := []string{"%ff", "%00", "%zz"}
	if s.Type == "array" {
		s = s.Items
	} else {
		bad = append(bad, "1&"+name+"=1") // two readers could understand two things
	}
	long := strings.Repeat("x", 5000)
	switch s.Type {
	case "integer", "number":
		bad = append(bad, "x", "1e999", "NaN", "0x10", "-99999", strings.Repeat("9", 40))
		if s.Minimum != nil {
			bad = append(bad, fmt.Sprint(*s.Minimum-1))
		}
		if s.Maximum != nil {
			bad = append(bad, fmt.Sprintf("%.0f", *s.Maximum+1))
		}
		if s.Type == "integer" {
			bad = append(bad, "1.5")
		}
	default:
		bad = append(bad, long)
	}
	if len(s.Enum) > 0 {
		bad = append(bad, "weird", "YES")
	}
	if s.Pattern != "" {
		bad = append(bad, "1-2-3")
	}
	switch name {
	case "in", "tag":
		bad = append(bad, "%21", "a//b/../c")
	case "bbox":
		bad = append(bad, "1,2,3", "0,-91,1,1", "a,b,c,d")
	case "near":
		bad = append(bad, "1", "91,0", "0,181")
	case "cursor":
		bad = append(bad, "%21", "x!")
	case "q":
		bad = append(bad, strings.Repeat("%C3%A4", 201), "a%07b")
	}
	return bad
}

// Every parameter of every call that takes a query refuses what it does not
// take with 400, a problem document that names it, whatever the call.
func TestQueries_refuseBadValues(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		admin := signedIn(t, a, actor.Admin, actor.Administer)
		tried := 0
		for _, op := range a.Operations() {
			for _, p := range op.Parameters {
				if p.In != "query" {
					continue
				}
				a.paces = paces{} // a token may make so many calls a second
				for _, bad := range badValues(p.Name, p.Schema) {
					if op.OperationID == "listChanges" && p.Name == "cursor" && bad == "x!" {
						bad = "x"
					}
					tried++
					target, sent := examplePath(op.Path)+"?"+p.Name+"="+bad, ""
					if op.OperationID == "geocode" && p.Name != "q" {
						target += "&q=Praga"
					}
					if op.OperationID == "along" {
						sent = parisLine
					}
					refusesQuery(t, op, p.Name, target, write(a, op.Method, target, sent, admin...).Result())
				}
			}
		}
		if tried < 100 {
			t.Errorf("only %d values were tried", tried)
		}
	})
}

func refusesQuery(t *testing.T, op *huma.Operation, name, target string, r *http.Response) {
	t.Helper()
	var p Problem
	err := json.NewDecoder(r.Body).Decode(&p)
	if err != nil || r.StatusCode != http.StatusBadRequest || p.Status != r.StatusCode || r.Header.Get("Content-Type") != problemType {
		t.Errorf("%s %.120s: %d %+v %v", op.Method, target, r.StatusCode, p, err)
		return
	}
	raw := strings.Contains(target, "%ff") || strings.Contains(target, "%00") || strings.Contains(target, "%zz")
	if !raw && (len(p.Errors) != 1 || p.Errors[0].Field != name || p.Errors[0].Message == "") {
		t.Errorf("%s %.120s does not name %s: %+v", op.Method, target, name, p)
	}
}

// A query is in the address, so every parameter that a call knows is in its
// description, read by package query alone: the framework answers with 422.
func TestQueries_areReadByOneReader(t *testing.T) {
	a := atlasOnSQLite(t)
	for _, target := range []string{"/lists?limit=0", "/lists?cursor=" + strings.Repeat("9", 70), "/lists?limit=1&limit=2"} {
		if w := call(a, http.MethodGet, Prefix+target); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
	if w := call(a, http.MethodGet, Prefix+"/lists?weird=0&limit="); w.Code != http.StatusOK {
		t.Errorf("what nobody knows, and a blank: %d %s", w.Code, w.Body)
	}
}

func TestGeocode_wantsAName(t *testing.T) {
	a := atlasOnSQLite(t)
	for _, target := range []string{"/geocode", "/geocode?q=", "/geocode?q=" + url.QueryEscape(" \t ")} {
		p := reads[refused](t, call(a, http.MethodGet, Prefix+target), http.StatusBadRequest)
		if !p.names("q") || len(p.Errors) != 1 {
			t.Errorf("%s: %+v", target, p)
		}
	}
	for _, op := range a.Operations() {
		if op.OperationID == "geocode" && !op.Parameters[0].Required {
			t.Error("the description does not say that q is needed")
		}
	}
}

// What a path names and cannot be is not there, however long it is.
func TestPaths_ofNothingAreNotFound(t *testing.T) {
	a := atlasOnSQLite(t)
	editor := signedIn(t, a, actor.Editor, actor.Edit)
	long := strings.Repeat("x", 4000)
	for _, target := range []string{"/users/" + long, "/lists/" + long, "/places/" + long, "/submissions/" + long, "/destinations/" + long, "/submissions/s" + strings.Repeat("9", 90)} {
		if w := call(a, http.MethodGet, Prefix+target, editor...); w.Code != http.StatusNotFound || w.Header().Get("Content-Type") != problemType {
			t.Errorf("%.30s…: %d %s", target, w.Code, w.Body)
		}
	}
}

func TestDecide_namesTheReasonsThereAre(t *testing.T) {
	a := atlasOnSQLite(t)
	editor := signedIn(t, a, actor.Editor, actor.Edit)
	s := reads[sent](t, write(a, "POST", "/submissions", grotto, signedIn(t, a, actor.Member, actor.Contribute)...), http.StatusCreated)
	p := reads[refused](t, write(a, "POST", "/submissions/"+s.ID+"/decision", `{"action":"decline","reason":"dull"}`, editor...), http.StatusUnprocessableEntity)
	const want = "is promotional, well-known, duplicate, unverifiable, rights, too-short or other"
	if len(p.Errors) != 1 || p.Errors[0].Field != "reason" || p.Errors[0].Message != want {
		t.Errorf("%+v", p.Errors)
	}
	if p = reads[refused](t, write(a, "POST", "/submissions/"+s.ID+"/decision", `{"action":"burn"}`, editor...), http.StatusUnprocessableEntity); p.Errors[0].Message != "is publish, changes, decline, duplicate or hold" {
		t.Errorf("%+v", p.Errors)
	}
}
