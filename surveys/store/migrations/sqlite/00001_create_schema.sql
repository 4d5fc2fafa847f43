-- +goose Up

-- The directory of workspaces: the one table that is looked up without one, by the key that public tokens start with.
CREATE TABLE workspaces (
    workspace_id TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    color TEXT NOT NULL,
    logo BLOB,
    logo_type TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    locale TEXT NOT NULL,
    address TEXT NOT NULL,
    reply_to TEXT NOT NULL,
    segments TEXT NOT NULL,
    secret BLOB NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id),
    UNIQUE (key)
);

-- Members of the team.
CREATE TABLE users (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    locale TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, email),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- Everything that opens a door: links in mails, sessions, one-time sign-ins, API keys. Only hashes, never the tokens.
CREATE TABLE tokens (
    workspace_id TEXT NOT NULL,
    hash BLOB NOT NULL,
    purpose TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    expires_at DATETIME,
    PRIMARY KEY (workspace_id, hash),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
) WITHOUT ROWID;
CREATE INDEX tokens_subject ON tokens (workspace_id, subject_id, purpose);
CREATE INDEX tokens_expiry ON tokens (workspace_id, expires_at);

-- Programs that may come in; the secret's hash is a token.
CREATE TABLE api_keys (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- What is asked.
CREATE TABLE surveys (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    metric TEXT NOT NULL,
    subject TEXT NOT NULL,
    status TEXT NOT NULL,
    closes_at DATETIME,
    version INTEGER NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, key),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- The versions of each survey's question.
CREATE TABLE questions (
    workspace_id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    texts TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, version),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);

-- Who may be asked.
CREATE TABLE people (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    external_id TEXT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    locale TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    traits TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);
CREATE UNIQUE INDEX people_external_id ON people (workspace_id, external_id) WHERE external_id <> '';
CREATE UNIQUE INDEX people_email_only ON people (workspace_id, email) WHERE external_id = '';
CREATE INDEX people_email ON people (workspace_id, email) WHERE email <> '';

-- What happened to them.
CREATE TABLE events (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    external_id TEXT NOT NULL,
    type TEXT NOT NULL,
    person_id TEXT NOT NULL,
    occurred_at DATETIME NOT NULL,
    received_at DATETIME NOT NULL,
    properties TEXT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);
CREATE INDEX events_person ON events (workspace_id, person_id, occurred_at);

-- Which event asks which survey.
CREATE TABLE rules (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    event_type TEXT NOT NULL,
    condition TEXT NOT NULL,
    delay_seconds INTEGER NOT NULL,
    survey_id TEXT NOT NULL,
    cap_days INTEGER NOT NULL,
    status TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);
CREATE INDEX rules_event_type ON rules (workspace_id, event_type);

-- What each rule made of each event.
CREATE TABLE decisions (
    workspace_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    rule_name TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    send_at DATETIME,
    until DATETIME,
    invitation_id TEXT,
    detail TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, event_id, rule_id),
    FOREIGN KEY (workspace_id, event_id) REFERENCES events (workspace_id, id)
) WITHOUT ROWID;

-- One ask to one person, and where it stands.
CREATE TABLE invitations (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    email TEXT NOT NULL,
    state TEXT NOT NULL,
    send_at DATETIME NOT NULL,
    lease_until DATETIME,
    attempts INTEGER NOT NULL,
    problem TEXT NOT NULL,
    sent_at DATETIME,
    answered_at DATETIME,
    response_id TEXT,
    expires_at DATETIME NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);
CREATE INDEX invitations_due ON invitations (workspace_id, send_at) WHERE state IN ('scheduled', 'claimed', 'sending', 'unknown');
CREATE INDEX invitations_person ON invitations (workspace_id, person_id, send_at);
CREATE INDEX invitations_survey ON invitations (workspace_id, survey_id, send_at);

-- The bytes of each mail that may be on its way, committed before it leaves and removed once its fate is known.
CREATE TABLE outbox (
    workspace_id TEXT NOT NULL,
    invitation_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    hash BLOB NOT NULL,
    message BLOB NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, invitation_id),
    FOREIGN KEY (workspace_id, invitation_id) REFERENCES invitations (workspace_id, id)
);

-- Addresses that get no mail, by their keyed hash, so that the list outlives the person's erasure.
CREATE TABLE suppressions (
    workspace_id TEXT NOT NULL,
    address_hash BLOB NOT NULL,
    reason TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, address_hash),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
) WITHOUT ROWID;

-- The answers.
CREATE TABLE responses (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    invitation_id TEXT,
    person_id TEXT,
    score INTEGER NOT NULL,
    comment TEXT NOT NULL,
    locale TEXT NOT NULL,
    channel TEXT NOT NULL,
    segments TEXT NOT NULL,
    day INTEGER NOT NULL,
    answered_at DATETIME NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);
CREATE INDEX responses_survey ON responses (workspace_id, survey_id, answered_at, id);
CREATE INDEX responses_person ON responses (workspace_id, person_id) WHERE person_id IS NOT NULL;

-- What was already taken in: narrow, and purged when it expires.
CREATE TABLE idempotency_keys (
    workspace_id TEXT NOT NULL,
    key_hash BLOB NOT NULL,
    body_hash BLOB NOT NULL,
    result_id TEXT NOT NULL,
    expires_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, key_hash)
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (workspace_id, expires_at);

-- The values that are counted under each segment key; what comes after the limit is other.
CREATE TABLE segment_values (
    workspace_id TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (workspace_id, key, value)
) WITHOUT ROWID;

-- How often each score was given: per survey, local day (days since 1 January 1970) and segment value; key '' is everybody.
CREATE TABLE rollups (
    workspace_id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    key TEXT NOT NULL,
    day INTEGER NOT NULL,
    value TEXT NOT NULL,
    n INTEGER NOT NULL,
    c0 INTEGER NOT NULL,
    c1 INTEGER NOT NULL,
    c2 INTEGER NOT NULL,
    c3 INTEGER NOT NULL,
    c4 INTEGER NOT NULL,
    c5 INTEGER NOT NULL,
    c6 INTEGER NOT NULL,
    c7 INTEGER NOT NULL,
    c8 INTEGER NOT NULL,
    c9 INTEGER NOT NULL,
    c10 INTEGER NOT NULL,
    comments INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, key, day, value)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE rollups;
DROP TABLE segment_values;
DROP TABLE idempotency_keys;
DROP TABLE responses;
DROP TABLE suppressions;
DROP TABLE outbox;
DROP TABLE invitations;
DROP TABLE decisions;
DROP TABLE rules;
DROP TABLE events;
DROP TABLE people;
DROP TABLE questions;
DROP TABLE surveys;
DROP TABLE api_keys;
DROP TABLE tokens;
DROP TABLE users;
DROP TABLE workspaces;
