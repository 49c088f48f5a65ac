-- +goose Up

-- How a visitor found a place beside its entry: same, changed or closed; empty
-- for who did not say.
ALTER TABLE visits ADD COLUMN still TEXT NOT NULL DEFAULT '' CHECK (still IN ('', 'same', 'changed', 'closed'));
CREATE INDEX visits_still ON visits (place, member, day, id) WHERE still <> '';

-- What visitors found otherwise than the entry says, for editors: it waits on
-- the desk under its own number. visit is the visit that it was told with.
CREATE TABLE field_notes (
	id BIGINT PRIMARY KEY,
	member BIGINT NOT NULL REFERENCES members (id),
	place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	visit BIGINT NOT NULL,
	says TEXT NOT NULL CHECK (says IN ('changed', 'closed')),
	day TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'dismissed', 'withdrawn')),
	told_at BIGINT NOT NULL,
	words TEXT NOT NULL
);
CREATE INDEX field_notes_visit ON field_notes (visit, id);
CREATE INDEX field_notes_place ON field_notes (place, member);
CREATE INDEX field_notes_member ON field_notes (member, id);

-- What the confirmations of a place come to: the newest month, how many members
-- stand by one, how sure that makes its entry, and, as JSON, how many members in
-- which month. It names nobody.
CREATE TABLE place_confirmed (
	place BIGINT PRIMARY KEY REFERENCES places (id) ON DELETE CASCADE,
	month TEXT NOT NULL,
	visitors BIGINT NOT NULL,
	health TEXT NOT NULL CHECK (health IN ('fresh', 'ageing', 'unconfirmed')),
	months TEXT NOT NULL
);

-- What editors sweep together: a question asked of every place, or of those of a
-- destination or tag, and what is to be done where the answer is yes. gathered
-- is the last place that was asked while it is still being gathered.
CREATE TABLE campaigns (
	id BIGINT PRIMARY KEY,
	question TEXT NOT NULL,
	destination TEXT NOT NULL,
	tag TEXT NOT NULL,
	stage TEXT NOT NULL CHECK (stage IN ('gathering', 'open', 'closed')),
	gathered BIGINT NOT NULL,
	made_by BIGINT REFERENCES members (id),
	made_at BIGINT NOT NULL,
	closed_by BIGINT REFERENCES members (id),
	closed_at BIGINT NOT NULL,
	title TEXT NOT NULL,
	steps TEXT NOT NULL
);
CREATE INDEX campaigns_stage ON campaigns (stage, id);

-- The places of a campaign. leased_by is the editor who is at one.
CREATE TABLE campaign_items (
	campaign BIGINT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
	place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	result TEXT NOT NULL CHECK (result IN ('open', 'done', 'skipped', 'gone')),
	member BIGINT REFERENCES members (id),
	at BIGINT NOT NULL,
	leased_by BIGINT REFERENCES members (id),
	leased_until BIGINT NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (campaign, place)
);
CREATE INDEX campaign_items_result ON campaign_items (campaign, result, place);
CREATE INDEX campaign_items_at ON campaign_items (campaign, at, place);
