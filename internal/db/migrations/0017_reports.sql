-- +goose Up

-- Things that were reported: a row that the reports of one thing take turns at,
-- and when an editor last looked at them and let it stay.
CREATE TABLE reported (
	kind TEXT NOT NULL CHECK (kind IN ('place', 'photo', 'list', 'note', 'visit', 'member', 'message')),
	thing BIGINT NOT NULL,
	kept_at BIGINT NOT NULL,
	turn BIGINT NOT NULL,
	PRIMARY KEY (kind, thing)
);

-- What somebody reports. item is the matter on the desk: the first report of a
-- thing that is open, which later ones join. hid says that the thing is hidden
-- since. voice tells apart who speaks: a member, or a network in a form that
-- cannot be read back. contact is an address that wants an answer, '' for none
-- and some time after it was answered.
CREATE TABLE reports (
	id BIGINT PRIMARY KEY,
	item BIGINT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('place', 'photo', 'list', 'note', 'visit', 'member', 'message')),
	thing BIGINT NOT NULL,
	code TEXT NOT NULL,
	member BIGINT REFERENCES members (id),
	voice TEXT NOT NULL,
	contact TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'kept', 'withdrawn')),
	hid BOOLEAN NOT NULL,
	at BIGINT NOT NULL,
	decided_at BIGINT NOT NULL,
	title TEXT NOT NULL,
	text TEXT NOT NULL
);
CREATE INDEX reports_thing ON reports (kind, thing, id);
CREATE INDEX reports_item ON reports (item, id);
CREATE INDEX reports_member ON reports (member, id) WHERE member IS NOT NULL;
CREATE INDEX reports_answered ON reports (decided_at) WHERE contact <> '' OR voice <> '';

-- What is taken from the public, and why, for everybody to read.
CREATE TABLE takedowns (
	kind TEXT NOT NULL,
	thing BIGINT NOT NULL,
	code TEXT NOT NULL,
	title TEXT NOT NULL,
	path TEXT NOT NULL,
	member BIGINT REFERENCES members (id),
	at BIGINT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (kind, thing)
);
CREATE INDEX takedowns_newest ON takedowns (at, thing);

-- Who could see a list or a visit before an editor took it down; '' when none
-- did.
ALTER TABLE lists ADD COLUMN barred TEXT NOT NULL DEFAULT '';
ALTER TABLE visits ADD COLUMN barred TEXT NOT NULL DEFAULT '';

-- Of whom a member wishes to hear nothing.
CREATE TABLE member_blocks (
	member BIGINT NOT NULL REFERENCES members (id),
	blocked BIGINT NOT NULL REFERENCES members (id),
	at BIGINT NOT NULL,
	PRIMARY KEY (member, blocked)
);
CREATE INDEX member_blocks_blocked ON member_blocks (blocked, member);
