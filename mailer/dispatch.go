package mailer

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
)

// Times of the dispatcher that other processes rely on.
const (
	claimLease   = 5 * time.Minute  // to compose what was claimed and begin to send it
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
	Transport Transport
	Log       *slog.Logger   // nil for none
	Chance    func() float64 // spreads retries: uniform in [0, 1), safe for concurrent use
	Observe   func(Outcome)  // told of every outcome, from several goroutines; nil for nobody
	Interval  time.Duration  // between two looks at what is due; 5 s when 0
	Workers   int            // letters on their way at the same time; 4 when 0
	Batch     int            // invitations claimed at once; 100 when 0
	Grace     time.Duration  // for letters on their way when the server stops; 20 s when 0
}

// Dispatcher mails what is due. Several processes may dispatch from one
// database: each invitation is claimed by one of them.
type Dispatcher struct {
	DispatcherOptions
	wake chan struct{}
}

// NewDispatcher returns a dispatcher that waits for [Dispatcher.Run].
func NewDispatcher(o DispatcherOptions) *Dispatcher {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Observe == nil {
		o.Observe = func(Outcome) {}
	}
	if o.Interval <= 0 {
		o.Interval = 5 * time.Second
	}
	if o.Workers <= 0 {
		o.Workers = 4
	}
	if o.Batch <= 0 {
		o.Batch = 100
	}
	if o.Grace <= 0 {
		o.Grace = 20 * time.Second
	}
	return &Dispatcher{DispatcherOptions: o, wake: make(chan struct{}, 1)}
}

// Wake makes a running dispatcher look at once, for those who scheduled
// something that is due now. It never waits.
func (d *Dispatcher) Wake() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// maxOutagePause bounds how long Run waits while there is an outage.
const maxOutagePause = time.Minute

// Run mails what is due until ctx ends. Then it finishes the letters on their
// way, within the grace, gives back what it has claimed, and returns.
func (d *Dispatcher) Run(ctx context.Context) {
	pause := d.Interval
	for ctx.Err() == nil {
		p := d.newPass(ctx)
		err := p.run()
		p.end()
		switch {
		case err != nil && ctx.Err() == nil:
			d.Log.ErrorContext(ctx, "mail: could not look for due invitations", "error", err)
		case p.outage.Load():
			pause = min(2*pause, max(maxOutagePause, d.Interval))
		default:
			pause = d.Interval
		}
		wait := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-wait.C:
		case <-d.wake:
		}
		wait.Stop()
	}
}

// pass is one round through what is due.
type pass struct {
	*Dispatcher
	ctx    context.Context // ends when no more should begin
	work   context.Context // ends when letters on their way must give up
	ledger *ledger
	end    func()
	outage atomic.Bool
}

func (d *Dispatcher) newPass(ctx context.Context) *pass {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(d.Grace, cancel) })
	l := openLedger(d.Store)
	return &pass{Dispatcher: d, ctx: ctx, work: work, ledger: l, end: func() {
		stop()
		cancel()
		l.close()
	}}
}

// run goes round the workspaces, a batch of each in turn, until none has more.
func (p *pass) run() error {
	workspaces, err := p.Store.Workspaces(p.ctx)
	if err != nil {
		return fmt.Errorf("list the workspaces to mail for: %w", err)
	}
	for len(workspaces) > 0 && p.going() {
		var more []surveys.Workspace
		for _, w := range workspaces {
			if !p.going() {
				break
			}
			full, err := p.batch(w)
			if err != nil {
				return fmt.Errorf("mail for workspace %s: %w", w.ID, err)
			}
			if full == p.Batch {
				more = append(more, w)
			}
		}
		workspaces = more
	}
	return nil
}

// going reports whether another letter should begin.
func (p *pass) going() bool { return p.ctx.Err() == nil && !p.outage.Load() }

// claims are what a batch got.
type claims struct {
	due   []surveys.Invitation // to be composed, or sent with the bytes that there are
	again []surveys.Invitation // of unknown fate, to be sent once more
}

// batch mails one batch of a workspace and returns how many due invitations
// were in it.
func (p *pass) batch(w surveys.Workspace) (int, error) {
	got, err := p.claim(w)
	if err != nil {
		return 0, err
	}
	if len(got.due)+len(got.again) == 0 {
		return 0, nil
	}
	b := &batch{pass: p, workspace: w, surveys: make(map[string]surveys.Survey), texts: make(map[surveys.LetterKey]map[string]surveys.LetterTexts)}
	if err := b.readRules(); err != nil {
		b.release(got)
		return 0, err
	}
	work := make(chan func(), len(got.due)+len(got.again))
	for _, invitation := range got.again {
		work <- func() { b.resend(invitation) }
	}
	for _, invitation := range got.due {
		work <- func() { b.send(invitation) }
	}
	close(work)
	var workers sync.WaitGroup
	for range min(p.Workers, len(work)) {
		workers.Go(func() {
			for step := range work {
				step()
			}
		})
	}
	workers.Wait()
	return len(got.due), nil
}

// claim takes what is due in one transaction: invitations whose sender died,
// those of unknown fate that have waited, and those whose time has come. What
// an answer has settled in the meantime is no longer among them.
func (p *pass) claim(w surveys.Workspace) (claims, error) {
	var got claims
	err := p.Store.InTx(p.ctx, func(tx *store.Tx) error {
		if err := tx.SettleAnswered(p.ctx, w.ID); err != nil {
			return err
		}
		if err := flow.Thank(p.ctx, tx, w); err != nil {
			return err
		}
		now := p.Store.Now()
		abandoned, err := tx.ClaimAbandoned(p.ctx, w.ID, now, p.Batch)
		if err != nil {
			return err
		}
		for _, invitation := range abandoned {
			p.Observe(Unknown)
			p.Log.WarnContext(p.ctx, "mail: a letter was left on its way; it will be sent once more unless it is answered", "invitation", invitation.ID)
		}
		if got.again, err = tx.ClaimUnknown(p.ctx, w.ID, now, sendingLease, resendAfter); err != nil {
			return err
		}
		got.due, err = tx.ClaimDue(p.ctx, w.ID, now, claimLease, p.Batch)
		return err
	})
	return got, err
}
