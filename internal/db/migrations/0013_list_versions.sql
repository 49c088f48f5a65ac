-- +goose Up

-- version grows with every change of a list and of what stands on it, so that
-- programs write over nothing that they have not read. cover is the place whose
-- picture stands for the list, 0 for the first that has one.
ALTER TABLE lists ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE lists ADD COLUMN cover BIGINT NOT NULL DEFAULT 0;
