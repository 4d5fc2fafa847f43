-- +goose Up

-- What the team wrote on the timeline: what happened on a local day, for one survey or, without one, for all. A deleted note keeps its row for a while, to be brought back.
CREATE TABLE notes (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    survey_id TEXT,
    day INTEGER NOT NULL,
    text TEXT NOT NULL,
    author TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    deleted_at DATETIME,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);

CREATE INDEX notes_day ON notes (workspace_id, day);

-- Links that show one report to people without an account. The link's token is among the tokens, as a hash; here is what it shows, and until when.
CREATE TABLE shares (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    label TEXT NOT NULL,
    query TEXT NOT NULL,
    comments BOOLEAN NOT NULL,
    user_id TEXT,
    author TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    revoked_at DATETIME,
    opened_day INTEGER,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);

CREATE INDEX shares_survey ON shares (workspace_id, survey_id, created_at);

-- +goose Down
DROP TABLE shares;
DROP TABLE notes;
