-- +goose Up

-- Sites that tried to show a survey within their pages and are not among those that may, for the team to let in.
CREATE TABLE refused_sites (
    workspace_id uuid NOT NULL,
    survey_id uuid NOT NULL,
    origin text NOT NULL,
    refused_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, origin),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);

-- +goose Down
DROP TABLE refused_sites;
