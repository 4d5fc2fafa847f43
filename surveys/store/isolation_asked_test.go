package store_test

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// askedAttempts are the attempts on who was asked and what became of it.
func askedAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	never := time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	return map[string]attempt{
		"Asked": func(c c, x *tx, b w, a world) (any, error) {
			return x.Asked(c, b.ID, store.AskedFilter{SurveyID: a.survey.ID, Keys: []string{"", "plan"}, To: 1 << 30})
		},
		"AskedBySurvey": func(c c, x *tx, b w, a world) (any, error) {
			return x.AskedBySurvey(c, b.ID, []string{a.survey.ID}, 0, 1<<30)
		},
		"AskedComplaints": func(c c, x *tx, b w, a world) (any, error) {
			return x.AskedComplaints(c, b.ID, store.AskedFilter{SurveyID: a.survey.ID, To: 1 << 30})
		},
		"FirstInvited": func(c c, x *tx, b w, a world) (any, error) {
			_, found, err := x.FirstInvited(c, b.ID, a.survey.ID)
			return found, err
		},
		"AnswerDelays": func(c c, x *tx, b w, a world) (any, error) {
			return x.AnswerDelays(c, b.ID, a.survey.ID, never, 9)
		},
		"EventsByID":           func(c c, x *tx, b w, a world) (any, error) { return x.EventsByID(c, b.ID, []string{a.event.ID}) },
		"UncountedInvitations": func(c c, x *tx, b w, a world) (any, error) { return x.UncountedInvitations(c, b.ID, "", 9) },
		"CountInvitations": func(c c, x *tx, b w, a world) (any, error) {
			uncounted, err := x.UncountedInvitations(c, a.w.ID, "", 1)
			if err != nil {
				return nil, err
			}
			return nothing(x.CountInvitations(c, b, map[string]map[string]string{uncounted[0].ID: {"plan": "stolen"}, a.invitation.ID: nil}))
		},
		"MoveInvitationDays": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.MoveInvitationDays(c, b.ID, func(time.Time) int { return 1 }))
		},
		"Overview": func(c c, x *tx, b w, a world) (any, error) {
			return x.Overview(c, b.ID, store.OverviewFilter{Surveys: []string{a.survey.ID}, To: 1 << 30})
		},
		"RebuildInvitations": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.RebuildInvitations(c, b.ID)) },
		"RecountInvitations": func(c c, x *tx, b w, a world) (any, error) { return x.RecountInvitations(c, b.ID) },
	}
}
