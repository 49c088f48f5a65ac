package api

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/blob"
	"mirabilia/internal/media"
	"mirabilia/internal/photo"
)

// sendPhoto makes the call as a client does.
func sendPhoto(t *testing.T, a *API, target string, file []byte, fields map[string]string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	if file != nil {
		w, err := form.CreateFormFile("file", "shot.jpg")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write(file)
	}
	for name, v := range fields {
		if err := form.WriteField(name, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, Prefix+target, &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w
}

func TestAddPhoto(t *testing.T) {
	a := atlasOnSQLite(t)
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range img.Pix {
		img.Pix[i] = uint8(i)
	}
	img.Set(3, 3, color.White)
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, nil); err != nil {
		t.Fatal(err)
	}
	var places struct{ Items []struct{ ID, Slug string } }
	if err := json.Unmarshal(call(a, "GET", Prefix+"/places").Body.Bytes(), &places); err != nil || len(places.Items) < 2 {
		t.Fatalf("%v, %v", places, err)
	}
	at := "/places/" + places.Items[0].ID + "/photos"
	editor, member := signedIn(t, a, actor.Editor, actor.Contribute), signedIn(t, a, actor.Member, actor.Contribute)
	fields := map[string]string{"licence": "CC-BY-4.0", "caption": "A wall", "alt": "A wall of flint"}

	for want, file := range map[string][]byte{`"file","message":"The file is empty."`: {}, `"file","message":"is missing"`: nil} {
		if w := sendPhoto(t, a, at, file, fields, member...); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), want) {
			t.Errorf("a file that %s: %d %s", want, w.Code, w.Body)
		}
	}
	if w := call(a, "POST", Prefix+"/submissions", member...); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"body","message":"is missing"`) {
		t.Errorf("an empty body: %d %s", w.Code, w.Body)
	}

	w := sendPhoto(t, a, at, file.Bytes(), fields, editor...)
	var made struct {
		ID, State, Caption, Alt, Credit, Licence string
		Width                                    int
		URLs                                     map[string]string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != http.StatusCreated || made.State != "public" || made.Alt != "A wall of flint" ||
		made.Credit != "The editor" || made.Licence != "CC-BY-4.0" || made.Width != 40 || made.URLs["40"] == "" {
		t.Fatalf("an editor's: %d %s, %v", w.Code, w.Body, err)
	}
	var shown struct{ Photos []struct{ ID string } }
	if err := json.Unmarshal(call(a, "GET", Prefix+"/places/"+places.Items[0].ID).Body.Bytes(), &shown); err != nil || len(shown.Photos) != 1 || shown.Photos[0].ID != made.ID {
		t.Errorf("the place shows %v, %v", shown, err)
	}
	if w := sendPhoto(t, a, at, file.Bytes(), fields, editor...); w.Code != http.StatusCreated || !bytes.Contains(w.Body.Bytes(), []byte(made.ID)) {
		t.Errorf("the same again: %d %s", w.Code, w.Body)
	}
	if w := sendPhoto(t, a, "/places/"+places.Items[1].ID+"/photos", file.Bytes(), fields, member...); w.Code != http.StatusCreated || !bytes.Contains(w.Body.Bytes(), []byte(`"state":"waiting"`)) {
		t.Errorf("a member's: %d %s", w.Code, w.Body)
	}
	for name, c := range map[string]struct {
		target string
		file   []byte
		fields map[string]string
		status int
		field  string
	}{
		"no picture":            {at, []byte("dear atlas"), fields, http.StatusUnprocessableEntity, `"file"`},
		"no file":               {at, nil, fields, http.StatusUnprocessableEntity, `file"`},
		"licence of no such id": {at, file.Bytes(), map[string]string{"licence": "bogus"}, http.StatusUnprocessableEntity, `"licence"`},
		"no licence":            {at, file.Bytes(), nil, http.StatusUnprocessableEntity, `"licence"`},
		"no place":              {"/places/p999/photos", file.Bytes(), fields, http.StatusNotFound, ""},
	} {
		if w := sendPhoto(t, a, c.target, c.file, c.fields, member...); w.Code != c.status || !bytes.Contains(w.Body.Bytes(), []byte(c.field)) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if w := sendPhoto(t, a, at, file.Bytes(), fields); w.Code != http.StatusUnauthorized {
		t.Errorf("without a token: %d", w.Code)
	}
	if w := sendPhoto(t, a, at, file.Bytes(), fields, signedIn(t, a, actor.Member, actor.Read)...); w.Code != http.StatusForbidden || !bytes.Contains(w.Body.Bytes(), []byte(`"denied"`)) {
		t.Errorf("with a token to read: %d %s", w.Code, w.Body)
	}
}

// What makes the sizes gets ready while a member's file is on its way, whatever
// becomes of it; a stranger's call starts nothing.
func TestAddPhoto_isExpected(t *testing.T) {
	a := atlasOnSQLite(t)
	files, err := blob.Open(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	began := filepath.Join(t.TempDir(), "began")
	studio := media.NewStudio("/bin/sh", "-c", `echo > "$0"; cat > /dev/null`, began)
	a.Photos = photo.New(a.DB, files, studio, a.Places)
	send := func(who ...string) bool {
		sendPhoto(t, a, "/places/catacombs/photos", []byte("no picture"), map[string]string{"licence": "CC0-1.0"}, who...)
		studio.Rest() // waits until the child has ended
		_, err := os.Stat(began)
		return err == nil
	}
	if send() {
		t.Error("a stranger's call started a child")
	}
	if !send(signedIn(t, a, actor.Member, actor.Contribute)...) {
		t.Error("nobody got ready for a member's file")
	}
}
