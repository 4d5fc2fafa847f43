-- +goose Up

-- The sites that may show the survey within their pages; NULL is none.
ALTER TABLE surveys ADD COLUMN origins jsonb;

-- +goose Down
ALTER TABLE surveys DROP COLUMN origins;
