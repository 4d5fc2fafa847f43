package office

import (
	"context"
	"net/http"
	"strings"
	"testing"

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
	p.says("#asked", "not known how many were asked")
	p.has("#asked .funnel", 0)
}

// TestReportSaysWhoWasAsked: the steps, and why some were not sent.
func TestReportSaysWhoWasAsked(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(40, 2, "pro", 10, 9, 3)...)
	for range 10 {
		x.invite(survey, 20, surveys.InvitationClaimed, surveys.InvitationSending, surveys.InvitationSent)
	}
	for range 2 {
		x.invite(survey, 20, surveys.InvitationSuppressed)
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
	p.says("#asked", "Of the 40 answers above, 0 came by mail.")
	q := x.as(surveys.Viewer).get("/surveys/" + survey.ID + "?segment=channel:link").want(http.StatusOK)
	q.has("#asked .funnel", 0)
	x.as(surveys.Viewer).get("/surveys/"+survey.ID+"?segment=plan:gold").says("#asked", "No invitation was sent in this period to anybody who passes the filters.")
}

// TestReportFollowsItsLetters: handed over, taken, not come back, answered, and
// who complained; under filters nobody can tell.
func TestReportFollowsItsLetters(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
		x.answers(survey, many(40, 2, "pro", 10, 9, 3)...)
		out := []surveys.InvitationState{surveys.InvitationClaimed, surveys.InvitationSending}
		var complains surveys.Person
		for n := range 10 {
			i := x.invite(survey, 20, append(out, surveys.InvitationSent)...)
			if n < 2 {
				i.State = surveys.InvitationBounced
				storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
					return tx.MoveInvitation(ctx, i, surveys.InvitationSent)
				})
			}
			complains = surveys.Person{ID: i.PersonID, Email: i.Email}
		}
		x.invite(survey, 20, append(out, surveys.InvitationFailed)...)
		x.complain(complains)
		if err := flow.CountInvitations(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		p := x.as(surveys.Viewer).get("/surveys/" + survey.ID).want(http.StatusOK)
		for i, want := range []string{"Handed to the mail server 11", "Taken by the mail server 10", "Did not come back 8", "Answered 0"} {
			line := strings.Join(strings.Fields(p.Find("#asked .funnel li").Eq(i+1).Text()), " ")
			if !strings.HasPrefix(strings.ReplaceAll(line, " ", ""), strings.ReplaceAll(want, " ", "")) {
				t.Errorf("line %d says %q, want %s", i+1, line, want)
			}
		}
		p.says("#asked .asked-says", "1 person called a mail spam: 10% (between 1.8% and 40%)")
		q := x.as(surveys.Viewer).get("/surveys/" + survey.ID + "?segment=plan:pro").want(http.StatusOK)
		if strings.Contains(q.Find("#asked").Text(), "spam") {
			t.Error("complaints are told under a filter, though nobody counts them so")
		}
	})
}

// invite makes an invitation of so many days ago and moves it through states.
func (x *team) invite(survey surveys.Survey, days int, states ...surveys.InvitationState) surveys.Invitation {
	x.t.Helper()
	i := storetest.Invitation(x.t, x.store, survey, storetest.Person(x.t, x.store, x.w.ID))
	i.SendAt = x.store.Now().AddDate(0, 0, -days)
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error {
		for _, to := range states {
			from := i.State
			if i.State = to; to == surveys.InvitationSent {
				i.SentAt = &i.SendAt
			}
			if err := tx.MoveInvitation(ctx, i, from); err != nil {
				return err
			}
		}
		return nil
	})
	return i
}

// TestAskedLeadsToItsAnswers: behind how many answered stand exactly those, also
// where others answered the same days, or the answer came after the period.
func TestAskedLeadsToItsAnswers(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
		x.answers(survey, many(40, 2, "pro", 10, 9, 3)...)
		for n := range 30 {
			i := x.invite(survey, 20+n%3*20, surveys.InvitationClaimed, surveys.InvitationSending, surveys.InvitationSent)
			if n%5 > 1 {
				continue
			}
			r := storetest.Response(t, x.store, survey, 9)
			r.InvitationID, r.PersonID, r.Channel = i.ID, i.PersonID, surveys.ChannelMail
			storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Take(ctx, store.Submission{Response: r})
				return err
			})
		}
		if err := flow.CountInvitations(context.Background(), x.store); err != nil {
			t.Fatal(err)
		}
		m := x.as(surveys.Viewer)
		for _, days := range []string{"30", "90"} {
			p := m.get("/surveys/" + survey.ID + "?range=" + days).want(http.StatusOK)
			answered := p.Find(`#asked .funnel a`)
			list := m.get(answered.AttrOr("href", "")).want(http.StatusOK)
			if want := strings.TrimSpace(answered.Text()); !strings.HasPrefix(list.Find("h1").Text(), want+" answers") {
				t.Errorf("%s days: %s answered, and the list is of %q", days, want, list.Find("h1").Text())
			}
			for _, number := range []string{"#asked table td a", `#asked .asked-says a[href*="channel%3Amail"]`} {
				link := p.Find(number).First()
				m.get(link.AttrOr("href", "")).want(http.StatusOK).says("h1", strings.TrimSpace(link.Text())+" answers")
			}
			list.says(".chip", "answers to mails sent")
			m.get(list.Find("a.chip").AttrOr("href", "")).want(http.StatusOK).has(".chip", 0)
		}
		m.get("/responses?survey=" + survey.ID + "&invited=2026-02-30..x").want(http.StatusUnprocessableEntity)
	})
}
