package store_test

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// streams gives the world a stream that rests, letters counted on a day, and a
// pace.
func (a world) streams(ctx context.Context, tx *store.Tx) error {
	now := tx.Now()
	if err := tx.SaveStream(ctx, surveys.Stream{WorkspaceID: a.w.ID, Receiver: surveys.Gmail}.Rest(surveys.StreamPolicy, "550 5.7.26 no", 0, now)); err != nil {
		return err
	}
	if err := tx.AddStreamDays(ctx, a.w.ID, []surveys.StreamDay{a.streamDay(9)}); err != nil {
		return err
	}
	if err := tx.SaveReceiverPace(ctx, surveys.ReceiverPace{WorkspaceID: a.w.ID, Receiver: surveys.Gmail, PerMinute: 7, FreeAt: now.Add(time.Hour)}); err != nil {
		return err
	}
	return tx.SavePace(ctx, surveys.Pace{WorkspaceID: a.w.ID, PerSecond: 5, WarmUpSince: &now, Unresolved: surveys.ResendNever, UpdatedAt: now})
}

func (a world) streamDay(sent int) surveys.StreamDay {
	return surveys.StreamDay{WorkspaceID: a.w.ID, Receiver: surveys.Gmail, Day: surveys.StreamDayOf(a.w.CreatedAt), StreamSum: surveys.StreamSum{Tried: sent, Sent: sent}}
}

// streamAttempts are the attempts on how a workspace's mail fares, and on its
// pace.
func streamAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	return map[string]attempt{
		"Streams": func(c c, x *tx, b w, a world) (any, error) { return x.Streams(c, b.ID) },
		"LockStream": func(c c, x *tx, b w, a world) (any, error) {
			s, err := x.LockStream(c, b.ID, surveys.Gmail)
			return s.Cause, err
		},
		"SaveStream": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.SaveStream(c, surveys.Stream{WorkspaceID: b.ID, Receiver: surveys.Gmail, UpdatedAt: x.Now()}))
		},
		"StreamDays": func(c c, x *tx, b w, a world) (any, error) { return x.StreamDays(c, b.ID, 0) },
		"AddStreamDays": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.AddStreamDays(c, b.ID, []surveys.StreamDay{a.streamDay(1)}))
		},
		"GiveOut": func(c c, x *tx, b w, a world) (any, error) {
			day := a.streamDay(0)
			day.WorkspaceID = b.ID
			got, err := x.GiveOut(c, day, 9, 9)
			return got != 9, err // nothing of another's is tried here
		},
		"Pace": func(c c, x *tx, b w, a world) (any, error) {
			p, err := x.Pace(c, b.ID)
			return p.PerSecond, err
		},
		"SavePace": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.SavePace(c, surveys.Pace{WorkspaceID: b.ID, UpdatedAt: x.Now()}))
		},
		"ReceiverPaces": func(c c, x *tx, b w, a world) (any, error) {
			paces, err := x.ReceiverPaces(c, b.ID)
			return paces[0].PerMinute, err
		},
		"SaveReceiverPace": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.SaveReceiverPace(c, surveys.ReceiverPace{WorkspaceID: b.ID, Receiver: surveys.Gmail, FreeAt: x.Now()}))
		},
		"TakePlaces": func(c c, x *tx, b w, a world) (any, error) {
			from, _, err := x.TakePlaces(c, b.ID, surveys.Gmail, 1)
			return from.After(x.Now()), err // no place of another's is taken here
		},
		"HurryLetters": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.HurryLetters(c, b.ID, []surveys.Problem{{}}))
		},
	}
}
