package flow

import (
	"context"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Held are the moves of a team on answers that Hark does not count, or did.
type Held struct{ store *store.Store }

// NewHeld makes the moves on held answers.
func NewHeld(s *store.Store) *Held { return &Held{store: s} }

// Count counts a held answer, because a member says that it is a person's.
func (h *Held) Count(ctx context.Context, u surveys.User, id string) error {
	return h.store.InTx(ctx, func(tx *store.Tx) error {
		held, err := tx.HeldAnswer(ctx, u.WorkspaceID, id)
		if err != nil {
			return err
		}
		_, err = countHeld(ctx, tx, held, u.ID)
		return err
	})
}

// SetAside says that an answer that waits is none.
func (h *Held) SetAside(ctx context.Context, u surveys.User, id string) error {
	return h.move(ctx, u, id, surveys.HeldAside, surveys.MoveSetAside)
}

// Wait takes it back that an answer was set aside: it waits again, for somebody
// to count it.
func (h *Held) Wait(ctx context.Context, u surveys.User, id string) error {
	return h.move(ctx, u, id, surveys.HeldWaiting, surveys.MoveHeld)
}

func (h *Held) move(ctx context.Context, u surveys.User, id string, to surveys.HeldState, move surveys.AnswerMove) error {
	return h.store.InTx(ctx, func(tx *store.Tx) error {
		held, err := tx.HeldAnswer(ctx, u.WorkspaceID, id)
		if err != nil || held.State == to {
			return err
		}
		held.State, held.DueAt, held.UpdatedAt = to, nil, tx.Now()
		if err := tx.Hold(ctx, held); err != nil {
			return err
		}
		m := moved(held.Response, move, tx.Now())
		m.Client, m.Signals, m.ByUser = held.Client, held.Signals, u.ID
		return tx.LogMove(ctx, u.WorkspaceID, m)
	})
}

// Uncount takes back that a held answer was counted: what it was laid over stands
// again, if there was anything.
func (h *Held) Uncount(ctx context.Context, u surveys.User, invitationID string) error {
	return h.store.InTx(ctx, func(tx *store.Tx) error {
		invitation, err := tx.LockInvitation(ctx, u.WorkspaceID, invitationID)
		if err != nil {
			return err
		}
		moves, err := tx.AnswerMoves(ctx, u.WorkspaceID, invitationID)
		if err != nil {
			return err
		}
		last := countedLast(moves, invitation.ResponseID)
		switch {
		case invitation.ResponseID == "":
			return surveys.Fail(surveys.NotFound, "not_found")
		case last == nil: // it counted at once
			last = &surveys.LoggedMove{AnswerID: invitation.ResponseID, InvitationID: invitationID}
		}
		return uncountHeld(ctx, tx, u, *last)
	})
}

// countedLast is the move by which the answer that stands was counted.
func countedLast(moves []surveys.LoggedMove, answerID string) *surveys.LoggedMove {
	for n := len(moves) - 1; n >= 0; n-- {
		if m := moves[n]; m.AnswerID == answerID && m.Move == surveys.MoveCounted {
			return &m
		}
	}
	return nil
}

func uncountHeld(ctx context.Context, tx *store.Tx, u surveys.User, counted surveys.LoggedMove) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	r, err := tx.Response(ctx, u.WorkspaceID, counted.AnswerID)
	if err != nil {
		return err
	}
	if counted.Before == nil {
		_, err = tx.Uncount(ctx, u.WorkspaceID, counted.InvitationID)
	} else {
		before := *counted.Before
		before.UpdatedAt = tx.Now()
		if _, err = tx.Take(ctx, store.Submission{Response: before}); err == nil {
			r.ID, err = tx.NewID()
		}
	}
	if err != nil {
		return err
	}
	held := surveys.HeldAnswer{
		ID: id, Response: r, Client: counted.Client, State: surveys.HeldAside, Source: surveys.HeldCounted, Signals: counted.Signals,
		CreatedAt: r.AnsweredAt, UpdatedAt: tx.Now(),
	}
	if err := tx.Hold(ctx, held); err != nil {
		return err
	}
	m := moved(r, surveys.MoveSetAside, tx.Now())
	m.Client, m.Signals, m.ByUser = counted.Client, counted.Signals, u.ID
	return tx.LogMove(ctx, u.WorkspaceID, m)
}
