package flow

import (
	"context"
	"slices"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// held looks at the answers that wait.
func (j *judgement) held(ctx context.Context) error {
	for _, h := range j.waiting {
		if h.State != surveys.HeldWaiting || j.decidedByHand(h.Response.ID) {
			continue
		}
		if err := j.heldOne(ctx, h); err != nil {
			return err
		}
	}
	return nil
}

func (j *judgement) heldOne(ctx context.Context, h surveys.HeldAnswer) error {
	kind := surveys.TouchSent
	if h.Source == surveys.HeldSeen {
		kind = surveys.TouchSeen
	}
	signals := j.evidence.With(surveys.Touch{Kind: kind, Client: h.Client, At: h.UpdatedAt}).Signals(h.Client, h.UpdatedAt)
	switch j.survey.Judge(false, signals, j.now.Sub(h.UpdatedAt)) {
	case surveys.SetAside:
		h.State, h.Signals, h.DueAt = surveys.HeldAside, signals, nil
		if err := j.tx.Hold(ctx, h); err != nil {
			return err
		}
		m := moved(h.Response, surveys.MoveSetAside, j.now)
		m.Signals, m.Client = signals, h.Client
		return j.tx.LogMove(ctx, j.w.ID, m)
	case surveys.Count:
		return j.count(ctx, h)
	}
	return j.goOnWaiting(ctx, h)
}

// goOnWaiting keeps an answer for as long as the survey has it wait by now: one that
// has become strict until somebody decides.
func (j *judgement) goOnWaiting(ctx context.Context, h surveys.HeldAnswer) error {
	if h.DueAt == nil || h.DueAt.After(j.now) {
		return nil
	}
	due := h.UpdatedAt.Add(j.survey.Quarantine)
	if h.DueAt = &due; j.survey.Machines == surveys.Strict {
		h.DueAt = nil
	}
	return j.tx.Hold(ctx, h)
}

// count counts an answer that has waited. What was sent changes what is older, and what
// was only seen what was not sent either: of two clicks in a mail the later one stands.
func (j *judgement) count(ctx context.Context, h surveys.HeldAnswer) error {
	if j.asked.ResponseID != "" {
		counted, err := j.tx.Response(ctx, j.w.ID, j.asked.ResponseID)
		if ignoreNotFound(err) != nil {
			return err
		}
		older := counted.UpdatedAt.After(h.UpdatedAt)
		if h.Source == surveys.HeldSeen {
			older = j.decidedByHand(counted.ID) || slices.ContainsFunc(j.makers(), func(m maker) bool { return m.confirmed })
		}
		if err != nil || older {
			return dropWaiting(ctx, j.tx, []surveys.HeldAnswer{h})
		}
	}
	receipt, err := countHeld(ctx, j.tx, h, "")
	if err == nil {
		j.asked.ResponseID = receipt.ResponseID
	}
	return err
}

// countHeld counts a held answer, as if it came in now; user is who wants it, ""
// for Hark itself.
func countHeld(ctx context.Context, tx *store.Tx, h surveys.HeldAnswer, user string) (store.Receipt, error) {
	ws := h.Response.WorkspaceID
	invitation, err := tx.LockInvitation(ctx, ws, h.Response.InvitationID)
	if err != nil {
		return store.Receipt{}, err
	}
	if err := tx.DropHeld(ctx, ws, h.ID); err != nil {
		return store.Receipt{}, err
	}
	var before *surveys.Response
	if invitation.ResponseID != "" {
		earlier, err := tx.Response(ctx, ws, invitation.ResponseID)
		if err != nil {
			return store.Receipt{}, err
		}
		before = &earlier
	}
	h.Response.UpdatedAt = tx.Now()
	receipt, err := tx.Take(ctx, store.Submission{Response: h.Response})
	if err != nil {
		return receipt, err
	}
	m := moved(h.Response, surveys.MoveCounted, tx.Now())
	m.AnswerID, m.Client, m.Signals, m.Before, m.ByUser = receipt.ResponseID, h.Client, h.Signals, before, user
	return receipt, tx.LogMove(ctx, ws, m)
}
