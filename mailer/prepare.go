package mailer

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
)

// batch is a workspace's claimed invitations while they are prepared: looked
// up, composed and committed together.
type batch struct {
	*pass
	workspace surveys.Workspace
	leaves    Way   // how its letters leave
	road      *road // to the mail server
	claims    claims
	facts     facts
	pace      surveys.Pace
	warm      warmth
	sheet     *surveys.Sheet                     // of its letters' links
	gaps      map[surveys.Receiver]time.Duration // between two letters to a group of receivers; 0 for none
	rules     map[string]surveys.Rule
	capDays   int
}

// outlook is what stands against a letter before it is sent.
type outlook struct {
	survey  surveys.Survey
	against Outcome   // "" when nothing does
	until   time.Time // when to look again; with Postponed
	expires time.Time // until when its link takes answers at least; zero for as before
	why     string    // what the invitation keeps as its problem
}

// prepare looks up and composes the batch's letters, and has them committed and put
// before the lanes while the next batch is prepared. When it fails nothing was put
// there.
func (b *batch) prepare() error {
	if err := b.readRules(); err != nil {
		return err
	}
	if err := b.gather(); err != nil {
		return err
	}
	if err := b.warmUp(); err != nil {
		return err
	}
	letters, unsent, err := b.compose()
	b.warm.giveBack(b)
	if err != nil {
		return err
	}
	if err := b.settle(); err != nil {
		return err
	}
	b.last = &committing{done: make(chan struct{})}
	go func(c *committing) {
		defer close(c.done)
		c.err = b.put(letters, unsent)
	}(b.last)
	return nil
}

// committing is a batch whose bytes are being committed.
type committing struct {
	done chan struct{}
	err  error
}

// settle waits until the batch before is before the lanes, or says why it is not.
func (p *pass) settle() error {
	c := p.last
	if c == nil {
		return nil
	}
	p.last = nil
	<-c.done
	return c.err
}

// settleFor settles the batch before where what may be claimed next hangs on it: of
// letters that leave slowly few should wait, and of those that wait for one to be
// tried none.
func (p *pass) settleFor(ws surveys.WorkspaceID, r *road) error {
	if _, should := p.trying(ws, r); should || r.slows(ws) {
		return p.settle()
	}
	return nil
}

// put commits the batch's letters and puts them before the lanes. When it fails it
// gives back all that was claimed.
func (b *batch) put(letters []*prepared, unsent []store.Move) error {
	held, err := b.commit(letters, unsent)
	if err != nil {
		b.release()
		return err
	}
	b.queueAgain()
	for _, l := range letters {
		if held[l.invitation.ID] {
			b.roads.put(ready{batch: b, invitation: l.invitation, letter: l.composed.Letter})
		}
	}
	return nil
}

// prepared is a letter of a batch that is to be sent.
type prepared struct {
	invitation surveys.Invitation
	asking     Asking
	composed   Composed
	err        error // why it could not be composed
}

// compose writes the letters that should be sent, on all processors, and
// returns the moves of those that should not.
func (b *batch) compose() ([]*prepared, []store.Move, error) {
	letters := make([]*prepared, 0, len(b.claims.due))
	var unsent []store.Move
	var err error
	if b.sheet, err = b.Composer.newSheet(); err != nil {
		return nil, nil, err
	}
	for _, i := range b.claims.due {
		found, err := b.look(i)
		if err != nil {
			return nil, nil, err
		}
		if found.against != "" {
			unsent = append(unsent, b.against(i, found))
			continue
		}
		i.ExpiresAt = b.expires(i, b.Store.Now())
		asking, err := b.asking(i, found.survey)
		if err != nil {
			return nil, nil, err
		}
		letters = append(letters, &prepared{invitation: i, asking: asking})
	}
	letters, late, err := b.space(letters)
	if err != nil {
		return nil, nil, err
	}
	unsent = append(unsent, late...)
	b.composeAll(letters)
	whole := make([]*prepared, 0, len(letters))
	for _, l := range letters {
		var unwritten *unwrittenError
		switch {
		case l.err == nil:
			whole = append(whole, l)
		case errors.As(l.err, &unwritten):
			b.Log.ErrorContext(b.ctx, "mail: no letter can be made of an invitation", "invitation", l.invitation.ID, "error", nobody(l.err.Error()))
			unsent = append(unsent, b.against(l.invitation, outlook{against: Unwritten, why: problem(l.err.Error())}))
		default:
			return nil, nil, l.err
		}
	}
	return whole, unsent, nil
}

// composeAll composes on all processors.
func (b *batch) composeAll(letters []*prepared) {
	next := make(chan *prepared, len(letters))
	for _, l := range letters {
		next <- l
	}
	close(next)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(letters)) {
		workers.Go(func() {
			for l := range next {
				l.composed, l.err = b.letter(l)
			}
		})
	}
	workers.Wait()
}

// unwrittenError says that an invitation cannot become a letter, now or later.
type unwrittenError struct{ err error }

// Error is the reason, which the invitation keeps as its problem.
func (e *unwrittenError) Error() string { return e.err.Error() }

// Unwrap gives the reason to errors.As.
func (e *unwrittenError) Unwrap() error { return e.err }

// letter returns the bytes of an earlier try, without grants, or composes them.
func (b *batch) letter(l *prepared) (Composed, error) {
	if stored, found := b.facts.letters[l.invitation.ID]; found {
		return Composed{Letter: stored}, nil
	}
	composed, err := b.Composer.compose(b.work, l.asking)
	if err != nil && b.work.Err() == nil {
		return Composed{}, &unwrittenError{err}
	}
	return composed, err
}

