-- +goose Up

-- Who is mailed what their surveys say, how often, and what the last mail told.
CREATE TABLE digests (
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    every TEXT NOT NULL,
    hour INTEGER NOT NULL,
    survey_ids TEXT NOT NULL,
    comments BOOLEAN NOT NULL,
    due_at DATETIME,
    sending_for DATETIME,
    told TEXT NOT NULL,
    told_day INTEGER NOT NULL,
    sent_at DATETIME,
    problem TEXT NOT NULL,
    PRIMARY KEY (workspace_id, user_id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES users (workspace_id, id)
);
CREATE INDEX digests_due ON digests (workspace_id, due_at);

-- +goose Down
DROP TABLE digests;
