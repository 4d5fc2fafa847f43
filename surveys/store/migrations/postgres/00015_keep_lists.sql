-- +goose Up

-- Lists of people that somebody confirmed: how far their people and turns are stored.
CREATE TABLE lists (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    rule_id uuid NOT NULL,
    start_at timestamptz NOT NULL,
    days integer NOT NULL,
    people integer NOT NULL,
    done integer NOT NULL,
    state text NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, rule_id) REFERENCES rules (workspace_id, id)
);
CREATE INDEX lists_rule ON lists (workspace_id, rule_id, created_at);

-- The people of lists that are being stored, some hundreds in a row, compressed: they hold addresses, and go as soon as they are stored, taken back or erased.
CREATE TABLE list_parts (
    workspace_id uuid NOT NULL,
    list_id uuid NOT NULL,
    position integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (workspace_id, list_id, position),
    FOREIGN KEY (workspace_id, list_id) REFERENCES lists (workspace_id, id)
);

-- +goose Down
DROP TABLE list_parts;
DROP TABLE lists;
