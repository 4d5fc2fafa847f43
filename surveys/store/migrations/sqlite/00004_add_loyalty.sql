-- +goose Up

-- How a workspace's events tell who stays and who leaves.
CREATE TABLE loyalty_plans (
    workspace_id TEXT NOT NULL,
    basis TEXT NOT NULL,
    lapse_days INTEGER NOT NULL,
    complete_since INTEGER,
    currency TEXT NOT NULL,
    survey_id TEXT,
    meanings TEXT NOT NULL,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- What the last computation found: one document, since it is read whole.
CREATE TABLE loyalty_reports (
    workspace_id TEXT NOT NULL,
    computed_at DATETIME NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (workspace_id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- Who is likelier than others to leave: a row each, so that erasing a person takes it along.
CREATE TABLE risks (
    workspace_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    chance REAL NOT NULL,
    reasons TEXT NOT NULL,
    PRIMARY KEY (workspace_id, person_id),
    FOREIGN KEY (workspace_id, person_id) REFERENCES people (workspace_id, id)
);
CREATE INDEX risks_chance ON risks (workspace_id, chance);

-- +goose Down
DROP TABLE risks;
DROP TABLE loyalty_reports;
DROP TABLE loyalty_plans;
