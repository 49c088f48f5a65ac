package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // what is compared
	_ "image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/media"
)

// variantsCommand has PROGRAM make the variants of PHOTO in its child process,
// twice, and writes those of the second time into FOLDER as o320.jpg and so on.
func variantsCommand(args []string) error {
	studio := media.NewStudio(args[0], "picture")
	defer studio.Rest()
	file, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	for range 2 {
		began := time.Now()
		_, err := studio.Develop(context.Background(), bytes.NewReader(file), int64(len(file)), func(_ *media.Made, v media.Variant) error {
			fmt.Printf("%d pixels after %.2f s\n", v.Width, time.Since(began).Seconds())
			name := filepath.Join(args[2], "o"+strconv.Itoa(v.Width))
			return errors.Join(os.WriteFile(name+".jpg", v.JPEG, 0o600), os.WriteFile(name+".webp", v.WebP, 0o600))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// likenessCommand prints how like each FILE is to REFERENCE, a picture of the
// same size: the mean structural similarity of luma (Wang and others, 2004) in
// windows of 8 × 8 pixels, every 4 pixels.
func likenessCommand(args []string) error {
	reference, err := luma(args[0])
	if err != nil {
		return err
	}
	for _, name := range args[1:] {
		other, err := luma(name)
		if err != nil {
			return err
		}
		if reference.Rect != other.Rect {
			return fmt.Errorf("%s is %v, not %v", name, other.Rect, reference.Rect)
		}
		fmt.Printf("%.4f\n", likeness(reference, other))
	}
	return nil
}

func luma(name string) (*image.Gray, error) {
	file, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var img image.Image
	if strings.HasSuffix(name, ".webp") {
		img, err = media.DecodeWebP(file)
	} else {
		img, _, err = image.Decode(bytes.NewReader(file))
	}
	if err != nil {
		return nil, err
	}
	b := img.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, bl, _ := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			out.Pix[y*out.Stride+x] = byte((299*r + 587*g + 114*bl + 500) / 1000 >> 8)
		}
	}
	return out, nil
}

func likeness(a, b *image.Gray) float64 {
	const window, c1, c2 = 8, 0.01 * 255 * 0.01 * 255, 0.03 * 255 * 0.03 * 255
	sum, n := 0.0, 0
	for top := 0; top+window <= a.Rect.Dy(); top += window / 2 {
		for left := 0; left+window <= a.Rect.Dx(); left += window / 2 {
			var sa, sb, saa, sbb, sab float64
			for y := top; y < top+window; y++ {
				for x := left; x < left+window; x++ {
					p, q := float64(a.Pix[y*a.Stride+x]), float64(b.Pix[y*b.Stride+x])
					sa, sb, saa, sbb, sab = sa+p, sb+q, saa+p*p, sbb+q*q, sab+p*q
				}
			}
			const k = window * window
			ma, mb := sa/k, sb/k
			va, vb, both := saa/k-ma*ma, sbb/k-mb*mb, sab/k-ma*mb
			sum += (2*ma*mb + c1) * (2*both + c2) / ((ma*ma + mb*mb + c1) * (va + vb + c2))
			n++
		}
	}
	return sum / float64(n)
}

// uploads is how many photos arrive at once.
const uploads = 20

// arriveCommand sends PHOTO to the server at URL, process PID, in the name of the
// first of the people in FOLDER: one, and tells when its smallest size could be
// seen, counted from the last byte; then twenty at once, and tells how much memory
// server and children took together.
func arriveCommand(args []string) error {
	c := newCaller(args[0])
	list, err := readPeople(args[1], "people.tsv")
	if err != nil {
		return err
	}
	file, err := os.ReadFile(args[3])
	if err != nil {
		return err
	}
	var page struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := c.call(nil, http.MethodGet, "/api/v1/places?limit=1", nil, &page); err != nil || len(page.Items) == 0 {
		return errors.Join(errors.New("there is no place"), err)
	}
	to := "/api/v1/places/" + page.Items[0].ID + "/photos"
	var first, second time.Duration
	for i, took := range []*time.Duration{&first, &second} {
		id, last, err := c.upload(&list[0], to, numbered(file, i))
		if err == nil {
			err = c.seen(&list[0], id, 1)
		}
		if *took = time.Since(last); err == nil {
			err = c.seen(&list[0], id, len(media.Widths))
		}
		if err != nil {
			return err
		}
	}
	tableLine("its 320 pixels seen after the last byte, at load "+machineLoad(), "", fmt.Sprintf("%.2f s; %.2f s where the child has to be started first", second.Seconds(), first.Seconds()), "", "≤ 1 s")
	ended, most := make(chan struct{}), make(chan int, 1)
	go func() { most <- together(args[2], ended) }()
	_, err = atOnce(uploads, uploads, 10*time.Minute, func(_, i int) error {
		id, _, err := c.upload(&list[0], to, numbered(file, 100+i))
		if err == nil {
			err = c.seen(&list[0], id, len(media.Widths))
		}
		return err
	})
	close(ended)
	memory := <-most
	if err != nil {
		return err
	}
	tableLine(fmt.Sprintf("memory of server and children while %d such photos arrive at once", uploads), "", fmt.Sprintf("%d MiB", memory), "", "< 1,536")
	return nil
}

// numbered is a JPEG with a comment that makes it another file.
func numbered(file []byte, n int) []byte {
	comment := append([]byte{0xff, 0xfe, 0, 10}, binary.BigEndian.AppendUint64(nil, uint64(n))...)
	return append(append(append([]byte{}, file[:2]...), comment...), file[2:]...)
}

// upload sends a photo and tells its id and when the last byte had been sent.
func (c *caller) upload(p *person, path string, file []byte) (id string, last time.Time, err error) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", "photo.jpg")
	if err != nil {
		return "", last, err
	}
	if _, err := part.Write(file); err != nil {
		return "", last, err
	}
	if err := errors.Join(form.WriteField("licence", "CC-BY-SA-4.0"), form.Close()); err != nil {
		return "", last, err
	}
	r, err := http.NewRequest(http.MethodPost, c.base+path, &b)
	if err != nil {
		return "", last, err
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Prefer", "respond-async")
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { last = time.Now() }}))
	a, err := c.client.Do(r)
	if err != nil {
		return "", last, err
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err == nil && a.StatusCode >= 300 {
		err = fmt.Errorf("%s answers %s: %.200s", path, a.Status, body)
	}
	var out struct {
		ID string `json:"id"`
	}
	if err == nil {
		err = json.Unmarshal(body, &out)
	}
	return out.ID, last, err
}

