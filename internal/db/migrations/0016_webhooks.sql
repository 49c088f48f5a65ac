-- +goose Up

-- Who is told of changes (see package webhook). position is the last change of
-- the log that the receiver has taken; until_seq, while it is not 0, the end of
-- the message that is on its way, so that it is the same one when it is sent
-- again. secret is what messages are signed with, sealed; secret_before the one
-- before, which signs too for a day after rotated_at.
CREATE TABLE webhooks (
	id BIGINT PRIMARY KEY,
	address TEXT NOT NULL,
	secret TEXT NOT NULL,
	secret_before TEXT NOT NULL,
	rotated_at BIGINT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('active', 'off', 'failed')),
	greeting BOOLEAN NOT NULL,
	position BIGINT NOT NULL,
	until_seq BIGINT NOT NULL,
	attempts BIGINT NOT NULL,
	next_at BIGINT NOT NULL,
	leased_until BIGINT NOT NULL,
	failing_since BIGINT NOT NULL,
	delivered_at BIGINT NOT NULL,
	fault TEXT NOT NULL,
	created_at BIGINT NOT NULL
);
