package mailer

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
)

// Times of the dispatcher that other processes rely on.
const (
	claimLease   = 5 * time.Minute  // to compose what was claimed and begin to send it: kill -9 delays it by as much
	sendingLease = 20 * time.Minute // to send: longer than all of Timeouts together
	resendAfter  = 15 * time.Minute // before a letter of unknown fate goes once more
	pausedDelay  = 15 * time.Minute // before a paused survey is looked at again
	outageDelay  = time.Minute      // before a letter is offered again after an outage
)

// DispatcherOptions say what the dispatcher works with. Store, Composer,
// Transport and Chance are required.
type DispatcherOptions struct {
	Store     *store.Store
	Composer  *Composer
	Transport Transport            // nil: only workspaces with a way of their own send
	Senders   *Senders             // the ways of workspaces; nil: all have the composer's name and Transport
	Log       *slog.Logger         // nil for none
	Chance    func() float64       // spreads retries: uniform in [0, 1), safe for concurrent use
	Observe   func(Outcome)        // told of every outcome, from several goroutines; nil for nobody
	Rested    func(surveys.Stream) // told of every stream that begins to rest, likewise
	Rate      int                  // letters a second that Transport is given at most; 0 for any number
	Interval  time.Duration        // between two looks at what is due; 5 s when 0
	Workers   int                  // letters on their way at the same time, each on a connection of its own; 10 when 0
	Batch     int                  // invitations claimed at once; 500 when 0
	Grace     time.Duration        // for letters on their way when the server stops; 20 s when 0
}

// Dispatcher mails what is due. Several processes may dispatch from one
// database: each invitation is claimed by one of them.
type Dispatcher struct {
	DispatcherOptions
	breaker *breaker // outlives a pass
	counts  streamCounts
	wake    chan struct{}
	rests   rests
	onWay   onWay
}

// NewDispatcher returns a dispatcher that waits for [Dispatcher.Run].
func NewDispatcher(o DispatcherOptions) *Dispatcher {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Observe == nil {
		o.Observe = func(Outcome) {}
	}
	if o.Rested == nil {
		o.Rested = func(surveys.Stream) {}
	}
	if o.Interval <= 0 {
		o.Interval = 5 * time.Second
	}
	if o.Workers <= 0 {
		o.Workers = 10
	}
	if o.Batch <= 0 {
		o.Batch = 500
	}
	if o.Grace <= 0 {
		o.Grace = 20 * time.Second
	}
	return &Dispatcher{DispatcherOptions: o, breaker: new(breaker), wake: make(chan struct{}, 1)}
}

// Wake makes a running dispatcher look at once, for those who scheduled
// something that is due now. It never waits.
func (d *Dispatcher) Wake() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Run mails what is due until ctx ends. Then it finishes the letters on their
// way, within the grace, gives back what it has claimed, and returns.
func (d *Dispatcher) Run(ctx context.Context) {
	p := d.newPass(ctx)
	defer p.end()
	for ctx.Err() == nil {
		more, err := p.prepare()
		switch {
		case err != nil && ctx.Err() == nil:
			d.Log.ErrorContext(ctx, "mail: could not look for due invitations", "error", err)
		case more:
			continue
		}
		wait := time.NewTimer(d.Interval)
		select {
		case <-ctx.Done():
		case <-wait.C:
		case <-d.wake:
		}
		wait.Stop()
	}
}

// pass goes through what is due. The goroutine that runs it prepares batches, one
// more commits the batch before meanwhile, and the lanes of each mail server's road
// deliver them:
//
//	claim → look → compose → commit the bytes → road → lane: commit "sending" → deliver → commit the outcome
type pass struct {
	*Dispatcher
	ctx    context.Context // ends when no more should begin
	work   context.Context // ends when letters on their way must give up
	ledger *ledger
	roads  *roads // prepared, and waiting for a lane
	end    func() // when the last outcome is stored

	last    *committing                       // the batch before; nil for none
	looked  map[surveys.WorkspaceID]time.Time // when letters adrift were looked for
	latest  surveys.WorkspaceID               // who had a batch last: the turn after it is the one behind
	printed map[editionKey]printed            // forms of letters, kept from one batch to the next
}

// printed is an edition with what it is of.
type printed struct {
	of      Asking
	edition *Edition
}

func (d *Dispatcher) newPass(ctx context.Context) *pass {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(d.Grace, cancel) })
	p := &pass{Dispatcher: d, ctx: ctx, work: work, ledger: openLedger(d.Store, d.onWay.count), roads: newRoads(d.Workers)}
	p.roads.lane, p.looked = p.lane, make(map[surveys.WorkspaceID]time.Time)
	p.end = func() {
		p.roads.wait()
		p.flush()
		stop()
		cancel()
		p.ledger.close()
	}
	return p
}

// run mails all that is due, and returns when the last outcome is stored.
func (p *pass) run() error {
	more, err := p.prepare()
	for more && err == nil {
		more, err = p.prepare()
	}
	p.roads.wait()
	return err
}

