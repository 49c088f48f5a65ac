-- +goose Up

-- How many marks a place has stands beside its entry and no longer in it: an
-- entry fills half a page, and a mark should not write it anew.
ALTER TABLE place_counted ADD COLUMN been BIGINT NOT NULL DEFAULT 0;
ALTER TABLE place_counted ADD COLUMN want BIGINT NOT NULL DEFAULT 0;
INSERT INTO place_counted (place, seq, been, want) SELECT id, 0, been, want FROM places WHERE been <> 0 OR want <> 0
	ON CONFLICT (place) DO UPDATE SET been = excluded.been, want = excluded.want;
ALTER TABLE places DROP COLUMN been;
ALTER TABLE places DROP COLUMN want;

-- Been and want of one member on one place. at is when it was set.
ALTER TABLE marks RENAME TO marks_before;
DROP INDEX marks_newest;
DROP INDEX marks_place;
CREATE TABLE marks (
	place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	member BIGINT NOT NULL REFERENCES members (id),
	kind TEXT NOT NULL CHECK (kind IN ('been', 'want')),
	at BIGINT NOT NULL,
	PRIMARY KEY (place, member, kind)
); -- clustered
INSERT INTO marks (place, member, kind, at) SELECT place, member, kind, at FROM marks_before ORDER BY place, member, kind;
DROP TABLE marks_before;
CREATE INDEX marks_newest ON marks (member, kind, at, place);

-- Where what members say differs from what marks and place_counted hold: a mark
-- that is set (step 1) or taken away (step -1) and not settled yet. A commit
-- writes its marks here, side by side; a thousand at once are settled into
-- the tables, whose indexes they touch all over. at is when it was set, seq goes
-- on from those of place_counted. The statement that writes a delta looks at its
-- place and its member anyway, and marks holds to both: so it refers to neither.
CREATE TABLE mark_deltas (
	seq BIGINT NOT NULL,
	place BIGINT NOT NULL,
	member BIGINT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('been', 'want')),
	step BIGINT NOT NULL CHECK (step IN (-1, 1)),
	at BIGINT NOT NULL,
	PRIMARY KEY (seq, place, member, kind)
); -- clustered
CREATE UNIQUE INDEX mark_deltas_mark ON mark_deltas (place, member, kind);
