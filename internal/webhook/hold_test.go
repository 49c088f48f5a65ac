package webhook

import (
	"testing"

	"mirabilia/internal/db"
)

// After a restore nobody is told anything until an admin says so; then everything
// is told that was not, and no message has the number of one that the old atlas
// sent of other changes.
func TestHoldBack(t *testing.T) {
	each(t, func(s *stage) {
		id, _ := s.add()
		s.drain()
		s.log("place", 2)
		old := s.drain()
		if len(old) != 1 {
			t.Fatalf("%d messages", len(old))
		}
		s.log("place", 1)
		// As in the backup: one message was taken, one is to be sent. What the old
		// atlas sends then is undone here, as is the change that it was of.
		next := s.drain()
		if len(next) != 1 {
			t.Fatalf("%d messages", len(next))
		}
		s.write(`UPDATE webhooks SET position = position - 1`)
		s.write(`DELETE FROM changes WHERE seq = (SELECT max(seq) FROM changes)`)
		var n int64
		err := s.db.Write(t.Context(), func(tx *db.Tx) (err error) {
			n, err = HoldBack(tx, "held")
			return err
		})
		if err != nil || n != 1 {
			t.Fatal(n, err)
		}
		s.now = s.now.Add(1e9)
		s.log("place", 1)
		if got := s.drain(); len(got) != 0 {
			t.Errorf("%d messages are sent", len(got))
		}
		if k := s.one(); k.State != Off || k.Fault != "held" || !k.Behind {
			t.Errorf("%+v", k)
		}
		if err := s.hooks.Switch(t.Context(), admin, id, true); err != nil {
			t.Fatal(err)
		}
		got := s.drain()
		if len(got) != 1 {
			t.Fatalf("%d messages, switched on", len(got))
		}
		if number := got[0].header.Get("Webhook-Id"); number == next[0].header.Get("Webhook-Id") || number == old[0].header.Get("Webhook-Id") {
			t.Errorf("two messages are called %s", number)
		}
	})
}

func (s *stage) write(text string) {
	s.Helper()
	if err := s.db.Write(s.Context(), func(tx *db.Tx) error { _, err := tx.Exec(text); return err }); err != nil {
		s.Fatal(err)
	}
}
