-- +goose Up

-- In whose name a workspace mails, and by which mail server; without a row, the server's own. The relay is sealed (surveys.Vault).
CREATE TABLE senders (
    workspace_id TEXT NOT NULL,
    from_name TEXT NOT NULL,
    from_address TEXT NOT NULL,
    bounce_domain TEXT NOT NULL,
    signing TEXT NOT NULL,
    relay BLOB,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
) WITHOUT ROWID;

-- The keys that sign a workspace's mails. The secret is sealed; public is what the TXT record at selector._domainkey.domain says.
CREATE TABLE dkim_keys (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    domain TEXT NOT NULL,
    selector TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    public TEXT NOT NULL,
    secret BLOB NOT NULL,
    state TEXT NOT NULL,
    finding TEXT NOT NULL,
    checked_at DATETIME,
    found_at DATETIME,
    retired_at DATETIME,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, domain, selector),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE dkim_keys;
DROP TABLE senders;
