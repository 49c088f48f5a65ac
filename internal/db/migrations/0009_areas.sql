-- +goose Up

-- What editors draw over the tree of destinations. id is drawn from the path
-- (see destination.ID); outline is GeoJSON, lat and lon where the name stands.
CREATE TABLE areas (
	id BIGINT PRIMARY KEY,
	path TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('area', 'metro')),
	name TEXT NOT NULL,
	intro TEXT NOT NULL,
	lat DOUBLE PRECISION NOT NULL,
	lon DOUBLE PRECISION NOT NULL,
	points BIGINT NOT NULL,
	revision BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	outline TEXT NOT NULL
);
CREATE UNIQUE INDEX areas_path ON areas (path);
