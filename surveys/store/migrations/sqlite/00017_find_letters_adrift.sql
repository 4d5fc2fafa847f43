-- +goose Up

-- Letters on their way or of unknown fate are few among those that wait, and have an index of their own: to find them nobody goes through the whole queue.
DROP INDEX invitations_due;
CREATE INDEX invitations_due ON invitations (workspace_id, send_at) WHERE state IN ('scheduled', 'claimed');
CREATE INDEX invitations_adrift ON invitations (workspace_id, lease_until) WHERE state IN ('sending', 'unknown');

-- +goose Down
DROP INDEX invitations_adrift;
DROP INDEX invitations_due;
CREATE INDEX invitations_due ON invitations (workspace_id, send_at) WHERE state IN ('scheduled', 'claimed', 'sending', 'unknown');
