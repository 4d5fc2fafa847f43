-- +goose Up

-- How a workspace's events tell who stays and who leaves.
CREATE TABLE loyalty_plans (
    workspace_id uuid NOT NULL,
    basis text NOT NULL,
    lapse_days integer NOT NULL,
    complete_since integer,
    currency text NOT NULL,
    survey_id uuid,
    meanings jsonb NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- What the last computation found: one document, since it is read whole.
CREATE TABLE loyalty_reports (
    workspace_id uuid NOT NULL,
    computed_at timestamptz NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (workspace_id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- Who is likelier than others to leave: a row each, so that erasing a person takes it along.
CREATE TABLE risks (
    workspace_id uuid NOT NULL,
    person_id uuid NOT NULL,
    chance double precision NOT NULL,
    reasons jsonb NOT NULL,
    PRIMARY KEY (workspace_id, person_id),
    FOREIGN KEY (workspace_id, person_id) REFERENCES people (workspace_id, id)
);
CREATE INDEX risks_chance ON risks (workspace_id, chance);

-- +goose Down
DROP TABLE risks;
DROP TABLE loyalty_reports;
DROP TABLE loyalty_plans;
