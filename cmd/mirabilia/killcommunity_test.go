package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mirabilia/internal/db/dbtest"
)

// TestKilledCommunity kills the server at random points while members keep
// drafts, send submissions and photos, mark places and ask for mails, and an
// editor decides: fifty times over both engines. What was answered is there
// after each, and at the end every mail has come, none of them twice but where
// a kill cut it off on its way.
func TestKilledCommunity(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killedCommunity(t, "") })
	if dbtest.HasPostgres() {
		t.Run("postgres", func(t *testing.T) { killedCommunity(t, dbtest.PostgresURL(t)) })
	}
}

const (
	// communityLives is how often the server is killed on each engine.
	communityLives = 26
	// communityMails is how many members ask for a mail, each once.
	communityMails = 60
)

// community is what the members of a test's atlas were answered.
type community struct {
	t              *testing.T
	command        func(args ...string) *exec.Cmd
	mails          *mailSink
	url            string // of the server that lives now
	writer, editor string // tokens
	browser        *http.Client
	places         []string // ids to mark and to send photos of

	mu       sync.Mutex
	lived    int               // what was answered in this life
	fresh    map[string]bool   // which submissions and photos were; nil for all of them
	sent     map[string]string // submission → status that was last told
	drafts   map[string]string // draft → title that was last kept
	marks    map[string]bool   // place → whether it is marked
	photos   map[string]string // photo → its place
	unsure   map[string]bool   // marks whose last call was cut off
	asked    []string          // addresses whose mail was promised
	nextMail int
}

func killedCommunity(t *testing.T, database string) {
	data := filepath.Join(t.TempDir(), "data")
	c := &community{t: t, mails: newMailSink(t), sent: map[string]string{}, drafts: map[string]string{},
		marks: map[string]bool{}, photos: map[string]string{}, unsure: map[string]bool{}}
	c.command = func(args ...string) *exec.Cmd {
		x := exec.Command("mirabilia", args...)
		x.Env = append(os.Environ(), "MIRABILIA_DATA="+data, "MIRABILIA_DATABASE="+database, "MIRABILIA_LISTEN=127.0.0.1:0",
			"MIRABILIA_SMTP=smtp://"+c.mails.address, "MIRABILIA_MAIL_FROM=atlas@example.org", "MIRABILIA_TRUSTED_PROXIES=127.0.0.0/8")
		return x
	}
	c.found()
	chance := rand.New(rand.NewPCG(7, 1))
	for life := range communityLives {
		kill := c.start()
		c.check()
		c.live(kill, 15+chance.IntN(30), life%5 == 0, time.Duration(chance.IntN(15))*time.Millisecond)
		if t.Failed() {
			t.Fatalf("in life %d", life)
		}
	}
	defer c.start()()
	c.fresh = nil
	c.check()
	c.checkMails()
	if len(c.sent) == 0 || len(c.drafts) == 0 || len(c.marks) == 0 || len(c.photos) == 0 || len(c.asked) == 0 {
		t.Error("some of the work was never answered")
	}
	t.Logf("%d submissions, %d drafts, %d marks, %d photos and %d mails were answered", len(c.sent), len(c.drafts), len(c.marks), len(c.photos), len(c.asked))
	if out, err := c.command("doctor").Output(); err != nil && !strings.Contains(string(out), "fsync = off") {
		t.Errorf("doctor: %v: %s", err, out)
	}
}

