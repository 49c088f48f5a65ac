-- +goose Up

-- Who has an account. email is folded and NULL once the account is deleted;
-- password is a hash, '' where there is none. regions, links and settings are
-- JSON. accepted and declined are derived from standing decisions.
CREATE TABLE members (
	id BIGINT PRIMARY KEY,
	name TEXT NOT NULL,
	shown TEXT NOT NULL,
	email TEXT,
	verified_at BIGINT NOT NULL,
	password TEXT NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('member', 'editor', 'admin')),
	level TEXT NOT NULL CHECK (level IN ('new', 'known', 'trusted')),
	regions TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('active', 'suspended', 'banned', 'deleted')),
	state_reason TEXT NOT NULL,
	bio TEXT NOT NULL,
	links TEXT NOT NULL,
	avatar TEXT NOT NULL,
	settings TEXT NOT NULL,
	accepted BIGINT NOT NULL,
	declined BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX members_name ON members (name);
CREATE UNIQUE INDEX members_email ON members (email);
CREATE INDEX members_role ON members (role, id) WHERE role <> 'member';

-- A browser that is signed in. hash is of the cookie's value; proven_at is when
-- the password, a passkey or a mail last proved who it is; factor says that a
-- second factor or a passkey was shown.
CREATE TABLE sessions (
	id BIGINT PRIMARY KEY,
	member BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
	hash TEXT NOT NULL,
	factor BOOLEAN NOT NULL,
	stays BOOLEAN NOT NULL,
	agent TEXT NOT NULL,
	network TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	proven_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX sessions_hash ON sessions (hash);
CREATE INDEX sessions_member ON sessions (member, id);

-- Tokens of the API; hash is of the whole token. expires_at 0 is never.
CREATE TABLE tokens (
	id BIGINT PRIMARY KEY,
	member BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
	hash TEXT NOT NULL,
	name TEXT NOT NULL,
	scope TEXT NOT NULL CHECK (scope IN ('read', 'contribute', 'edit', 'admin')),
	created_at BIGINT NOT NULL,
	used_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);
CREATE INDEX tokens_member ON tokens (member, id);

-- Links in mails that can be used once, each for one purpose. email is the
-- address that the link proves.
CREATE TABLE links (
	id BIGINT PRIMARY KEY,
	member BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
	purpose TEXT NOT NULL,
	hash TEXT NOT NULL,
	email TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX links_hash ON links (hash);
CREATE INDEX links_member ON links (member, purpose);

-- What a sign-in that is under way must remember: the state of a provider's
-- answer, a passkey's challenge, who still owes a second factor. hash is of a
-- cookie's value, data is JSON.
CREATE TABLE flows (
	hash TEXT NOT NULL PRIMARY KEY,
	purpose TEXT NOT NULL,
	member BIGINT REFERENCES members (id) ON DELETE CASCADE,
	data TEXT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE INDEX flows_member ON flows (member);
CREATE INDEX flows_expires ON flows (expires_at);

-- Accounts at a provider that sign a member in.
CREATE TABLE identities (
	issuer TEXT NOT NULL,
	subject TEXT NOT NULL,
	member BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
	email TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	used_at BIGINT NOT NULL,
	PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_member ON identities (member);

-- The second factor: a secret, encrypted, and the last step it was used for.
CREATE TABLE factors (
	member BIGINT PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
	secret TEXT NOT NULL,
	last_step BIGINT NOT NULL,
	confirmed_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
	member BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
	hash TEXT NOT NULL,
	used_at BIGINT NOT NULL,
	PRIMARY KEY (member, hash)
);

-- Passkeys; credential is the id that the device gave, record is JSON.
CREATE TABLE passkeys (
	id BIGINT PRIMARY KEY,
	member BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
	credential TEXT NOT NULL,
	handle TEXT NOT NULL,
	name TEXT NOT NULL,
	record TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	used_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential);
CREATE INDEX passkeys_member ON passkeys (member, id);
CREATE INDEX passkeys_handle ON passkeys (handle);

-- How often something was tried: due is when a bucket would be empty again.
CREATE TABLE attempts (
	bucket TEXT NOT NULL PRIMARY KEY,
	due BIGINT NOT NULL
);
CREATE INDEX attempts_due ON attempts (due);

-- Proofs of work that were shown, each good for one form.
CREATE TABLE proofs (
	hash TEXT NOT NULL PRIMARY KEY,
	expires_at BIGINT NOT NULL
);
CREATE INDEX proofs_expires ON proofs (expires_at);

CREATE TABLE invitations (
	id BIGINT PRIMARY KEY,
	hash TEXT NOT NULL,
	email TEXT NOT NULL,
	by_member BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at BIGINT NOT NULL,
	used_by BIGINT REFERENCES members (id) ON DELETE SET NULL
);
CREATE UNIQUE INDEX invitations_hash ON invitations (hash);
CREATE INDEX invitations_by ON invitations (by_member, id);
CREATE INDEX invitations_used_by ON invitations (used_by);

-- Who decided what. member is 0 for the command line and the program itself;
-- rows outlive what they tell of.
CREATE TABLE audit (
	id BIGINT PRIMARY KEY,
	at BIGINT NOT NULL,
	member BIGINT NOT NULL,
	action TEXT NOT NULL,
	kind TEXT NOT NULL,
	subject BIGINT NOT NULL,
	details TEXT NOT NULL
);
CREATE INDEX audit_member ON audit (member, id);
CREATE INDEX audit_subject ON audit (kind, subject, id);

-- What a call of the API answered, so that the same call again gives it again.
-- status is 0 while the first one is under way.
CREATE TABLE idempotency (
	member BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
	hash TEXT NOT NULL,
	request TEXT NOT NULL,
	status BIGINT NOT NULL,
	type TEXT NOT NULL,
	location TEXT NOT NULL,
	answer TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (member, hash)
);
CREATE INDEX idempotency_at ON idempotency (at);
