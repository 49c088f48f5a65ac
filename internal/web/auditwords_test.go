package web

import (
	"context"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"mirabilia/internal/desk"
	"mirabilia/internal/photo"
	"mirabilia/internal/report"
	"mirabilia/internal/user"
)

var (
	writesLog = regexp.MustCompile(`audit\.Write\(tx, [^"]*?"([a-z.-]+)", ([A-Za-z."]+),`)
	namesDeed = regexp.MustCompile(`\.change\(ctx, a, (?:id|slug, seen), "([a-z.-]+)", func`)
)

// TestDeeds_everyActionHasWords reads what the program writes into the audit log
// and holds that each of it is told in words of its own.
func TestDeeds_everyActionHasWords(t *testing.T) {
	written := map[[2]string]bool{}
	kinds := map[string]string{"setting.LogKind": "setting", "user.LogKind": "member", `"page"`: "page", `"webhook"`: "webhook", `"submission"`: "submission", `"campaign"`: "campaign", `"place"`: "place"}
	own := map[string]string{"user": "member", "factor": "member", "photo": "photo", "place": "place", "webhook": "webhook", "page": "page"}
	source := os.DirFS("..")
	err := fs.WalkDir(source, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := fs.ReadFile(source, path)
		in, _, _ := strings.Cut(path, "/")
		for _, m := range writesLog.FindAllStringSubmatch(string(b), -1) {
			kind := kinds[m[2]]
			if m[2] == "LogKind" || m[2] == "auditKind" {
				kind = own[in]
			}
			if kind != "" { // what can be reported is of any kind
				written[[2]string{kind, m[1]}] = true
			}
		}
		for _, m := range namesDeed.FindAllStringSubmatch(string(b), -1) {
			written[[2]string{own[in], m[1]}] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(written) < 35 {
		t.Fatalf("only %d actions were found: the program writes them in another way now", len(written))
	}
	add := func(kind string, actions ...string) {
		for _, action := range actions {
			written[[2]string{kind, action}] = true
		}
	}
	for _, action := range []desk.Action{desk.Publish, desk.AskChanges, desk.Decline, desk.MarkDuplicate, desk.Hold, desk.Undo, desk.Appeal} {
		add("submission", "submission."+string(action))
	}
	add("member", "appoint", string(user.Active), string(user.Suspended), string(user.Banned))
	add("photo", string(photo.Waiting), string(photo.Public), string(photo.Hidden), string(photo.Down))
	add("webhook", "switch-on", "switch-off")
	for _, kind := range report.Kinds {
		add(string(kind), "report", "report."+string(report.Upheld), "report."+string(report.Kept), "take-down", "give-back")
	}
	raw := strings.NewReplacer("-", " ", ".", " ")
	for w := range written {
		if deeds[w[0]][w[1]] == "" && deed(context.Background(), w[0], w[1]) == raw.Replace(w[1]) {
			t.Errorf("%s of a %s has no words", w[1], w[0])
		}
	}
}

// TestAdmin_logSpeaksInSentences holds that the audit log says who did what to
// whom, and why, and leads there.
func TestAdmin_logSpeaksInSentences(t *testing.T) {
	h := newHouse(t)
	h.admin("vera")
	f := lighthouse()
	sub, _, _ := strings.Cut(h.sends("ines", "/places/new", f), "?")
	onDesk := strings.Replace(sub, "/submissions/", "/desk/", 1)
	h.sends("tomasz", onDesk, url.Values{"do": {"decline"}, "reason": {"well-known"}})
	h.sends("vera", "/admin/members/mario", url.Values{"do": {"appoint"}, "role": {"editor"}, "regions": {"mexico"}})
	h.sends("vera", "/admin/members/mario", url.Values{"do": {"state"}, "state": {"suspended"}, "reason": {"Sold tickets."}, "until": {"2030-05-31"}})
	page := h.as("vera", "/admin")
	h.has(page, http.StatusOK, `href="`+onDesk+`"`, `href="/admin/members/mario"`)
	said := words(page.Body.String())
	for _, want := range []string{
		"ines sent to the desk: New place", "tomasz declined " + f.Get("title") + " · Well known", "vera appointed mario · Editor · Mexico", "vera suspended mario · Sold tickets. · until 31 May 2030", "The command line made an account: ines",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q: %s", want, said)
		}
	}
	for i := range logShown {
		h.sends("vera", "/admin/members/mario", url.Values{"do": {"state"}, "state": {[]string{"active", "suspended"}[i%2]}, "reason": {"Sold tickets."}})
	}
	first := h.as("vera", "/admin").Body.String()
	_, rest, older := strings.Cut(first, `href="/admin?before=`)
	if !older || strings.Contains(words(first), "The command line") {
		t.Fatal("the log does not go on on a page of its own")
	}
	before, _, _ := strings.Cut(rest, "#")
	h.has(h.as("vera", "/admin?before="+before), http.StatusOK, "The command line")
}
