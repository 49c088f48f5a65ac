package app_test

import (
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/seal"
	"mirabilia/internal/webhook"
)

// What is published is told to a receiver on a network that the operator
// allows, signed, by the running atlas; without being allowed nothing is sent.
func TestWebhook_tellsWhatIsPublished(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		type message struct {
			header http.Header
			text   string
		}
		got := make(chan message, 100)
		sink := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			text, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			got <- message{r.Header, string(text)}
		}))
		defer sink.Close()
		c := configOf(t, t.TempDir(), database)
		c.OutboundAllow = []string{"127.0.0.0/8"}
		stop := run(t, open(t, c))
		secret := addHook(t, c.Data, database, sink.URL)
		publish(t, c, church)
		w, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		for told := false; !told; {
			select {
			case m := <-got:
				if err := w.Verify([]byte(m.text), m.header); err != nil {
					t.Error(err)
				}
				told = strings.Contains(m.text, `"kind":"place","id":"p`) && strings.Contains(m.text, `"op":"put"`)
			case <-ctx.Done():
				t.Fatal("nothing is told")
			}
		}
		stop()

		c.OutboundAllow = nil
		run(t, open(t, c))
		publish(t, c, strings.Replace(church, `"id":"1"`, `"id":"2"`, 1))
		h := hooks(t, c.Data, database)
		for {
			list, err := h.All(ctx, actor.Actor{ID: 1, Role: actor.Admin})
			if err != nil {
				t.Fatal(err)
			}
			if list[0].Attempts > 0 {
				if !strings.Contains(list[0].Fault, "not one that the atlas may reach") {
					t.Errorf("it stands as %+v", list[0])
				}
				break
			}
			select {
			case m := <-got:
				t.Fatalf("told without being allowed: %s", m.text)
			case <-time.After(20 * time.Millisecond):
			case <-ctx.Done():
				t.Fatal("it was never tried")
			}
		}
	})
}

// hooks are the receivers of an atlas that runs, with its own key.
func hooks(t *testing.T, dir, database string) *webhook.Hooks {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "secret"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	closed, err := seal.New(key)
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), db.Config{URL: database, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return webhook.New(d, closed, nil, nil)
}

func addHook(t *testing.T, dir, database, address string) (secret string) {
	t.Helper()
	secret, err := hooks(t, dir, database).Add(t.Context(), actor.Actor{ID: 1, Role: actor.Admin}, address)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}
