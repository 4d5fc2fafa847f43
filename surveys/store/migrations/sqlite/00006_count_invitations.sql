-- +goose Up

-- What an invitation is counted under: the declared segments that its person and event told, and the local day of sending
-- (planned, until it is sent; days since 1 January 1970). Day 0 is not counted yet: a job takes it in.
ALTER TABLE invitations ADD COLUMN segments TEXT NOT NULL DEFAULT '{}';
ALTER TABLE invitations ADD COLUMN day INTEGER NOT NULL DEFAULT 0;
CREATE INDEX invitations_uncounted ON invitations (workspace_id, id) WHERE day = 0;

-- How many were invited and what became of it: per survey, day of sending and segment value; key '' is everybody.
CREATE TABLE invitation_counts (
    workspace_id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    key TEXT NOT NULL,
    day INTEGER NOT NULL,
    value TEXT NOT NULL,
    invited INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    suppressed INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    expired INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, key, day, value)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE invitation_counts;
DROP INDEX invitations_uncounted;
ALTER TABLE invitations DROP COLUMN day;
ALTER TABLE invitations DROP COLUMN segments;
