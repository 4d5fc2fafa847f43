-- +goose Up

-- What the links of letters stand for, a batch of letters in one row: by the place that the link names, 32 bytes of its hash and 16 of the invitation's id. Only hashes, never the tokens; what was sent before stays among the tokens.
CREATE TABLE sheets (
    workspace_id uuid NOT NULL,
    sheet bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    hashes bytea NOT NULL,
    subjects bytea NOT NULL,
    PRIMARY KEY (workspace_id, sheet),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);
-- Hashes do not compress, and of all of them one is read at a time.
ALTER TABLE sheets ALTER COLUMN hashes SET STORAGE EXTERNAL, ALTER COLUMN subjects SET STORAGE EXTERNAL;

-- +goose Down
DROP TABLE sheets;
