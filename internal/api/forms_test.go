package api

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
)

// picture is a small JPEG of one colour, too large all the same for the parts of
// a form that are kept in memory.
func picture(t *testing.T, c color.Color) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for x := range 40 {
		for y := range 30 {
			img.Set(x, y, c)
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, nil); err != nil {
		t.Fatal(err)
	}
	file.Write(make([]byte, 16<<10)) // behind the end of the picture
	return file.Bytes()
}

// A key stands for the whole of a form: the same parts are answered again,
// however they are set apart, and another file or another text is another call.
func TestOnce_readsFormsWhole(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		key := append([]string{keyHeader, "photo"}, signedIn(t, a, actor.Member, actor.Contribute)...)
		red, blue := picture(t, color.RGBA{R: 255, A: 255}), picture(t, color.RGBA{B: 255, A: 255})
		send := func(file []byte, caption string) *httptest.ResponseRecorder {
			t.Helper()
			return sendPhoto(t, a, "/places/catacombs/photos", file, map[string]string{"licence": "CC0-1.0", "caption": caption}, key...)
		}
		first := send(red, "A wall")
		if first.Code != http.StatusCreated {
			t.Fatalf("%d %s", first.Code, first.Body)
		}
		if again := send(red, "A wall"); again.Code != first.Code || again.Body.String() != first.Body.String() || again.Header().Get("Idempotency-Replayed") != "true" {
			t.Errorf("the same again: %d %s", again.Code, again.Body)
		}
		for what, w := range map[string]*httptest.ResponseRecorder{"another file": send(blue, "A wall"), "another caption": send(red, "A gate"), "no file": send(nil, "A wall")} {
			if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), keyHeader) {
				t.Errorf("%s: %d %s", what, w.Code, w.Body)
			}
		}
		left, err := filepath.Glob(filepath.Join(os.TempDir(), "multipart-*"))
		if err != nil || len(left) != 0 {
			t.Errorf("%d files of forms are left over, %v: %v", len(left), left, err)
		}
	})
}

func TestForm_thatIsNone(t *testing.T) {
	a := atlasOnSQLite(t)
	ada := signedIn(t, a, actor.Member, actor.Contribute)
	at := "/places/catacombs/photos"
	for sent, header := range map[string]string{"--x\r\nbroken": "multipart/form-data; boundary=x", "--y\r\n": "multipart/form-data"} {
		r := httptest.NewRequest(http.MethodPost, Prefix+at, strings.NewReader(sent))
		r.Header.Set("Content-Type", header)
		r.Header.Set(ada[0], ada[1])
		w := httptest.NewRecorder()
		if a.ServeHTTP(w, r); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "The form broke off") {
			t.Errorf("%q as %s: %d %s", sent, header, w.Code, w.Body)
		}
	}
	reader := signedIn(t, a, actor.Member, actor.Read)
	if w := write(a, "POST", at, "{}", append([]string{"Content-Type", "application/json"}, reader...)...); w.Code != http.StatusForbidden {
		t.Errorf("a token to read: %d %s", w.Code, w.Body)
	}
}
