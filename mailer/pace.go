package mailer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
)

// mayMail learns how a workspace's streams fare and how fast it may mail, and
// reports whether anything of it may leave at all.
func (p *pass) mayMail(ws surveys.WorkspaceID, to *road) (surveys.Pace, bool, error) {
	streams, err := p.Store.Streams(p.ctx, ws)
	if err != nil {
		return surveys.Pace{}, false, err
	}
	if p.breaker.judges(ws, p.Store.Now(), p.Interval) {
		if streams, err = p.judgeReturns(ws, streams); err != nil {
			return surveys.Pace{}, false, err
		}
	}
	p.breaker.learn(ws, streams)
	pace, err := p.Store.Pace(p.ctx, ws)
	if err != nil {
		return surveys.Pace{}, false, err
	}
	to.slow(p.Rate, ws, pace.PerSecond)
	at := slices.IndexFunc(streams, func(s surveys.Stream) bool { return s.Receiver == surveys.AllAtOnce && s.Rests(p.Store.Now()) })
	if at < 0 {
		return pace, true, nil
	}
	if s := streams[at]; p.breaker.stops(ws, s.Since) {
		p.Rested(s)
		p.Log.WarnContext(p.ctx, "mail: too many people called letters spam; the workspace's survey mails stop until a person lets them go on", "workspace", ws, "complaints", s.Why)
	}
	return pace, false, nil
}

// judgeReturns lets streams rest to which too many letters came back, and returns
// all as they are since.
func (p *pass) judgeReturns(ws surveys.WorkspaceID, known []surveys.Stream) ([]surveys.Stream, error) {
	rest, err := flow.JudgeReturns(p.ctx, p.Store, ws, known)
	for _, s := range rest {
		p.Rested(s)
		p.Log.ErrorContext(p.ctx, "mail: too many letters came back; mails to their receiver rest", "workspace", ws, "receiver", s.Receiver, "until", s.Until, "returned", s.Why)
	}
	if err != nil {
		return nil, fmt.Errorf("judge what came back: %w", err)
	}
	return p.Store.Streams(p.ctx, ws)
}

// noted takes what came of a letter, for its stream.
func (b *batch) noted(i surveys.Invitation, result Result) {
	now := b.Store.Now()
	b.counts.note(b.workspace.ID, i.Email, result, now)
	changed, news := b.breaker.note(b.workspace.ID, i.Email, result, now)
	if !news {
		return
	}
	if changed.Rests(now) {
		b.Rested(changed)
		b.Log.ErrorContext(b.ctx, "mail: a receiver refuses too much, does not believe who sends, or wants less at a time; its mails rest",
			"workspace", b.workspace.ID, "receiver", changed.Receiver, "cause", changed.Cause, "until", changed.Until, "problem", changed.Why)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), commitTimeout)
	defer cancel()
	if err := b.Store.InTx(ctx, func(tx *store.Tx) error { return tx.SaveStream(ctx, changed) }); err != nil {
		b.Log.ErrorContext(b.ctx, "mail: could not store how a stream fares", "workspace", b.workspace.ID, "receiver", changed.Receiver, "error", err)
	}
}

// paced is what stands against a letter that could leave otherwise: a receiver
// that wants few at a time, or the plan of a warming-up. One of unknown fate has
// been there before.
func (b *batch) paced(i surveys.Invitation, now time.Time) outlook {
	if i.State == surveys.InvitationSending {
		return outlook{}
	}
	if until, why := b.breaker.placed(b.workspace.ID, i, now, b.Interval); !until.IsZero() {
		return outlook{against: Postponed, until: until, why: why}
	}
	if b.warm.day == 0 {
		return outlook{}
	}
	receiver := surveys.ReceiverOf(i.Email)
	if b.warm.left[receiver] > 0 {
		b.warm.left[receiver]--
		b.warm.used[i.ID] = true
		return outlook{}
	}
	wait := b.breaker.tomorrow(stream{b.workspace.ID, receiver}, b.warm.day)
	until := surveys.DayStart(surveys.StreamDayOf(now) + wait)
	return outlook{against: Postponed, until: until, why: surveys.StreamWarms(receiver).String()}
}

// warmth is what a batch got of its workspace's day of warming up.
type warmth struct {
	day  int // of the plan; 0 when the workspace does not warm up
	left map[surveys.Receiver]int
	used map[string]bool // the letters that took a place of it
}

