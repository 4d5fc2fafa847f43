package store_test

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// turn is that of the world's person under its rule.
func (a world) turn() surveys.Turn {
	return surveys.Turn{WorkspaceID: a.w.ID, RuleID: a.rule.ID, PersonID: a.person.ID, DueAt: a.w.CreatedAt}
}

// turnAttempts are the attempts on whose turn it is, and on what a condition
// looks up of the past.
func turnAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	never := time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	stolen := func(b w, a world) surveys.Turn {
		t := a.turn()
		t.WorkspaceID, t.DueAt = b.ID, never
		return t
	}
	later := func(a world) store.Moment {
		return store.Moment{PersonID: a.person.ID, Event: surveys.Event{ID: a.answer.ID, Type: "another", OccurredAt: never}, At: never}
	}
	return map[string]attempt{
		"TurnsWaiting": func(c c, x *tx, b w, a world) (any, error) {
			n, _, _, err := x.TurnsWaiting(c, b.ID, a.rule.ID, never)
			return n, err
		},
		"PersonTurns": func(c c, x *tx, b w, a world) (any, error) { return x.PersonTurns(c, b.ID, a.person.ID) },
		"DueTurns":    func(c c, x *tx, b w, a world) (any, error) { return x.DueTurns(c, b.ID, a.rule.ID, never, 9) },
		"GiveTurns": func(c c, x *tx, b w, a world) (any, error) {
			return nothing2(x.GiveTurns(c, []surveys.Turn{stolen(b, a)}))
		},
		"MoveTurn":    func(c c, x *tx, b w, a world) (any, error) { return nothing(x.MoveTurn(c, stolen(b, a))) },
		"DropTurn":    func(c c, x *tx, b w, a world) (any, error) { return nothing(x.DropTurn(c, stolen(b, a))) },
		"DropTurns":   func(c c, x *tx, b w, a world) (any, error) { return x.DropTurns(c, b.ID, a.rule.ID, time.Time{}) },
		"TurnAnew":    func(c c, x *tx, b w, a world) (any, error) { return nothing(x.TurnAnew(c, b.ID, a.rule.ID)) },
		"TurnNew":     func(c c, x *tx, b w, a world) (any, error) { return x.TurnNew(c, b.ID, a.rule.ID, 9) },
		"LockMailbox": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.LockMailbox(c, b.ID, a.person.Email)) },
		"LockPerson":  func(c c, x *tx, b w, a world) (any, error) { return x.LockPerson(c, b.ID, a.person.ID) },
		"Met": func(c c, x *tx, b w, a world) (any, error) {
			b.Secret = a.w.Secret // even if the secrets were the same
			met, err := x.Met(c, b, []surveys.Person{{Email: a.person.Email}}, a.rule)
			if len(met) == 1 && met[0] == (store.Met{Email: a.person.Email}) {
				return nil, err // what the stranger said themselves
			}
			return met, err
		},
		"LeftTo": func(c c, x *tx, b w, a world) (any, error) {
			return x.LeftTo(c, b.ID, []surveys.Person{a.person}, time.Time{})
		},
		"PastAsks":    func(c c, x *tx, b w, a world) (any, error) { return x.PastAsks(c, b.ID, later(a), "") },
		"PastAnswers": func(c c, x *tx, b w, a world) (any, error) { return x.PastAnswers(c, b.ID, later(a), "") },
		"LatestEvent": func(c c, x *tx, b w, a world) (any, error) { return x.LatestEvent(c, b.ID, later(a), a.event.Type) },
		"CountEvents": func(c c, x *tx, b w, a world) (any, error) {
			counts, err := x.CountEvents(c, b.ID, later(a), []string{a.event.Type})
			return counts[a.event.Type], err
		},
		"JobWaits": func(c c, x *tx, b w, a world) (any, error) { return x.JobWaits(c, b.ID, "recount") },
	}
}
