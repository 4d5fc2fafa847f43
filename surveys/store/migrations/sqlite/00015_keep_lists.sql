-- +goose Up

-- Lists of people that somebody confirmed: how far their people and turns are stored.
CREATE TABLE lists (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    start_at DATETIME NOT NULL,
    days INTEGER NOT NULL,
    people INTEGER NOT NULL,
    done INTEGER NOT NULL,
    state TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    ended_at DATETIME,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, rule_id) REFERENCES rules (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX lists_rule ON lists (workspace_id, rule_id, created_at);

-- The people of lists that are being stored, some hundreds in a row, compressed: they hold addresses, and go as soon as they are stored, taken back or erased.
CREATE TABLE list_parts (
    workspace_id TEXT NOT NULL,
    list_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (workspace_id, list_id, position),
    FOREIGN KEY (workspace_id, list_id) REFERENCES lists (workspace_id, id)
);

-- +goose Down
DROP TABLE list_parts;
DROP TABLE lists;