// seen waits until so many sizes of a photo are there and its smallest is served.
func (c *caller) seen(p *person, id string, sizes int) error {
	for range 60_000 {
		var page struct {
			Photos []struct {
				Made    int    `json:"made"`
				Done    bool   `json:"done"`
				Refused bool   `json:"refused"`
				Picture string `json:"picture"`
			} `json:"photos"`
		}
		if err := c.call(p, http.MethodGet, "/photos/progress?id="+id, nil, &page); err != nil {
			return err
		}
		if len(page.Photos) == 1 && page.Photos[0].Refused {
			return errors.New("the photo was refused")
		}
		if len(page.Photos) == 1 && page.Photos[0].Made >= sizes && page.Photos[0].Picture != "" {
			return c.call(p, http.MethodGet, page.Photos[0].Picture, nil, nil)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return errors.New("its sizes are not made")
}

// together is the most memory, in MiB, that a process and its children had at
// one time, looked at until it ends.
func together(pid string, ended <-chan struct{}) (most int) {
	for {
		sum := resident(pid)
		tasks, _ := filepath.Glob("/proc/" + pid + "/task/*/children")
		for _, t := range tasks {
			b, _ := os.ReadFile(t)
			for _, child := range strings.Fields(string(b)) {
				sum += resident(child)
			}
		}
		most = max(most, sum)
		select {
		case <-ended:
			return most
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func resident(pid string) int {
	b, _ := os.ReadFile("/proc/" + pid + "/statm")
	if f := strings.Fields(string(b)); len(f) > 1 {
		pages, _ := strconv.Atoi(f[1])
		return pages * os.Getpagesize() >> 20
	}
	return 0
}
