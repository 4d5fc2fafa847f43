package mailer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
)

// batch is a workspace's claimed invitations on their way.
type batch struct {
	*pass
	workspace surveys.Workspace
	capDays   int
	rules     map[string]surveys.Rule
	mu        sync.Mutex // guards surveys and texts
	surveys   map[string]surveys.Survey
	texts     map[surveys.LetterKey]map[string]surveys.LetterTexts
}

// send brings one claimed invitation to its next state.
func (b *batch) send(i surveys.Invitation) {
	if !b.going() {
		b.moved(i, b.giveBack(i))
		return
	}
	if i.LeaseUntil != nil && !b.Store.Now().Before(*i.LeaseUntil) {
		return // the batch took too long: somebody else may have it by now
	}
	if err := b.trySend(i); err != nil {
		// The lease ends, and it is tried again.
		b.Log.ErrorContext(b.ctx, "mail: could not send an invitation", "invitation", i.ID, "error", err)
	}
}

func (b *batch) trySend(i surveys.Invitation) error {
	found, err := b.look(i)
	if err != nil {
		return err
	}
	if found.against != "" {
		return b.settleUnsent(i, found)
	}
	composed, err := b.letter(i, found.survey)
	var unwritten *unwrittenError
	if errors.As(err, &unwritten) {
		b.Log.ErrorContext(b.ctx, "mail: no letter can be made of an invitation", "invitation", i.ID, "error", err)
		return b.settleUnsent(i, outlook{against: Unwritten, why: problem(err.Error())})
	}
	if err != nil {
		return err
	}
	sending, err := b.begin(i, composed)
	if surveys.KindOf(err) == surveys.Conflict {
		return nil // withdrawn, or taken over, in the meantime
	}
	if err != nil {
		return err
	}
	return b.deliver(sending, composed.Letter, firstTry)
}

// resend sends the committed bytes of an invitation of unknown fate once more.
func (b *batch) resend(i surveys.Invitation) {
	if err := b.tryResend(i); err != nil {
		b.Log.ErrorContext(b.ctx, "mail: could not send again a letter of unknown fate", "invitation", i.ID, "error", err)
	}
}

func (b *batch) tryResend(i surveys.Invitation) error {
	if !b.going() {
		return b.store(i, Result{Outcome: Unknown, Problem: i.Problem}, firstTry)
	}
	found, err := b.look(i)
	if err != nil {
		return err
	}
	if found.against == Postponed {
		return b.store(i, Result{Outcome: Unknown, Problem: i.Problem}, firstTry)
	}
	letter, err := b.Store.Letter(b.work, b.workspace.ID, i.ID)
	if found.against != "" || surveys.KindOf(err) == surveys.NotFound {
		// It may have arrived, and there is a reason against a second one.
		return b.store(i, Result{Outcome: Unknown, Problem: i.Problem}, lastTry)
	}
	if err != nil {
		return err
	}
	i.Attempts++
	return b.deliver(i, letter, lastTry)
}

// begin commits the bytes and the links before the letter leaves. From here on
// a crash makes its fate unknown.
func (b *batch) begin(i surveys.Invitation, composed Composed) (surveys.Invitation, error) {
	lease := b.Store.Now().Add(sendingLease)
	i.State, i.LeaseUntil, i.Attempts = surveys.InvitationSending, &lease, i.Attempts+1
	err := b.ledger.write(func(ctx context.Context, tx *store.Tx) error {
		if err := tx.MoveInvitation(ctx, i, surveys.InvitationClaimed); err != nil {
			return err
		}
		if len(composed.Grants) == 0 {
			return nil // the bytes of an earlier try, committed then
		}
		for _, grant := range composed.Grants {
			if err := tx.CreateGrant(ctx, b.workspace.ID, grant); err != nil {
				return err
			}
		}
		return tx.SaveLetter(ctx, b.workspace.ID, composed.Letter)
	})
	return i, err
}

// try says whether a letter may be sent again when its fate stays unknown.
type try int

const (
	firstTry try = iota
	lastTry
)

// deliver hands a letter over and stores what came of it.
func (b *batch) deliver(i surveys.Invitation, letter store.Letter, t try) error {
	// A minute before the lease ends, so that the outcome is stored within it.
	ctx, cancel := context.WithTimeout(b.work, sendingLease-time.Minute)
	defer cancel()
	result := b.Transport.Deliver(ctx, letter)
	if result.Outcome == Outage {
		if !b.outage.Swap(true) {
			b.Log.ErrorContext(b.ctx, "mail: the mail server cannot be used; nothing is sent until it can", "problem", result.Problem)
		}
	}
	b.Observe(result.Outcome)
	return b.store(i, result, t)
}

// commitTries is how often storing an outcome is tried: what is lost here
// leads to a second copy.
const commitTries = 5

