-- +goose Up

-- Lists of places by members. secret is the word of the link that shows a list
-- that is not public, '' for none. edition grows with each change of title and
-- introduction, so that nobody overwrites what he has not seen.
CREATE TABLE lists (
	id BIGINT PRIMARY KEY,
	slug TEXT NOT NULL,
	owner BIGINT NOT NULL REFERENCES members (id),
	privacy TEXT NOT NULL CHECK (privacy IN ('private', 'link', 'public')),
	secret TEXT NOT NULL,
	title TEXT NOT NULL,
	entries BIGINT NOT NULL,
	edition BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	intro TEXT NOT NULL
);
CREATE UNIQUE INDEX lists_slug ON lists (slug);
CREATE UNIQUE INDEX lists_secret ON lists (secret) WHERE secret <> '';
CREATE INDEX lists_owner ON lists (owner, updated_at, id);
CREATE INDEX lists_public ON lists (updated_at, id) WHERE privacy = 'public';

-- What stands on a list, in the order of position. One that a suggester added
-- waits until the owner or an editor takes it.
CREATE TABLE list_entries (
	list BIGINT NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
	place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	position BIGINT NOT NULL,
	waits BOOLEAN NOT NULL,
	added_by BIGINT REFERENCES members (id),
	added_at BIGINT NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (list, place)
);
CREATE INDEX list_entries_order ON list_entries (list, position, place);
CREATE INDEX list_entries_place ON list_entries (place, list);

-- Who else works on a list.
CREATE TABLE list_members (
	list BIGINT NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
	member BIGINT NOT NULL REFERENCES members (id),
	role TEXT NOT NULL CHECK (role IN ('editor', 'suggester')),
	PRIMARY KEY (list, member)
);
CREATE INDEX list_members_member ON list_members (member, list);
