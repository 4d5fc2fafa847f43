-- +goose Up

-- Sites that tried to show a survey, or a cancellation flow, within their pages: of either, without a foreign key.
CREATE TABLE sites_refused (
    workspace_id TEXT NOT NULL,
    shown_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    refused_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, shown_id, origin),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
) WITHOUT ROWID;
INSERT INTO sites_refused SELECT workspace_id, survey_id, origin, refused_at FROM refused_sites;
DROP TABLE refused_sites;

-- +goose Down
CREATE TABLE refused_sites (
    workspace_id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    refused_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, origin),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
) WITHOUT ROWID;
INSERT INTO refused_sites SELECT workspace_id, shown_id, origin, refused_at FROM sites_refused
    WHERE EXISTS (SELECT 1 FROM surveys AS s WHERE s.workspace_id = sites_refused.workspace_id AND s.id = shown_id);
DROP TABLE sites_refused;
