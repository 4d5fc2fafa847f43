-- +goose Up

-- What machines and people did with the links of letters, long before anybody answers. The address of the client is kept as a keyed hash of its network only.
CREATE TABLE touches (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    invitation_id uuid NOT NULL,
    at timestamptz NOT NULL,
    place text NOT NULL,
    score integer,
    method text NOT NULL,
    agent text NOT NULL,
    client bytea NOT NULL,
    receiver bytea NOT NULL,
    delay integer NOT NULL,
    prefetch boolean NOT NULL,
    sec_fetch text NOT NULL,
    acted boolean NOT NULL,
    judge_at timestamptz,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (workspace_id)
);
CREATE INDEX touches_invitation ON touches (workspace_id, invitation_id, at);
CREATE INDEX touches_receiver ON touches (workspace_id, receiver, at);
CREATE INDEX touches_time ON touches (workspace_id, at);
CREATE INDEX touches_due ON touches (workspace_id, judge_at) WHERE judge_at IS NOT NULL;

-- Answers that are not counted: those that wait until it is known who gave them, and those that were set aside. The answer itself is a document.
CREATE TABLE held_answers (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    survey_id uuid NOT NULL,
    invitation_id uuid NOT NULL,
    client bytea NOT NULL,
    state text NOT NULL,
    source text NOT NULL,
    signals text NOT NULL,
    answer text NOT NULL,
    due_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);
CREATE INDEX held_answers_survey ON held_answers (workspace_id, survey_id, state, created_at, id);
CREATE INDEX held_answers_invitation ON held_answers (workspace_id, invitation_id);
CREATE INDEX held_answers_due ON held_answers (workspace_id, due_at) WHERE due_at IS NOT NULL;

-- Each time that an answer was held, counted, set aside or changed: why, and by whom; empty for Hark itself.
CREATE TABLE answer_moves (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    survey_id uuid NOT NULL,
    invitation_id uuid NOT NULL,
    answer_id uuid NOT NULL,
    move text NOT NULL,
    signals text NOT NULL,
    client bytea NOT NULL,
    before text,
    by_user uuid,
    at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES surveys (workspace_id, id)
);
CREATE INDEX answer_moves_invitation ON answer_moves (workspace_id, invitation_id, at);

-- strict or eager; empty for balanced.
ALTER TABLE surveys ADD COLUMN machines text NOT NULL DEFAULT '';

-- Whether a person, and a machine, followed a link of an invitation's letters. Who answered has clicked, whatever this says.
ALTER TABLE invitations ADD COLUMN clicked boolean NOT NULL DEFAULT false;
ALTER TABLE invitations ADD COLUMN machines boolean NOT NULL DEFAULT false;
ALTER TABLE invitation_counts ADD COLUMN clicked bigint NOT NULL DEFAULT 0;
ALTER TABLE invitation_counts ADD COLUMN machines bigint NOT NULL DEFAULT 0;
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
