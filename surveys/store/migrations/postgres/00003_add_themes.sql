-- +goose Up

-- What the workspace looks for in comments. A theme that was taken away keeps its row, to be brought back.
CREATE TABLE themes (
    workspace_id uuid NOT NULL,
    id text NOT NULL,
    place integer NOT NULL,
    name text NOT NULL,
    keywords jsonb NOT NULL,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- How the comments on each survey are read: the model trained on its own scores, and with which rules and model every comment was read.
CREATE TABLE comment_readers (
    workspace_id uuid NOT NULL,
    survey_id uuid NOT NULL,
    reader text NOT NULL,
    model bytea,
    model_version text NOT NULL,
    quality jsonb NOT NULL,
    refused jsonb NOT NULL,
    trained_at timestamptz,
    trained_from bigint NOT NULL,
    tried_from bigint NOT NULL,
    PRIMARY KEY (workspace_id, survey_id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);

-- What was read out of each comment, with the day and the score under which it is counted: enough to take it out of the counts again.
CREATE TABLE comment_readings (
    workspace_id uuid NOT NULL,
    survey_id uuid NOT NULL,
    response_id uuid NOT NULL,
    reader text NOT NULL,
    day integer NOT NULL,
    score integer NOT NULL,
    language text NOT NULL,
    themes jsonb NOT NULL,
    tone text NOT NULL,
    value integer NOT NULL,
    source text NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, response_id)
);

-- The comments on each theme: per survey and local day, by score and tone. Theme '' is every comment, '-' those on none.
CREATE TABLE theme_counts (
    workspace_id uuid NOT NULL,
    survey_id uuid NOT NULL,
    theme text NOT NULL,
    day integer NOT NULL,
    n bigint NOT NULL,
    c0 bigint NOT NULL,
    c1 bigint NOT NULL,
    c2 bigint NOT NULL,
    c3 bigint NOT NULL,
    c4 bigint NOT NULL,
    c5 bigint NOT NULL,
    c6 bigint NOT NULL,
    c7 bigint NOT NULL,
    c8 bigint NOT NULL,
    c9 bigint NOT NULL,
    c10 bigint NOT NULL,
    negative bigint NOT NULL,
    neutral bigint NOT NULL,
    positive bigint NOT NULL,
    sum bigint NOT NULL,
    squares bigint NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, theme, day)
);

-- +goose Down
DROP TABLE theme_counts;
DROP TABLE comment_readings;
DROP TABLE comment_readers;
DROP TABLE themes;
