-- +goose Up

-- Photographs with a visit belong to no place: visit is the visit that they are
-- of, 0 for none. They are seen by who sees the visit, and go with it.
ALTER TABLE photos ADD COLUMN visit BIGINT NOT NULL DEFAULT 0;
CREATE INDEX photos_visit ON photos (visit, position, id) WHERE visit <> 0;
