package office

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestReportOfALinkSurveyAsksNobody: a calm line instead of an empty funnel.
func TestReportOfALinkSurveyAsksNobody(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(40, 2, "pro", 10, 9, 3)...)
	p := x.as(surveys.Viewer).get("/surveys/" + survey.ID).want(http.StatusOK)
	p.says("#asked", "people answer through its link")
	p.has("#asked .funnel", 0)
}

// TestReportSaysWhoWasAsked: the steps, and why some were not sent.
func TestReportSaysWhoWasAsked(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(40, 2, "pro", 10, 9, 3)...)
	for n := range 12 {
		i := storetest.Invitation(t, x.store, survey, storetest.Person(t, x.store, x.w.ID))
		at := x.store.Now().Add(-20 * 24 * time.Hour)
		i.SendAt, i.SentAt = at, &at
		moves := []surveys.InvitationState{surveys.InvitationClaimed, surveys.InvitationSending, surveys.InvitationSent}
		if n >= 10 {
			i.SentAt, moves = nil, []surveys.InvitationState{surveys.InvitationSuppressed}
		}
		storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
			for _, to := range moves {
				from := i.State
				i.State = to
				if err := tx.MoveInvitation(ctx, i, from); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := flow.CountInvitations(context.Background(), x.store); err != nil {
		t.Fatal(err)
	}
	p := x.as(surveys.Viewer).get("/surveys/" + survey.ID).want(http.StatusOK)
	p.says("#asked .funnel", "Invitations")
	p.has("#asked .funnel li", 3)
	p.says("#asked .funnel li:nth-child(2)", "10")
	p.says("#asked .asked-says", "2 unsubscribed or unreachable before")
	p.says("#asked .asked-says", "0% of those who got a mail answered")
	p.says("#asked", "day on which the mail was sent")
	q := x.as(surveys.Viewer).get("/surveys/" + survey.ID + "?segment=channel:link").want(http.StatusOK)
	q.has("#asked .funnel", 0)
}