// store keeps what came of a letter.
func (b *batch) store(i surveys.Invitation, result Result, t try) error {
	next := b.after(i, result, t)
	var err error
	for n := range commitTries {
		if err = b.commit(next, result); err == nil || surveys.KindOf(err) == surveys.Conflict {
			return nil // a conflict: the person was erased, or another process has judged it
		}
		select {
		case <-time.After(time.Duration(100<<n) * time.Millisecond):
		case <-b.work.Done():
		}
	}
	return fmt.Errorf("store that the letter of invitation %s is %s: %w", i.ID, result.Outcome, err)
}

// commitTimeout bounds one try to store an outcome.
const commitTimeout = 10 * time.Second

func (b *batch) commit(next surveys.Invitation, result Result) error {
	return b.ledger.write(func(ctx context.Context, tx *store.Tx) error {
		if err := tx.MoveInvitation(ctx, next, surveys.InvitationSending); err != nil {
			return err
		}
		if next.State == surveys.InvitationSent {
			if err := flow.Remind(ctx, tx, b.workspace, next); err != nil {
				return err
			}
		}
		if result.BadAddress {
			if err := tx.Suppress(ctx, b.workspace, next.Email, surveys.SuppressedBounced); err != nil {
				return err
			}
			if err := tx.SuppressInvitations(ctx, b.workspace.ID, next.Email); err != nil {
				return err
			}
		}
		if next.State == surveys.InvitationScheduled || (next.State == surveys.InvitationUnknown && next.LeaseUntil != nil) {
			return nil // the same bytes are needed again
		}
		return tx.DropLetters(ctx, b.workspace.ID, []string{next.ID})
	})
}

// after is the invitation as a result leaves it.
func (b *batch) after(i surveys.Invitation, result Result, t try) surveys.Invitation {
	now := b.Store.Now()
	i.LeaseUntil, i.Problem = nil, result.Problem
	switch result.Outcome {
	case Sent:
		i.State, i.SentAt, i.Problem = surveys.InvitationSent, &now, ""
	case Unknown:
		i.State = surveys.InvitationUnknown
		if t == firstTry {
			i.LeaseUntil = &now // from when resendAfter counts; without it nobody resends
		}
	case Temporary:
		i = b.retry(i, now)
	case Outage:
		i.Attempts-- // it was not a try
		i.State, i.SendAt = surveys.InvitationScheduled, now.Add(b.spread(outageDelay))
	default:
		i.State = surveys.InvitationFailed
	}
	return i
}

// retry schedules a letter that was refused for now, or gives up.
func (b *batch) retry(i surveys.Invitation, now time.Time) surveys.Invitation {
	delay, again := surveys.RetryDelay(i.Attempts)
	next := now.Add(b.spread(delay))
	if !again || !next.Before(i.ExpiresAt) {
		i.State = surveys.InvitationFailed
		return i
	}
	i.State, i.SendAt = surveys.InvitationScheduled, next
	return i
}

// spread varies a delay by up to a fifth in both directions, so that letters
// refused together do not come back together.
func (b *batch) spread(delay time.Duration) time.Duration {
	return time.Duration(float64(delay) * (0.8 + 0.4*b.Chance()))
}

// settleUnsent stores why there is no letter.
func (b *batch) settleUnsent(i surveys.Invitation, found outlook) error {
	outcome := found.against
	states := map[Outcome]surveys.InvitationState{
		Suppressed: surveys.InvitationSuppressed, Cancelled: surveys.InvitationCancelled, Expired: surveys.InvitationExpired,
		Unwritten: surveys.InvitationFailed, Postponed: surveys.InvitationScheduled,
	}
	i.State, i.LeaseUntil, i.Problem = states[outcome], nil, found.why
	if outcome == Postponed {
		i.SendAt = found.until
	}
	err := b.ledger.write(func(ctx context.Context, tx *store.Tx) error {
		if err := tx.MoveInvitation(ctx, i, surveys.InvitationClaimed); err != nil {
			return err
		}
		if outcome == Postponed {
			return nil
		}
		return tx.DropLetters(ctx, b.workspace.ID, []string{i.ID})
	})
	if surveys.KindOf(err) == surveys.Conflict {
		return nil
	}
	if err == nil {
		b.Observe(outcome)
	}
	return err
}

// release gives back all that was claimed.
func (b *batch) release(got claims) {
	for _, i := range got.due {
		b.moved(i, b.giveBack(i))
	}
	for _, i := range got.again {
		b.moved(i, b.store(i, Result{Outcome: Unknown, Problem: i.Problem}, firstTry))
	}
}

// giveBack puts a claimed invitation back to where it was due.
func (b *batch) giveBack(i surveys.Invitation) error {
	i.State, i.LeaseUntil = surveys.InvitationScheduled, nil
	return b.ledger.write(func(ctx context.Context, tx *store.Tx) error {
		return tx.MoveInvitation(ctx, i, surveys.InvitationClaimed)
	})
}

func (b *batch) moved(i surveys.Invitation, err error) {
	if err != nil && surveys.KindOf(err) != surveys.Conflict {
		b.Log.WarnContext(b.ctx, "mail: could not give back an invitation; its lease will end", "invitation", i.ID, "error", err)
	}
}
