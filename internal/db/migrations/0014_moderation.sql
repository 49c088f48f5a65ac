-- +goose Up

-- The desk takes more than proposals: photos, notes and reports wait there too,
-- under the number of the thing itself. A column's own check goes with the
-- column, on both engines; the long text comes last again.
DROP INDEX submissions_kind;
ALTER TABLE submissions ADD COLUMN kind_now TEXT NOT NULL DEFAULT '';
UPDATE submissions SET kind_now = kind;
ALTER TABLE submissions DROP COLUMN kind;
ALTER TABLE submissions RENAME COLUMN kind_now TO kind;
ALTER TABLE submissions ADD COLUMN fields_now TEXT NOT NULL DEFAULT '{}';
UPDATE submissions SET fields_now = fields;
ALTER TABLE submissions DROP COLUMN fields;
ALTER TABLE submissions RENAME COLUMN fields_now TO fields;
CREATE INDEX submissions_kind ON submissions (status, kind, turn, id);

-- How many photos a member has sent within a day.
CREATE INDEX photos_sent ON photos (member, added_at) WHERE member IS NOT NULL;

-- What was sent before waits on the desk as well.
INSERT INTO submissions (id, kind, status, author, place, base, title, destination, turn, version, created_at, submitted_at,
	updated_at, decided_at, held_until, claimed_by, claimed_until, appealed, live, sampled, summary, findings, fields)
	SELECT f.id, 'photo', 'waiting', f.member, f.place, 0, p.title, p.destination, f.added_at, 1, f.added_at, f.added_at,
		f.added_at, 0, 0, NULL, 0, FALSE, FALSE, FALSE, f.caption, '', '{}'
	FROM photos f JOIN places p ON p.id = f.place WHERE f.state = 'waiting';