// warmUp learns how many letters the receivers get, and takes out of the day's plan what the batch's letters may need. It is
// stored before they leave, so that no restart and no other process gives it out
// again.
func (b *batch) warmUp() error {
	if err := b.learnPaces(b.ctx); err != nil {
		return err
	}
	now := b.Store.Now()
	if b.warm.day = b.pace.WarmUpDay(now); b.warm.day == 0 {
		return nil
	}
	b.warm.used = make(map[string]bool)
	wanted := make(map[surveys.Receiver]int)
	for _, i := range b.claims.due {
		wanted[surveys.ReceiverOf(i.Email)]++
	}
	err := b.Store.InTx(b.ctx, func(tx *store.Tx) (err error) {
		b.warm.left = make(map[surveys.Receiver]int)
		for _, receiver := range slices.Sorted(maps.Keys(wanted)) { // the one order of all processes
			day := surveys.StreamDay{WorkspaceID: b.workspace.ID, Receiver: receiver, Day: surveys.StreamDayOf(now)}
			if b.warm.left[receiver], err = tx.GiveOut(b.ctx, day, wanted[receiver], surveys.WarmUp(b.warm.day)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("take letters out of a day of warming up: %w", err)
	}
	return nil
}

// giveBack gives back what the batch's letters did not need.
func (w *warmth) giveBack(b *batch) {
	for receiver, n := range w.left {
		b.counts.add(streamDay{b.workspace.ID, receiver, surveys.StreamDayOf(b.Store.Now())}, surveys.StreamSum{Tried: -n})
	}
	w.left = nil
}

// untried is a step that puts a letter off without a try, which gives its place
// in the day's plan back.
func (b *batch) untried(s step) step {
	if b.warm.used[s.move.Invitation.ID] && s.after == nil {
		back := surveys.StreamDay{Receiver: surveys.ReceiverOf(s.move.Invitation.Email), Day: surveys.StreamDayOf(b.Store.Now()), StreamSum: surveys.StreamSum{Tried: -1}}
		s.after = func(ctx context.Context, tx *store.Tx) error {
			return tx.AddStreamDays(ctx, b.workspace.ID, []surveys.StreamDay{back})
		}
	}
	return s
}

// streamDay names the count of a stream's day.
type streamDay struct {
	workspace surveys.WorkspaceID
	receiver  surveys.Receiver
	day       int
}

// streamCounts gathers what came of letters, so that the transactions of outcomes
// do not wait for each other's counts. The zero value is ready to use, from
// several goroutines.
type streamCounts struct {
	mu   sync.Mutex
	sums map[streamDay]surveys.StreamSum
}

// note counts a letter that was taken, or refused for good or for who sends.
func (c *streamCounts) note(ws surveys.WorkspaceID, address string, result Result, now time.Time) {
	of := streamDay{ws, surveys.ReceiverOf(address), surveys.StreamDayOf(now)}
	switch {
	case result.Outcome == Sent:
		c.add(of, surveys.StreamSum{Sent: 1})
	case result.Outcome == Permanent || result.Policy:
		c.add(of, surveys.StreamSum{Refused: 1})
	}
}

func (c *streamCounts) add(of streamDay, sum surveys.StreamSum) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sums == nil {
		c.sums = make(map[streamDay]surveys.StreamSum)
	}
	c.sums[of] = c.sums[of].Plus(sum)
}

// take empties the counts, by workspace.
func (c *streamCounts) take() map[surveys.WorkspaceID][]surveys.StreamDay {
	c.mu.Lock()
	defer c.mu.Unlock()
	days := make(map[surveys.WorkspaceID][]surveys.StreamDay, len(c.sums))
	for of, sum := range c.sums {
		days[of.workspace] = append(days[of.workspace], surveys.StreamDay{WorkspaceID: of.workspace, Receiver: of.receiver, Day: of.day, StreamSum: sum})
	}
	clear(c.sums)
	return days
}

// flush stores what came of letters since the last time. What cannot be stored
// now is for the next time.
func (p *pass) flush() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p.ctx), commitTimeout)
	defer cancel()
	for ws, days := range p.counts.take() {
		if err := p.Store.InTx(ctx, func(tx *store.Tx) error { return tx.AddStreamDays(ctx, ws, days) }); err != nil {
			p.Log.ErrorContext(ctx, "mail: could not count the letters of streams", "workspace", ws, "error", err)
			for _, d := range days {
				p.counts.add(streamDay{ws, d.Receiver, d.Day}, d.StreamSum)
			}
		}
	}
}
