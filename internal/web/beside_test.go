package web

import (
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mirabilia/internal/blob"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/media"
	"mirabilia/internal/photo"
)

// located is a JPEG with a position in whole degrees, north and east, as a
// camera writes it.
func located(shot []byte, lat, lon uint32) []byte { return locatedBy(shot, 1, lat, lon) }

// locatedBy is located in parts of a degree, so many to one.
func locatedBy(shot []byte, parts, lat, lon uint32) []byte {
	le := binary.LittleEndian
	tiff := []byte("II*\x00\x08\x00\x00\x00")
	entry := func(tag, kind uint16, count, value uint32) {
		tiff = le.AppendUint16(tiff, tag)
		tiff = le.AppendUint16(tiff, kind)
		tiff = le.AppendUint32(tiff, count)
		tiff = le.AppendUint32(tiff, value)
	}
	tiff = le.AppendUint16(tiff, 1)
	entry(0x8825, 4, 1, 26) // the part about the position, at byte 26
	tiff = le.AppendUint32(tiff, 0)
	tiff = le.AppendUint16(tiff, 4)
	entry(1, 2, 2, 'N')
	entry(2, 5, 3, 80) // degrees, minutes, seconds as fractions
	entry(3, 2, 2, 'E')
	entry(4, 5, 3, 104)
	tiff = le.AppendUint32(tiff, 0)
	for _, degrees := range []uint32{lat, lon} {
		for _, n := range []uint32{degrees, parts, 0, 1, 0, 1} {
			tiff = le.AppendUint32(tiff, n)
		}
	}
	body := append([]byte("Exif\x00\x00"), tiff...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return slices.Concat(shot[:2], segment, body, shot[2:])
}

// sendBeside sends a file as the script of a form does.
func (h *house) sendBeside(who, path string, file sentFile) (sent sentPhoto) {
	h.t.Helper()
	w := h.uploadAs(who, path, url.Values{"draft": {"77"}, "do": {"photo"}}, file)
	var out struct{ Photos []sentPhoto }
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != 200 || len(out.Photos) != 1 {
		h.t.Fatalf("%d %s, %v", w.Code, w.Body, err)
	}
	return out.Photos[0]
}

// uploadAs sends a form with files as a browser does without script.
func (h *house) uploadAs(who, path string, form url.Values, files ...sentFile) *httptest.ResponseRecorder {
	h.t.Helper()
	fields := map[string]string{}
	for name := range form {
		fields[name] = form.Get(name)
	}
	r := h.uploadRequest(path, fields, files...)
	r.Header.Set("Test-Who", who)
	w := httptest.NewRecorder()
	h.site.ServeHTTP(w, r)
	return w
}

// unseen fails when somebody other than those named sees a photo that is not public.
func (h *house) unseen(id string, by ...string) {
	h.t.Helper()
	for _, who := range []string{"ines", "mario", "tomasz", ""} {
		w := h.as(who, "/photos/"+id+"/320")
		if sees := w.Code == http.StatusOK; sees != slices.Contains(by, who) {
			h.t.Errorf("%q gets %d for the photo", who, w.Code)
		}
		if w := h.as(who, "/photos/progress?id="+id); who != "" && strings.Contains(w.Body.String(), `"picture"`) != slices.Contains(by, who) {
			h.t.Errorf("%q is told %s", who, w.Body)
		}
	}
	h.atlasHasNoVariant(id)
}

// atlasHasNoVariant fails when the variants of a photo are served to everybody.
func (h *house) atlasHasNoVariant(id string) {
	h.t.Helper()
	n, _ := parseNumber(id)
	ph, err := h.photos.Find(h.t.Context(), h.who["ines"], n)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, path := range ph.URLs {
		if w := h.get(path); w.Code != http.StatusNotFound {
			h.t.Errorf("%s is served: %d", path, w.Code)
		}
	}
}

// about is what is written about a photo in the form.
func about(form url.Values, id, licence string) url.Values {
	at := "photo." + id + "."
	for part, text := range map[string]string{"alt": "A white tower in sand", "caption": "The tower <b>", "credit": "", "licence": licence, "focus": "2-0"} {
		form.Set(at+part, text)
	}
	return form
}

// What makes the sizes gets ready while a file of a form is on its way.
func TestNewPlace_photosAreExpected(t *testing.T) {
	h := newHouse(t)
	files, err := blob.Open(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	began := filepath.Join(t.TempDir(), "began")
	studio := media.NewStudio("/bin/sh", "-c", `echo > "$0"; cat > /dev/null`, began)
	h.site.Photos = photo.New(h.db, files, studio, h.places)
	h.sendBeside("ines", "/places/new", sentFile{"note.txt", []byte("dear atlas")})
	studio.Rest() // waits until the child has ended
	if _, err := os.Stat(began); err != nil {
		t.Error("nobody got ready")
	}
}

func TestNewPlace_withPhotos(t *testing.T) {
	h := newHouse(t)
	bad := h.sendBeside("ines", "/places/new", sentFile{"../note.txt", []byte("dear atlas")})
	if bad.ID != "" || bad.Name != "note.txt" || !strings.Contains(bad.Text, "no picture") {
		t.Errorf("a letter: %+v", bad)
	}
	one := h.sendBeside("ines", "/places/new", sentFile{"tower.jpg", located(someShot(t, 3), 57, 9)})
	two := h.sendBeside("ines", "/places/new", sentFile{"second.jpg", someShot(t, 9)})
	if again := h.sendBeside("ines", "/places/new", sentFile{"copy.jpg", someShot(t, 9)}); !again.Again || again.ID != two.ID {
		t.Errorf("the same bytes again: %+v", again)
	}
	h.has(h.as("ines", "/photos/progress?id="+one.ID), 200, "being prepared", `"done":false`)
	h.work()
	var told struct{ Photos []workState }
	if err := json.Unmarshal(h.as("ines", "/photos/progress?id="+one.ID).Body.Bytes(), &told); err != nil || len(told.Photos) != 1 || !told.Photos[0].Done ||
		told.Photos[0].Picture != "/photos/"+one.ID+"/320" || told.Photos[0].Lat == nil || *told.Photos[0].Lat != "57.00000" {
		t.Errorf("made: %+v, %v", told, err)
	}
	h.unseen(one.ID, "ines")
	h.has(h.as("ines", "/drafts"), 200, "/places/new?draft=77")
	h.has(h.as("ines", "/places/new?draft=77"), 200, "tower.jpg", "/photos/"+one.ID+"/320", `value="position.`+one.ID+`"`, "The licence of each photograph", `enctype="multipart/form-data"`)

	form := about(lighthouse(), one.ID, "")
	form.Set("do", "keep")
	h.has(h.post("ines", "/places/new", form), 200, "The licence of each photograph", "Describe second.jpg")
	form.Set("do", "send")
	h.has(h.post("ines", "/places/new", form), 422, "Under which licence may it be used?", "A white tower in sand")
	about(about(form, one.ID, "CC-BY-4.0"), two.ID, "CC0-1.0")
	form.Set("photo", "first."+two.ID)
	form.Set("do", "keep")
	h.has(h.post("ines", "/places/new", form), 200, "2 photographs with their licences", "Photographs are described")
	form.Del("photo")
	form.Set("do", "send")
	at, _, _ := strings.Cut(h.sends("ines", "/places/new", form), "?")
	id := strings.TrimPrefix(at, "/submissions/")
	h.unseen(one.ID, "ines", "tomasz")
	h.has(h.as("ines", at), 200, "/photos/"+one.ID+"/", "The tower &lt;b&gt;")
	h.has(h.as("tomasz", "/desk/"+id), 200, "/photos/"+one.ID+"/", `name="photo" value="`+two.ID+`"`, "The tower &lt;b&gt;", "ines")

	h.sends("tomasz", "/desk/"+id, url.Values{"do": {"publish"}, "photos": {"yes"}, "photo": {one.ID}})
	h.follow()
	n, _ := desk.ParseID(id)
	sub, err := h.site.Desk.Of(t.Context(), h.who["ines"], n)
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.places.BySlug(t.Context(), "rubjerg-knude-fyr")
	if err != nil || sub.Place != p.ID || len(p.Photos) != 1 || itoa64(p.Photos[0].ID) != one.ID || p.Photos[0].Credit != "ines" || p.Photos[0].Licence != "CC-BY-4.0" || p.Photos[0].FocusY != 0 {
		t.Fatalf("the place has %+v, %v", p.Photos, err)
	}
	h.has(h.get(p.Path()), 200, p.Photos[0].URLs[320], "The tower &lt;b&gt;")
	h.has(h.get(p.Photos[0].URLs[320]), 200)
	h.unseen(two.ID, "ines", "tomasz")
	h.has(h.as("ines", at), 200, "Left out")

	h.sends("tomasz", "/desk/"+id, url.Values{"do": {"undo"}})
	h.unseen(one.ID, "ines", "tomasz")
	h.sends("tomasz", "/desk/"+id, url.Values{"do": {"decline"}, "reason": {"rights"}})
	h.unseen(one.ID, "ines", "tomasz")
}

func TestNewPlace_photosWithoutScript(t *testing.T) {
	h := newHouse(t)
	form := lighthouse()
	form.Set("do", "save")
	to := h.uploadAs("ines", "/places/new", form, sentFile{"one.jpg", located(someShot(t, 3), 57, 9)}, sentFile{"two.jpg", someShot(t, 9)})
	if to.Code != http.StatusSeeOther || to.Header().Get("Location") != "/places/new?draft=77#photos" {
		t.Fatalf("saved: %d %s", to.Code, to.Header())
	}
	page := h.as("ines", "/places/new?draft=77")
	h.has(page, 200, "one.jpg", "two.jpg", "It is being prepared", "Load the page again", "Rubjerg Knude Fyr")
	list, err := h.photos.Beside(t.Context(), h.who["ines"], photo.Form{Draft: 77})
	if err != nil || len(list) != 2 {
		t.Fatalf("%v, %v", list, err)
	}
	one, two := itoa64(list[0].ID), itoa64(list[1].ID)
	h.work()
	h.has(h.as("ines", "/places/new?draft=77"), 200, "/photos/"+one+"/320", "/photos/"+two+"/320")

	// A file that cannot be taken stops neither the others nor a word of the text.
	form.Set("subtitle", "Another hook than before, kept all the same.")
	w := h.uploadAs("ines", "/places/new", form, sentFile{"notes.txt", []byte("dear atlas")}, sentFile{"three.jpg", someShot(t, 20)})
	h.has(w, 422, "Not every file could be taken.", "notes.txt", "no picture that can be read", "three.jpg", "Another hook than before")

	form.Set("photo", "position."+one)
	h.sends("ines", "/places/new", form)
	h.has(h.as("ines", "/places/new?draft=77"), 200, "57.00000, 9.00000")
	form.Set("photo", "first."+two)
	h.sends("ines", "/places/new", form)
	form.Set("photo", "remove."+one)
	h.sends("ines", "/places/new", form)
	if list, err = h.photos.Beside(t.Context(), h.who["ines"], photo.Form{Draft: 77}); err != nil || len(list) != 2 || itoa64(list[0].ID) != two {
		t.Errorf("arranged: %+v, %v", list, err)
	}
	// What somebody else has beside their draft is not there for others.
	if w := h.post("mario", "/places/new", url.Values{"draft": {"78"}, "title": {"x"}, "do": {"save"}, "photo": {"first." + two}}); w.Code != http.StatusNotFound {
		t.Errorf("another's photo: %d", w.Code)
	}
	form.Del("photo")
	h.sends("ines", "/drafts", url.Values{"discard": {"77"}})
	if _, err := h.photos.Find(t.Context(), h.who["ines"], list[0].ID); !errs.Is(err, errs.NotFound) {
		t.Errorf("a photo outlives its draft: %v", err)
	}
}

// Of a file that could not be read the form shows the name, the reason and the way
// to remove it; the first good one is the cover, whatever came first.
func TestNewPlace_photoThatCannotBeRead(t *testing.T) {
	h := newHouse(t)
	whole := someShot(t, 3)
	form := lighthouse()
	form.Set("do", "save")
	h.uploadAs("ines", "/places/new", form, sentFile{"cut.jpg", whole[:len(whole)/2]}, sentFile{"tower.jpg", someShot(t, 9)})
	h.work()
	list, err := h.photos.Beside(t.Context(), h.who["ines"], photo.Form{Draft: 77})
	if err != nil || len(list) != 2 || list[0].File != "tower.jpg" || list[1].Becomes != photo.Refused {
		t.Fatalf("%+v, %v", list, err)
	}
	good, cut := itoa64(list[0].ID), itoa64(list[1].ID)
	page := h.as("ines", "/places/new?draft=77").Body.String()
	_, rows, _ := strings.Cut(page, "data-besides>")
	rows, _, _ = strings.Cut(rows, "<template")
	first, last, found := strings.Cut(rows, `data-photo="`+cut+`"`)
	if !found || !strings.Contains(first, `<span class="badge" data-cover>`) || !strings.Contains(first, `name="photo.`+good+`.alt"`) {
		t.Errorf("the good one: %s", first)
	}
	if strings.Contains(last, `<span class="badge" data-cover>`) || strings.Contains(last, `name="photo.`+cut) || strings.Count(last, "<button") != 1 ||
		!strings.Contains(last, `value="remove.`+cut+`"`) || !strings.Contains(last, "cut off before its end") || !strings.Contains(last, "cut.jpg") {
		t.Errorf("the one that was cut: %s", last)
	}
	about(form, good, "CC-BY-4.0")
	form.Set("do", "send")
	h.has(h.post("ines", "/places/new", form), 422, "could not be read. Remove it", `href="#f-photo.`+cut+`.remove"`, `id="f-photo.`+cut+`.remove"`)
	form.Set("photo", "remove."+cut)
	form.Set("do", "save")
	h.sends("ines", "/places/new", form)
	form.Del("photo")
	form.Set("do", "send")
	h.sends("ines", "/places/new", form)
}

func TestEdit_photosAlone(t *testing.T) {
	h := newHouse(t)
	const edit = "/places/casa-azul/edit"
	one := h.sendBeside("ines", edit, sentFile{"a.jpg", someShot(t, 3)})
	h.has(h.as("ines", edit), 200, "Casa Azul", "a.jpg")
	h.work()
	form := about(url.Values{"draft": {"77"}, "do": {"send"}, "rights": {"yes"}}, one.ID, "CC-BY-4.0")
	for name, v := range map[string]string{"title": "Casa Azul"} {
		form.Set(name, v)
	}
	p, err := h.places.BySlug(t.Context(), "casa-azul")
	if err != nil {
		t.Fatal(err)
	}
	d, err := h.site.Drafts.Open(t.Context(), h.who["ines"], 77)
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range d.Typed { // the form as it stands
		form.Set(name, v)
	}
	form.Set("base", itoa64(int64(p.Revision)))
	if to := h.sends("ines", edit, form); to != "/places/casa-azul/photos?sent=1" {
		t.Errorf("sent to %s", to)
	}
	h.has(h.as("ines", "/places/casa-azul/photos"), 200, "Waits for an editor")
	h.has(h.as("tomasz", "/desk?kind=photo"), 200, "Casa Azul")
	h.unseen(one.ID, "ines", "tomasz")
}
