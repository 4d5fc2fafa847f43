-- +goose Up

-- Who is mailed what their surveys say, how often, and what the last mail told.
CREATE TABLE digests (
    workspace_id uuid NOT NULL,
    user_id uuid NOT NULL,
    every text NOT NULL,
    hour integer NOT NULL,
    survey_ids text NOT NULL,
    comments boolean NOT NULL,
    due_at timestamptz,
    sending_for timestamptz,
    told text NOT NULL,
    told_day integer NOT NULL,
    sent_at timestamptz,
    problem text NOT NULL,
    PRIMARY KEY (workspace_id, user_id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES users (workspace_id, id)
);
CREATE INDEX digests_due ON digests (workspace_id, due_at);

-- +goose Down
DROP TABLE digests;