// against is the move of an invitation that is not sent.
func (b *batch) against(i surveys.Invitation, found outlook) store.Move {
	states := map[Outcome]surveys.InvitationState{
		Suppressed: surveys.InvitationSuppressed, Cancelled: surveys.InvitationCancelled, Expired: surveys.InvitationExpired,
		Unwritten: surveys.InvitationFailed, Postponed: surveys.InvitationScheduled,
	}
	move := store.Move{From: surveys.InvitationClaimed, Lease: i.LeaseUntil, Done: found.against != Postponed}
	i.State, i.LeaseUntil, i.Problem = states[found.against], nil, found.why
	if found.against == Postponed {
		i.SendAt, i.ExpiresAt = found.until, later(i.ExpiresAt, found.expires)
	}
	move.Invitation = i
	return move
}

// commit stores the bytes and the links of the letters that are still this
// dispatcher's, in one transaction, before any of them leaves; and why others do
// not leave. It returns the invitations that are still held.
func (b *batch) commit(letters []*prepared, unsent []store.Move) (held map[string]bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), commitTimeout)
	defer cancel()
	var made []bool
	err = b.Store.InTx(ctx, func(tx *store.Tx) error {
		if held, err = tx.Held(ctx, b.workspace.ID, b.claims.due); err != nil {
			return err
		}
		var bytes []store.Letter
		var grants []store.NewGrant
		for _, l := range letters {
			if held[l.invitation.ID] && l.composed.Grant != nil { // else those of an earlier try
				bytes, grants = append(bytes, l.composed.Letter), append(grants, *l.composed.Grant)
			}
		}
		if err := tx.SaveLetters(ctx, b.workspace.ID, bytes); err != nil {
			return err
		}
		if err := tx.CreateGrants(ctx, b.workspace.ID, grants); err != nil {
			return err
		}
		if made, err = tx.MoveInvitations(ctx, unsent); err != nil {
			return err
		}
		return b.goOnWithout(ctx, tx, unsent, made)
	})
	if err != nil {
		return nil, fmt.Errorf("commit a batch of letters of workspace %s: %w", b.workspace.ID, err)
	}
	for n, move := range unsent {
		if made[n] {
			b.Observe(outcomeOf(move.Invitation.State))
		}
	}
	return held, nil
}

// reminderRemoved says of a reminder that it was taken out of its rule.
func reminderRemoved() string { return surveys.Problem{Code: "reminder_removed"}.String() }

// goOnWithout plans what follows the reminders that were taken out of their rule.
func (b *batch) goOnWithout(ctx context.Context, tx *store.Tx, unsent []store.Move, made []bool) error {
	for n, move := range unsent {
		if !made[n] || move.Invitation.Problem != reminderRemoved() {
			continue
		}
		if err := flow.RemindWithout(ctx, tx, b.workspace, move.Invitation); err != nil {
			return err
		}
	}
	return nil
}

// outcomeOf is what the observer is told of an invitation that was not sent.
func outcomeOf(state surveys.InvitationState) Outcome {
	return map[surveys.InvitationState]Outcome{
		surveys.InvitationSuppressed: Suppressed, surveys.InvitationCancelled: Cancelled, surveys.InvitationExpired: Expired,
		surveys.InvitationFailed: Unwritten, surveys.InvitationScheduled: Postponed,
	}[state]
}

// queueAgain puts the letters of unknown fate before the lanes, but for those
// that something stands against: they may have arrived, and there is a reason
// against a second one.
func (b *batch) queueAgain() {
	for _, i := range b.claims.again {
		found, err := b.look(i)
		letter, kept := b.facts.letters[i.ID]
		r := ready{batch: b, invitation: i, letter: letter, try: lastTry}
		switch {
		case err != nil || found.against == Postponed:
			b.keep([]step{r.giveBack()})
		case found.against != "" || !kept || b.pace.Unresolved == surveys.ResendNever:
			b.keep([]step{b.outcome(i, Result{Outcome: Unknown, Problem: i.Problem}, lastTry)})
		default:
			b.roads.put(r)
		}
	}
}

// release gives back all that was claimed.
func (b *batch) release() {
	var steps []step
	for _, i := range b.claims.due {
		steps = append(steps, b.untried(back(i)))
	}
	for _, i := range b.claims.again {
		steps = append(steps, ready{batch: b, invitation: i, try: lastTry}.giveBack())
	}
	b.keep(steps)
}

// readRules looks up the workspace's rules and what they promise.
func (b *batch) readRules() error {
	rules, err := b.Store.Rules(b.ctx, b.workspace.ID)
	if err != nil {
		return err
	}
	b.rules = make(map[string]surveys.Rule, len(rules))
	for _, rule := range rules {
		b.rules[rule.ID] = rule
	}
	b.capDays = Promise(rules, b.workspace.Caps)
	return nil
}

// Promise is how often letters say that somebody is asked at most, in days: the
// workspace's cap or the smallest one of its active rules, since each promise is
// only as good as the next rule; 0 when there is none.
func Promise(rules []surveys.Rule, caps surveys.Caps) int {
	smallest := -1
	for _, rule := range rules {
		if rule.Status == surveys.RuleActive && (smallest < 0 || rule.CapDays < smallest) {
			smallest = rule.CapDays
		}
	}
	return max(smallest, caps.AllDays, 0)
}
