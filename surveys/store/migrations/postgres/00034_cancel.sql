-- +goose Up

-- What people are asked who are about to cancel a subscription.
CREATE TABLE cancel_flows (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    status text NOT NULL,
    reasons jsonb NOT NULL,
    offers jsonb NOT NULL,
    hold_out integer NOT NULL,
    score_survey_id uuid,
    fields jsonb,
    locale text NOT NULL,
    origins jsonb,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, key),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id),
    FOREIGN KEY (workspace_id, score_survey_id) REFERENCES surveys (workspace_id, id)
);

-- One way through a flow and what became of it, or a subscription that ended without one.
CREATE TABLE cancellations (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    flow_id uuid,
    visit bytea, -- the hash of the text by which the browser is known again
    person_id uuid,
    reason text NOT NULL,
    comment text NOT NULL,
    offer_id text NOT NULL,
    offer text NOT NULL,
    choice text NOT NULL,
    locale text NOT NULL,
    segments jsonb NOT NULL,
    fields jsonb,
    started_at timestamptz NOT NULL,
    chosen_at timestamptz,
    updated_at timestamptz NOT NULL,
    lost text NOT NULL,
    lost_at timestamptz,
    amount double precision,
    currency text NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, flow_id) REFERENCES cancel_flows (workspace_id, id),
    FOREIGN KEY (workspace_id, person_id) REFERENCES people (workspace_id, id)
);
CREATE UNIQUE INDEX cancellations_of_visit ON cancellations (workspace_id, flow_id, visit);
CREATE INDEX cancellations_of_flow ON cancellations (workspace_id, flow_id, started_at);
CREATE INDEX cancellations_of_person ON cancellations (workspace_id, person_id, started_at);

-- +goose Down
DROP TABLE cancellations;
DROP TABLE cancel_flows;
