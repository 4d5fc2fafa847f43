-- +goose Up
-- What was mailed to an address counts for whoever has it, by whatever id.
CREATE INDEX invitations_mailbox ON invitations (workspace_id, email);

-- +goose Down
DROP INDEX invitations_mailbox;
