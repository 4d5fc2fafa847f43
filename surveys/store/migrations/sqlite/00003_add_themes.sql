-- +goose Up

-- What the workspace looks for in comments. A theme that was taken away keeps its row, to be brought back.
CREATE TABLE themes (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    keywords TEXT NOT NULL,
    deleted_at DATETIME,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- How the comments on each survey are read: the model trained on its own scores, and with which rules and model every comment was read.
CREATE TABLE comment_readers (
    workspace_id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    reader TEXT NOT NULL,
    model BLOB,
    model_version TEXT NOT NULL,
    quality TEXT NOT NULL,
    refused TEXT NOT NULL,
    trained_at DATETIME,
    trained_from INTEGER NOT NULL,
    tried_from INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, survey_id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);

-- What was read out of each comment, with the day and the score under which it is counted: enough to take it out of the counts again.
CREATE TABLE comment_readings (
    workspace_id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    response_id TEXT NOT NULL,
    reader TEXT NOT NULL,
    day INTEGER NOT NULL,
    score INTEGER NOT NULL,
    language TEXT NOT NULL,
    themes TEXT NOT NULL,
    tone TEXT NOT NULL,
    value INTEGER NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, response_id)
) WITHOUT ROWID;

-- The comments on each theme: per survey and local day, by score and tone. Theme '' is every comment, '-' those on none.
CREATE TABLE theme_counts (
    workspace_id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    theme TEXT NOT NULL,
    day INTEGER NOT NULL,
    n INTEGER NOT NULL,
    c0 INTEGER NOT NULL,
    c1 INTEGER NOT NULL,
    c2 INTEGER NOT NULL,
    c3 INTEGER NOT NULL,
    c4 INTEGER NOT NULL,
    c5 INTEGER NOT NULL,
    c6 INTEGER NOT NULL,
    c7 INTEGER NOT NULL,
    c8 INTEGER NOT NULL,
    c9 INTEGER NOT NULL,
    c10 INTEGER NOT NULL,
    negative INTEGER NOT NULL,
    neutral INTEGER NOT NULL,
    positive INTEGER NOT NULL,
    sum INTEGER NOT NULL,
    squares INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, theme, day)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE theme_counts;
DROP TABLE comment_readings;
DROP TABLE comment_readers;
DROP TABLE themes;