// found makes the members and the first places.
func (c *community) found() {
	c.t.Helper()
	file := filepath.Join(c.t.TempDir(), "places.ndjson")
	if err := os.WriteFile(file, manyRecords(40), 0o600); err != nil {
		c.t.Fatal(err)
	}
	c.run("", "import", "--publish", file)
	for _, role := range []string{"admin", "editor"} {
		c.run("correct horse battery staple\n", "user", "add", "--email", role+"@example.org", "--name", role, "--role", role, "--password-stdin")
	}
	// An admin sends: nobody limits how much of it in a day.
	c.writer = strings.TrimSpace(c.run("", "token", "add", "--email", "admin@example.org", "--scope", "contribute"))
	c.editor = strings.TrimSpace(c.run("", "token", "add", "--email", "editor@example.org", "--scope", "edit"))
	for n := range communityMails {
		c.run("", "user", "add", "--email", fmt.Sprintf("m%d@example.org", n), "--name", fmt.Sprintf("Member %d", n))
	}
	defer c.start()()
	var page struct{ Items []struct{ ID string } }
	if code := c.api("GET", "/places?limit=40", "", "", &page); code != http.StatusOK || len(page.Items) == 0 {
		c.t.Fatalf("places: %d, %d of them", code, len(page.Items))
	}
	for _, p := range page.Items {
		c.places = append(c.places, p.ID)
	}
	jar, _ := cookiejar.New(nil)
	c.browser = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if code, _ := c.form("/login", url.Values{"email": {"admin@example.org"}, "password": {"correct horse battery staple"}, "stay": {"yes"}}, ""); code != http.StatusSeeOther {
		c.t.Fatalf("signing in: %d", code)
	}
}

func (c *community) run(in string, args ...string) string {
	c.t.Helper()
	x := c.command(args...)
	x.Stdin = strings.NewReader(in)
	out, err := x.Output()
	if err != nil {
		c.t.Fatalf("%v: %v: %s", x.Args, err, out)
	}
	return string(out)
}

// start starts the server, waits until it is ready, and gives what kills it.
func (c *community) start() (kill func()) {
	c.t.Helper()
	x := c.command("serve")
	log, err := x.StderrPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	x.Stdout = x.Stderr
	if err := x.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.url = ""
	for lines := bufio.NewScanner(log); c.url == "" && lines.Scan(); {
		if found := readyLine.FindStringSubmatch(lines.Text()); found != nil {
			c.url = "http://" + found[1]
		}
	}
	if c.url == "" {
		c.t.Fatal("it was never ready")
	}
	read := make(chan struct{})
	go func() { defer close(read); _, _ = io.Copy(io.Discard, log) }()
	return func() { _ = x.Process.Kill(); <-read; _ = x.Wait() }
}

// live lets members work until so many calls were answered, among them a photo
// where asked for, and kills the server in the middle of the next ones.
func (c *community) live(kill func(), calls int, photo bool, later time.Duration) {
	c.lived, c.fresh = 0, map[string]bool{}
	enough := make(chan struct{})
	before := len(c.photos)
	var once sync.Once
	var all sync.WaitGroup
	for _, work := range []func(n int) bool{c.submit, c.submit, c.keep, c.mark, c.photograph, c.forget} {
		all.Go(func() {
			for n := 0; work(n); n++ {
				c.mu.Lock()
				if c.lived++; c.lived >= calls && (!photo || len(c.photos) > before) {
					once.Do(func() { close(enough) })
				}
				c.mu.Unlock()
			}
		})
	}
	select {
	case <-enough:
		<-time.After(later)
	case <-time.After(2 * time.Minute):
		c.t.Error("the server hardly answers")
	}
	kill()
	all.Wait()
}

// submit sends a place, and decides it every other time.
func (c *community) submit(n int) bool {
	var s struct{ ID, Status string }
	body := fmt.Sprintf(`{"kind":"place","fields":{"title":"Well %d of %d","lat":%d,"lon":%d}}`, n, time.Now().UnixNano(), n%60, n%170)
	if c.api("POST", "/submissions", body, c.writer, &s) != http.StatusCreated {
		return false
	}
	c.note(func() { c.sent[s.ID], c.fresh[s.ID] = s.Status, true })
	if n%2 == 0 {
		if c.api("POST", "/submissions/"+s.ID+"/decision", `{"action":"publish"}`, c.editor, &s) != http.StatusOK {
			return false
		}
		c.note(func() { c.sent[s.ID], c.fresh[s.ID] = s.Status, true })
	}
	return true
}

