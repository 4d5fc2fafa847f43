package mailer

import (
	"context"
	"fmt"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
)

// ready is a prepared letter that waits for a lane.
type ready struct {
	batch      *batch
	invitation surveys.Invitation // claimed, or sending with lastTry
	letter     store.Letter       // its bytes are committed
	try        try
}

// try says whether a letter may be sent again when its fate stays unknown.
type try int

const (
	firstTry try = iota
	lastTry
)

// lane delivers the letters of a road one after the other. The outcome of one is
// committed together with the beginning of the next, before the server hears of
// it: so a crash leaves at most one letter of each lane whose outcome is lost.
func (p *pass) lane(of *road) {
	var before []step // the outcome of the letter before, not stored yet
	for {
		next, found, wait := of.take(p.Store.Now())
		switch {
		case found:
			p.roads.left()
			before = p.next(before, next)
			of.landed(next)
		case before != nil: // nothing to begin with it
			p.keep(before)
			before = nil
		case wait > 0 && p.goes(of):
			p.linger(wait)
		case wait > 0:
			p.emptied(of)
		case of.leave():
			return
		}
	}
}

// next stores the outcome of the letter before and delivers the next one, whose
// outcome it returns.
func (p *pass) next(before []step, r ready) []step {
	left, may := p.enter(r)
	if !may || p.ctx.Err() != nil {
		p.keep(append(before, r.giveBack()))
		return nil
	}
	defer left()
	if r.try == lastTry { // on its way again since it was claimed
		p.keep(before)
		r.invitation.Attempts++
		p.onWay.begin(r.invitation.ID)
		return []step{r.deliver()}
	}
	now := p.Store.Now()
	if !now.Before(*r.invitation.LeaseUntil) {
		p.keep(before)
		return nil // the batch took too long: somebody else may have it by now
	}
	if until, why := p.breaker.resting(r.batch.workspace.ID, r.invitation.Email, now, sendingLease); !until.IsZero() {
		late := step{move: r.batch.against(r.invitation, outlook{against: Postponed, until: until, why: why})}
		p.keep(append(before, r.batch.untried(late)))
		return nil
	}
	begin := r.begin(now)
	made, err := p.write(append(before, begin))
	if err != nil {
		p.Log.ErrorContext(p.ctx, "mail: could not begin to send an invitation; its lease will end", "invitation", r.invitation.ID, "error", err)
		return nil
	}
	if !made[len(before)] {
		return nil // withdrawn, or taken over, in the meantime
	}
	r.invitation = begin.move.Invitation
	p.onWay.begin(r.invitation.ID)
	return []step{r.deliver()}
}

// begin is the step after which a crash makes the letter's fate unknown.
func (r ready) begin(now time.Time) step {
	i, lease := r.invitation, now.Add(sendingLease).Truncate(time.Second) // letters that begin within one are moved together
	move := store.Move{From: surveys.InvitationClaimed, Lease: i.LeaseUntil}
	i.State, i.LeaseUntil, i.Attempts = surveys.InvitationSending, &lease, i.Attempts+1
	move.Invitation = i
	return step{move: move}
}

// giveBack puts a letter back to where it was before its batch.
func (r ready) giveBack() step {
	if r.try == lastTry {
		return r.batch.outcome(r.invitation, Result{Outcome: Unknown, Problem: r.invitation.Problem}, firstTry)
	}
	return r.batch.untried(back(r.invitation))
}

// back puts a claimed invitation back to where it was due.
func back(i surveys.Invitation) step {
	move := store.Move{From: surveys.InvitationClaimed, Lease: i.LeaseUntil}
	i.State, i.LeaseUntil = surveys.InvitationScheduled, nil
	move.Invitation = i
	return step{move: move}
}

// deliver hands a letter over and returns what came of it.
func (r ready) deliver() step {
	b := r.batch
	// A minute before the lease ends, so that the outcome is stored within it.
	ctx, cancel := context.WithTimeout(b.work, sendingLease-time.Minute)
	defer cancel()
	result := b.leaves.Transport.Deliver(ctx, r.letter)
	b.settled(result)
	b.Observe(result.Outcome)
	b.noted(r.invitation, result)
	return b.outcome(r.invitation, result, r.try)
}

// commitTries is how often storing an outcome is tried: what is lost here
// leads to a second copy.
const commitTries = 5

// commitTimeout bounds one try to store an outcome.
const commitTimeout = 10 * time.Second

// write stores steps, some of which are outcomes.
func (p *pass) write(steps []step) (made []bool, err error) {
	defer p.onWay.end(steps)
	for n := range commitTries {
		if made, err = p.ledger.write(steps...); err == nil {
			return made, nil
		}
		select {
		case <-time.After(time.Duration(100<<n) * time.Millisecond):
		case <-p.work.Done():
		}
	}
	return nil, err
}

// keep stores outcomes. One that is not made is that of a person who was erased,
// or another process has judged it.
func (p *pass) keep(steps []step) {
	if _, err := p.write(steps); err != nil {
		for _, s := range steps {
			p.Log.ErrorContext(p.ctx, "mail: could not store what came of an invitation", "invitation", s.move.Invitation.ID,
				"error", fmt.Errorf("store that it is %s: %w", s.move.Invitation.State, err))
		}
	}
}

// outcome is the step of what came of a letter.
func (b *batch) outcome(i surveys.Invitation, result Result, t try) step {
	next := b.after(i, result, t)
	again := next.State == surveys.InvitationScheduled || (next.State == surveys.InvitationUnknown && next.LeaseUntil != nil)
	s := step{move: store.Move{Invitation: next, From: surveys.InvitationSending, Lease: i.LeaseUntil, Done: !again}}
	switch {
	case result.Outcome == Outage:
		return b.untried(s)
	case next.State == surveys.InvitationSent && len(b.rules[i.RuleID].Reminders) > 0:
		s.after = func(ctx context.Context, tx *store.Tx) error { return flow.Remind(ctx, tx, b.workspace, next) }
	case result.BadAddress:
		s.after = func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Suppress(ctx, b.workspace, next.Email, surveys.SuppressedBounced); err != nil {
				return err
			}
			return tx.SuppressInvitations(ctx, b.workspace.ID, next.Email)
		}
	}
	return s
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
		if t == firstTry && b.pace.Unresolved != surveys.ResendNever {
			i.LeaseUntil = &now // from when resendAfter counts; without it nobody resends
		}
	case Temporary:
		i = b.retry(i, now)
	case Outage:
		i.Attempts-- // it was not a try
		delay := outageDelay
		if result.Barred {
			delay = lastRest // if it is the only one that is refused, it should not hold up the others again at once
		}
		i.State, i.SendAt = surveys.InvitationScheduled, now.Add(b.spread(delay))
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
