-- +goose Up

-- Keys with which a company's servers sign who looks at a survey within their pages.
CREATE TABLE identity_keys (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    algorithm text NOT NULL,
    secret bytea, -- of HS256, sealed
    public text NOT NULL, -- of EdDSA, as PEM
    used_at timestamptz, -- the last time, to the hour
    created_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- Whether the survey is shown within pages only to people of whom a company's server has signed who they are.
ALTER TABLE surveys ADD COLUMN identified boolean NOT NULL DEFAULT FALSE;

-- When a survey came up by itself on a page before somebody who is known.
CREATE TABLE page_asks (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    survey_id uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, person_id) REFERENCES people (workspace_id, id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);
CREATE INDEX page_asks_of_person ON page_asks (workspace_id, person_id, asked_at);
CREATE INDEX page_asks_by_time ON page_asks (workspace_id, asked_at);

-- +goose Down
DROP TABLE page_asks;
ALTER TABLE surveys DROP COLUMN identified;
DROP TABLE identity_keys;
