-- +goose Up

-- The people as they are listed, the latest changed first.
CREATE INDEX people_updated ON people (workspace_id, updated_at, id);

-- +goose Down
DROP INDEX people_updated;
