-- +goose Up

-- The language for people of whom none is known; empty for the workspace's.
ALTER TABLE surveys ADD COLUMN locale TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE surveys DROP COLUMN locale;
