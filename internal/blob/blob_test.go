package blob_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"mirabilia/internal/blob"
	"mirabilia/internal/errs"
)

// each runs a test on the folder and on an S3 server.
func each(t *testing.T, body func(t *testing.T, s *blob.Store)) {
	t.Run("folder", func(t *testing.T) {
		s, err := blob.Open(t.Context(), "", t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		body(t, s)
	})
	t.Run("S3", func(t *testing.T) {
		s, err := blob.Open(t.Context(), bucket(t), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		body(t, s)
	})
}

func bucket(t *testing.T) string {
	t.Helper()
	back := s3mem.New()
	if err := back.CreateBucket("atlas"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(back).Server())
	t.Cleanup(server.Close)
	return "s3://key:secret@atlas?endpoint=" + server.URL + "&region=eu-1"
}

func read(t *testing.T, s *blob.Store, name string) string {
	t.Helper()
	r, size, err := s.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil || int64(len(b)) != size {
		t.Fatalf("%d bytes of %d, %v", len(b), size, err)
	}
	return string(b)
}

func TestStore(t *testing.T) {
	each(t, func(t *testing.T, s *blob.Store) {
		if _, _, err := s.Open(t.Context(), "a/nothing"); !errs.Is(err, errs.NotFound) {
			t.Errorf("what is not there: %v", err)
		}
		r, err := s.Receive(strings.NewReader("a picture"), 100)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if r.Size != 9 || r.SHA256 != "92b2fa58028958317e408bd84ecfa70f5ee35b121991dbc232c49d166353708b" {
			t.Errorf("received: %+v", r)
		}
		for range 2 { // the same once more is no fault
			if err := s.Put(t.Context(), "originals/eb/eb1a", r.Size, r.Reader()); err != nil {
				t.Fatal(err)
			}
		}
		if got := read(t, s, "originals/eb/eb1a"); got != "a picture" {
			t.Errorf("kept: %q", got)
		}
		if err := s.Put(t.Context(), "a.webp", 2, strings.NewReader("ab")); err != nil {
			t.Fatal(err)
		}
		var names []string
		if err := s.Each(t.Context(), func(n string, size int64) error { names = append(names, n); return nil }); err != nil {
			t.Fatal(err)
		}
		if strings.Join(names, " ") != "a.webp originals/eb/eb1a" {
			t.Errorf("names: %v", names)
		}
		if size, err := s.Size(t.Context(), "a.webp"); size != 2 || err != nil {
			t.Errorf("size: %d, %v", size, err)
		}
		for _, bad := range []string{"", "../x", "/etc/passwd", "a/../b", ".hidden", "a//b", "a\x00b", strings.Repeat("x", 200)} {
			if err := s.Put(t.Context(), bad, 1, strings.NewReader("x")); err == nil {
				t.Errorf("the name %q is taken", bad)
			}
			if _, _, err := s.Open(t.Context(), bad); !errs.Is(err, errs.NotFound) {
				t.Errorf("the name %q: %v", bad, err)
			}
		}
		if _, err := s.Receive(bytes.NewReader(make([]byte, 101)), 100); !errs.Is(err, errs.TooLarge) {
			t.Errorf("too large: %v", err)
		}
		broken := errors.New("the line was cut")
		if err := s.Put(t.Context(), "half", 10, io.MultiReader(strings.NewReader("abc"), failing{broken})); err == nil {
			t.Error("half a file is kept")
		}
		if _, _, err := s.Open(t.Context(), "half"); !errs.Is(err, errs.NotFound) {
			t.Errorf("half a file is there: %v", err)
		}
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestFolder_leavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	s, err := blob.Open(t.Context(), "", dir)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Receive(strings.NewReader("x"), 10)
	if err != nil {
		t.Fatal(err)
	}
	_ = s.Put(t.Context(), "x/y", 5, strings.NewReader("cut"))
	_ = r.Close()
	err = filepath.WalkDir(dir, func(at string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			t.Errorf("%s is left", at)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(dir, "secret")
	if err := os.WriteFile(outside, []byte("s"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, blob.Folder, "link")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Open(t.Context(), "link"); err == nil {
		t.Error("a link leads out of the folder")
	}
}

func TestOpen_badAddresses(t *testing.T) {
	for _, a := range []string{"s3://", "s3://b", "http://b", "s3://b?endpoint=x", "s3://b/dir?endpoint=http://h", "s3://b?endpoint=http://h&colour=red"} {
		if blob.CheckAddress(a) == nil {
			t.Errorf("%s is taken", a)
		}
	}
	there := bucket(t)
	if _, err := blob.Open(t.Context(), strings.Replace(there, "@atlas", "@none", 1), t.TempDir()); !errs.Is(err, errs.Invalid) {
		t.Errorf("a bucket that is not there: %v", err)
	}
}
