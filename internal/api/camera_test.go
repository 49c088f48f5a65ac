package api

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"image"
	"image/jpeg"
	"net/http"
	"slices"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/matter"
	"mirabilia/internal/setting"
)

// ownShot is a photo that says where its camera stood: 47.2718281 north,
// 11.3141592 east.
func ownShot(t *testing.T) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 340, 200))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 7)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	le, tiff := binary.LittleEndian, []byte("II*\x00\x08\x00\x00\x00")
	entry := func(tag, kind uint16, count, value uint32) {
		tiff = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(tiff, tag), kind), count), value)
	}
	tiff = le.AppendUint16(tiff, 1)
	entry(0x8825, 4, 1, 26)
	tiff = le.AppendUint16(le.AppendUint32(tiff, 0), 4)
	entry(1, 2, 2, 'N')
	entry(2, 5, 3, 80)
	entry(3, 2, 2, 'E')
	entry(4, 5, 3, 104)
	tiff = le.AppendUint32(tiff, 0)
	for _, n := range []uint32{472718281, 10_000_000, 0, 1, 0, 1, 113141592, 10_000_000, 0, 1, 0, 1} {
		tiff = le.AppendUint32(tiff, n)
	}
	exif := append([]byte("Exif\x00\x00"), tiff...)
	return slices.Concat(b.Bytes()[:2], binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2)), exif, b.Bytes()[2:])
}

// Where a photo of a hidden place was taken is told to who sends it, and by no
// other call to anybody.
func TestAddPhoto_cameraIsTheSendersAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		matter.JoinPhotos(a.Desk, a.Photos, setting.Open(d))
		member, editor := signedIn(t, a, actor.Member, actor.Contribute), signedIn(t, a, actor.Editor, actor.Edit)
		tells := func(text string) bool {
			return strings.Contains(text, "47.27") || strings.Contains(text, "11.31") || strings.Contains(text, "2718281") || strings.Contains(text, "taken_l")
		}
		w := sendPhoto(t, a, "/places/secret-grove/photos", ownShot(t), map[string]string{"licence": "CC0-1.0", "caption": "An owl"}, member...)
		sent := reads[struct{ ID string }](t, w, http.StatusCreated)
		if !tells(w.Body.String()) {
			t.Fatalf("its sender is not told: %s", w.Body)
		}
		look := func(when string) {
			t.Helper()
			for _, header := range [][]string{nil, member, editor} {
				for _, target := range []string{"/places/secret-grove", "/places", "/places?q=grove", "/search?q=grove", "/random?tag=trees", "/changes", "/me", "/users/the-member",
					"/submissions", "/submissions?kind=photo", "/submissions?status=published", "/submissions/s" + sent.ID} {
					if r := call(a, http.MethodGet, Prefix+target, header...); tells(r.Body.String()) {
						t.Errorf("%s: %s tells: %s", when, target, r.Body)
					}
				}
			}
		}
		look("while it waits")
		w = write(a, "POST", "/submissions/s"+sent.ID+"/decision", `{"action":"publish","fields":{"caption":"An owl, asleep"}}`, editor...)
		if w.Code != http.StatusOK || tells(w.Body.String()) {
			t.Fatalf("published: %d %s", w.Code, w.Body)
		}
		look("once it is public")
		var s struct {
			Decisions []struct{ Fields map[string]string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil || len(s.Decisions) != 1 || s.Decisions[0].Fields["caption"] != "An owl, asleep" {
			t.Errorf("what was mended: %s, %v", w.Body, err)
		}
	})
}