// turn is a workspace that has its turn, and what its next batch is claimed by.
type turn struct {
	workspace surveys.Workspace
	claim     func(tx *store.Tx, w surveys.Workspace, limit int) (claims, error)
	road      *road // nil before its first batch
}

// prepare goes round the workspaces, a batch of each in turn, until none has
// more. It returns earlier, and says so, when it is time to look who else has
// something due: a long list should not have them wait.
func (p *pass) prepare() (more bool, err error) {
	defer func() {
		if failed := p.settle(); err == nil && failed != nil {
			more, err = false, failed
		}
	}()
	p.flush()
	p.printed = make(map[editionKey]printed)
	workspaces, err := p.Store.Workspaces(p.ctx)
	if err != nil {
		return false, fmt.Errorf("list the workspaces to mail for: %w", err)
	}
	round := make([]turn, len(workspaces))
	begin := 1 + slices.IndexFunc(workspaces, func(w surveys.Workspace) bool { return w.ID == p.latest })
	for n := range workspaces {
		round[n] = turn{workspace: workspaces[(begin+n)%len(workspaces)], claim: p.first}
	}
	over := time.NewTimer(p.Interval)
	defer over.Stop()
	for len(round) > 0 && p.ctx.Err() == nil {
		next, moved, err := p.round(round)
		if err != nil {
			return false, err
		}
		round = next
		if len(round) > 0 && !moved && !p.await(over.C) {
			return true, nil
		}
		select {
		case <-over.C:
			return len(round) > 0, nil
		default:
		}
	}
	return false, nil
}

// round prepares a batch of each workspace whose road has room. It returns those
// that may have more, those without room first, and whether there was any.
func (p *pass) round(round []turn) (next []turn, moved bool, err error) {
	var more []turn
	for _, t := range round {
		if t.road != nil {
			waits, _ := p.trying(t.workspace.ID, t.road)
			if waits || t.road.room(t.workspace.ID, p.Batch) == 0 {
				next = append(next, t)
				continue
			}
		}
		full, err := p.batch(&t)
		if err != nil {
			return nil, false, fmt.Errorf("mail for workspace %s: %w", t.workspace.ID, err)
		}
		if full {
			more = append(more, t)
		}
		moved = true
	}
	return append(next, more...), moved, nil
}

// goes reports whether another letter should begin on a road.
func (p *pass) goes(r *road) bool {
	return p.ctx.Err() == nil && (r.own || !p.rests.now(shared, p.Store.Now()))
}

// claims are what a batch got.
type claims struct {
	due   []surveys.Invitation // to be composed, or sent with the bytes that there are
	again []surveys.Invitation // of unknown fate, to be sent once more
}

// first is the claim of a workspace's first batch in a pass. It settles what an
// answer has settled in the meantime, and plans thank-yous.
func (p *pass) first(tx *store.Tx, w surveys.Workspace, limit int) (claims, error) {
	if err := tx.SettleAnswered(p.ctx, w.ID); err != nil {
		return claims{}, err
	}
	if err := flow.Thank(p.ctx, tx, w); err != nil {
		return claims{}, err
	}
	return p.claim(tx, w, limit)
}

// claim takes letters of unknown fate that have waited, and those whose time has
// come.
func (p *pass) claim(tx *store.Tx, w surveys.Workspace, limit int) (got claims, err error) {
	now := p.Store.Now()
	if got.again, err = tx.ClaimUnknown(p.ctx, w.ID, now, sendingLease, resendAfter); err != nil {
		return got, err
	}
	got.due, err = tx.ClaimDue(p.ctx, w.ID, now, claimLease, limit)
	return got, err
}

// batch prepares one batch of a workspace for the lanes, and reports whether
// there may be more.
func (p *pass) batch(t *turn) (full bool, err error) {
	w := t.workspace
	leaves, ok, err := p.way(p.ctx, w.ID)
	if err != nil || !ok {
		return false, err
	}
	t.road = p.roads.to(w.ID, leaves.Own)
	pace, ok, err := p.mayMail(w.ID, t.road)
	if err != nil || !ok {
		return false, err
	}
	if err := p.settleFor(w.ID, t.road); err != nil {
		return false, err
	}
	limit := t.road.room(w.ID, p.Batch)
	if limit == 0 || !p.goes(t.road) {
		return limit == 0, nil
	}
	if waits, should := p.trying(w.ID, t.road); waits {
		return true, nil
	} else if should {
		limit = 1
	}
	if err := p.adrift(w); err != nil {
		return false, err
	}
	var got claims
	err = p.Store.InTx(p.ctx, func(tx *store.Tx) (err error) {
		got, err = t.claim(tx, w, limit)
		return err
	})
	if err != nil || len(got.due)+len(got.again) == 0 {
		return false, err
	}
	t.claim, p.latest = p.claim, w.ID
	b := &batch{pass: p, workspace: w, leaves: leaves, road: t.road, pace: pace, claims: got}
	if err := b.prepare(); err != nil {
		b.release()
		return false, err
	}
	return len(got.due) == limit || len(got.again) > 0, nil
}
