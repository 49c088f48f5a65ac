package notice_test

import (
	"strings"
	"testing"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/notice"
)

// Every statement that reads or changes notices finds its rows by an index, on
// both engines.
func TestStatements_servedByIndexes(t *testing.T) {
	var asked dbtest.Statements
	inHouseWith(t, db.Config{Trace: asked.Trace}, func(h *house) {
		asked.Forget()
		h.choose(h.ada, notice.Followed, notice.Choice{Site: true, Mail: true})
		h.tellAll(h.news(1, "One"))
		h.tell(h.decided(1), time.Time{})
		h.tell(notice.Notice{Member: h.ada.ID, Kind: notice.Message, Action: "message", About: "submission", Subject: 5, Once: "m", Title: "x", Path: "/x"}, time.Time{})
		h.titles(h.ada)
		h.unread(h.ada, 3)
		h.now = h.now.AddDate(0, 0, 8)
		h.drain()
		h.write(func(tx *db.Tx) error { return h.x.TakeBack(tx, h.ada.ID, notice.Onces("decision", 1), back) })
		h.write(func(tx *db.Tx) error { return notice.Withdraw(tx, "place", 1) })
		if err := h.x.ReadAll(t.Context(), h.ada, 1<<62); err != nil {
			t.Fatal(err)
		}
		h.choose(h.ada, notice.Followed, notice.Choice{})
		asked.ServedByIndexes(h.t, h.db, dbtest.Served{Least: 12, Whole: []string{"unread"}, Of: func(text string) bool { return strings.Contains(text, "notice") }})
	})
}
