-- +goose Up

-- The files of members' own pictures, by the name that they have in common; at
-- is when somebody last chose them, 0 when they are to be cleared away.
CREATE TABLE portraits (
	stem TEXT PRIMARY KEY,
	at BIGINT NOT NULL
);
CREATE INDEX portraits_at ON portraits (at, stem);
CREATE INDEX members_avatar ON members (avatar) WHERE avatar <> '';

-- When a place's status last changed, and when a visitor said how they found it:
-- what was said of an earlier status confirms nothing.
ALTER TABLE places ADD COLUMN status_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE visits ADD COLUMN said_at BIGINT NOT NULL DEFAULT 0;
UPDATE visits SET said_at = updated_at;

-- Entries that became a part of another, and what was carried over with each, so
-- that they can be made two again: marks (thing is the member), visits, notes and
-- photos by their number, entries and covers of lists by the list. shared is for
-- what both had; number is when it was marked, or where a photo stood; text holds
-- the rest of an entry of a list. member is whose it is, for who leaves.
CREATE TABLE place_joints (
	id BIGINT PRIMARY KEY,
	place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	into_place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	at BIGINT NOT NULL
);
CREATE INDEX place_joints_into ON place_joints (into_place, id);
CREATE INDEX place_joints_place ON place_joints (place);

CREATE TABLE place_carried (
	joint BIGINT NOT NULL REFERENCES place_joints (id) ON DELETE CASCADE,
	what TEXT NOT NULL CHECK (what IN ('been', 'want', 'visit', 'note', 'photo', 'entry', 'cover')),
	thing BIGINT NOT NULL,
	shared BOOLEAN NOT NULL,
	number BIGINT NOT NULL,
	member BIGINT REFERENCES members (id),
	text TEXT NOT NULL,
	PRIMARY KEY (joint, what, thing)
);
CREATE INDEX place_carried_member ON place_carried (member) WHERE member IS NOT NULL;

-- When a mail server refused a member's address for good, and with what words; 0
-- for never. It gets no letters until it is confirmed anew.
ALTER TABLE members ADD COLUMN bounced_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN bounced TEXT NOT NULL DEFAULT '';

-- What a call has made, kept in the transaction that made it: a call that was cut
-- off behind that is answered by it. node is the program that was at it.
ALTER TABLE idempotency ADD COLUMN made BIGINT NOT NULL DEFAULT 0;
ALTER TABLE idempotency ADD COLUMN node TEXT NOT NULL DEFAULT '';
