-- +goose Up

-- The comments as they are filtered and searched: one row per comment that is indexed, in the order in which they are shown.
-- place is the second of the answer and a number within it; words are the comment's terms and what else it is filtered by.
CREATE TABLE comment_index (
    workspace_id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    place INTEGER NOT NULL,
    response_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, place)
);
CREATE UNIQUE INDEX comment_index_response ON comment_index (workspace_id, response_id);

-- How many comments of each local day are indexed.
CREATE TABLE comment_index_days (
    workspace_id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, day)
) WITHOUT ROWID;

-- Where each word stands; rowid is the place. Every word begins with what stands for its workspace and survey, so that the words
-- of one are never those of another; behind those 11 letters, one character and three are what beginnings are looked for by.
-- Nothing of a deleted comment stays: secure-delete takes it out at once.
CREATE VIRTUAL TABLE comment_words USING fts5(words, content='', tokenize='ascii', prefix='12 14');
INSERT INTO comment_words (comment_words, rank) VALUES ('secure-delete', 1);

-- +goose Down
DROP TABLE comment_words;
DROP TABLE comment_index_days;
DROP TABLE comment_index;
