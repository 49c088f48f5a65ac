-- +goose Up

-- How the addresses that places and submissions name were found (see package
-- linkcheck). id is drawn from the address. failures counts what went wrong in a
-- row since failed_since; dead is what that comes to. due_at is when it is
-- looked at next.
CREATE TABLE link_checks (
	id BIGINT PRIMARY KEY,
	address TEXT NOT NULL,
	health TEXT NOT NULL,
	status BIGINT NOT NULL,
	failures BIGINT NOT NULL,
	failed_since BIGINT NOT NULL,
	dead BOOLEAN NOT NULL,
	checked_at BIGINT NOT NULL,
	due_at BIGINT NOT NULL
);
CREATE INDEX link_checks_due ON link_checks (due_at, id);
CREATE INDEX link_checks_dead ON link_checks (id) WHERE dead;

-- Which places name an address.
CREATE TABLE link_uses (
	place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	link BIGINT NOT NULL REFERENCES link_checks (id) ON DELETE CASCADE,
	PRIMARY KEY (place, link)
);
CREATE INDEX link_uses_link ON link_uses (link, place);

-- Up to where in the log the addresses of places were gathered.
CREATE TABLE link_gathered (
	name TEXT NOT NULL PRIMARY KEY,
	seq BIGINT NOT NULL
);
