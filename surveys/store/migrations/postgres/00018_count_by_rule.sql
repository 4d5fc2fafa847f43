-- +goose Up

-- Invitations are counted by their rules, too: under the key ':rule', the rule's id, and the day of UTC on which its event was decided.
INSERT INTO invitation_counts (workspace_id, survey_id, key, day, value, invited, sent, answered, failed, suppressed, cancelled, expired, bounced)
SELECT workspace_id, survey_id, ':rule', CAST(floor(extract(epoch FROM created_at) / 86400) AS integer), CAST(rule_id AS text),
    count(*),
    sum(CASE WHEN state = 'sent' OR response_id IS NOT NULL THEN 1 ELSE 0 END),
    sum(CASE WHEN response_id IS NOT NULL THEN 1 ELSE 0 END),
    sum(CASE WHEN state = 'failed' AND response_id IS NULL THEN 1 ELSE 0 END),
    sum(CASE WHEN state = 'suppressed' AND response_id IS NULL THEN 1 ELSE 0 END),
    sum(CASE WHEN state = 'cancelled' AND response_id IS NULL THEN 1 ELSE 0 END),
    sum(CASE WHEN state = 'expired' AND response_id IS NULL THEN 1 ELSE 0 END),
    sum(CASE WHEN state = 'bounced' AND response_id IS NULL THEN 1 ELSE 0 END)
FROM invitations WHERE day > 0 GROUP BY 1, 2, 4, 5;

-- +goose Down
DELETE FROM invitation_counts WHERE key = ':rule';