// keep saves a draft by the button, as one does without script.
func (c *community) keep(n int) bool {
	title := fmt.Sprintf("Draft %d", time.Now().UnixNano())
	code, to := c.form("/places/new", url.Values{"title": {title}, "do": {"save"}}, "")
	if code != http.StatusSeeOther {
		return false
	}
	c.note(func() { c.drafts[to] = title })
	return n < 2 // a member has a hundred drafts at most
}

// mark sets marks and takes some away again.
func (c *community) mark(n int) bool {
	p, method, on := c.places[rand.IntN(len(c.places))], "PUT", true
	if n%3 == 2 {
		method, on = "DELETE", false
	}
	c.note(func() { c.unsure[p] = true })
	if c.api(method, "/places/"+p+"/marks/want", "", c.writer, nil) != http.StatusNoContent {
		return false
	}
	c.note(func() { c.marks[p] = on; delete(c.unsure, p) })
	return true
}

// photograph sends a photo; its pixels differ each time.
func (c *community) photograph(n int) bool {
	p := c.places[n%len(c.places)]
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("licence", "CC0-1.0")
	_ = form.WriteField("alt", "A pattern of squares")
	part, _ := form.CreateFormFile("file", "pattern.jpg")
	if err := jpeg.Encode(part, pattern(), nil); err != nil {
		c.t.Error(err)
	}
	_ = form.Close()
	var sent struct{ ID string }
	if c.call("POST", "/api/v1/places/"+p+"/photos", form.FormDataContentType(), body.String(), c.writer, &sent) != http.StatusCreated {
		return false
	}
	c.note(func() { c.photos[sent.ID], c.fresh[sent.ID] = p, true })
	return true
}

func pattern() image.Image {
	m := image.NewGray(image.Rect(0, 0, 400, 300))
	for y := 0; y < 300; y += 20 {
		for x := 0; x < 400; x += 20 {
			shade := color.Gray{Y: uint8(rand.IntN(256))} //nolint:gosec // below 256
			for i := range 400 {
				m.SetGray(x+i%20, y+i/20, shade)
			}
		}
	}
	return m
}

// forget asks for a link by mail, for each member once.
func (c *community) forget(int) bool {
	c.mu.Lock()
	n := c.nextMail
	if c.nextMail++; n >= communityMails {
		c.mu.Unlock()
		return false
	}
	c.mu.Unlock()
	address := fmt.Sprintf("m%d@example.org", n)
	if code, _ := c.form("/forgotten", url.Values{"email": {address}, "send": {"magic"}}, fmt.Sprintf("203.0.113.%d", n)); code != http.StatusOK {
		return false
	}
	c.note(func() { c.asked = append(c.asked, address) })
	return n%4 != 3 // some for the lives to come
}

func (c *community) note(what func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	what()
}

// check finds what was answered in the last life, or in all of them.
func (c *community) check() {
	c.t.Helper()
	for id, status := range c.sent {
		if c.fresh != nil && !c.fresh[id] {
			continue
		}
		var s struct{ Status string }
		code := c.api("GET", "/submissions/"+id, "", c.editor, &s)
		// A decision whose answer was cut off may have been taken.
		if code != http.StatusOK || s.Status != status && s.Status != "published" {
			c.t.Errorf("submission %s was answered as %s and is now %d %s", id, status, code, s.Status)
		}
	}
	for path, title := range c.drafts {
		if page := c.page(path); !strings.Contains(page, title) {
			c.t.Errorf("the draft %q is not at %s", title, path)
		}
	}
	marked := c.marked()
	for p, on := range c.marks {
		if marked[p] != on && !c.unsure[p] {
			c.t.Errorf("place %s was answered as marked %v and is %v", p, on, marked[p])
		}
	}
	at := map[string]map[string]bool{}
	for id, p := range c.photos {
		if c.fresh != nil && !c.fresh[id] {
			continue
		}
		if at[p] == nil {
			var place struct{ Photos []struct{ ID string } }
			c.api("GET", "/places/"+p, "", c.editor, &place)
			at[p] = map[string]bool{}
			for _, ph := range place.Photos {
				at[p][ph.ID] = true
			}
		}
		if !at[p][id] {
			c.t.Errorf("photo %s of %s is gone", id, p)
		}
	}
}

