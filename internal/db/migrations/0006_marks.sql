-- +goose Up

-- Been and want of one member on one place. at is when it was set.
CREATE TABLE marks (
	member BIGINT NOT NULL REFERENCES members (id),
	kind TEXT NOT NULL CHECK (kind IN ('been', 'want')),
	place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	at BIGINT NOT NULL,
	PRIMARY KEY (member, place, kind)
);
CREATE INDEX marks_newest ON marks (member, kind, at, place);
CREATE INDEX marks_place ON marks (place, kind);

-- Places whose counts of marks have changed, each with the newest sequence at
-- which they did: what the log of changes is for everything else, without a row
-- for each mark. The order of seq is the order of the commits.
CREATE TABLE place_counted (
	place BIGINT PRIMARY KEY REFERENCES places (id) ON DELETE CASCADE,
	seq BIGINT NOT NULL
);
CREATE INDEX place_counted_seq ON place_counted (seq, place);

-- Visits: a dated been. day is 2026, 2026-11 or 2026-11-03.
CREATE TABLE visits (
	id BIGINT PRIMARY KEY,
	member BIGINT NOT NULL REFERENCES members (id),
	place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	day TEXT NOT NULL,
	outcome TEXT NOT NULL CHECK (outcome IN ('found', 'not_found', 'closed', 'no_access')),
	privacy TEXT NOT NULL CHECK (privacy IN ('me', 'followers', 'public')),
	note TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL
);
CREATE INDEX visits_member ON visits (member, day, id);
CREATE INDEX visits_place ON visits (place, privacy, day, id);
