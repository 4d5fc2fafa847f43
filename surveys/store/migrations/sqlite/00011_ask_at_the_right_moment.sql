-- +goose Up

-- How often a workspace's people are asked at most, in days, and the days on which nobody is. Who had rules keeps what they promised.
ALTER TABLE workspaces ADD COLUMN cap_all INTEGER NOT NULL DEFAULT 30;
ALTER TABLE workspaces ADD COLUMN cap_relational INTEGER NOT NULL DEFAULT 90;
ALTER TABLE workspaces ADD COLUMN cap_transactional INTEGER NOT NULL DEFAULT 14;
ALTER TABLE workspaces ADD COLUMN cap_reminders INTEGER NOT NULL DEFAULT 3;
ALTER TABLE workspaces ADD COLUMN holidays TEXT NOT NULL DEFAULT '[]';
UPDATE workspaces SET cap_relational = 0, cap_transactional = 0,
    cap_all = (SELECT min(rules.cap_days) FROM rules WHERE rules.workspace_id = workspaces.workspace_id AND rules.status = 'active')
WHERE EXISTS (SELECT 1 FROM rules WHERE rules.workspace_id = workspaces.workspace_id AND rules.status = 'active');

-- How a survey relates to what a person did, and how often one person may be asked it.
ALTER TABLE surveys ADD COLUMN kind TEXT NOT NULL DEFAULT 'transactional';
ALTER TABLE surveys ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE surveys ADD COLUMN cap_days INTEGER NOT NULL DEFAULT 0;
UPDATE surveys SET kind = 'relational' WHERE metric = 'nps';

-- When a rule asks, whom it leaves out, what follows the invitation and what takes it back. The watermark of a series is the last person who was given a turn.
ALTER TABLE rules ADD COLUMN set_off TEXT NOT NULL DEFAULT 'event';
ALTER TABLE rules ADD COLUMN every_months INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rules ADD COLUMN delay_from TEXT NOT NULL DEFAULT '';
ALTER TABLE rules ADD COLUMN send_window TEXT NOT NULL DEFAULT '{"days":254,"from":0,"to":1440}';
ALTER TABLE rules ADD COLUMN sample INTEGER NOT NULL DEFAULT 100;
ALTER TABLE rules ADD COLUMN hold_out INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rules ADD COLUMN when_capped TEXT NOT NULL DEFAULT 'drop';
ALTER TABLE rules ADD COLUMN expiry_days INTEGER NOT NULL DEFAULT 30;
ALTER TABLE rules ADD COLUMN reminders TEXT NOT NULL DEFAULT '[]';
ALTER TABLE rules ADD COLUMN withdraw TEXT NOT NULL DEFAULT '{}';
ALTER TABLE rules ADD COLUMN thanks TEXT NOT NULL DEFAULT '{}';
ALTER TABLE rules ADD COLUMN turned_to TEXT;

-- Which letter of an ask a row is. Reminders and thank-yous name their invitation, and are not counted as invited (day -1).
ALTER TABLE invitations ADD COLUMN letter TEXT NOT NULL DEFAULT 'invitation';
ALTER TABLE invitations ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invitations ADD COLUMN about_id TEXT;
ALTER TABLE invitations ADD COLUMN wants_thanks BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX invitations_about ON invitations (workspace_id, about_id) WHERE about_id IS NOT NULL;
CREATE INDEX invitations_rule ON invitations (workspace_id, rule_id, created_at);
CREATE INDEX invitations_thanks ON invitations (workspace_id, answered_at) WHERE wants_thanks AND answered_at IS NOT NULL;

-- A rule's page counts what became of its events, and a trial goes through the events of its type.
CREATE INDEX decisions_rule ON decisions (workspace_id, rule_id, created_at, outcome);
CREATE INDEX events_type ON events (workspace_id, type, occurred_at);

-- Whose turn comes when: each person of a series, and those of an uploaded list who have not had theirs.
CREATE TABLE turns (
    workspace_id TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    due_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, rule_id, person_id),
    FOREIGN KEY (workspace_id, rule_id) REFERENCES rules (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX turns_due ON turns (workspace_id, rule_id, due_at);
CREATE INDEX turns_person ON turns (workspace_id, person_id);

-- What the team wrote in the place of the usual words of a rule's letters, per language; an empty field stands for the usual ones.
CREATE TABLE letter_texts (
    workspace_id TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    letter TEXT NOT NULL,
    number INTEGER NOT NULL,
    locale TEXT NOT NULL,
    texts TEXT NOT NULL,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, rule_id, letter, number, locale),
    FOREIGN KEY (workspace_id, rule_id) REFERENCES rules (workspace_id, id)
) WITHOUT ROWID;

-- Addresses that want no mail of one survey, by their keyed hash; those that want none at all are suppressed.
CREATE TABLE survey_stops (
    workspace_id TEXT NOT NULL,
    address_hash BLOB NOT NULL,
    survey_id TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, address_hash, survey_id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE survey_stops;
DROP TABLE letter_texts;
DROP TABLE turns;
DROP INDEX events_type;
DROP INDEX decisions_rule;
DROP INDEX invitations_thanks;
DROP INDEX invitations_rule;
DROP INDEX invitations_about;
ALTER TABLE invitations DROP COLUMN wants_thanks;
ALTER TABLE invitations DROP COLUMN about_id;
ALTER TABLE invitations DROP COLUMN number;
ALTER TABLE invitations DROP COLUMN letter;
ALTER TABLE rules DROP COLUMN turned_to;
ALTER TABLE rules DROP COLUMN thanks;
ALTER TABLE rules DROP COLUMN withdraw;
ALTER TABLE rules DROP COLUMN reminders;
ALTER TABLE rules DROP COLUMN expiry_days;
ALTER TABLE rules DROP COLUMN when_capped;
ALTER TABLE rules DROP COLUMN hold_out;
ALTER TABLE rules DROP COLUMN sample;
ALTER TABLE rules DROP COLUMN send_window;
ALTER TABLE rules DROP COLUMN delay_from;
ALTER TABLE rules DROP COLUMN every_months;
ALTER TABLE rules DROP COLUMN set_off;
ALTER TABLE surveys DROP COLUMN cap_days;
ALTER TABLE surveys DROP COLUMN topic;
ALTER TABLE surveys DROP COLUMN kind;
ALTER TABLE workspaces DROP COLUMN holidays;
ALTER TABLE workspaces DROP COLUMN cap_reminders;
ALTER TABLE workspaces DROP COLUMN cap_transactional;
ALTER TABLE workspaces DROP COLUMN cap_relational;
ALTER TABLE workspaces DROP COLUMN cap_all;
