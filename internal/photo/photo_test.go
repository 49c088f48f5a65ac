package photo_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"mirabilia/internal/actor"
	"mirabilia/internal/blob"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/media"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
)

var world = gazetteer.Open()

type atlas struct {
	*testing.T
	db     *db.DB
	places *place.Places
	photos *photo.Photos
	blobs  *blob.Store
	id     int64 // of the first place
	other  int64
}

func newAtlas(t *testing.T, d *db.DB, store string) *atlas {
	t.Helper()
	a := &atlas{T: t, db: d, places: place.New(d, world)}
	var err error
	if a.blobs, err = blob.Open(t.Context(), store, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	a.photos = photo.New(d, a.blobs, media.NewStudio(), a.places)
	lat, lon := 48.8589, 2.3469
	records := []place.Record{{Source: "t", ID: "1", Title: "Well", Lat: &lat, Lon: &lon}, {Source: "t", ID: "2", Title: "Mill", Lat: &lat, Lon: &lon}}
	if _, err := a.places.Import(t.Context(), records, place.ImportOptions{Publish: true}); err != nil {
		t.Fatal(err)
	}
	a.id, a.other = a.place("well").ID, a.place("mill").ID
	return a
}

func (a *atlas) place(slug string) *place.Place {
	a.Helper()
	p, err := a.places.BySlug(a.Context(), slug)
	if err != nil {
		a.Fatal(err)
	}
	return p
}

func (a *atlas) member(id int64, role actor.Role, level actor.Level) actor.Actor {
	a.Helper()
	err := a.db.Write(a.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO members (id, name, shown, verified_at, password, role, level, regions, state, state_reason, bio, links, avatar,
			settings, accepted, declined, created_at, seen_at, revision)
			VALUES ($1, $2, $3, 1, '', $4, $5, '[]', 'active', '', '', '[]', '', '{}', 0, 0, 1, 1, 1)`, id, fmt.Sprint("m", id), fmt.Sprint("Member ", id), string(role), string(level))
		return err
	})
	if err != nil {
		a.Fatal(err)
	}
	return actor.Actor{ID: id, Name: fmt.Sprint("m", id), Shown: fmt.Sprint("Member ", id), Role: role, Level: level}
}

// shot is a photograph; another seed is another one.
func shot(t testing.TB, seed int) []byte {
	t.Helper()
	b, err := drawn(seed)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func drawn(seed int) ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for y := range 300 {
		for x := range 400 {
			img.SetRGBA(x, y, color.RGBA{R: uint8(x*seed/3 + y), G: uint8(y * seed / 2), B: uint8((x / (9 + seed)) * 40), A: 255})
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, nil)
	return b.Bytes(), err
}

func about() photo.About {
	return photo.About{Caption: " The  well ", Alt: "A stone ring", Licence: "CC-BY-4.0", FocusX: 2, FocusY: 1}
}

func (a *atlas) add(by actor.Actor, placeID int64, file []byte) *photo.Added {
	a.Helper()
	p, err := a.photos.Add(a.Context(), by, placeID, about(), bytes.NewReader(file))
	if err != nil {
		a.Fatal(err)
	}
	return p
}

// served tells what a reader gets for a variant, "" for nothing.
func (a *atlas) served(url string) (string, error) {
	a.Helper()
	r, _, kind, err := a.photos.Variant(a.Context(), strings.TrimPrefix(url, photo.Path))
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if len(b) == 0 {
		a.Error("an empty variant")
	}
	return kind, err
}

func TestAdd_waitsForTheDeskOrNot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, "")
		ann, ed := a.member(1, actor.Member, actor.Known), a.member(2, actor.Editor, actor.Known)
		tru := a.member(3, actor.Member, actor.Trusted)
		waiting := a.add(ann, a.id, shot(t, 1))
		if waiting.State != photo.Waiting || waiting.Caption != "The well" || waiting.Credit != "Member 1" || waiting.Width != 400 || len(waiting.URLs) != 2 {
			t.Errorf("added: %+v", waiting.Photo)
		}
		if p := a.place("well"); p.PhotoCount != 0 || len(p.Photos) != 0 {
			t.Errorf("what waits is shown: %+v", p.Photos)
		}
		if _, err := a.served(waiting.URLs[320]); !errs.Is(err, errs.NotFound) {
			t.Errorf("what waits is served: %v", err)
		}
		if _, _, err := a.photos.Preview(t.Context(), tru, waiting.ID, 320); !errs.Is(err, errs.NotFound) {
			t.Errorf("another member sees what waits: %v", err)
		}
		for _, who := range []actor.Actor{ann, ed} {
			r, size, err := a.photos.Preview(t.Context(), who, waiting.ID, 320)
			if err != nil || size == 0 {
				t.Fatalf("%s does not see it: %v", who.Name, err)
			}
			_ = r.Close()
		}
		list, err := a.photos.Waits(t.Context(), ed, nil, 10)
		if err != nil || len(list) != 1 || list[0].ID != waiting.ID {
			t.Errorf("the desk sees %v, %v", list, err)
		}
		if more, err := a.photos.Waits(t.Context(), ed, list[0], 10); err != nil || len(more) != 0 {
			t.Errorf("after it: %v, %v", more, err)
		}
		if _, err := a.photos.Waits(t.Context(), ann, nil, 10); !errs.Is(err, errs.Denied) {
			t.Errorf("a member reads the desk: %v", err)
		}
		for i, who := range []actor.Actor{ed, tru} {
			if p := a.add(who, a.id, shot(t, 10+i)); p.State != photo.Public {
				t.Errorf("%s's is %s", who.Name, p.State)
			}
		}
		if err := a.photos.Publish(t.Context(), ann, waiting.ID); !errs.Is(err, errs.Denied) {
			t.Errorf("a member publishes: %v", err)
		}
		for range 2 {
			if err := a.photos.Publish(t.Context(), ed, waiting.ID); err != nil {
				t.Fatal(err)
			}
		}
		if p := a.place("well"); p.PhotoCount != 3 || p.Photos[0].ID != waiting.ID || p.Photos[0].FocusY != 1 || !strings.HasPrefix(p.Photos[0].Blur, "data:image/webp") {
			t.Errorf("the place shows %d: %+v", p.PhotoCount, p.Photos)
		}
		for end, want := range map[string]string{".webp": "image/webp", ".jpg": "image/jpeg"} {
			if kind, err := a.served(strings.TrimSuffix(waiting.URLs[320], ".webp") + end); kind != want || err != nil {
				t.Errorf("%s is %q, %v", end, kind, err)
			}
		}
		if faults, err := a.photos.Check(t.Context()); err != nil || len(faults) != 0 {
			t.Errorf("faults: %v, %v", faults, err)
		}
		if faults, err := a.places.Check(t.Context()); err != nil || len(faults) != 0 {
			t.Errorf("faults of places: %v, %v", faults, err)
		}
	})
}

func TestAdd_sameBytesOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, "")
		ed := a.member(2, actor.Editor, actor.Known)
		file := shot(t, 3)
		var done sync.WaitGroup
		ids := make([]int64, 4)
		for i := range ids {
			done.Go(func() {
				if p, err := a.photos.Add(t.Context(), ed, a.id, about(), bytes.NewReader(file)); err == nil {
					ids[i] = p.ID
				} else {
					t.Error(err)
				}
			})
		}
		done.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Errorf("the same bytes are photos %v", ids)
			}
		}
		if n := a.place("well").PhotoCount; n != 1 {
			t.Errorf("the place counts %d", n)
		}
		if again := a.add(ed, a.other, file); again.Again || again.ID == ids[0] || again.Alike != ids[0] {
			t.Errorf("at another place: %+v", again)
		}
		files := 0
		if err := a.blobs.Each(t.Context(), func(string, int64) error { files++; return nil }); err != nil || files != 5 {
			t.Errorf("%d files for one photograph in two sizes, %v", files, err)
		}
		if near := a.add(ed, a.id, append(shot(t, 3), 0)); near.Again || near.Alike != ids[0] {
			t.Errorf("nearly the same: %+v", near)
		}
		mine := a.add(a.member(3, actor.Member, actor.New), a.id, shot(t, 60))
		if again := a.add(ed, a.id, shot(t, 60)); mine.State != photo.Waiting || again.ID != mine.ID || again.State != photo.Public || again.Member != mine.Member {
			t.Errorf("what waits and an editor sends too: %+v, then %+v", mine, again)
		}
		if far := a.add(ed, a.id, shot(t, 40)); far.Alike != 0 {
			t.Errorf("another one is said to look like %d", far.Alike)
		}
	})
}

func TestDecide(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, "")
		ann, ed := a.member(1, actor.Member, actor.New), a.member(2, actor.Editor, actor.Known)
		far := ed
		far.Regions = []string{"japan"}
		one, two := a.add(ed, a.id, shot(t, 1)), a.add(ed, a.id, shot(t, 20))
		if err := a.photos.TakeDown(t.Context(), far, one.ID, "Not yours."); !errs.Is(err, errs.Denied) {
			t.Errorf("an editor of another region: %v", err)
		}
		if err := a.photos.Order(t.Context(), ed, a.id, []int64{two.ID}); err != nil {
			t.Fatal(err)
		}
		if p := a.place("well"); p.Photos[0].ID != two.ID || p.Photos[1].ID != one.ID {
			t.Error("the order stays")
		}
		if err := a.photos.TakeDown(t.Context(), ed, one.ID, ""); !errs.Is(err, errs.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		if err := a.photos.TakeDown(t.Context(), ed, one.ID, "The author asked for it."); err != nil {
			t.Fatal(err)
		}
		if _, err := a.served(one.URLs[320]); !errs.Is(err, errs.Gone) {
			t.Errorf("what was taken down: %v", err)
		}
		if err := a.photos.Hide(t.Context(), ed, two.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := a.served(two.URLs[320]); !errs.Is(err, errs.NotFound) {
			t.Errorf("what is hidden: %v", err)
		}
		if p := a.place("well"); p.PhotoCount != 0 || len(p.Photos) != 0 {
			t.Errorf("still shown: %+v", p.Photos)
		}
		if list, err := a.photos.Seen(t.Context(), ann, a.place("well")); err != nil || len(list) != 0 {
			t.Errorf("a member sees %v, %v", list, err)
		}
		if list, err := a.photos.Seen(t.Context(), ed, a.place("well")); err != nil || len(list) != 2 || list[1].Reason != "The author asked for it." {
			t.Errorf("the editor sees %v, %v", list, err)
		}
		mine := a.add(ann, a.id, shot(t, 30))
		text := about()
		text.Alt = "A ring of stone"
		if err := a.photos.Describe(t.Context(), ann, mine.ID, text); err != nil {
			t.Error(err)
		}
		if err := a.photos.Describe(t.Context(), ann, two.ID, text); !errs.Is(err, errs.Denied) {
			t.Errorf("another's: %v", err)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error { return a.photos.Move(tx, a.id, a.other) })
		if err != nil {
			t.Fatal(err)
		}
		if err := a.photos.Publish(t.Context(), ed, mine.ID); err != nil {
			t.Fatal(err)
		}
		if p := a.place("mill"); p.PhotoCount != 1 || p.Photos[0].Alt != "A ring of stone" {
			t.Errorf("the other place: %+v", p.Photos)
		}
	})
}

func TestAdd_refuses(t *testing.T) {
	a := newAtlas(t, dbtest.SQLite(t), "")
	ann := a.member(1, actor.Member, actor.New)
	cases := map[string]struct {
		who  actor.Actor
		id   int64
		t    photo.About
		file []byte
		code errs.Code
	}{
		"nobody":          {actor.Actor{}, a.id, about(), shot(t, 1), errs.Unsigned},
		"no place":        {ann, 77, about(), shot(t, 1), errs.NotFound},
		"no licence":      {ann, a.id, photo.About{}, shot(t, 1), errs.Invalid},
		"a licence":       {ann, a.id, photo.About{Licence: "<script>"}, shot(t, 1), errs.Invalid},
		"a long text":     {ann, a.id, photo.About{Licence: "CC0-1.0", Alt: strings.Repeat("x", 501)}, shot(t, 1), errs.Invalid},
		"a letter":        {ann, a.id, about(), []byte("dear atlas"), errs.Invalid},
		"half a picture":  {ann, a.id, about(), shot(t, 1)[:900], errs.Invalid},
		"too many bytes":  {ann, a.id, about(), make([]byte, photo.MaxFile+1), errs.TooLarge},
		"a point outside": {ann, a.id, photo.About{Licence: "CC0-1.0", FocusX: 5}, shot(t, 1), errs.Invalid},
	}
	for name, c := range cases {
		if _, err := a.photos.Add(t.Context(), c.who, c.id, c.t, bytes.NewReader(c.file)); !errs.Is(err, c.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := a.blobs.Each(t.Context(), func(n string, _ int64) error { t.Errorf("%s was kept", n); return nil }); err != nil {
		t.Fatal(err)
	}
}

func TestAdd_inABucket(t *testing.T) {
	back := s3mem.New()
	if err := back.CreateBucket("atlas"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(back).Server())
	defer server.Close()
	a := newAtlas(t, dbtest.SQLite(t), "s3://key:secret@atlas?endpoint="+server.URL+"&region=eu-1")
	ed := a.member(2, actor.Editor, actor.Known)
	p := a.add(ed, a.id, shot(t, 5))
	if kind, err := a.served(p.URLs[320]); kind != "image/webp" || err != nil {
		t.Errorf("served from a bucket: %q, %v", kind, err)
	}
	server.Close()
	if _, err := a.photos.Add(t.Context(), ed, a.id, about(), bytes.NewReader(shot(t, 6))); !errs.Is(err, errs.Unavailable) {
		t.Errorf("without the server: %v", err)
	}
	if n := a.place("well").PhotoCount; n != 1 {
		t.Errorf("a row without its file: %d", n)
	}
}
