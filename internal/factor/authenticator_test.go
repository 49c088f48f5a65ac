package factor_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/factor"
	"mirabilia/internal/user"
)

// setUp gives a member an authenticator: what an app would show, and the
// recovery codes.
func (h *house) setUp(t *testing.T, who actor.Actor) (code func(time.Time) string, codes []string) {
	t.Helper()
	seed, err := h.factors.BeginAuthenticator(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	key, err := otp.NewKeyFromURL(seed.URL) // as an app reads it
	if err != nil || key.Issuer() != "Atlas of Łódź" || key.Secret() != strings.ReplaceAll(seed.Secret, " ", "") {
		t.Fatalf("%s: %v", seed.URL, err)
	}
	code = func(at time.Time) string {
		c, err := totp.GenerateCode(key.Secret(), at)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if again, err := h.factors.Unconfirmed(t.Context(), who); err != nil || again != seed {
		t.Errorf("shown again: %v, %v", again, err)
	}
	if _, err := h.factors.ConfirmAuthenticator(t.Context(), who, "000000"); !errs.Is(err, errs.Invalid) {
		t.Errorf("a wrong first code: %v", err)
	}
	if has, err := h.factors.Of(t.Context(), who.ID); err != nil || has.Second() {
		t.Errorf("counts before it is confirmed: %+v, %v", has, err)
	}
	codes, err = h.factors.ConfirmAuthenticator(t.Context(), who, code(h.now()))
	if err != nil || len(codes) != 10 {
		t.Fatalf("%q, %v", codes, err)
	}
	h.forward(time.Minute)
	return code, codes
}

func TestAuthenticator(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		code, codes := h.setUp(t, h.ida)
		prove := func(typed string, want bool) {
			t.Helper()
			_, err := h.factors.Prove(t.Context(), h.ida.ID, typed)
			if want && err != nil || !want && !errs.Is(err, errs.Invalid) {
				t.Errorf("%q: %v", typed, err)
			}
			h.forward(20 * time.Minute) // tries are limited: see below
		}
		if has, err := h.factors.Of(t.Context(), h.ida.ID); err != nil || !has.Second() || has.Codes != 10 {
			t.Errorf("%+v, %v", has, err)
		}
		prove("", false)
		prove("12345", false)
		prove(code(h.now().Add(-2*time.Minute)), false)
		prove(code(h.now().Add(2*time.Minute)), false)
		prove(" "+code(h.now())[:3]+" "+code(h.now())[3:], true)
		prove(code(h.now().Add(-30*time.Second)), true) // a clock that is late
		prove(code(h.now().Add(30*time.Second)), true)
		now := h.now()
		prove(code(now), true)
		h.at.Store(now.UnixMilli())
		prove(code(now), false) // once only
		h.at.Store(now.UnixMilli())
		prove(code(now.Add(-30*time.Second)), false) // and nothing older
		prove(strings.ToLower(strings.ReplaceAll(codes[3], " ", "-")), true)
		prove(codes[3], false)
		prove(codes[4], true)
		// Another member's code, and codes without an authenticator.
		if _, err := h.factors.Prove(t.Context(), h.otto.ID, code(h.now())); !errs.Is(err, errs.Invalid) {
			t.Error("somebody else's code was taken")
		}
		if _, err := h.factors.Prove(t.Context(), h.otto.ID, codes[5]); !errs.Is(err, errs.Invalid) {
			t.Error("somebody else's recovery code was taken")
		}
		h.sign(t, h.otto)
		if _, err := h.factors.NewCodes(t.Context(), h.otto); !errs.Is(err, errs.Conflict) {
			t.Error(err)
		}
		if _, err := h.factors.NewCodes(t.Context(), h.ida); !errors.Is(err, user.ErrProve) {
			t.Errorf("without a proof: %v", err)
		}
		if err := h.factors.RemoveAuthenticator(t.Context(), h.ida); !errors.Is(err, user.ErrProve) {
			t.Errorf("without a proof: %v", err)
		}
		h.sign(t, h.ida)
		fresh, err := h.factors.NewCodes(t.Context(), h.ida)
		if err != nil {
			t.Fatal(err)
		}
		prove(codes[6], false)
		if by, err := h.factors.Prove(t.Context(), h.ida.ID, fresh[0]); err != nil || by != factor.ByRecoveryCode {
			t.Errorf("%s, %v", by, err)
		}
		h.sign(t, h.ida)
		if _, err := h.factors.BeginAuthenticator(t.Context(), h.ida); !errs.Is(err, errs.Conflict) {
			t.Errorf("a confirmed one was replaced: %v", err)
		}
		if err := h.factors.RemoveAuthenticator(t.Context(), h.ida); err != nil {
			t.Fatal(err)
		}
		if has, err := h.factors.Of(t.Context(), h.ida.ID); err != nil || has.Second() || has.Codes != 0 {
			t.Errorf("%+v, %v", has, err)
		}
		prove(fresh[1], false)
	})
}

// A thousand tries at once are a thousand tries, and one right code is taken
// once.
func TestTriesAreCounted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		code, _ := h.setUp(t, h.ida)
		race := func(n int, typed string) (good, wrong, tooMany int64) {
			var g, w, m atomic.Int64
			var all sync.WaitGroup
			for range n {
				all.Go(func() {
					switch _, err := h.factors.Prove(t.Context(), h.ida.ID, typed); errs.CodeOf(err) {
					case errs.Invalid:
						w.Add(1)
					case errs.TooMany:
						m.Add(1)
					default:
						if err != nil {
							t.Error(err)
						} else {
							g.Add(1)
						}
					}
				})
			}
			all.Wait()
			return g.Load(), w.Load(), m.Load()
		}
		if good, wrong, many := race(12, "999999"); good != 0 || wrong != 5 || many != 7 {
			t.Errorf("%d good, %d wrong, %d too many", good, wrong, many)
		}
		if _, err := h.factors.Prove(t.Context(), h.ida.ID, code(h.now())); !errs.Is(err, errs.TooMany) {
			t.Errorf("the right one right after: %v", err)
		}
		h.forward(15 * time.Minute)
		if good, _, _ := race(4, code(h.now())); good != 1 {
			t.Errorf("one code was taken %d times", good)
		}
	})
}

// The table alone is worth nothing: seeds are sealed with a key that lies
// elsewhere, each for its member, and codes are hashed.
func TestSeedsAreSealed(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		seed, err := h.factors.BeginAuthenticator(t.Context(), h.ida)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.factors.BeginAuthenticator(t.Context(), h.otto); err != nil {
			t.Fatal(err)
		}
		var kept string
		err = h.db.Write(t.Context(), func(tx *db.Tx) error {
			if err := tx.QueryRow(`SELECT secret FROM factors WHERE member = $1`, h.ida.ID).Scan(&kept); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE factors SET secret = $1 WHERE member = $2`, kept, h.otto.ID)
			return err
		})
		if err != nil || strings.Contains(kept, strings.ReplaceAll(seed.Secret, " ", "")) {
			t.Fatalf("%s, %v", kept, err)
		}
		if _, err := h.factors.Unconfirmed(t.Context(), h.otto); !errs.Is(err, errs.Internal) {
			t.Errorf("a seed works in another's row: %v", err)
		}
		if _, err := open(t, h.db, 2).Unconfirmed(t.Context(), h.ida); !errs.Is(err, errs.Internal) {
			t.Errorf("a seed opens with another key: %v", err)
		}
	})
}
