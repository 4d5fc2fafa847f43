-- +goose Up

-- What a survey has rated beside its score, and how each answer rates it.
ALTER TABLE surveys ADD COLUMN drivers jsonb;
ALTER TABLE responses ADD COLUMN ratings jsonb;
CREATE INDEX responses_rated ON responses (workspace_id, survey_id, day) WHERE ratings IS NOT NULL;

-- The cross-products of a local day's ratings. Changes counts what was added, changed and erased; a day is out of date where
-- computed is another number, and a job makes it anew from its answers. Rated are answers with any rating, complete those that
-- rate all of keys, which alone are in products.
CREATE TABLE driver_days (
    workspace_id uuid NOT NULL,
    survey_id uuid NOT NULL,
    day integer NOT NULL,
    changes bigint NOT NULL,
    computed bigint NOT NULL,
    keys text NOT NULL,
    rated bigint NOT NULL,
    complete bigint NOT NULL,
    products bytea,
    PRIMARY KEY (workspace_id, survey_id, day)
);
CREATE INDEX driver_days_dirty ON driver_days (workspace_id, survey_id, day) WHERE changes <> computed;

-- +goose Down
DROP TABLE driver_days;
DROP INDEX responses_rated;
ALTER TABLE responses DROP COLUMN ratings;
ALTER TABLE surveys DROP COLUMN drivers;
