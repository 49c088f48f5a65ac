-- +goose Up

-- Who follows what. subject is a member's number, or that of a destination or
-- a tag as the log has it; name is the path of a destination or the slug of a
-- tag, '' for a member.
CREATE TABLE follows (
	member BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
	kind TEXT NOT NULL CHECK (kind IN ('member', 'destination', 'tag')),
	subject BIGINT NOT NULL,
	name TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (member, kind, subject)
);
CREATE INDEX follows_subject ON follows (kind, subject, member);

-- What members are told. once names what happened, so that nobody is told of it
-- twice; about is the kind of the subject, reason a coded one. shown says that
-- it stands among the notifications, weekly that it waits for the weekly letter;
-- mailed_at is when a letter of its own left, 0 for none.
CREATE TABLE notices (
	id BIGINT PRIMARY KEY,
	member BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
	kind TEXT NOT NULL,
	action TEXT NOT NULL,
	about TEXT NOT NULL,
	subject BIGINT NOT NULL,
	by_member BIGINT REFERENCES members (id) ON DELETE CASCADE,
	once TEXT NOT NULL,
	title TEXT NOT NULL,
	reason TEXT NOT NULL,
	words TEXT NOT NULL,
	path TEXT NOT NULL,
	at BIGINT NOT NULL,
	shown BOOLEAN NOT NULL,
	weekly BOOLEAN NOT NULL,
	read_at BIGINT NOT NULL,
	mailed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX notices_once ON notices (member, once);
CREATE INDEX notices_newest ON notices (member, id) WHERE shown;
CREATE INDEX notices_unread ON notices (member, id) WHERE shown AND read_at = 0;
CREATE INDEX notices_weekly ON notices (member, id) WHERE weekly;
CREATE INDEX notices_about ON notices (about, subject);
CREATE INDEX notices_by ON notices (by_member) WHERE by_member IS NOT NULL;
CREATE INDEX notices_old ON notices (at);

-- How a member wishes to be told of a kind of news; kinds without a row are
-- told as the program has them.
CREATE TABLE notice_choices (
	member BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
	kind TEXT NOT NULL,
	site BOOLEAN NOT NULL,
	mail BOOLEAN NOT NULL,
	PRIMARY KEY (member, kind)
);

-- When the last weekly letter of a member left.
CREATE TABLE notice_letters (
	member BIGINT PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
	at BIGINT NOT NULL
);
