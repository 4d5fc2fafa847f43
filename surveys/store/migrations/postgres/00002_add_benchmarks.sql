-- +goose Up

-- Scores that others report, each with its source; shown for orientation, never computed with.
CREATE TABLE benchmarks (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    metric text NOT NULL,
    name text NOT NULL,
    low double precision NOT NULL,
    high double precision NOT NULL,
    year integer NOT NULL,
    source text NOT NULL,
    note text NOT NULL,
    shown boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- +goose Down
DROP TABLE benchmarks;
