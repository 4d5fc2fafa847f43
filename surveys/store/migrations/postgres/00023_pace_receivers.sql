-- +goose Up

-- Letters that came back for good after a mail server had taken them, and those that do not count again.
ALTER TABLE stream_days ADD COLUMN bounced integer NOT NULL DEFAULT 0;
ALTER TABLE streams ADD COLUMN before_bounced integer NOT NULL DEFAULT 0;

-- How many letters a minute a group of receivers gets at most, 0 for what is usual; and when the next place among them is free, which all processes take theirs from.
CREATE TABLE receiver_paces (
    workspace_id uuid NOT NULL,
    receiver text NOT NULL,
    per_minute integer NOT NULL,
    free_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, receiver),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- +goose Down
DROP TABLE receiver_paces;
ALTER TABLE streams DROP COLUMN before_bounced;
ALTER TABLE stream_days DROP COLUMN bounced;
