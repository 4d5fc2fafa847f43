-- +goose Up

-- The directory of workspaces: the one table that is looked up without one, by the key that public tokens start with.
CREATE TABLE workspaces (
    workspace_id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    color text NOT NULL,
    logo bytea,
    logo_type text NOT NULL,
    time_zone text NOT NULL,
    locale text NOT NULL,
    address text NOT NULL,
    reply_to text NOT NULL,
    segments jsonb NOT NULL,
    secret bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id),
    UNIQUE (key)
);

-- Members of the team.
CREATE TABLE users (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    locale text NOT NULL,
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, email),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- Everything that opens a door: links in mails, sessions, one-time sign-ins, API keys. Only hashes, never the tokens.
CREATE TABLE tokens (
    workspace_id uuid NOT NULL,
    hash bytea NOT NULL,
    purpose text NOT NULL,
    subject_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (workspace_id, hash),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);
CREATE INDEX tokens_subject ON tokens (workspace_id, subject_id, purpose);
CREATE INDEX tokens_expiry ON tokens (workspace_id, expires_at);

-- Programs that may come in; the secret's hash is a token.
CREATE TABLE api_keys (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    scopes jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- What is asked.
CREATE TABLE surveys (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    metric text NOT NULL,
    subject text NOT NULL,
    status text NOT NULL,
    closes_at timestamptz,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, key),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- The versions of each survey's question.
CREATE TABLE questions (
    workspace_id uuid NOT NULL,
    survey_id uuid NOT NULL,
    version integer NOT NULL,
    texts jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, version),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);

-- Who may be asked.
CREATE TABLE people (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    external_id text NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    locale text NOT NULL,
    time_zone text NOT NULL,
    traits jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);
CREATE UNIQUE INDEX people_external_id ON people (workspace_id, external_id) WHERE external_id <> '';
CREATE UNIQUE INDEX people_email_only ON people (workspace_id, email) WHERE external_id = '';
CREATE INDEX people_email ON people (workspace_id, email) WHERE email <> '';

-- What happened to them.
CREATE TABLE events (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    external_id text NOT NULL,
    type text NOT NULL,
    person_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    properties jsonb NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);
CREATE INDEX events_person ON events (workspace_id, person_id, occurred_at);

-- Which event asks which survey.
CREATE TABLE rules (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    event_type text NOT NULL,
    condition text NOT NULL,
    delay_seconds bigint NOT NULL,
    survey_id uuid NOT NULL,
    cap_days integer NOT NULL,
    status text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);
CREATE INDEX rules_event_type ON rules (workspace_id, event_type);

-- What each rule made of each event.
CREATE TABLE decisions (
    workspace_id uuid NOT NULL,
    event_id uuid NOT NULL,
    rule_id uuid NOT NULL,
    rule_name text NOT NULL,
    survey_id uuid NOT NULL,
    outcome text NOT NULL,
    send_at timestamptz,
    until timestamptz,
    invitation_id uuid,
    detail text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, event_id, rule_id),
    FOREIGN KEY (workspace_id, event_id) REFERENCES events (workspace_id, id)
);

-- One ask to one person, and where it stands.
CREATE TABLE invitations (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    survey_id uuid NOT NULL,
    rule_id uuid NOT NULL,
    event_id uuid NOT NULL,
    person_id uuid NOT NULL,
    email text NOT NULL,
    state text NOT NULL,
    send_at timestamptz NOT NULL,
    lease_until timestamptz,
    attempts integer NOT NULL,
    problem text NOT NULL,
    sent_at timestamptz,
    answered_at timestamptz,
    response_id uuid,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);
CREATE INDEX invitations_due ON invitations (workspace_id, send_at) WHERE state IN ('scheduled', 'claimed', 'sending', 'unknown');
CREATE INDEX invitations_person ON invitations (workspace_id, person_id, send_at);
CREATE INDEX invitations_survey ON invitations (workspace_id, survey_id, send_at);

-- The bytes of each mail that may be on its way, committed before it leaves and removed once its fate is known.
CREATE TABLE outbox (
    workspace_id uuid NOT NULL,
    invitation_id uuid NOT NULL,
    message_id text NOT NULL,
    sender text NOT NULL,
    recipient text NOT NULL,
    hash bytea NOT NULL,
    message bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, invitation_id),
    FOREIGN KEY (workspace_id, invitation_id) REFERENCES invitations (workspace_id, id)
);

-- Addresses that get no mail, by their keyed hash, so that the list outlives the person's erasure.
CREATE TABLE suppressions (
    workspace_id uuid NOT NULL,
    address_hash bytea NOT NULL,
    reason text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, address_hash),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- The answers.
CREATE TABLE responses (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    survey_id uuid NOT NULL,
    version integer NOT NULL,
    invitation_id uuid,
    person_id uuid,
    score integer NOT NULL,
    comment text NOT NULL,
    locale text NOT NULL,
    channel text NOT NULL,
    segments jsonb NOT NULL,
    day integer NOT NULL,
    answered_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);
CREATE INDEX responses_survey ON responses (workspace_id, survey_id, answered_at, id);
CREATE INDEX responses_person ON responses (workspace_id, person_id) WHERE person_id IS NOT NULL;

-- What was already taken in: narrow, and purged when it expires.
CREATE TABLE idempotency_keys (
    workspace_id uuid NOT NULL,
    key_hash bytea NOT NULL,
    body_hash bytea NOT NULL,
    result_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, key_hash)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (workspace_id, expires_at);

-- The values that are counted under each segment key; what comes after the limit is other.
CREATE TABLE segment_values (
    workspace_id uuid NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (workspace_id, key, value)
);

-- How often each score was given: per survey, local day (days since 1 January 1970) and segment value; key '' is everybody.
CREATE TABLE rollups (
    workspace_id uuid NOT NULL,
    survey_id uuid NOT NULL,
    key text NOT NULL,
    day integer NOT NULL,
    value text NOT NULL,
    n bigint NOT NULL,
    c0 bigint NOT NULL,
    c1 bigint NOT NULL,
    c2 bigint NOT NULL,
    c3 bigint NOT NULL,
    c4 bigint NOT NULL,
    c5 bigint NOT NULL,
    c6 bigint NOT NULL,
    c7 bigint NOT NULL,
    c8 bigint NOT NULL,
    c9 bigint NOT NULL,
    c10 bigint NOT NULL,
    comments bigint NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, key, day, value)
);

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
