-- +goose Up

-- What its author asked to be looked at again is found by itself on the desk.
CREATE INDEX submissions_appealed ON submissions (status, turn, id) WHERE appealed;
