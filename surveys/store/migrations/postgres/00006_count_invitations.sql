-- +goose Up

-- What an invitation is counted under: the declared segments that its person and event told, and the local day of sending
-- (planned, until it is sent; days since 1 January 1970). Day 0 is not counted yet: a job takes it in.
ALTER TABLE invitations ADD COLUMN segments jsonb NOT NULL DEFAULT '{}';
ALTER TABLE invitations ADD COLUMN day integer NOT NULL DEFAULT 0;
CREATE INDEX invitations_uncounted ON invitations (workspace_id, id) WHERE day = 0;

-- How many were invited and what became of it: per survey, day of sending and segment value; key '' is everybody.
CREATE TABLE invitation_counts (
    workspace_id uuid NOT NULL,
    survey_id uuid NOT NULL,
    key text NOT NULL,
    day integer NOT NULL,
    value text NOT NULL,
    invited bigint NOT NULL,
    sent bigint NOT NULL,
    answered bigint NOT NULL,
    failed bigint NOT NULL,
    suppressed bigint NOT NULL,
    cancelled bigint NOT NULL,
    expired bigint NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, key, day, value)
);

-- +goose Down
DROP TABLE invitation_counts;
DROP INDEX invitations_uncounted;
ALTER TABLE invitations DROP COLUMN day;
ALTER TABLE invitations DROP COLUMN segments;
