-- +goose Up

-- Work that waits to be done, written by the transaction that caused it (see
-- package job). run_at is when a job may be taken; while it is worked on, when
-- the lease of its worker ends. taken names the worker's turn. once is the key
-- by which a waiting job stands for all like it. gave_up_at is set for one that
-- is tried no more.
CREATE TABLE jobs (
	id BIGINT PRIMARY KEY,
	kind TEXT NOT NULL,
	args TEXT NOT NULL,
	run_at BIGINT NOT NULL,
	taken TEXT NOT NULL,
	attempts BIGINT NOT NULL,
	once TEXT,
	fault TEXT NOT NULL,
	gave_up_at BIGINT,
	created_at BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (kind, run_at) WHERE gave_up_at IS NULL;
CREATE UNIQUE INDEX jobs_once ON jobs (kind, once) WHERE once IS NOT NULL;
CREATE INDEX jobs_gave_up ON jobs (gave_up_at) WHERE gave_up_at IS NOT NULL;

-- When what recurs is due next.
CREATE TABLE job_schedules (
	name TEXT NOT NULL PRIMARY KEY,
	next_at BIGINT NOT NULL
);
