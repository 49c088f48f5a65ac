-- +goose Up

-- Who is credited for which place, so that a member's page finds it: what
-- added_by and edited_by of places say, by the address of the member's page.
-- at is when the credit was first given.
CREATE TABLE place_credits (
	place BIGINT NOT NULL REFERENCES places (id) ON DELETE CASCADE,
	part TEXT NOT NULL CHECK (part IN ('added', 'edited')),
	who TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (place, part, who)
);
CREATE INDEX place_credits_newest ON place_credits (who, part, at, place);

-- What was published before: by whose submission, as far as the place says so.
INSERT INTO place_credits (place, part, who, at)
	SELECT p.id, 'added', '/users/' || m.name, min(s.decided_at)
	FROM submissions s JOIN members m ON m.id = s.author JOIN places p ON p.id = s.place
	WHERE s.status = 'published' AND p.added_by LIKE '%"/users/' || m.name || '"%'
	GROUP BY p.id, m.name;
INSERT INTO place_credits (place, part, who, at)
	SELECT p.id, 'edited', '/users/' || m.name, min(s.decided_at)
	FROM submissions s JOIN members m ON m.id = s.author JOIN places p ON p.id = s.place
	WHERE s.status = 'published' AND p.edited_by LIKE '%"/users/' || m.name || '"%'
	GROUP BY p.id, m.name;

-- Files of saved places that members bring to be marked: what each entry of the
-- file may be, until the member has said so or a month has passed. entries is JSON;
-- taken is how many places were marked.
CREATE TABLE mark_imports (
	id BIGINT PRIMARY KEY,
	member BIGINT NOT NULL REFERENCES members (id),
	at BIGINT NOT NULL,
	applied_at BIGINT NOT NULL,
	kind TEXT NOT NULL,
	taken BIGINT NOT NULL,
	file TEXT NOT NULL,
	entries TEXT NOT NULL
);
CREATE INDEX mark_imports_member ON mark_imports (member, id);
CREATE INDEX mark_imports_at ON mark_imports (at);
