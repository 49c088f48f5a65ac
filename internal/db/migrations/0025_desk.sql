-- +goose Up

-- What a submission said before its author sent it again, so that its editor reads
-- what has changed since. version is the submission's at which it stood so, at when
-- it was replaced; author goes along for who leaves. fields is JSON.
CREATE TABLE submission_versions (
	submission BIGINT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
	version BIGINT NOT NULL,
	author BIGINT REFERENCES members (id),
	base BIGINT NOT NULL,
	at BIGINT NOT NULL,
	summary TEXT NOT NULL,
	fields TEXT NOT NULL,
	PRIMARY KEY (submission, version)
);
CREATE INDEX submission_versions_author ON submission_versions (author) WHERE author IS NOT NULL;

-- The fields that an editor changed in what they published, as JSON, '' for none.
ALTER TABLE decisions ADD COLUMN mended TEXT NOT NULL DEFAULT '';

-- How much waits of a kind is counted within the destinations of an editor too.
CREATE INDEX submissions_kind_within ON submissions (status, kind, destination);

-- Until when a member is suspended; 0 for until an editor decides otherwise.
ALTER TABLE members ADD COLUMN state_until BIGINT NOT NULL DEFAULT 0;
CREATE INDEX members_suspended ON members (state_until) WHERE state_until > 0;
