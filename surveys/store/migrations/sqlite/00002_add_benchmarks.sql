-- +goose Up

-- Scores that others report, each with its source; shown for orientation, never computed with.
CREATE TABLE benchmarks (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    metric TEXT NOT NULL,
    name TEXT NOT NULL,
    low REAL NOT NULL,
    high REAL NOT NULL,
    year INTEGER NOT NULL,
    source TEXT NOT NULL,
    note TEXT NOT NULL,
    shown BOOLEAN NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- +goose Down
DROP TABLE benchmarks;
