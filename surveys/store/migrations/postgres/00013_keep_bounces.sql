-- +goose Up

-- What mail servers and people reported about letters: each report once. The address is kept as its keyed hash only.
CREATE TABLE bounces (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    invitation_id uuid,
    address_hash bytea NOT NULL,
    class text NOT NULL,
    status text NOT NULL,
    diagnostic text NOT NULL,
    source text NOT NULL,
    key bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, key),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);
CREATE INDEX bounces_address ON bounces (workspace_id, address_hash, created_at);
CREATE INDEX bounces_invitation ON bounces (workspace_id, invitation_id) WHERE invitation_id IS NOT NULL;
CREATE INDEX bounces_time ON bounces (workspace_id, created_at, class);

-- Who said that an address gets no mail, and the address itself until its person is erased. Released, it is kept so that it can be taken back.
ALTER TABLE suppressions ADD COLUMN email text NOT NULL DEFAULT '';
ALTER TABLE suppressions ADD COLUMN source text NOT NULL DEFAULT '';
ALTER TABLE suppressions ADD COLUMN released_at timestamptz;
-- What holds besides a person's wish, once they take that back: that the address bounced.
ALTER TABLE suppressions ADD COLUMN beneath text NOT NULL DEFAULT '';
CREATE INDEX suppressions_time ON suppressions (workspace_id, created_at, address_hash);
CREATE INDEX suppressions_email ON suppressions (workspace_id, email) WHERE email <> '';

-- Letters that came back after a mail server had taken them.
ALTER TABLE invitation_counts ADD COLUMN bounced bigint NOT NULL DEFAULT 0;

-- What the reports of a mail provider are signed with: a secret is sealed (surveys.Vault), a public key or the name of a topic is not.
CREATE TABLE mail_hooks (
    workspace_id uuid NOT NULL,
    provider text NOT NULL,
    public text NOT NULL,
    secret bytea,
    heard_at timestamptz,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, provider),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- +goose Down
DROP TABLE mail_hooks;
ALTER TABLE invitation_counts DROP COLUMN bounced;
DROP INDEX suppressions_email;
DROP INDEX suppressions_time;
ALTER TABLE suppressions DROP COLUMN beneath;
ALTER TABLE suppressions DROP COLUMN released_at;
ALTER TABLE suppressions DROP COLUMN source;
ALTER TABLE suppressions DROP COLUMN email;
DROP TABLE bounces;
