package office

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestTeamStopsAskingAndTakesItBack(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		person := storetest.Person(t, s, x.w.ID)
		at, agent := "/people/"+person.ID, x.as(surveys.Agent)
		x.as(surveys.Viewer).get(at).want(http.StatusOK).has(`form[action="`+at+`/stop"]`, 0)
		x.as(surveys.Viewer).post(at+"/stop", url.Values{}).want(http.StatusForbidden)
		agent.get(at).want(http.StatusOK).has(`form[action="`+at+`/stop"] button`, 1)
		agent.post(at+"/stop", url.Values{}).seesOther(at)
		p := agent.get(at).want(http.StatusOK)
		p.says("main", "Your team stopped asking this person")
		p.has(`form[action="`+at+`/stop"]`, 0)
		agent.post(at+"/resume", url.Values{}).seesOther(at)
		agent.get(at).want(http.StatusOK).has(`form[action="`+at+`/stop"]`, 1)
		agent.post("/people/nobody/stop", url.Values{}).want(http.StatusNotFound)
	})
}

// What the person said stands, whatever the team presses.
func TestTeamCannotLiftAnUnsubscribe(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	person := storetest.Person(t, x.store, x.w.ID)
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
		return tx.Suppress(ctx, x.w, person.Email, surveys.SuppressedUnsubscribed)
	})
	at, agent := "/people/"+person.ID, x.as(surveys.Agent)
	agent.get(at).want(http.StatusOK).has(`form[action^="`+at+`/"]`, 0)
	agent.post(at+"/resume", url.Values{}).seesOther(at)
	agent.get(at).want(http.StatusOK).says("main", "asked not to be asked")
}

func TestOfficeSaysThatNoMailIsSent(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	person := storetest.Person(t, x.store, x.w.ID)
	m := x.as(surveys.Manager)
	for _, address := range []string{"/asking", "/settings", "/people/" + person.ID} {
		x.site.Mail = web.MailSent
		m.get(address).want(http.StatusOK).has(".note.warning", 0)
		x.site.Mail = web.MailWaits
		m.get(address).want(http.StatusOK).says(".note.warning", "HARK_SMTP is not set")
	}
}

func TestProblemsAreWordedByWhoSaidThem(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	h := history{visit: visit{site: x.site, l: x.site.Catalogue.Match("en")}}
	for _, c := range []struct {
		name, problem string
		state         surveys.InvitationState
		want          string
	}{
		{"the server's words", "550 5.1.1 no such user", surveys.InvitationFailed, "The mail server said: 550 5.1.1 no such user"},
		{"no server, waiting", "connect to mx:25: refused", surveys.InvitationScheduled, "No mail server has answered yet; it is tried again: connect to mx:25: refused"},
		{"no server, given up", "connect to mx:25: refused", surveys.InvitationFailed, "It could not be handed to a mail server: connect to mx:25: refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := h.problem(surveys.Invitation{Problem: c.problem, State: c.state}); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestCappedIsToldInItsTense(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	now := x.site.Now()
	h := history{visit: visit{site: x.site, l: x.site.Catalogue.Match("en")}}
	h.w.Zone = time.UTC
	event := surveys.Event{ID: "e", ReceivedAt: now.Add(-time.Hour)}
	ahead, past := now.Add(24*time.Hour), now.Add(-time.Minute)
	for _, c := range []struct {
		name   string
		until  time.Time
		sendAt time.Time
		want   string
	}{
		{"asked before, may be asked later", ahead, time.Time{}, "The person was asked a short while ago"},
		{"asked before, could be asked since", past, time.Time{}, "The person had been asked a short while before"},
		{"only scheduled", ahead, now.Add(time.Hour), "The person is to be asked on"},
		{"was scheduled then", ahead, past, "Another invitation was already set for"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := h
			if !c.sendAt.IsZero() {
				h.invitations = []surveys.Invitation{{ID: "i", EventID: "other", CreatedAt: now.Add(-2 * time.Hour), SendAt: c.sendAt}}
			}
			got := h.decision(event, surveys.Decision{Outcome: surveys.Capped, Until: &c.until})
			if len(got) < len(c.want) || got[:len(c.want)] != c.want {
				t.Errorf("%q, want %q…", got, c.want)
			}
		})
	}
}

func TestNewRuleNeedsASurvey(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	p := m.get("/asking/new").want(http.StatusOK)
	p.has(`.empty a[href="/surveys/new"]`, 1)
	p.has(`select[name="survey_id"]`, 0)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	if got := m.get("/asking/new").want(http.StatusOK).value("survey_id"); got != survey.ID {
		t.Errorf("%q is chosen, want the only survey", got)
	}
	storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	if got := m.get("/asking/new").want(http.StatusOK).value("survey_id"); got != "" {
		t.Errorf("%q is chosen out of two", got)
	}
}
