-- +goose Up

-- The log of every change of anything public. The order of seq is the order of
-- the commits (see package changes).
CREATE TABLE changes (
	seq BIGINT PRIMARY KEY,
	kind TEXT NOT NULL,
	id BIGINT NOT NULL,
	op TEXT NOT NULL,
	at BIGINT NOT NULL
);

-- Settings of the atlas: one JSON text a name.
CREATE TABLE settings (
	name TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL,
	updated_at BIGINT NOT NULL
);

-- lat and lon are what anyone may know. The text columns tags, facts, sources,
-- aliases, extra and edited_by are JSON: only ever read whole, with their row.
-- What every list needs comes first and the long text last, so that a card is
-- read without the pages that a long text overflows into.
CREATE TABLE places (
	id BIGINT PRIMARY KEY,
	slug TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('place', 'eatery')),
	state TEXT NOT NULL CHECK (state IN ('waiting', 'published', 'withdrawn', 'merged')),
	title TEXT NOT NULL,
	subtitle TEXT NOT NULL,
	lang TEXT NOT NULL,
	lat DOUBLE PRECISION,
	lon DOUBLE PRECISION,
	cell BIGINT,
	tier TEXT NOT NULL CHECK (tier IN ('exact', 'approximate', 'region', 'hidden')),
	country_code TEXT NOT NULL,
	destination TEXT NOT NULL,
	status TEXT NOT NULL,
	tags TEXT NOT NULL,
	photos BIGINT NOT NULL,
	been BIGINT NOT NULL,
	want BIGINT NOT NULL,
	obscurity BIGINT NOT NULL,
	published_at BIGINT,
	updated_at BIGINT NOT NULL,
	revision BIGINT NOT NULL,
	source TEXT NOT NULL,
	source_id TEXT NOT NULL,
	import_sum BIGINT NOT NULL,
	merged_into BIGINT,
	confirmed_at BIGINT,
	created_at BIGINT NOT NULL,
	tier_reason TEXT NOT NULL,
	address TEXT NOT NULL,
	website TEXT NOT NULL,
	status_date TEXT NOT NULL,
	status_until TEXT NOT NULL,
	status_source TEXT NOT NULL,
	source_url TEXT NOT NULL,
	image_url TEXT NOT NULL,
	licence TEXT NOT NULL,
	added_by TEXT NOT NULL,
	edited_by TEXT NOT NULL,
	revised_by TEXT NOT NULL,
	summary TEXT NOT NULL,
	aliases TEXT NOT NULL,
	facts TEXT NOT NULL,
	sources TEXT NOT NULL,
	extra TEXT NOT NULL,
	know TEXT NOT NULL,
	body TEXT NOT NULL,
	CHECK ((lat IS NULL) = (lon IS NULL)),
	CHECK ((lat IS NULL) = (cell IS NULL)),
	CHECK (lat IS NULL OR (lat >= -90 AND lat <= 90 AND lon >= -180 AND lon <= 180)),
	CHECK (tier NOT IN ('region', 'hidden') OR lat IS NULL)
);
CREATE UNIQUE INDEX places_slug ON places (slug);
CREATE UNIQUE INDEX places_source ON places (source, source_id);
CREATE INDEX places_cell ON places (cell, source) WHERE cell IS NOT NULL;
CREATE INDEX places_unpublished ON places (state, id) WHERE state <> 'published';

-- Slugs that a place had: they redirect for ever.
CREATE TABLE place_slugs (
	slug TEXT NOT NULL PRIMARY KEY,
	place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE
);
CREATE INDEX place_slugs_place ON place_slugs (place);

-- What a protected place hides: where it is, and everything else that would
-- tell. near_lat and near_lon are its one public point, kept for as long as the
-- truth lies in its disc, also while the place is not protected.
CREATE TABLE place_truths (
	place BIGINT PRIMARY KEY REFERENCES places (id) ON DELETE CASCADE,
	lat DOUBLE PRECISION NOT NULL,
	lon DOUBLE PRECISION NOT NULL,
	near_lat DOUBLE PRECISION NOT NULL,
	near_lon DOUBLE PRECISION NOT NULL,
	address TEXT NOT NULL,
	source_url TEXT NOT NULL,
	image_url TEXT NOT NULL,
	extra TEXT NOT NULL
);

-- The states that newer ones replaced; the newest state is the row of the
-- place itself. Positions stand beside the snapshot, so that protecting a
-- place can clear those of its past.
CREATE TABLE place_revisions (
	place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	number BIGINT NOT NULL,
	author TEXT NOT NULL,
	summary TEXT NOT NULL,
	at BIGINT NOT NULL,
	lat DOUBLE PRECISION,
	lon DOUBLE PRECISION,
	snapshot TEXT NOT NULL,
	PRIMARY KEY (place, number)
);

-- Imported places that look like one that was there, for the desk.
CREATE TABLE place_duplicates (
	place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	of_place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	metres DOUBLE PRECISION NOT NULL,
	likeness DOUBLE PRECISION NOT NULL,
	found_at BIGINT NOT NULL,
	PRIMARY KEY (place, of_place)
);
CREATE INDEX place_duplicates_of ON place_duplicates (of_place);

-- Pictures of a place in the order in which they are shown; variants is JSON:
-- width in pixels → path.
CREATE TABLE photos (
	id BIGINT PRIMARY KEY,
	place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	position BIGINT NOT NULL,
	caption TEXT NOT NULL,
	alt TEXT NOT NULL,
	credit TEXT NOT NULL,
	licence TEXT NOT NULL,
	width BIGINT NOT NULL,
	height BIGINT NOT NULL,
	drawing BOOLEAN NOT NULL,
	variants TEXT NOT NULL,
	added_at BIGINT NOT NULL
);
CREATE INDEX photos_place ON photos (place, position, id);

CREATE TABLE tags (
	slug TEXT NOT NULL PRIMARY KEY,
	name TEXT NOT NULL,
	intro TEXT NOT NULL,
	updated_at BIGINT NOT NULL
);

-- What editors add to the guide of a destination.
CREATE TABLE destinations (
	path TEXT NOT NULL PRIMARY KEY,
	intro TEXT NOT NULL,
	updated_at BIGINT NOT NULL
);

-- Records that were imported without --publish for a place that is public:
-- they wait beside it for the desk. record is JSON.
CREATE TABLE place_aside (
	place BIGINT PRIMARY KEY REFERENCES places (id) ON DELETE CASCADE,
	import_sum BIGINT NOT NULL,
	record TEXT NOT NULL,
	at BIGINT NOT NULL
);
