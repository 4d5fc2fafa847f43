-- +goose Up

-- What people are asked who are about to cancel a subscription.
CREATE TABLE cancel_flows (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    reasons TEXT NOT NULL,
    offers TEXT NOT NULL,
    hold_out INTEGER NOT NULL,
    score_survey_id TEXT,
    fields TEXT,
    locale TEXT NOT NULL,
    origins TEXT,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, key),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id),
    FOREIGN KEY (workspace_id, score_survey_id) REFERENCES surveys (workspace_id, id)
) WITHOUT ROWID;

-- One way through a flow and what became of it, or a subscription that ended without one.
CREATE TABLE cancellations (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    flow_id TEXT,
    visit BLOB, -- the hash of the text by which the browser is known again
    person_id TEXT,
    reason TEXT NOT NULL,
    comment TEXT NOT NULL,
    offer_id TEXT NOT NULL,
    offer TEXT NOT NULL,
    choice TEXT NOT NULL,
    locale TEXT NOT NULL,
    segments TEXT NOT NULL,
    fields TEXT,
    started_at DATETIME NOT NULL,
    chosen_at DATETIME,
    updated_at DATETIME NOT NULL,
    lost TEXT NOT NULL,
    lost_at DATETIME,
    amount REAL,
    currency TEXT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, flow_id) REFERENCES cancel_flows (workspace_id, id),
    FOREIGN KEY (workspace_id, person_id) REFERENCES people (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cancellations_of_visit ON cancellations (workspace_id, flow_id, visit);
CREATE INDEX cancellations_of_flow ON cancellations (workspace_id, flow_id, started_at);
CREATE INDEX cancellations_of_person ON cancellations (workspace_id, person_id, started_at);

-- +goose Down
DROP TABLE cancellations;
DROP TABLE cancel_flows;
