-- +goose Up

-- In whose name a workspace mails, and by which mail server; without a row, the server's own. The relay is sealed (surveys.Vault).
CREATE TABLE senders (
    workspace_id uuid NOT NULL,
    from_name text NOT NULL,
    from_address text NOT NULL,
    bounce_domain text NOT NULL,
    signing text NOT NULL,
    relay bytea,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- The keys that sign a workspace's mails. The secret is sealed; public is what the TXT record at selector._domainkey.domain says.
CREATE TABLE dkim_keys (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    domain text NOT NULL,
    selector text NOT NULL,
    algorithm text NOT NULL,
    public text NOT NULL,
    secret bytea NOT NULL,
    state text NOT NULL,
    finding text NOT NULL,
    checked_at timestamptz,
    found_at timestamptz,
    retired_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, domain, selector),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);

-- +goose Down
DROP TABLE dkim_keys;
DROP TABLE senders;
