package factor_test

import (
	"testing"
	"time"

	"mirabilia/internal/errs"
	"mirabilia/internal/factor"
)

// Between the password and the code nobody is signed in, a wrong code may be
// mended, and a right one is worth one sign-in.
func TestSecondStep(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		code, _ := h.setUp(t, h.ida)
		want := factor.Pending{Member: h.ida.ID, Stays: true, Next: "/places/stairs"}
		flow, err := h.factors.BeginSecond(t.Context(), want)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := h.factors.Owes(t.Context(), flow); err != nil || p != want {
			t.Errorf("%+v, %v", p, err)
		}
		if _, _, err := h.factors.EndSecond(t.Context(), flow, "000000"); !errs.Is(err, errs.Invalid) {
			t.Error(err)
		}
		if _, _, err := h.factors.EndSecond(t.Context(), "another", code(h.now())); !errs.Is(err, errs.Invalid) {
			t.Error(err)
		}
		p, by, err := h.factors.EndSecond(t.Context(), flow, code(h.now()))
		if err != nil || p != want || by != factor.ByAuthenticator {
			t.Errorf("%+v, %s, %v", p, by, err)
		}
		h.forward(time.Minute)
		if _, _, err := h.factors.EndSecond(t.Context(), flow, code(h.now())); !errs.Is(err, errs.Invalid) {
			t.Errorf("the flow was ended twice: %v", err)
		}
		if flow, err = h.factors.BeginSecond(t.Context(), want); err != nil {
			t.Fatal(err)
		}
		h.forward(6 * time.Minute)
		if _, _, err := h.factors.EndSecond(t.Context(), flow, code(h.now())); !errs.Is(err, errs.Invalid) {
			t.Errorf("after its time: %v", err)
		}
	})
}
