-- +goose Up

-- What mail servers and people reported about letters: each report once. The address is kept as its keyed hash only.
CREATE TABLE bounces (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    invitation_id TEXT,
    address_hash BLOB NOT NULL,
    class TEXT NOT NULL,
    status TEXT NOT NULL,
    diagnostic TEXT NOT NULL,
    source TEXT NOT NULL,
    key BLOB NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, key),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
) WITHOUT ROWID;
CREATE INDEX bounces_address ON bounces (workspace_id, address_hash, created_at);
CREATE INDEX bounces_invitation ON bounces (workspace_id, invitation_id) WHERE invitation_id IS NOT NULL;
CREATE INDEX bounces_time ON bounces (workspace_id, created_at, class);

-- Who said that an address gets no mail, and the address itself until its person is erased. Released, it is kept so that it can be taken back.
ALTER TABLE suppressions ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE suppressions ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE suppressions ADD COLUMN released_at DATETIME;
-- What holds besides a person's wish, once they take that back: that the address bounced.
ALTER TABLE suppressions ADD COLUMN beneath TEXT NOT NULL DEFAULT '';
CREATE INDEX suppressions_time ON suppressions (workspace_id, created_at, address_hash);
CREATE INDEX suppressions_email ON suppressions (workspace_id, email) WHERE email <> '';

-- Letters that came back after a mail server had taken them.
ALTER TABLE invitation_counts ADD COLUMN bounced INTEGER NOT NULL DEFAULT 0;

-- What the reports of a mail provider are signed with: a secret is sealed (surveys.Vault), a public key or the name of a topic is not.
CREATE TABLE mail_hooks (
    workspace_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    public TEXT NOT NULL,
    secret BLOB,
    heard_at DATETIME,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, provider),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
) WITHOUT ROWID;

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
