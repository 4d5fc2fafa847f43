package store_test

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// ruleAttempts are the attempts on what became of a rule's events, and on what
// a trial goes through.
func ruleAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	everybody := func(string) bool { return true }
	return map[string]attempt{
		"RuleCounts": func(c c, x *tx, b w, a world) (any, error) {
			counts, err := x.RuleCounts(c, b.ID, a.rule.ID, time.Time{})
			return int64(len(counts.Outcomes)) + counts.Asked.Invited, err
		},
		"RuleEvents": func(c c, x *tx, b w, a world) (any, error) {
			return x.RuleEvents(c, b.ID, store.RuleEventFilter{RuleID: a.rule.ID, Limit: 9})
		},
		"PlannedLetters": func(c c, x *tx, b w, a world) (any, error) { return x.PlannedLetters(c, b.ID, a.invitation.RuleID) },
		"TakeBack": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.TakeBack(c, b.ID, []string{a.invitation.ID}, surveys.WithArchivedRule()))
		},
		"CountEventsOf": func(c c, x *tx, b w, a world) (any, error) {
			return x.CountEventsOf(c, b.ID, a.event.Type, time.Time{})
		},
		"EventsOf": func(c c, x *tx, b w, a world) (any, error) {
			return x.EventsOf(c, b.ID, a.event.Type, time.Time{}, everybody)
		},
		"PeopleIDs":   func(c c, x *tx, b w, a world) (any, error) { return x.PeopleIDs(c, b.ID, everybody) },
		"CountPeople": func(c c, x *tx, b w, a world) (any, error) { return x.CountPeople(c, b.ID) },
		"AsksOf": func(c c, x *tx, b w, a world) (any, error) {
			return x.AsksOf(c, b.ID, []string{a.person.ID}, time.Time{})
		},
		"SuppressionsOf": func(c c, x *tx, b w, a world) (any, error) {
			b.Secret = a.w.Secret // even if the secrets were the same
			return x.SuppressionsOf(c, b, a.survey.ID, []string{a.person.Email})
		},
		"EventsOfPeople": func(c c, x *tx, b w, a world) (any, error) {
			return x.EventsOfPeople(c, b.ID, []string{a.person.ID}, time.Time{}, []string{a.event.Type})
		},
	}
}
