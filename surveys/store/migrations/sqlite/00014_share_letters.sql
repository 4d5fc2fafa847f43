-- +goose Up

-- What is the same in many letters on their way, stored once: the bytes of a letter that names a form are the form's with the letter's own message between them.
CREATE TABLE letter_forms (
    workspace_id TEXT NOT NULL,
    hash BLOB NOT NULL,
    pieces BLOB NOT NULL,
    used_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, hash)
) WITHOUT ROWID;
ALTER TABLE outbox ADD COLUMN form BLOB;

-- +goose Down
ALTER TABLE outbox DROP COLUMN form;
DROP TABLE letter_forms;
