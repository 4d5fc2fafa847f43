package flow

import (
	"bytes"
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Weigh takes the answer to an invitation in as far as it is a person's: what is
// sent as people send it is counted at once, unless its client is a machine, and
// everything else is held until that is known. Nothing is lost. What a page only
// reports to have been seen never changes an answer that is counted: it waits, for
// that one may be a machine's.
func (a *Answers) Weigh(ctx context.Context, in Invited, given Given, act surveys.Act) (surveys.Verdict, error) {
	now := a.store.Now()
	evidence, err := gather(ctx, a.store, in.Survey, in.Invitation) // what else is to be known is known when it is judged
	if err != nil {
		return "", err
	}
	kind := surveys.TouchSent
	if act.Seen {
		kind = surveys.TouchSeen
	}
	signals := evidence.With(surveys.Touch{Kind: kind, Client: act.Client, At: now}).Signals(act.Client, now)
	verdict := in.Survey.Judge(act.Confirmed(), signals, 0)
	if act.Seen && in.Invitation.ResponseID != "" {
		verdict = surveys.Wait
	}
	if verdict == surveys.Count {
		return verdict, a.countAtOnce(ctx, in, given, act)
	}
	if !act.Confirmed() { // the touches that speak for it may still be on their way
		verdict, signals = surveys.Wait, nil
	}
	return verdict, a.hold(ctx, in, given, act, signals)
}

// countAtOnce stores the answer as all answers are stored, notes what it was laid
// over, and forgets what waited for the same person.
func (a *Answers) countAtOnce(ctx context.Context, in Invited, given Given, act surveys.Act) error {
	var before *surveys.Response
	if in.Invitation.ResponseID != "" {
		earlier, err := a.store.Response(ctx, in.Office.ID, in.Invitation.ResponseID)
		if ignoreNotFound(err) != nil {
			return err
		}
		if err == nil {
			before = &earlier
		}
	}
	receipt, err := a.AnswerInvitation(ctx, in, given)
	if err != nil {
		return err
	}
	held, err := a.store.HeldAnswers(ctx, in.Office.ID, in.Invitation.ID)
	if err != nil {
		return err
	}
	if act.Confirmed() && len(held) == 0 && (before == nil || receipt.Outcome != store.Changed) {
		return nil
	}
	return a.store.InTx(ctx, func(tx *store.Tx) error {
		if !act.Confirmed() { // nothing else says who gave it, when later touches speak against them
			m := surveys.LoggedMove{SurveyID: in.Survey.ID, InvitationID: in.Invitation.ID, AnswerID: receipt.ResponseID, Move: surveys.MoveCounted, Client: act.Client, At: a.store.Now()}
			if err := tx.LogMove(ctx, in.Office.ID, m); err != nil {
				return err
			}
		}
		if before != nil && receipt.Outcome == store.Changed {
			m := moved(*before, surveys.MoveChanged, a.store.Now())
			m.Client, m.Before = act.Client, before
			if err := tx.LogMove(ctx, in.Office.ID, m); err != nil {
				return err
			}
		}
		return dropWaiting(ctx, tx, held)
	})
}

// dropWaiting forgets answers that wait, because their person has sent another.
func dropWaiting(ctx context.Context, tx *store.Tx, held []surveys.HeldAnswer) error {
	for _, h := range held {
		if h.State != surveys.HeldWaiting {
			continue
		}
		if err := tx.DropHeld(ctx, h.Response.WorkspaceID, h.ID); err != nil {
			if surveys.KindOf(err) == surveys.NotFound {
				continue // it was judged in the meantime
			}
			return err
		}
		m := moved(h.Response, surveys.MoveDropped, tx.Now())
		m.Client, m.Before = h.Client, &h.Response
		if err := tx.LogMove(ctx, h.Response.WorkspaceID, m); err != nil {
			return err
		}
	}
	return nil
}

// hold keeps an answer apart from those that count: one for each client.
func (a *Answers) hold(ctx context.Context, in Invited, given Given, act surveys.Act, signals []surveys.Signal) error {
	r, sources, err := a.mailed(ctx, in, given)
	if err != nil {
		return err
	}
	if r, err = a.placed(ctx, in.Office, in.Survey, r, sources...); err != nil {
		return err
	}
	return a.store.InTx(ctx, func(tx *store.Tx) error {
		if _, err := tx.LockInvitation(ctx, in.Office.ID, in.Invitation.ID); err != nil {
			return err
		}
		h, err := heldBy(ctx, tx, r, act)
		if err != nil {
			return err
		}
		h.State, h.Signals, h.DueAt = surveys.HeldWaiting, signals, nil
		switch due := h.UpdatedAt.Add(in.Survey.Quarantine); {
		case len(signals) > 0:
			h.State = surveys.HeldAside
		case in.Survey.Machines != surveys.Strict:
			h.DueAt = &due
		}
		if err := tx.Hold(ctx, h); err != nil {
			return err
		}
		m := moved(r, surveys.MoveHeld, h.UpdatedAt)
		if m.Client, m.Signals = act.Client, signals; h.State == surveys.HeldAside {
			m.Move = surveys.MoveSetAside
		}
		return tx.LogMove(ctx, in.Office.ID, m)
	})
}

// heldBy is the held answer of a client, with its latest content laid over what
// was sent before: what was sent is kept when the same page only reports that it
// was seen, and what another form did not ask for again.
func heldBy(ctx context.Context, tx *store.Tx, r surveys.Response, act surveys.Act) (surveys.HeldAnswer, error) {
	now := tx.Now()
	source := surveys.HeldSent
	if act.Seen {
		source = surveys.HeldSeen
	}
	list, err := tx.HeldAnswers(ctx, r.WorkspaceID, r.InvitationID)
	if err != nil {
		return surveys.HeldAnswer{}, err
	}
	for _, h := range list {
		if !bytes.Equal(h.Client, act.Client) || h.Source == surveys.HeldCounted {
			continue
		}
		if h.UpdatedAt = now; !act.Seen || h.Source == surveys.HeldSeen {
			h.Response, h.Source = r.LaidOver(h.Response), source
		}
		return h, nil
	}
	id, err := tx.NewID()
	return surveys.HeldAnswer{ID: id, Response: r, Client: act.Client, Source: source, CreatedAt: now, UpdatedAt: now}, err
}

// moved is a line of the log about an answer.
func moved(r surveys.Response, move surveys.AnswerMove, at time.Time) surveys.LoggedMove {
	return surveys.LoggedMove{SurveyID: r.SurveyID, InvitationID: r.InvitationID, AnswerID: r.ID, Move: move, At: at}
}

// LooksLikeMachine reports whether a client went through the links of an invitation's
// letters as only machines do. What cannot be looked up speaks against nobody.
func (a *Answers) LooksLikeMachine(ctx context.Context, in Invited, client []byte) bool {
	survey, err := a.directory.Survey(ctx, in.Office.ID, in.Invitation.SurveyID)
	if err != nil {
		return false
	}
	evidence, err := gather(ctx, a.store, survey, in.Invitation)
	return err == nil && surveys.Strong(evidence.Signals(client, a.store.Now()))
}

// EarlierOf is what this client sent before in answer to an invitation, counted
// or held; NotFound when it sent nothing. Somebody else's held answer is not shown:
// it may be a machine's.
func (a *Answers) EarlierOf(ctx context.Context, in Invited, client []byte) (surveys.Response, error) {
	earlier, err := a.EarlierInvitation(ctx, in)
	if surveys.KindOf(err) != surveys.NotFound {
		return earlier, err
	}
	list, err := a.store.HeldAnswers(ctx, in.Office.ID, in.Invitation.ID)
	if err != nil {
		return earlier, err
	}
	for _, h := range list {
		if h.Source == surveys.HeldSent && bytes.Equal(h.Client, client) {
			return h.Response, nil
		}
	}
	return surveys.Response{}, surveys.Fail(surveys.NotFound, "not_found")
}

// witness is what evidence is read from: the store, or a transaction.
type witness interface {
	Touches(ctx context.Context, ws surveys.WorkspaceID, invitationID string) ([]surveys.Touch, error)
	Delivered(ctx context.Context, ws surveys.WorkspaceID, invitationID string) ([]time.Time, error)
}

// gather collects what is known of the links of an invitation's letters.
func gather(ctx context.Context, from witness, survey surveys.Survey, i surveys.Invitation) (surveys.Evidence, error) {
	e := surveys.Evidence{Scores: len(survey.Choices())}
	var err error
	if e.Touches, err = from.Touches(ctx, i.WorkspaceID, i.ID); err != nil || len(e.Touches) == 0 {
		return e, err
	}
	e.Delivered, err = from.Delivered(ctx, i.WorkspaceID, i.ID)
	return e, err
}
