-- +goose Up

-- Keys with which a company's servers sign who looks at a survey within their pages.
CREATE TABLE identity_keys (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    secret BLOB, -- of HS256, sealed
    public TEXT NOT NULL, -- of EdDSA, as PEM
    used_at DATETIME, -- the last time, to the hour
    created_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
) WITHOUT ROWID;

-- Whether the survey is shown within pages only to people of whom a company's server has signed who they are.
ALTER TABLE surveys ADD COLUMN identified BOOLEAN NOT NULL DEFAULT FALSE;

-- When a survey came up by itself on a page before somebody who is known.
CREATE TABLE page_asks (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    asked_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, person_id) REFERENCES people (workspace_id, id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX page_asks_of_person ON page_asks (workspace_id, person_id, asked_at);
CREATE INDEX page_asks_by_time ON page_asks (workspace_id, asked_at);

-- +goose Down
DROP TABLE page_asks;
ALTER TABLE surveys DROP COLUMN identified;
DROP TABLE identity_keys;
