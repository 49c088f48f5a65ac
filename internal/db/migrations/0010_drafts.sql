-- +goose Up

-- What a member has begun to write and not sent, as it was typed: typed is
-- JSON, the texts of the form's controls by their names. place is what an edit
-- is of, base the revision it began from, mends the submission that it would be
-- sent again as, and sent the submission that it became; 0 for none.
CREATE TABLE drafts (
	id BIGINT PRIMARY KEY,
	member BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
	kind TEXT NOT NULL CHECK (kind IN ('pitch', 'place', 'edit')),
	place BIGINT NOT NULL,
	base BIGINT NOT NULL,
	mends BIGINT NOT NULL,
	sent BIGINT NOT NULL,
	title TEXT NOT NULL,
	began_at BIGINT NOT NULL,
	kept_at BIGINT NOT NULL,
	typed TEXT NOT NULL
);
CREATE INDEX drafts_member ON drafts (member, sent, kept_at, id);
