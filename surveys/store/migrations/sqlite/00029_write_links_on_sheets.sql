-- +goose Up

-- What the links of letters stand for, a batch of letters in one row: by the place that the link names, 32 bytes of its hash and 16 of the invitation's id. Only hashes, never the tokens; what was sent before stays among the tokens.
CREATE TABLE sheets (
    workspace_id TEXT NOT NULL,
    sheet BLOB NOT NULL,
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    hashes BLOB NOT NULL,
    subjects BLOB NOT NULL,
    PRIMARY KEY (workspace_id, sheet),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE sheets;
