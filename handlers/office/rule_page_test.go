package office

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// decided stores events of the rule that came out in some ways; those that ask
// have an invitation in a state.
func (x *team) decided(rule surveys.Rule, state surveys.InvitationState, outcomes ...surveys.Outcome) []surveys.Person {
	x.t.Helper()
	var people []surveys.Person
	for _, outcome := range outcomes {
		p := storetest.Person(x.t, x.store, x.w.ID)
		people = append(people, p)
		e, d := storetest.Event(x.t, x.store, p), surveys.Decision{RuleID: rule.ID, RuleName: rule.Name, SurveyID: rule.SurveyID, Outcome: outcome}
		invitation := storetest.ID(x.t, x.store)
		storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error {
			if outcome.Asks() {
				at := x.store.Now()
				d.SendAt, d.InvitationID = &at, invitation
				if err := tx.CreateInvitation(ctx, surveys.Invitation{WorkspaceID: x.w.ID, ID: invitation, SurveyID: rule.SurveyID, RuleID: rule.ID, EventID: e.ID, PersonID: p.ID,
					Email: p.Email, State: state, SendAt: at, ExpiresAt: at.Add(surveys.AnswerWindow), CreatedAt: at}); err != nil {
					return err
				}
			}
			return tx.CreateDecisions(ctx, e, []surveys.Decision{d})
		})
	}
	return people
}

func TestRulePageShowsWhatBecameOfItsEvents(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		rule := storetest.Rule(t, s, survey)
		m := x.as(surveys.Viewer)
		at := "/asking/" + rule.ID
		p := m.get(at).want(http.StatusOK)
		p.says(".empty h2", "Nothing has set this rule off yet")
		p.has(`a[href$="/edit"]`, 0)
		x.decided(rule, surveys.InvitationSent, surveys.Scheduled, surveys.Deferred)
		x.decided(rule, surveys.InvitationFailed, surveys.Scheduled)
		capped := x.decided(rule, "", surveys.Capped)[0]
		x.decided(rule, "", surveys.NotMatched, surveys.NotMatched, surveys.NoAddress, surveys.SampledOut, surveys.Withdrew)

		p = m.get(at).want(http.StatusOK)
		want := []struct {
			name, n, outcome string
		}{{"Events", "8", "events"}, {"The condition was true", "6", "matched"}, {"May be mailed", "5", "mailable"}, {"Not left out by lot", "4", "drawn"}, {"Asked", "3", "asked"}, {"Handed to the mail server", "3", "handed"}, {"Taken by the mail server", "2", "accepted"}, {"Answered", "0", "answered"}}
		p.has(".fates .step", len(want))
		for i, w := range want {
			step := p.Find(".fates .step").Eq(i)
			if got := strings.Join(strings.Fields(step.Text()), " "); !strings.HasPrefix(got, w.name+w.n+" ") {
				t.Errorf("step %d says %q, want %s %s", i, got, w.name, w.n)
			}
			if link := step.Find("a"); w.n != "0" && link.AttrOr("href", "") != at+"/events?outcome="+w.outcome {
				t.Errorf("%s leads to %q", w.name, link.AttrOr("href", ""))
			}
			if w.n != "0" {
				m.get(at+"/events?outcome="+w.outcome).want(http.StatusOK).has("tbody tr", int(w.n[0]-'0'))
			}
		}
		p.has(".fates ul li", 5)
		p.Find(".fates ul a").Each(func(_ int, link *goquery.Selection) {
			listed := m.get(link.AttrOr("href", "")).want(http.StatusOK).Find("tbody tr").Length()
			if link.Text() != string(rune('0'+listed)) {
				t.Errorf("%s leads to %d events behind %s", link.AttrOr("href", ""), listed, link.Text())
			}
		})
		list := m.get(at + "/events?outcome=capped").want(http.StatusOK)
		list.says("h1", "Asked too recently")
		if got := list.Find(`tbody a`).AttrOr("href", ""); got != "/people/"+capped.ID {
			t.Errorf("the one leads to %q", got)
		}
		m.get(at+"/events").want(http.StatusOK).has("tbody tr", 8)
		m.get(at+"/events?outcome=expired").says(".empty h2", "Nobody")
		m.get(at + "/events?outcome=moon").want(http.StatusNotFound)
		csv := m.get(at + "/chart/fates.csv").want(http.StatusOK).Text()
		if !contains(csv, "step,reason,n,share", "matched,,6,75", "mailable,,5", "handed,failed,1") {
			t.Errorf("the file says %s", csv)
		}
		m.get(at + "/chart/fates.svg").want(http.StatusOK)
		m.get(at + "/chart/moon.svg").want(http.StatusNotFound)
		stranger := x.in(storetest.Workspace(t, s), surveys.Owner)
		for _, path := range []string{at, at + "/events", at + "/chart/fates.csv", at + "/edit"} {
			stranger.get(path).want(http.StatusNotFound)
		}
	})
}

// TestRuleFunnelNamesTheLimit tells apart which limit kept people from being asked,
// and leads to the events of each.
func TestRuleFunnelNamesTheLimit(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		rule := storetest.Rule(t, s, storetest.Survey(t, s, x.w.ID, surveys.NPS))
		for _, problem := range []surveys.Problem{{Code: "cap_by_floor"}, {Code: "cap_by_rule", Args: map[string]any{"days": 14}}, {Code: "cap_by_rule", Args: map[string]any{"days": 14}}} {
			e := storetest.Event(t, s, storetest.Person(t, s, x.w.ID))
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				return tx.CreateDecisions(ctx, e, []surveys.Decision{{RuleID: rule.ID, SurveyID: rule.SurveyID, Outcome: surveys.Capped, Detail: problem.String()}})
			})
		}
		m := x.as(surveys.Viewer)
		reasons := m.get("/asking/" + rule.ID).want(http.StatusOK).Find(".fates ul li")
		for i, want := range []struct {
			says string
			n    int
		}{{"this rule asks nobody who was asked anything within 14 days", 2}, {"nobody is asked twice within 24 hours", 1}} {
			reason := reasons.Eq(i)
			if !strings.Contains(reason.Text(), "Asked too recently: "+want.says) {
				t.Errorf("reason %d is %q", i, reason.Text())
			}
			list := m.get(reason.Find("a").AttrOr("href", "")).want(http.StatusOK)
			list.says("h1", want.says)
			list.has("tbody tr", want.n)
		}
		m.get("/asking/"+rule.ID+"/events?outcome=capped&detail=moon%3F").want(http.StatusOK).says(".empty h2", "Nobody")
	})
}
