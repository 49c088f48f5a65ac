-- +goose Up

-- Photos that are written about in a form belong to no place before that is
-- published: draft is the form they are beside, submission what it became, 0
-- for none. of_place is the place that the form is an edit of.
-- becomes is what a photo turns into when its sizes are made: public or
-- waiting; refused, with the reason, when they cannot be; gone when it was
-- thrown away and its files are next. It is empty for all others.
-- file is the name that it was sent under. taken_lat and taken_lon are where the
-- camera was, for its sender alone and only while it belongs to no place.
DROP INDEX photos_place;
ALTER TABLE photos ADD COLUMN place_now BIGINT REFERENCES places (id) ON DELETE CASCADE;
UPDATE photos SET place_now = place;
ALTER TABLE photos DROP COLUMN place;
ALTER TABLE photos RENAME COLUMN place_now TO place;
ALTER TABLE photos ADD COLUMN draft BIGINT NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN submission BIGINT NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN of_place BIGINT NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN becomes TEXT NOT NULL DEFAULT '' CHECK (becomes IN ('', 'waiting', 'public', 'refused', 'gone'));
ALTER TABLE photos ADD COLUMN file TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN taken_lat DOUBLE PRECISION;
ALTER TABLE photos ADD COLUMN taken_lon DOUBLE PRECISION;

CREATE INDEX photos_place ON photos (place, position, id);
CREATE INDEX photos_draft ON photos (draft, position, id) WHERE draft <> 0;
CREATE INDEX photos_submission ON photos (submission, position, id) WHERE submission <> 0;
CREATE INDEX photos_becoming ON photos (becomes, added_at, id) WHERE becomes <> '';
CREATE INDEX photos_taken ON photos (id) WHERE taken_lat IS NOT NULL;
