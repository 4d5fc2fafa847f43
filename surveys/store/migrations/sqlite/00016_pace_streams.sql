-- +goose Up

-- How a workspace's mail to a group of receivers fares, where it does not flow freely or a person had to say that it goes on. Receiver 'all' is its mail as a whole.
CREATE TABLE streams (
    workspace_id TEXT NOT NULL,
    receiver TEXT NOT NULL,
    cause TEXT NOT NULL,
    why TEXT NOT NULL,
    since DATETIME NOT NULL,
    until DATETIME,
    rate REAL NOT NULL,
    times INTEGER NOT NULL,
    resumed_at DATETIME,
    before_sent INTEGER NOT NULL,
    before_complaints INTEGER NOT NULL,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, receiver),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
) WITHOUT ROWID;

-- How many letters of a stream had which fate on a day of UTC. Tried is what a warming-up has given out of its day.
CREATE TABLE stream_days (
    workspace_id TEXT NOT NULL,
    receiver TEXT NOT NULL,
    day INTEGER NOT NULL,
    tried INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    complaints INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, receiver, day),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
) WITHOUT ROWID;

-- How fast a workspace mails at most, and what becomes of letters of unknown fate.
CREATE TABLE paces (
    workspace_id TEXT NOT NULL,
    per_second INTEGER NOT NULL,
    warm_up_since DATETIME,
    unresolved TEXT NOT NULL,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE paces;
DROP TABLE stream_days;
DROP TABLE streams;
