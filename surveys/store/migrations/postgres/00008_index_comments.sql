-- +goose Up

-- The comments as they are filtered and searched: one row per comment that is indexed, in the order in which they are shown.
-- place is the second of the answer and a number within it; words are the comment's terms and what else it is filtered by.
CREATE TABLE comment_index (
    workspace_id uuid NOT NULL,
    survey_id uuid NOT NULL,
    place bigint NOT NULL,
    response_id uuid NOT NULL,
    day integer NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, place)
);
CREATE UNIQUE INDEX comment_index_response ON comment_index (workspace_id, response_id);

-- Where each word stands. Every word begins with what stands for its workspace and survey, so that the words of one are never
-- those of another: this is the one index that has the workspace within its keys instead of before them.
CREATE INDEX comment_index_words ON comment_index USING gin (words);

-- How many comments of each local day are indexed.
CREATE TABLE comment_index_days (
    workspace_id uuid NOT NULL,
    survey_id uuid NOT NULL,
    day integer NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, day)
);

-- +goose Down
DROP TABLE comment_index_days;
DROP TABLE comment_index;
