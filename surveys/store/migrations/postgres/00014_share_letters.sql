-- +goose Up

-- What is the same in many letters on their way, stored once: the bytes of a letter that names a form are the form's with the letter's own message between them.
CREATE TABLE letter_forms (
    workspace_id uuid NOT NULL,
    hash bytea NOT NULL,
    pieces bytea NOT NULL,
    used_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, hash)
);
ALTER TABLE outbox ADD COLUMN form bytea;

-- +goose Down
ALTER TABLE outbox DROP COLUMN form;
DROP TABLE letter_forms;
