-- +goose Up

-- What the team wrote on the timeline: what happened on a local day, for one survey or, without one, for all. A deleted note keeps its row for a while, to be brought back.
CREATE TABLE notes (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    survey_id uuid,
    day integer NOT NULL,
    text text NOT NULL,
    author text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);

CREATE INDEX notes_day ON notes (workspace_id, day);

-- Links that show one report to people without an account. The link's token is among the tokens, as a hash; here is what it shows, and until when.
CREATE TABLE shares (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    survey_id uuid NOT NULL,
    label text NOT NULL,
    query text NOT NULL,
    comments boolean NOT NULL,
    user_id uuid,
    author text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    opened_day integer,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);

CREATE INDEX shares_survey ON shares (workspace_id, survey_id, created_at);

-- +goose Down
DROP TABLE shares;
DROP TABLE notes;
