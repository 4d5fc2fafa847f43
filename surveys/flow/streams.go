package flow

import (
	"context"
	"errors"
	"slices"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Going is how a workspace's mail goes.
type Going struct {
	Streams    []surveys.Stream    // one for each group of receivers
	Domains    []surveys.Stream    // of the others, those in trouble
	Guard      surveys.Stream      // the mail as a whole
	Week       []surveys.StreamSum // of the last seven days, beside Streams
	Complained surveys.StreamSum   // what the guard counts: of those days, since a person said that it goes on
	Warn       bool                // too many complained, and not yet so many that it stops
	Pace       surveys.Pace
	Paces      []surveys.ReceiverPace // beside Streams
}

// Going reads how a workspace's mail goes.
func (m *Sending) Going(ctx context.Context, ws surveys.WorkspaceID) (Going, error) {
	now := m.Store.Now()
	stored, err := m.Store.Streams(ctx, ws)
	days, failed := m.Store.StreamDays(ctx, ws, surveys.FirstStreamDay(now))
	pace, unread := m.Store.Pace(ctx, ws)
	paces, unknown := m.Store.ReceiverPaces(ctx, ws)
	if err := errors.Join(err, failed, unread, unknown); err != nil {
		return Going{}, err
	}
	g := Going{Pace: pace, Paces: paces, Guard: surveys.Stream{WorkspaceID: ws, Receiver: surveys.AllAtOnce}}
	for _, receiver := range surveys.Receivers() {
		g.Streams = append(g.Streams, surveys.Stream{WorkspaceID: ws, Receiver: receiver})
		g.Week = append(g.Week, sumOf(days, receiver))
	}
	for _, s := range stored {
		at := slices.IndexFunc(g.Streams, func(group surveys.Stream) bool { return group.Receiver == s.Receiver })
		switch {
		case at >= 0:
			g.Streams[at] = s
		case s.Receiver == surveys.AllAtOnce:
			g.Guard = s
		case s.Troubled(now):
			g.Domains = append(g.Domains, s)
		}
	}
	g.Complained, g.Warn, _ = surveys.Complained(days, g.Guard, now)
	g.Warn = g.Warn && g.Guard.Cause == ""
	return g, nil
}

// sumOf adds up the days of a group of receivers, or of all.
func sumOf(days []surveys.StreamDay, receiver surveys.Receiver) (sum surveys.StreamSum) {
	for _, d := range days {
		if d.Receiver == receiver || receiver == surveys.AllAtOnce {
			sum = sum.Plus(d.StreamSum)
		}
	}
	return sum
}

// Troubles lists the streams of a workspace that somebody should look at.
func (m *Sending) Troubles(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.Stream, error) {
	stored, err := m.Store.Streams(ctx, ws)
	now := m.Store.Now()
	return slices.DeleteFunc(stored, func(s surveys.Stream) bool { return !s.Troubled(now) }), err
}

// GoOn lets a stream flow again, as a person said, and makes the letters due that
// waited for it. It is NotFound when the stream flows.
func (m *Sending) GoOn(ctx context.Context, ws surveys.WorkspaceID, receiver surveys.Receiver) error {
	return m.Store.InTx(ctx, func(tx *store.Tx) error {
		s, err := tx.LockStream(ctx, ws, receiver)
		if err != nil {
			return err
		}
		if s.Cause == "" {
			return surveys.Fail(surveys.NotFound, "not_found")
		}
		now := tx.Now()
		s = s.Flow(now)
		today, err := tx.StreamDays(ctx, ws, surveys.StreamDayOf(now))
		if err != nil {
			return err
		}
		if group := slices.Contains(surveys.Receivers(), receiver); group || receiver == surveys.AllAtOnce {
			s = s.Resume(sumOf(today, receiver), now)
		}
		if err := tx.SaveStream(ctx, s); err != nil {
			return err
		}
		return tx.HurryLetters(ctx, ws, []surveys.Problem{surveys.StreamRests(receiver), surveys.StreamSlow(receiver)})
	})
}

// SavePace checks and stores how fast a workspace mails. Letters that waited for
// the plan of a warming-up are due when it ends.
func (m *Sending) SavePace(ctx context.Context, pace surveys.Pace) error {
	pace, err := pace.Check()
	if err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(tx *store.Tx) error {
		pace.UpdatedAt = tx.Now()
		if err := tx.SavePace(ctx, pace); err != nil || pace.WarmUpSince != nil {
			return err
		}
		var waited []surveys.Problem
		for _, receiver := range surveys.Receivers() {
			waited = append(waited, surveys.StreamWarms(receiver))
		}
		return tx.HurryLetters(ctx, pace.WorkspaceID, waited)
	})
}

// SaveReceiverPaces checks and stores how many letters a minute groups of receivers
// get of a workspace; 0 for what is usual. Letters to a group whose pace changes,
// and that wait for a place, are due to get another.
func (m *Sending) SaveReceiverPaces(ctx context.Context, ws surveys.WorkspaceID, perMinute map[surveys.Receiver]int) error {
	if err := surveys.CheckReceiverPaces(perMinute); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(tx *store.Tx) error {
		stored, err := tx.ReceiverPaces(ctx, ws)
		if err != nil {
			return err
		}
		var changed []surveys.Problem
		for _, pace := range stored {
			n, said := perMinute[pace.Receiver]
			if !said || n == pace.PerMinute {
				continue
			}
			pace.PerMinute, pace.FreeAt = n, tx.Now()
			if err := tx.SaveReceiverPace(ctx, pace); err != nil {
				return err
			}
			changed = append(changed, surveys.StreamPaced(pace.Receiver))
		}
		if len(changed) == 0 {
			return nil
		}
		return tx.HurryLetters(ctx, ws, changed)
	})
}
