-- +goose Up

-- What somebody proposes: a pitch, a new place, an edit; or a place that was
-- imported without being published (its id is the place's, and it has no
-- author). destination is where the thing is, as the desk may know; turn orders
-- the queue: the time it was submitted, and later the longer it takes to read.
-- findings and fields are JSON; the long text comes last.
CREATE TABLE submissions (
	id BIGINT PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('pitch', 'place', 'edit', 'import')),
	status TEXT NOT NULL CHECK (status IN ('draft', 'waiting', 'changes', 'held', 'published', 'declined', 'duplicate', 'withdrawn')),
	author BIGINT REFERENCES members (id),
	place BIGINT REFERENCES places (id) ON DELETE CASCADE,
	base BIGINT NOT NULL,
	title TEXT NOT NULL,
	destination TEXT NOT NULL,
	turn BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	submitted_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	decided_at BIGINT NOT NULL,
	held_until BIGINT NOT NULL,
	claimed_by BIGINT REFERENCES members (id),
	claimed_until BIGINT NOT NULL,
	appealed BOOLEAN NOT NULL,
	live BOOLEAN NOT NULL,
	sampled BOOLEAN NOT NULL,
	summary TEXT NOT NULL,
	findings TEXT NOT NULL,
	fields TEXT NOT NULL
);
CREATE INDEX submissions_turn ON submissions (status, turn, id);
CREATE INDEX submissions_kind ON submissions (status, kind, turn, id);
CREATE INDEX submissions_destination ON submissions (status, destination, turn, id);
CREATE INDEX submissions_author ON submissions (author, status, turn, id) WHERE author IS NOT NULL;
CREATE INDEX submissions_newest ON submissions (author, updated_at, id) WHERE author IS NOT NULL;
CREATE INDEX submissions_day ON submissions (author, submitted_at) WHERE author IS NOT NULL;
CREATE INDEX submissions_place ON submissions (place, id) WHERE place IS NOT NULL;
CREATE INDEX submissions_held ON submissions (held_until) WHERE status = 'held';
CREATE INDEX submissions_sampled ON submissions (turn, id) WHERE sampled;

-- What was decided about a submission, oldest first. taken and undo are JSON:
-- the fields that were taken, and what is needed to take the decision back.
CREATE TABLE decisions (
	id BIGINT PRIMARY KEY,
	submission BIGINT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
	action TEXT NOT NULL,
	reason TEXT NOT NULL,
	text TEXT NOT NULL,
	of_place BIGINT,
	member BIGINT REFERENCES members (id),
	at BIGINT NOT NULL,
	waited BIGINT NOT NULL,
	undone_at BIGINT NOT NULL,
	taken TEXT NOT NULL,
	undo TEXT NOT NULL
);
CREATE INDEX decisions_submission ON decisions (submission, id);
CREATE INDEX decisions_at ON decisions (at, id);

-- What author and editors write to each other about a submission.
CREATE TABLE submission_messages (
	id BIGINT PRIMARY KEY,
	submission BIGINT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
	member BIGINT NOT NULL REFERENCES members (id),
	at BIGINT NOT NULL,
	text TEXT NOT NULL
);
CREATE INDEX submission_messages_of ON submission_messages (submission, id);

-- What was imported before the desk was there waits on it too.
INSERT INTO submissions (id, kind, status, author, place, base, title, destination, turn, version, created_at, submitted_at,
	updated_at, decided_at, held_until, claimed_by, claimed_until, appealed, live, sampled, summary, findings, fields)
	SELECT id, 'import', 'waiting', NULL, id, 0, title, destination, created_at, 1, created_at, created_at,
		created_at, 0, 0, NULL, 0, FALSE, FALSE, FALSE, '', '', '{}'
	FROM places WHERE state = 'waiting';
INSERT INTO submissions (id, kind, status, author, place, base, title, destination, turn, version, created_at, submitted_at,
	updated_at, decided_at, held_until, claimed_by, claimed_until, appealed, live, sampled, summary, findings, fields)
	SELECT p.id, 'import', 'waiting', NULL, p.id, 0, p.title, p.destination, a.at, 1, a.at, a.at,
		a.at, 0, 0, NULL, 0, FALSE, FALSE, FALSE, '', '', '{}'
	FROM place_aside a JOIN places p ON p.id = a.place;
