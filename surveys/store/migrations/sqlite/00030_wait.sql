-- +goose Up

-- Minutes that an answer waits which was only looked at, before it counts.
ALTER TABLE surveys ADD COLUMN quarantine_minutes INTEGER NOT NULL DEFAULT 15;

-- +goose Down
ALTER TABLE surveys DROP COLUMN quarantine_minutes;
