-- +goose Up

-- What a version of a survey's question asks beside the score, and how its choices are drawn. NULL asks for the comment alone.
ALTER TABLE questions ADD COLUMN style text NOT NULL DEFAULT '';
ALTER TABLE questions ADD COLUMN follow_ups jsonb;

-- The hidden fields that a page's address may carry, and what is said after the answer, by its band.
ALTER TABLE surveys ADD COLUMN fields jsonb;
ALTER TABLE surveys ADD COLUMN thanks jsonb;
ALTER TABLE responses ADD COLUMN answers jsonb;
ALTER TABLE responses ADD COLUMN fields jsonb;

-- +goose Down
ALTER TABLE responses DROP COLUMN fields;
ALTER TABLE responses DROP COLUMN answers;
ALTER TABLE surveys DROP COLUMN thanks;
ALTER TABLE surveys DROP COLUMN fields;
ALTER TABLE questions DROP COLUMN follow_ups;
ALTER TABLE questions DROP COLUMN style;
