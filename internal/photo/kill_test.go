package photo_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/blob"
	"mirabilia/internal/db"
	"mirabilia/internal/job"
	"mirabilia/internal/media"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
)

// TestMain makes this test program the one that is killed.
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "add-photos" {
		if err := addUntilKilled(os.Args[2], os.Args[3]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// addUntilKilled takes photographs, says the id of each as soon as it is accepted
// and then works its job.
func addUntilKilled(dir, round string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{Dir: dir})
	if err != nil {
		return err
	}
	files, err := blob.Open(ctx, "", dir)
	if err != nil {
		return err
	}
	places := place.New(d, world)
	p, err := places.BySlug(ctx, "well")
	if err != nil {
		return err
	}
	photos := photo.New(d, files, media.NewStudio(), places)
	seed, err := strconv.Atoi(round)
	if err != nil {
		return err
	}
	crew := (&atlas{db: d, photos: photos}).crew()
	ed := actor.Actor{ID: 2, Name: "m2", Shown: "Member 2", Role: actor.Editor}
	for i := range 50 {
		file, err := drawn(seed*50 + i + 1)
		if err != nil {
			return err
		}
		added, err := photos.Take(ctx, ed, p.ID, about(), photo.Sent{From: bytes.NewReader(file)})
		if err != nil {
			return err
		}
		fmt.Println(added.ID)
		if _, err := crew.Drain(ctx); err != nil {
			return err
		}
	}
	return nil
}

// A photo that was acknowledged is there, whole, whenever the program was killed:
// the next one makes the sizes that it had not.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	d, err := db.Open(t.Context(), db.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	a := newAtlas(t, d, "")
	if a.blobs, err = blob.Open(t.Context(), "", dir); err != nil {
		t.Fatal(err)
	}
	a.photos = photo.New(d, a.blobs, media.NewStudio(), a.places)
	a.member(2, actor.Editor, actor.Known)
	acknowledged := map[int64]bool{}
	for round := range 6 {
		c := exec.Command(os.Args[0], "add-photos", dir, strconv.Itoa(round))
		c.Stderr = os.Stderr
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for range 1 + round%3 { // killed in the middle of the next one
			if !lines.Scan() {
				t.Fatal("it ended by itself")
			}
			id, err := strconv.ParseInt(lines.Text(), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			acknowledged[id] = true
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it had said before it died
			if id, err := strconv.ParseInt(lines.Text(), 10, 64); err == nil {
				acknowledged[id] = true
			}
		}
		_ = c.Wait()
	}
	if err := job.Release(t.Context(), d); err != nil { // as serve does when it begins
		t.Fatal(err)
	}
	a.work()
	p := a.place("well")
	for _, ph := range p.Photos {
		if len(ph.URLs) == 2 {
			delete(acknowledged, ph.ID)
		}
	}
	if len(acknowledged) > 0 || p.PhotoCount != len(p.Photos) || p.PhotoCount < 12 {
		t.Errorf("%d acknowledged photos are not there; the place counts %d of %d", len(acknowledged), p.PhotoCount, len(p.Photos))
	}
	if faults, err := a.photos.Check(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("faults: %v, %v", faults, err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}
