-- +goose Up

-- When the turn of a letter comes that waits or is on its way: send_at until it has left, the end of time while its fate is unknown, and NULL when nothing is left to do.
-- No index names the state or the lease any more, so that a letter that is claimed and begun writes to none.
ALTER TABLE invitations ADD COLUMN due_at DATETIME;
UPDATE invitations SET due_at = CASE WHEN state = 'unknown' THEN '9999-12-31 00:00:00+00:00' ELSE send_at END WHERE state IN ('scheduled', 'claimed', 'sending', 'unknown');
DROP INDEX invitations_due;
DROP INDEX invitations_adrift;
CREATE INDEX invitations_due ON invitations (workspace_id, due_at) WHERE due_at IS NOT NULL;

-- +goose Down
DROP INDEX invitations_due;
ALTER TABLE invitations DROP COLUMN due_at;
CREATE INDEX invitations_due ON invitations (workspace_id, send_at) WHERE state IN ('scheduled', 'claimed');
CREATE INDEX invitations_adrift ON invitations (workspace_id, lease_until) WHERE state IN ('sending', 'unknown');
