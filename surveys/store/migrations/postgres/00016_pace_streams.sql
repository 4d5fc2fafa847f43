-- +goose Up

-- How a workspace's mail to a group of receivers fares, where it does not flow freely or a person had to say that it goes on. Receiver 'all' is its mail as a whole.
CREATE TABLE streams (
    workspace_id uuid NOT NULL,
    receiver text NOT NULL,
    cause text NOT NULL,
    why text NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz,
    rate double precision NOT NULL,
    times integer NOT NULL,
    resumed_at timestamptz,
    before_sent integer NOT NULL,
    before_complaints integer NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, receiver),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- How many letters of a stream had which fate on a day of UTC. Tried is what a warming-up has given out of its day.
CREATE TABLE stream_days (
    workspace_id uuid NOT NULL,
    receiver text NOT NULL,
    day integer NOT NULL,
    tried integer NOT NULL,
    sent integer NOT NULL,
    refused integer NOT NULL,
    complaints integer NOT NULL,
    PRIMARY KEY (workspace_id, receiver, day),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- How fast a workspace mails at most, and what becomes of letters of unknown fate.
CREATE TABLE paces (
    workspace_id uuid NOT NULL,
    per_second integer NOT NULL,
    warm_up_since timestamptz,
    unresolved text NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- +goose Down
DROP TABLE paces;
DROP TABLE stream_days;
DROP TABLE streams;