// marked is what the writer wants to see, as the overlay tells.
func (c *community) marked() map[string]bool {
	query := url.Values{}
	for _, p := range c.places {
		query.Add("id", p)
	}
	var mine struct {
		Marks map[string]struct{ Want bool }
	}
	if err := json.Unmarshal([]byte(c.page("/me/overlay?"+query.Encode())), &mine); err != nil {
		c.t.Errorf("the overlay: %v", err)
	}
	marked := map[string]bool{}
	for p, m := range mine.Marks {
		marked[p] = m.Want
	}
	return marked
}

// checkMails waits for the last mails and counts each.
func (c *community) checkMails() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 2*time.Minute)
	defer cancel()
	got := c.mails.until(ctx, c.asked)
	again := 0
	for _, address := range c.asked {
		if got[address] == 0 {
			c.t.Errorf("no mail came to %s", address)
		}
		again += max(got[address]-1, 0)
	}
	// One mail is on its way at a time.
	if again > communityLives {
		c.t.Errorf("%d mails came again over %d kills", again, communityLives)
	}
}

func (c *community) api(method, path, body, token string, into any) int {
	kind := ""
	if body != "" {
		kind = "application/json"
	}
	return c.call(method, "/api/v1"+path, kind, body, token, into)
}

// call gives the status of an answer, 0 where there was none.
func (c *community) call(method, path, kind, body, token string, into any) int {
	q, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Error(err)
		return 0
	}
	if token != "" {
		q.Header.Set("Authorization", "Bearer "+token)
	}
	if kind != "" {
		q.Header.Set("Content-Type", kind)
	}
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusTooManyRequests && answer.Header.Get("Retry-After") != "" { // a token has its pace
		wait, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
		<-time.After(time.Duration(max(wait, 1)) * time.Second)
		return c.call(method, path, kind, body, token, into)
	}
	told, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0
	}
	if answer.StatusCode >= 400 && answer.StatusCode != http.StatusServiceUnavailable {
		c.t.Errorf("%s %s: %d %s", method, path, answer.StatusCode, told)
	}
	if into != nil && json.Unmarshal(told, into) != nil {
		return 0
	}
	return answer.StatusCode
}

// form posts a form of the site as a browser does; from is the address that a
// proxy would tell.
func (c *community) form(path string, values url.Values, from string) (status int, location string) {
	q, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+path, strings.NewReader(values.Encode()))
	if err != nil {
		c.t.Error(err)
		return 0, ""
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Sec-Fetch-Site", "same-origin")
	if from != "" {
		q.Header.Set("X-Forwarded-For", from)
	}
	answer, err := c.browser.Do(q)
	if err != nil {
		return 0, ""
	}
	defer answer.Body.Close()
	if told, err := io.ReadAll(answer.Body); err != nil {
		return 0, ""
	} else if answer.StatusCode >= 400 && answer.StatusCode != http.StatusServiceUnavailable {
		c.t.Errorf("%s: %d %.2000s", path, answer.StatusCode, told)
	}
	return answer.StatusCode, answer.Header.Get("Location")
}

// page reads a page as the writer's browser.
func (c *community) page(path string) string {
	q, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.url+path, http.NoBody)
	if err != nil {
		c.t.Fatal(err)
	}
	answer, err := c.browser.Do(q)
	if err != nil {
		c.t.Fatalf("%s: %v", path, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		c.t.Errorf("%s: %s, %v", path, strconv.Itoa(answer.StatusCode), err)
	}
	return string(body)
}
