-- +goose Up

-- What machines and people did with the links of letters, long before anybody answers. The address of the client is kept as a keyed hash of its network only.
CREATE TABLE touches (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    invitation_id TEXT NOT NULL,
    at DATETIME NOT NULL,
    place TEXT NOT NULL,
    score INTEGER,
    method TEXT NOT NULL,
    agent TEXT NOT NULL,
    client BLOB NOT NULL,
    receiver BLOB NOT NULL,
    delay INTEGER NOT NULL,
    prefetch BOOLEAN NOT NULL,
    sec_fetch TEXT NOT NULL,
    acted BOOLEAN NOT NULL,
    judge_at DATETIME,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
) WITHOUT ROWID;
CREATE INDEX touches_invitation ON touches (workspace_id, invitation_id, at);
CREATE INDEX touches_receiver ON touches (workspace_id, receiver, at);
CREATE INDEX touches_time ON touches (workspace_id, at);
CREATE INDEX touches_due ON touches (workspace_id, judge_at) WHERE judge_at IS NOT NULL;

-- Answers that are not counted: those that wait until it is known who gave them, and those that were set aside. The answer itself is a document.
CREATE TABLE held_answers (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    invitation_id TEXT NOT NULL,
    client BLOB NOT NULL,
    state TEXT NOT NULL,
    source TEXT NOT NULL,
    signals TEXT NOT NULL,
    answer TEXT NOT NULL,
    due_at DATETIME,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX held_answers_survey ON held_answers (workspace_id, survey_id, state, created_at, id);
CREATE INDEX held_answers_invitation ON held_answers (workspace_id, invitation_id);
CREATE INDEX held_answers_due ON held_answers (workspace_id, due_at) WHERE due_at IS NOT NULL;

-- Each time that an answer was held, counted, set aside or changed: why, and by whom; empty for Hark itself.
CREATE TABLE answer_moves (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    invitation_id TEXT NOT NULL,
    answer_id TEXT NOT NULL,
    move TEXT NOT NULL,
    signals TEXT NOT NULL,
    client BLOB NOT NULL,
    before TEXT,
    by_user TEXT,
    at DATETIME NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX answer_moves_invitation ON answer_moves (workspace_id, invitation_id, at);

-- strict or eager; empty for balanced.
ALTER TABLE surveys ADD COLUMN machines TEXT NOT NULL DEFAULT '';

-- Whether a person, and a machine, followed a link of an invitation's letters. Who answered has clicked, whatever this says.
ALTER TABLE invitations ADD COLUMN clicked BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE invitations ADD COLUMN machines BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE invitation_counts ADD COLUMN clicked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invitation_counts ADD COLUMN machines INTEGER NOT NULL DEFAULT 0;
UPDATE invitation_counts SET clicked = answered;

-- +goose Down
ALTER TABLE invitation_counts DROP COLUMN machines;
ALTER TABLE invitation_counts DROP COLUMN clicked;
ALTER TABLE invitations DROP COLUMN machines;
ALTER TABLE invitations DROP COLUMN clicked;
ALTER TABLE surveys DROP COLUMN machines;
DROP TABLE answer_moves;
DROP TABLE held_answers;
DROP TABLE touches;
