package factor_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"mirabilia/internal/actor"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/factor"
)

// device is what somebody holds in his hand.
type device struct {
	virtualwebauthn.Authenticator
	virtualwebauthn.RelyingParty
	key virtualwebauthn.Credential
}

// newKey makes a key of whose coordinates neither begins with a zero byte:
// virtualwebauthn leaves such a byte out, which no real authenticator does.
func newKey() virtualwebauthn.Credential {
	for {
		c := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		if len(c.Key.AttestationData()) == wholeKey {
			return c
		}
	}
}

// wholeKey is the length of a COSE key with two coordinates of 32 bytes.
const wholeKey = 77

func newDevice() *device {
	return &device{virtualwebauthn.NewAuthenticator(), virtualwebauthn.RelyingParty{Name: "atlas", ID: "atlas.example.org", Origin: base}, newKey()}
}

// add makes a key on the device; change may make the answer a lie.
func (h *house) add(t *testing.T, d *device, who actor.Actor, change func(*device)) error {
	t.Helper()
	options, flow, err := h.factors.BeginPasskey(t.Context(), who)
	if err != nil {
		return err
	}
	o, err := virtualwebauthn.ParseAttestationOptions(string(options))
	if err != nil || o.RelyingPartyID != "atlas.example.org" || strings.Contains(o.UserID, who.Name) || len(o.UserID) != 32 {
		t.Fatalf("%+v, %v", o, err)
	}
	liar := *d
	change(&liar)
	answer := virtualwebauthn.CreateAttestationResponse(liar.RelyingParty, liar.Authenticator, liar.key, *o)
	d.Options.UserHandle = []byte(o.UserID)
	if err := h.factors.EndPasskey(t.Context(), who, flow, "  My\tphone ", []byte(answer)); err != nil {
		return err
	}
	return nil
}

// signIn answers with the device; change may make the answer a lie.
func (h *house) signIn(t *testing.T, d *device, change func(*device)) (member int64, again func() error, err error) {
	t.Helper()
	options, flow, err := h.factors.BeginPasskeySignIn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o, err := virtualwebauthn.ParseAssertionOptions(string(options))
	if err != nil || len(o.AllowCredentials) != 0 {
		t.Fatalf("%+v, %v: an account is named", o, err)
	}
	liar := *d
	change(&liar)
	answer := []byte(virtualwebauthn.CreateAssertionResponse(liar.RelyingParty, liar.Authenticator, liar.key, *o))
	member, err = h.factors.EndPasskeySignIn(t.Context(), flow, answer)
	return member, func() error { _, err := h.factors.EndPasskeySignIn(t.Context(), flow, answer); return err }, err
}

func honest(*device) {}

func TestPasskey(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		phone := newDevice()
		for name, lie := range map[string]func(*device){
			"origin":   func(d *device) { d.Origin = "https://evil.example" },
			"party":    func(d *device) { d.RelyingParty.ID = "evil.example" },
			"unproven": func(d *device) { d.Options.UserNotVerified = true },
			"absent":   func(d *device) { d.Options.UserNotPresent = true },
		} {
			if err := h.add(t, phone, h.ida, lie); !errs.Is(err, errs.Invalid) {
				t.Errorf("added with a wrong %s: %v", name, err)
			}
		}
		if err := h.add(t, phone, h.ida, honest); err != nil {
			t.Fatal(err)
		}
		other := newDevice()
		if err := h.add(t, other, h.otto, honest); err != nil {
			t.Fatal(err)
		}
		if member, again, err := h.signIn(t, phone, func(d *device) { d.key.Counter = 5 }); err != nil || member != h.ida.ID {
			t.Errorf("%d, %v", member, err)
		} else if err := again(); err == nil {
			t.Error("the same answer was taken twice")
		}
		for name, lie := range map[string]func(*device){
			"origin":   func(d *device) { d.Origin = "https://evil.example" },
			"party":    func(d *device) { d.RelyingParty.ID = "evil.example" },
			"unproven": func(d *device) { d.Options.UserNotVerified = true },
			"counter":  func(d *device) { d.key.Counter = 3 }, // a copy of the key
			"key":      func(d *device) { d.key.Key = newKey().Key },
			"handle":   func(d *device) { d.Options.UserHandle = other.Options.UserHandle },
			"stranger": func(d *device) { d.Options.UserHandle = []byte(strings.Repeat("x", 32)) },
		} {
			if member, _, err := h.signIn(t, phone, func(d *device) { d.key.Counter = 9; lie(d) }); !errs.Is(err, errs.Denied) || member != 0 {
				t.Errorf("signed in with a wrong %s: %d, %v", name, member, err)
			}
		}
		if _, err := h.factors.EndPasskeySignIn(t.Context(), "no flow", nil); !errs.Is(err, errs.Invalid) {
			t.Error(err)
		}
		has, err := h.factors.Of(t.Context(), h.ida.ID)
		if err != nil || len(has.Passkeys) != 1 || has.Passkeys[0].Name != "My phone" || has.Passkeys[0].Used.IsZero() {
			t.Fatalf("%+v, %v", has, err)
		}
		if err := h.factors.RemovePasskey(t.Context(), h.otto, has.Passkeys[0].ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("somebody else's was removed: %v", err)
		}
		if err := h.factors.RemovePasskey(t.Context(), h.ida, has.Passkeys[0].ID); err != nil {
			t.Fatal(err)
		}
		if member, _, err := h.signIn(t, phone, func(d *device) { d.key.Counter = 10 }); !errs.Is(err, errs.Denied) {
			t.Errorf("a removed one: %d, %v", member, err)
		}
	})
}

// A question is one person's, and is not answered for ever.
func TestPasskeyFlowIsBound(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		end := func(who actor.Actor, flow string) error {
			return h.factors.EndPasskey(t.Context(), who, flow, "", []byte(`{}`))
		}
		_, flow, err := h.factors.BeginPasskey(t.Context(), h.ida)
		if err != nil {
			t.Fatal(err)
		}
		if err := end(h.otto, flow); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "Begin again") {
			t.Errorf("another's flow: %v", err)
		}
		if _, flow, err = h.factors.BeginPasskey(t.Context(), h.ida); err != nil {
			t.Fatal(err)
		}
		h.forward(6 * time.Minute)
		if err := end(h.ida, flow); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "too long") {
			t.Errorf("a late answer: %v", err)
		}
		if _, _, err := h.factors.BeginPasskey(t.Context(), actor.Actor{}); !errs.Is(err, errs.Unsigned) {
			t.Errorf("nobody: %v", err)
		}
	})
}

// An atlas that is reached by a number, or by a word of the house's own network,
// has no passkeys, and works else.
func TestNoPasskeysWithoutADomain(t *testing.T) {
	for _, base := range []string{"http://127.0.0.1:8080", "http://[::1]:8080", "http://nas", "https://nas:8443"} {
		f, err := factor.New(dbtest.SQLite(t), bytes.Repeat([]byte{1}, 32), base, func(context.Context) string { return "" })
		if err != nil || f.Passkeys() {
			t.Fatal(base, err)
		}
		if _, _, err := f.BeginPasskeySignIn(t.Context()); !errs.Is(err, errs.Unavailable) {
			t.Error(base, err)
		}
	}
	f, err := factor.New(dbtest.SQLite(t), bytes.Repeat([]byte{1}, 32), "http://localhost:8080", func(context.Context) string { return "" })
	if err != nil || !f.Passkeys() {
		t.Error("localhost", err)
	}
}
