// Package personal is what the atlas holds of one member: it gives all of it to
// them, and takes it away when they leave. What is done with each table that
// names a member is said in one list; a test fails on a table that is not in
// it, so that what a migration adds cannot be forgotten.
package personal

import (
	"slices"

	"mirabilia/internal/db"
)

// fate is what becomes of rows when their member leaves.
type fate string

const (
	erased  fate = "erased"
	changed fate = "changed" // set says how: the row stays, the person goes
	kept    fate = "kept"    // why says for what
)

// rule is one table with a column that names a member.
type rule struct {
	table string
	of    string // the column
	fate  fate
	// where narrows the rows that the fate is for; all are given out.
	where string
	set   string // may name $2, the chosen name, and $3, the one before
	why   string
	// hide are columns that are never given out: proofs and their hashes, which
	// are of use to a thief alone. "*" gives out nothing: another rule does, or
	// it is not about the member.
	hide []string
}

// rules are in the order in which rows go. The member's own row comes last and
// is changed by Leave itself, since what others refer to stays.
var rules = []rule{
	{table: "sessions", of: "member", fate: erased, hide: []string{"hash"}},
	{table: "tokens", of: "member", fate: erased, hide: []string{"hash"}},
	{table: "links", of: "member", fate: erased, hide: []string{"hash"}},
	{table: "flows", of: "member", fate: erased, hide: []string{"*"}},
	{table: "identities", of: "member", fate: erased},
	{table: "factors", of: "member", fate: erased, hide: []string{"secret", "last_step"}},
	{table: "recovery_codes", of: "member", fate: erased, hide: []string{"hash"}},
	{table: "passkeys", of: "member", fate: erased, hide: []string{"handle", "record"}},
	{table: "idempotency", of: "member", fate: erased, hide: []string{"*"}},
	{table: "invitations", of: "used_by", fate: changed, set: "used_by = NULL, email = ''", hide: []string{"*"}},
	{table: "invitations", of: "by_member", fate: erased, hide: []string{"hash"}},
	{table: "audit", of: "member", fate: changed, where: "kind = 'member'", set: "details = '{}'",
		why: "who decided what must stay to be read; the number then names nobody"},
	{table: "marks", of: "member", fate: erased},
	{table: "mark_deltas", of: "member", fate: erased, hide: []string{"*"}}, // they are settled into marks before
	{table: "visits", of: "member", fate: erased},
	{table: "place_carried", of: "member", fate: erased, hide: []string{"*"}},
	{table: "field_notes", of: "member", fate: erased},
	{table: "campaigns", of: "made_by", fate: kept, why: "what editors sweep together is the desk's; the number then names nobody"},
	{table: "campaigns", of: "closed_by", fate: kept, why: "as above", hide: []string{"*"}},
	{table: "campaign_items", of: "member", fate: kept, why: "as above"},
	{table: "campaign_items", of: "leased_by", fate: changed, set: "leased_by = NULL, leased_until = 0", hide: []string{"*"}},
	{table: "mark_imports", of: "member", fate: erased},
	{table: "lists", of: "owner", fate: erased, hide: []string{"secret"}},
	{table: "list_members", of: "member", fate: erased},
	{table: "list_entries", of: "added_by", fate: changed, set: "added_by = NULL"},
	{table: "follows", of: "member", fate: erased},
	{table: "follows", of: "subject", fate: erased, where: "kind = 'member'", hide: []string{"*"}},
	{table: "member_blocks", of: "member", fate: erased},
	{table: "member_blocks", of: "blocked", fate: erased, hide: []string{"*"}},
	{table: "reports", of: "member", fate: changed, set: "member = NULL, voice = '', contact = '', title = '', text = ''", hide: []string{"voice"}},
	{table: "takedowns", of: "member", fate: changed, set: "member = NULL", hide: []string{"*"}},
	{table: "notices", of: "member", fate: erased, hide: []string{"by_member"}},
	{table: "notices", of: "by_member", fate: erased, hide: []string{"*"}},
	{table: "notice_choices", of: "member", fate: erased},
	{table: "notice_letters", of: "member", fate: erased},
	{table: "drafts", of: "member", fate: erased},
	{table: "submissions", of: "claimed_by", fate: changed, set: "claimed_by = NULL, claimed_until = 0", hide: []string{"*"}},
	{table: "submission_messages", of: "member", fate: changed, set: "text = ''"},
	{table: "submission_versions", of: "author", fate: erased},
	{table: "decisions", of: "member", fate: kept, why: "what an editor decided is the desk's record; the number then names nobody"},
	{table: "submissions", of: "author", fate: erased, where: "status NOT IN ('published', 'duplicate') AND kind NOT IN ('photo', 'report')",
		why: "what was published is the atlas's; the number then names nobody"},
	{table: "photos", of: "member", fate: changed, hide: []string{"hash"}, set: "file = '', written = '', taken_lat = NULL, taken_lon = NULL, credit = CASE WHEN credit = $3 THEN $2 ELSE credit END",
		why: "what was given to the atlas stays, under the chosen name"},
}

// in gives the table of a rule, false where it names no member.
func (r rule) in(tables []db.Table) (t db.Table, ok bool) {
	i := slices.IndexFunc(tables, func(t db.Table) bool { return t.Name == r.table })
	if i < 0 || !slices.ContainsFunc(tables[i].Columns, func(c db.Column) bool { return c.Name == r.of }) {
		return t, false
	}
	return tables[i], true
}

// others are tables that hold nothing of a member, or what goes by itself.
var others = map[string]string{
	"changes": "what changed, not who did it", "settings": "the operator's", "places": "credits are changed by place.Recredit",
	"place_slugs": "no person", "place_joints": "no person", "place_truths": "no person", "place_revisions": "authors are changed by place.Recredit", "place_duplicates": "no person",
	"place_aside": "imported records", "place_counted": "no person", "place_confirmed": "numbers of visitors, of nobody in particular", "place_credits": "rows go with place.Recredit", "tags": "no person", "destinations": "no person",
	"areas": "no person", "area_shapes": "no person", "job_schedules": "no person",
	"link_checks": "addresses that places name", "link_uses": "no person", "link_gathered": "no person",
	"portraits": "files; whose they are stands in members",
	"read_days": "numbers", "read_places": "numbers", "read_misses": "words that nobody in particular looked for",
	"webhooks": "the operator's", "reported": "no person",
	"jobs":     "letters to a member who leaves are taken away; the rest goes when it is done",
	"attempts": "counts that end by themselves within a day", "proofs": "no person; end by themselves",
	"members": "the row itself, changed by Leave",
}
