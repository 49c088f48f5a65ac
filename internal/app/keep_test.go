package app

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"mirabilia/internal/actor"
	"mirabilia/internal/blob"
	"mirabilia/internal/config"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
	"mirabilia/internal/mail"
	"mirabilia/internal/webhook"
)

// kept is the configuration of a fresh atlas that is not served yet.
func kept(t *testing.T, database string) config.Config {
	t.Helper()
	c := config.Config{Storage: config.Storage{Data: t.TempDir(), Database: database}}
	c.Listen = "127.0.0.1:0"
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	return c
}

func opened(t *testing.T, c config.Config) *App {
	t.Helper()
	a, err := Open(t.Context(), c, Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// outbox is how many letters have left an atlas without a mail server.
func outbox(t *testing.T, c config.Config) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(c.Data, "outbox", "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// enqueued lets a letter wait, and the letter of a report.
func enqueued(t *testing.T, a *App) {
	t.Helper()
	err := a.db.Write(t.Context(), func(tx *db.Tx) error {
		if err := job.Enqueue(tx, answering{Report: 1}); err != nil {
			return err
		}
		return mail.Enqueue(tx, mail.Message{To: "ada@example.org", Subject: "News", Text: "Some."})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What waited to be sent when a backup was made is not sent by the atlas that is
// restored from it, and is not lost in silence either; what comes afterwards is
// sent. Who moves an atlas can have all of it sent.
func TestRestore_sendsNothingOfBefore(t *testing.T) {
	each := func(t *testing.T, database string) {
		from := kept(t, database)
		a := opened(t, from)
		admin := actor.Actor{ID: 1, Role: actor.Admin}
		if _, err := a.hooks.Add(t.Context(), admin, "http://127.0.0.1:1/told"); err != nil {
			t.Fatal(err)
		}
		enqueued(t, a)
		a.Close()
		file := filepath.Join(t.TempDir(), "atlas.backup")
		if _, err := Backup(t.Context(), from.Storage, "test", BackupTo{File: file}, nil); err != nil {
			t.Fatal(err)
		}
		for _, send := range []bool{false, true} {
			to := kept(t, "")
			in, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			done, err := Restore(t.Context(), to.Storage, in, send, nil)
			if err != nil {
				t.Fatal(err)
			}
			want, letters, state := Held{Mails: 2, Webhooks: 1}, 0, webhook.Off
			if send {
				want, letters, state = Held{}, 1, webhook.Active
			}
			if done.HeldBack != want {
				t.Errorf("sending is %v and held back is %+v", send, done.HeldBack)
			}
			b := opened(t, to)
			list, err := b.hooks.All(t.Context(), admin)
			if err != nil || len(list) != 1 || list[0].State != state || !send && list[0].Fault != hookHeld {
				t.Errorf("sending is %v and the receivers are %+v, %v", send, list, err)
			}
			if send { // its secret was sealed with the other atlas's key
				if err := b.hooks.Remove(t.Context(), admin, list[0].ID); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := b.jobs.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := outbox(t, to); n != letters {
				t.Errorf("sending is %v and %d letters of before have left", send, n)
			}
			var said []string
			err = examineJobs(t.Context(), b.db, func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) })
			if told := strings.Contains(strings.Join(said, "\n"), "1 job was given up of kind mail, the last because: "+mailHeld); err != nil || told == send {
				t.Errorf("sending is %v and doctor says %q, %v", send, said, err)
			}
			enqueued(t, b)
			if _, err := b.jobs.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := outbox(t, to); n != letters+1 {
				t.Errorf("sending is %v and of the letters afterwards %d have left", send, n-letters)
			}
			b.Close()
		}
	}
	t.Run("sqlite", func(t *testing.T) { each(t, "") })
	if dbtest.HasPostgres() {
		t.Run("postgres", func(t *testing.T) { each(t, dbtest.PostgresURL(t)) })
	}
}

// The files of an atlas come along from a bucket and into one, whole or not at
// all: from a folder into a bucket, and back.
func TestBackup_ofABucket(t *testing.T) {
	store := s3mem.New()
	for _, name := range []string{"one", "two"} {
		if err := store.CreateBucket(name); err != nil {
			t.Fatal(err)
		}
	}
	var broken atomic.Bool
	inner := gofakes3.New(store).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() && strings.Contains(r.URL.Path, "big.webp") && r.Method == http.MethodGet {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	bucket := func(name string) string {
		return "s3://key:secret@" + name + "?endpoint=" + server.URL + "&region=eu-1"
	}
	files := map[string][]byte{"ab/cd/big.webp": bytes.Repeat([]byte("picture"), 500_000), "tiny": {7}, "x.jpg": {0, 1}}

	one := kept(t, "")
	one.Blobs = bucket("one")
	opened(t, one).Close()
	put(t, one, files)
	saved := backupOf(t, one)
	two, folder := kept(t, ""), kept(t, "")
	two.Blobs = bucket("two")
	for _, to := range []config.Config{two, folder} {
		restored(t, to, saved)
		holdsFiles(t, to, files)
		if left, err := filepath.Glob(filepath.Join(to.Data, "blobs", "*", "*", ".restore-*")); err != nil || len(left) > 0 {
			t.Errorf("%v is left, %v", left, err)
		}
	}
	again := kept(t, "")
	again.Blobs = bucket("one")
	restored(t, again, backupOf(t, folder)) // over the same files, which stay
	holdsFiles(t, again, files)

	broken.Store(true)
	file := filepath.Join(t.TempDir(), "half.backup")
	if _, err := Backup(t.Context(), one.Storage, "test", BackupTo{File: file}, nil); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a bucket that gives a file no more: %v", err)
	}
	for _, name := range []string{file, file + ".part"} {
		if _, err := os.Stat(name); !os.IsNotExist(err) {
			t.Errorf("%s is there, %v", name, err)
		}
	}
}

func put(t *testing.T, c config.Config, files map[string][]byte) {
	t.Helper()
	s, err := blob.Open(t.Context(), c.Blobs, c.Data)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range files {
		if err := s.Put(t.Context(), name, int64(len(b)), bytes.NewReader(b)); err != nil {
			t.Fatal(err)
		}
	}
}

func backupOf(t *testing.T, c config.Config) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "atlas.backup")
	saved, err := Backup(t.Context(), c.Storage, "test", BackupTo{File: file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if saved.Whole.Blobs != 3 || saved.Whole.Bytes != 3_500_003 {
		t.Errorf("%d files of %d bytes are kept", saved.Whole.Blobs, saved.Whole.Bytes)
	}
	return file
}

func restored(t *testing.T, c config.Config, file string) {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	done, err := Restore(t.Context(), c.Storage, in, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	if done.Blobs != 3 {
		t.Errorf("%d files came", done.Blobs)
	}
}

func holdsFiles(t *testing.T, c config.Config, files map[string][]byte) {
	t.Helper()
	s, err := blob.Open(t.Context(), c.Blobs, c.Data)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = s.Each(t.Context(), func(name string, _ int64) error {
		n++
		r, _, err := s.Open(t.Context(), name)
		if err != nil {
			return err
		}
		defer r.Close()
		b, err := io.ReadAll(r)
		if want, ok := files[name]; err != nil || !ok || !bytes.Equal(b, want) {
			t.Errorf("%s has %d bytes, %v", name, len(b), err)
		}
		return nil
	})
	if err != nil || n != len(files) {
		t.Errorf("%d files, want %d: %v", n, len(files), err)
	}
}
