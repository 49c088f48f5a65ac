package app

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"mirabilia/internal/demo"
	"mirabilia/internal/errs"
	"mirabilia/internal/media"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
)

// demoPath is where the drawings of the demo are served.
const demoPath = "/pictures/demo/"

// illustrateDemo gives the demo's places their drawings.
func (a *App) illustrateDemo(ctx context.Context) error {
	drawings, err := demo.Drawings()
	if err != nil {
		return err
	}
	photos := map[string][]place.Photo{}
	for _, d := range drawings {
		urls := make(map[int]string, len(d.Files))
		for width, file := range d.Files {
			urls[width] = demoPath + file
		}
		photos[d.Place] = append(photos[d.Place], place.Photo{
			Caption: d.Caption, Alt: d.Alt, Credit: d.Credit, Licence: d.Licence,
			Width: d.Width, Height: d.Height, Drawing: true, URLs: urls,
		})
	}
	for slug, list := range photos {
		p, err := a.places.BySlug(ctx, slug)
		if err != nil {
			return fmt.Errorf("drawings of %s: %w", slug, err)
		}
		if err := a.places.Illustrate(ctx, p.ID, list); err != nil {
			return err
		}
	}
	return nil
}

// demoPictures serves the drawings of the demo: WebP as they are, and JPEG for
// programs that read no WebP, made at the first request and kept.
type demoPictures struct {
	mu    sync.Mutex
	jpegs map[string][]byte
}

func newDemoPictures() *demoPictures { return &demoPictures{jpegs: map[string][]byte{}} }

func (d *demoPictures) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file := r.PathValue("file")
	kind, body, err := "image/webp", []byte(nil), error(nil)
	if stem, ok := strings.CutSuffix(file, ".jpg"); ok {
		kind = "image/jpeg"
		body, err = d.jpeg(stem)
	} else if found, ok := demo.Picture(file); ok {
		body = found
	} else {
		err = errs.New(errs.NotFound, "There is no picture at this address.")
	}
	h := w.Header()
	if err != nil {
		status := http.StatusInternalServerError
		if errs.Is(err, errs.NotFound) {
			status = http.StatusNotFound
		}
		h.Set("Cache-Control", "no-store")
		http.Error(w, "There is no picture at this address.", status)
		return
	}
	h.Set("Content-Type", kind)
	tag := `"` + file + `"`
	h.Set("Etag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}

// pixels reads a picture of a place by its path, for the pictures that networks
// show: what we have made ourselves, whole and small.
func (a *App) pixels(ctx context.Context, path string) (image.Image, error) {
	if name, ok := strings.CutPrefix(path, photo.Path); ok {
		content, _, _, err := a.photos.Variant(ctx, name)
		if err != nil {
			return nil, err
		}
		defer content.Close()
		b, err := io.ReadAll(content)
		if err != nil {
			return nil, err
		}
		return media.DecodeWebP(b)
	}
	return demoPixels(path)
}

// demoPixels reads one of the demo's drawings by its path.
func demoPixels(path string) (image.Image, error) {
	packed, ok := demo.Picture(strings.TrimPrefix(path, demoPath))
	if !ok || !strings.HasPrefix(path, demoPath) {
		return nil, errs.New(errs.NotFound, "There is no picture at this address.")
	}
	return media.DecodeWebP(packed)
}

// jpeg is the variant named stem as JPEG. One is made at a time, so that many
// first requests cannot fill the memory.
func (d *demoPictures) jpeg(stem string) ([]byte, error) {
	packed, ok := demo.Picture(stem + ".webp")
	if !ok {
		return nil, errs.New(errs.NotFound, "There is no picture at this address.")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if b, ok := d.jpegs[stem]; ok {
		return b, nil
	}
	img, err := media.DecodeWebP(packed)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}); err != nil {
		return nil, err
	}
	d.jpegs[stem] = b.Bytes()
	return b.Bytes(), nil
}
