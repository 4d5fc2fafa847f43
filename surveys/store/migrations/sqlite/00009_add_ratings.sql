-- +goose Up

-- What a survey has rated beside its score, and how each answer rates it.
ALTER TABLE surveys ADD COLUMN drivers TEXT;
ALTER TABLE responses ADD COLUMN ratings TEXT;
CREATE INDEX responses_rated ON responses (workspace_id, survey_id, day) WHERE ratings IS NOT NULL;

-- The cross-products of a local day's ratings. Changes counts what was added, changed and erased; a day is out of date where
-- computed is another number, and a job makes it anew from its answers. Rated are answers with any rating, complete those that
-- rate all of keys, which alone are in products.
CREATE TABLE driver_days (
    workspace_id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    computed INTEGER NOT NULL,
    keys TEXT NOT NULL,
    rated INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    products BLOB,
    PRIMARY KEY (workspace_id, survey_id, day)
) WITHOUT ROWID;
CREATE INDEX driver_days_dirty ON driver_days (workspace_id, survey_id, day) WHERE changes <> computed;

-- +goose Down
DROP TABLE driver_days;
DROP INDEX responses_rated;
ALTER TABLE responses DROP COLUMN ratings;
ALTER TABLE surveys DROP COLUMN drivers;
