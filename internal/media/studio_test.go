package media_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"mirabilia/internal/errs"
	"mirabilia/internal/media"
)

func TestStudio(t *testing.T) {
	s := media.NewStudio(os.Args[0], "picture-child")
	defer s.Rest()
	file := packJPEG(t, scene(700, 500))
	develop := func(file []byte) (*media.Made, error) {
		return s.Develop(context.Background(), bytes.NewReader(file), int64(len(file)), nil)
	}
	m, err := develop(file)
	if err != nil {
		t.Fatal(err)
	}
	here := make1(t, file)
	if len(m.Variants) != 2 || !bytes.Equal(m.Variants[1].WebP, here.Variants[1].WebP) || m.Hash != here.Hash || m.SHA256 != here.SHA256 {
		t.Error("the child makes something else than the function")
	}
	if _, err := develop(file[:100]); !errs.Is(err, errs.Invalid) {
		t.Errorf("a cut file: %v", err)
	}
	if _, err := develop(file); err != nil {
		t.Errorf("after a refused file: %v", err)
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Develop(stopped, bytes.NewReader(file), int64(len(file)), nil); err == nil {
		t.Error("a request that is gone is served")
	}
}

// Whose file is on its way finds a child that is getting ready, once; it is let go
// when no file comes.
func TestStudio_expects(t *testing.T) {
	s := media.NewStudio(os.Args[0], "picture-child")
	s.Expect()
	s.Expect()
	s.Rest()
	if s.Peak() == 0 {
		t.Error("nobody was there")
	}
	s.Expect()
	file := packJPEG(t, scene(700, 500))
	m, err := s.Develop(t.Context(), bytes.NewReader(file), int64(len(file)), nil)
	if err != nil || len(m.Variants) != 2 {
		t.Errorf("%+v, %v", m, err)
	}
	s.Rest()
	media.NewStudio().Expect() // where there is no child nothing happens
}

// A child that is killed while it has nothing to do costs nobody a file; where
// none lives at all the file is not tried for ever.
func TestStudio_replacesAChildThatEndedIdle(t *testing.T) {
	name := filepath.Join(t.TempDir(), "number")
	s := media.NewStudio("/bin/sh", "-c", `echo $$ > "$0"; exec "$1" picture-child "$2" "$3"`, name, os.Args[0])
	defer s.Rest()
	file := packJPEG(t, scene(700, 500))
	for round := range 3 {
		if m, err := s.Develop(t.Context(), bytes.NewReader(file), int64(len(file)), nil); err != nil || len(m.Variants) != 2 {
			t.Fatalf("round %d: %+v, %v", round, m, err)
		}
		number, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		child, err := strconv.Atoi(strings.TrimSpace(string(number)))
		if err == nil {
			err = syscall.Kill(child, syscall.SIGKILL)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	none := media.NewStudio("/bin/sh", "-c", `exit 1`)
	defer none.Rest()
	if _, err := none.Develop(t.Context(), bytes.NewReader(file), int64(len(file)), nil); !errs.Is(err, errs.Invalid) {
		t.Errorf("where none lives: %v", err)
	}
}

// bomb passes the header's check and takes more memory than a child may have.
func bomb() []byte {
	return frame(10000, 10000, 0xc0)
}

func TestStudio_bombsKillTheChildAlone(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Log("the kernel's limits are Linux's")
		return
	}
	small := media.NewStudioOf(64<<20, 60, os.Args[0], "picture-child")
	defer small.Rest()
	large := packJPEG(t, image.NewGray(image.Rect(0, 0, 8000, 8000)))
	_, err := small.Develop(t.Context(), bytes.NewReader(large), int64(len(large)), nil)
	if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "too much memory") {
		t.Errorf("64 megapixels in 64 MiB: %v", err)
	}
	quick := media.NewStudioOf(media.ChildMemory, 0, os.Args[0], "picture-child")
	defer quick.Rest()
	larger := packJPEG(t, image.NewGray(image.Rect(0, 0, 9800, 9800)))
	_, err = quick.Develop(t.Context(), bytes.NewReader(larger), int64(len(larger)), nil)
	if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "too long") {
		t.Errorf("96 megapixels in no time: %v", err)
	}
	file := packJPEG(t, scene(100, 80))
	s := media.NewStudio(os.Args[0], "picture-child")
	defer s.Rest()
	if _, err := s.Develop(t.Context(), bytes.NewReader(file), int64(len(file)), nil); err != nil {
		t.Errorf("the next one: %v", err)
	}
}

// Twenty hostile files at once: the child takes them one after the other, and
// whatever it takes stays under its limit; this process holds none of them.
func TestStudio_twentyAtOnce(t *testing.T) {
	s := media.NewStudio(os.Args[0], "picture-child")
	defer s.Rest()
	files := [][]byte{bomb(), packJPEG(t, image.NewGray(image.Rect(0, 0, 9000, 9000))), pngOf(7000, 7000), frame(9000, 9000, 0xc2)}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var done sync.WaitGroup
	for i := range 20 {
		done.Go(func() {
			f := files[i%len(files)]
			m, err := s.Develop(context.Background(), bytes.NewReader(f), int64(len(f)), nil)
			if err != nil && !errs.Is(err, errs.Invalid) {
				t.Errorf("file %d: %v", i, err)
			}
			if (m != nil) != (i%len(files) == 1) {
				t.Errorf("file %d was taken: %v, %v", i, m != nil, err)
			}
		})
	}
	done.Wait()
	s.Rest()
	runtime.ReadMemStats(&after)
	if grown := int64(after.Sys) - int64(before.Sys); grown > 200<<20 {
		t.Errorf("this process grew by %d MiB", grown>>20)
	}
	if peak := s.Peak(); peak > media.ChildMemory+200<<20 {
		t.Errorf("the child took %d MiB", peak>>20)
	}
}

// A person's picture is the upright middle of the file, as two squares; a file
// that is smaller has its own side.
func TestStudio_portrays(t *testing.T) {
	command := []string{os.Args[0], "picture-child"}
	s := media.NewStudio(command...)
	defer s.Rest()
	for _, x := range []struct {
		w, h  int
		sides []int
	}{{700, 300, []int{256, 64}}, {40, 300, []int{40}}} {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, scene(x.w, x.h), nil); err != nil {
			t.Fatal(err)
		}
		m, err := s.Portray(t.Context(), bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Variants) != len(x.sides) {
			t.Fatalf("%d sizes, want %v", len(m.Variants), x.sides)
		}
		for i, v := range m.Variants {
			img, err := jpeg.Decode(bytes.NewReader(v.JPEG))
			if err != nil || img.Bounds().Dx() != x.sides[i] || img.Bounds().Dy() != x.sides[i] || v.Width != x.sides[i] {
				t.Errorf("size %d: %v, %v", i, v.Width, err)
			}
		}
	}
	// The same child goes on with whole pictures.
	var b bytes.Buffer
	if err := jpeg.Encode(&b, scene(400, 200), nil); err != nil {
		t.Fatal(err)
	}
	if m, err := s.Develop(t.Context(), bytes.NewReader(b.Bytes()), int64(b.Len()), nil); err != nil || m.Width != 400 || m.Height != 200 {
		t.Errorf("%+v, %v", m, err)
	}
}
