-- +goose Up

-- What readers did, added up by day, of nobody in particular. reads are pages of
-- places, searches those of everything, missed those that found nothing, failed
-- the answers that broke on our side.
CREATE TABLE read_days (
	day TEXT PRIMARY KEY,
	reads BIGINT NOT NULL,
	searches BIGINT NOT NULL,
	missed BIGINT NOT NULL,
	failed BIGINT NOT NULL
);

-- The places that were read most on a day.
CREATE TABLE read_places (
	day TEXT NOT NULL,
	place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	n BIGINT NOT NULL,
	PRIMARY KEY (day, place)
);
CREATE INDEX read_places_most ON read_places (day, n, place);
CREATE INDEX read_places_place ON read_places (place);

-- What was looked for again and again and not found.
CREATE TABLE read_misses (
	day TEXT NOT NULL,
	words TEXT NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (day, words)
);
CREATE INDEX read_misses_most ON read_misses (day, n, words);
