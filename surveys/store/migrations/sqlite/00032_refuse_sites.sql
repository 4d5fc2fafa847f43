-- +goose Up

-- Sites that tried to show a survey within their pages and are not among those that may, for the team to let in.
CREATE TABLE refused_sites (
    workspace_id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    refused_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, origin),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE refused_sites;
