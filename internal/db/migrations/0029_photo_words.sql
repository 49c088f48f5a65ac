-- +goose Up

-- What is written about a photo as who sent it wrote it, as JSON, '' as long as
-- nobody else has changed that.
ALTER TABLE photos ADD COLUMN written TEXT NOT NULL DEFAULT '';
