package store_test

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// exitFlow is a cancellation flow, and leaving a way through it.
func (a world) exitFlow() surveys.CancelFlow {
	return surveys.CancelFlow{WorkspaceID: a.w.ID, ID: a.rule.ID, Key: "exitflow", Name: "Leaving", Status: surveys.SurveyActive, CreatedAt: a.w.CreatedAt, UpdatedAt: a.w.CreatedAt}
}

func (a world) leaving() surveys.Cancellation {
	return surveys.Cancellation{
		WorkspaceID: a.w.ID, ID: a.survey.ID, FlowID: a.exitFlow().ID, PersonID: a.person.ID, Reason: "unused", Comment: "too much coffee", StartedAt: a.w.CreatedAt, UpdatedAt: a.w.CreatedAt,
	}
}

const leavingVisit = "visit-of-the-world-01"

// cancelAttempts are the attempts on cancellation flows and what came of them.
func cancelAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	never := time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	flow := func(b w, a world) surveys.CancelFlow {
		f := a.exitFlow()
		f.WorkspaceID = b.ID
		return f
	}
	leaving := func(b w, a world) surveys.Cancellation {
		l := a.leaving()
		l.WorkspaceID = b.ID
		return l
	}
	return map[string]attempt{
		"CancelFlow":       func(c c, x *tx, b w, a world) (any, error) { return x.CancelFlow(c, b.ID, a.exitFlow().ID) },
		"CancelFlowByKey":  func(c c, x *tx, b w, a world) (any, error) { return x.CancelFlowByKey(c, b.ID, a.exitFlow().Key) },
		"CancelFlows":      func(c c, x *tx, b w, _ world) (any, error) { return x.CancelFlows(c, b.ID) },
		"CreateCancelFlow": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.CreateCancelFlow(c, flow(b, a))) },
		"UpdateCancelFlow": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.UpdateCancelFlow(c, flow(b, a))) },
		"BeginCancellation": func(c c, x *tx, b w, a world) (any, error) {
			return x.BeginCancellation(c, leaving(b, a), leavingVisit)
		},
		"AddCancellation":    func(c c, x *tx, b w, a world) (any, error) { return nothing(x.AddCancellation(c, leaving(b, a))) },
		"UpdateCancellation": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.UpdateCancellation(c, leaving(b, a))) },
		"CancellationOfVisit": func(c c, x *tx, b w, a world) (any, error) {
			return x.CancellationOfVisit(c, b.ID, a.exitFlow().ID, leavingVisit)
		},
		"LockCancellation": func(c c, x *tx, b w, a world) (any, error) { return x.LockCancellation(c, b.ID, a.leaving().ID) },
		"LockSubscriptions": func(c c, x *tx, b w, a world) (any, error) {
			list, events, err := x.LockSubscriptions(c, b.ID, a.person.ID)
			return len(list) + len(events), err
		},
		"DeleteCancellation": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.DeleteCancellation(c, b.ID, a.leaving().ID))
		},
		"PastCancellation": func(c c, x *tx, b w, a world) (any, error) {
			return x.PastCancellation(c, b.ID, store.Moment{PersonID: a.person.ID, At: never})
		},
		"CountCancellations":  func(c c, x *tx, b w, a world) (any, error) { return x.CountCancellations(c, b.ID, time.Time{}, never) },
		"PersonCancellations": func(c c, x *tx, b w, a world) (any, error) { return x.PersonCancellations(c, b.ID, a.person.ID, 9) },
		"PersonPageAsks":      func(c c, x *tx, b w, a world) (any, error) { return x.PersonPageAsks(c, b.ID, a.person.ID, 9) },
		"Cancellations": func(c c, x *tx, b w, a world) (any, error) {
			return x.Cancellations(c, b.ID, store.CancellationFilter{FlowID: a.exitFlow().ID, To: never})
		},
	}
}
