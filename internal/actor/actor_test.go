package actor

import (
	"testing"

	"mirabilia/internal/errs"
)

func TestEdits_regions(t *testing.T) {
	lazio := Actor{ID: 1, Role: Editor, Regions: []string{"italy/lazio", "france"}}
	for path, want := range map[string]bool{
		"italy/lazio": true, "italy/lazio/rome": true, "italy/lazio-two": false, "italy": false,
		"france": true, "france/brittany": true, "spain": false, "": true,
	} {
		if got := lazio.Edits(path); got != want {
			t.Errorf("Edits(%q) = %v, want %v", path, got, want)
		}
	}
	if (Actor{ID: 1, Role: Member}).Edits("") || (Actor{}).Edits("") {
		t.Error("only editors edit")
	}
	if all := (Actor{ID: 1, Role: Admin}); !all.Edits("spain") || !all.Everywhere() || lazio.Everywhere() {
		t.Error("an editor without regions edits everywhere, one with regions does not")
	}
}

func TestNeeds_everyRole(t *testing.T) {
	for _, have := range roles {
		for _, need := range roles {
			err := Actor{ID: int64(len(have)), Role: have}.Needs(need)
			var want errs.Code
			switch {
			case have.AtLeast(need):
			case have == Nobody:
				want = errs.Unsigned
			default:
				want = errs.Denied
			}
			if (err == nil) != (want == "") || err != nil && !errs.Is(err, want) {
				t.Errorf("%q where %q is needed: %v", have, need, err)
			}
		}
	}
}

func TestNeedsScope_tokenAndRole(t *testing.T) {
	for _, c := range []struct {
		actor Actor
		need  Scope
		want  errs.Code
	}{
		{Actor{}, Read, errs.Unsigned},
		{Actor{ID: 1, Role: Member, Scope: Read}, Read, ""},
		{Actor{ID: 1, Role: Member, Scope: Read}, Contribute, errs.Denied},
		{Actor{ID: 1, Role: Member, Scope: Contribute}, Contribute, ""},
		{Actor{ID: 1, Role: Member, Scope: Administer}, Edit, errs.Denied},
		{Actor{ID: 1, Role: Editor, Scope: Edit}, Edit, ""},
		{Actor{ID: 1, Role: Editor, Scope: Administer}, Administer, errs.Denied},
		{Actor{ID: 1, Role: Admin, Scope: Administer}, Administer, ""},
		{Actor{ID: 1, Role: Member, Scope: Contribute, Suspended: true}, Contribute, errs.Denied},
		{Actor{ID: 1, Role: Member, Scope: Contribute, Suspended: true}, Read, ""},
		{Actor{ID: 1, Role: Admin}, Contribute, errs.Denied}, // a session is no token
	} {
		err := c.actor.NeedsScope(c.need)
		if (err == nil) != (c.want == "") || err != nil && !errs.Is(err, c.want) {
			t.Errorf("%+v, %s: %v, want %q", c.actor, c.need, err, c.want)
		}
	}
}
