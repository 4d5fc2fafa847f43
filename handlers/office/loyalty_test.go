package office

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// shop is a team with subscribers, some of whom leave the more easily the lower
// they score. Today is 2 March 2026.
func (x *team) shop(n int) surveys.Survey {
	x.t.Helper()
	survey := storetest.Survey(x.t, x.store, x.w.ID, surveys.NPS)
	var answers []answer
	people := make([]surveys.Person, n)
	for i := range people {
		people[i] = storetest.Person(x.t, x.store, x.w.ID)
	}
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error {
		for i, person := range people {
			score, start := []int{3, 8, 10}[i%3], 500+i%60
			happened := []surveys.Event{x.event(person, "subscription_started", start, 20), x.event(person, "order_completed", start-i%50, float64(10+i%7))}
			if i%2 == 0 {
				happened = append(happened, x.event(person, "club_joined", 300, nil))
			}
			if i%4 > 0 {
				answers = append(answers, answer{score: score, daysAgo: 210 + i%90, personID: person.ID})
			}
			if i%(3+3*(score/3)) == 0 {
				happened = append(happened, x.event(person, "subscription_cancelled", 10+(i*7)%160, nil))
			} else {
				happened = append(happened, x.event(person, "subscription_renewed", 5+i%40, 24.5))
			}
			for _, e := range happened {
				if err := tx.CreateEvent(ctx, e); err != nil {
					return err
				}
			}
		}
		return nil
	})
	x.answers(survey, answers...)
	plan := surveys.DefaultLoyaltyPlan(x.w.ID)
	plan.Basis, plan.Currency, plan.SurveyID = surveys.LoyaltyByContract, "GBP", survey.ID
	if _, err := flow.NewLoyalty(x.store).ChangePlan(context.Background(), plan); err != nil {
		x.t.Fatal(err)
	}
	x.compute()
	return survey
}

// event is something that happened to a person so many days ago.
func (x *team) event(p surveys.Person, kind string, ago int, amount any) surveys.Event {
	e := surveys.Event{WorkspaceID: x.w.ID, ID: storetest.ID(x.t, x.store), Type: kind, PersonID: p.ID, OccurredAt: x.store.Now().AddDate(0, 0, -ago), ReceivedAt: x.store.Now()}
	if amount != nil {
		e.Properties = map[string]any{"amount": amount, "total": amount}
	}
	return e
}

// happens stores an event of somebody new.
func (x *team) happens(kind string, amount any) {
	x.t.Helper()
	e := x.event(storetest.Person(x.t, x.store, x.w.ID), kind, 3, amount)
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.CreateEvent(ctx, e) })
}

func (x *team) compute() {
	x.t.Helper()
	if err := flow.NewLoyalty(x.store).Compute(context.Background(), x.w.ID); err != nil {
		x.t.Fatal(err)
	}
}

// listed lays people at risk over what was computed.
func (x *team) listed(n int) []surveys.Person {
	x.t.Helper()
	return x.listedOf(n, n)
}

// listedOf lists the likeliest of more people at risk.
func (x *team) listedOf(n, total int) []surveys.Person {
	x.t.Helper()
	report, _, err := flow.NewLoyalty(x.store).Report(context.Background(), x.w.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	people, risks := make([]surveys.Person, n), make([]surveys.Risk, n)
	for i := range people {
		people[i] = storetest.Person(x.t, x.store, x.w.ID)
		risks[i] = surveys.Risk{PersonID: people[i].ID, Chance: 0.9 - float64(i)/1000, Reasons: []surveys.RiskReason{
			{Feature: "silence", Value: 3.713572066704308, Usual: 2, Odds: 3}, {Feature: "score", Value: 3, Usual: 8, Odds: 2}, {Feature: "no_answer", Value: 0, Usual: 0.2, Odds: 1.2},
		}}
	}
	report.Risks = &flow.Risks{Days: 91, Listed: n, Total: total, Caveats: []loyalty.Caveat{loyalty.Association}}
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error {
		return tx.SaveLoyaltyReport(ctx, x.w.ID, report, risks)
	})
	return people
}

func TestLoyaltyPage(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := x.shop(240)
		p := x.as(surveys.Manager).get("/loyalty").want(http.StatusOK)
		p.says(".lead h1", "customers at the start of Q4 2025,")
		p.has(".lead h1 b", 1)
		p.says(".lead p", "Net churn")
		p.says(".lead p", "Q1 2026 is not over: so far")
		p.has("nav a[href='/loyalty'][aria-current=page]", 1)
		p.has(".seg a", 4)
		p.says(".seg a[aria-current]", "Quarter")
		p.has("#course .step.partial", 1)
		p.says("#course h2", "Retention by quarter")
		p.says("#rate-retention th small", "Customers at the start whose contract still ran at the end.")
		p.says("#rate-retention td.faint", " of 23")
		p.says("#rate-retention td.faint", " customers")
		p.says("#rate-participation td.faint", " members")
		p.says("#rate-redemption th small", "Rewards used by rewards given")
		p.says("#rate-churn td.now", "not over")
		p.says("#rate-retention td.now", "not over")
		p.says("#rate-net_churn td.faint", "£")
		p.has("#rate-referral", 0) // the plan knows no such event
		p.has("#rate-redemption", 1)
		p.has("#by-score .curve-keys li", 4)
		p.has(`#by-score a[href="/surveys/`+survey.ID+`"]`, 1)
		p.says("#by-score .caveats", "Association is not cause")
		p.says("#by-score .caveats", "Those who gave no score are a group of their own.")
		p.has("#by-score details.data table thead th", 5)
		p.says("#by-score", "chance")
		p.says("#stay", "More than half are still there")
		p.says("#members", "members stayed")
		p.says("#members .caveats", "Who joins a programme may have been more loyal before")
		if cells := p.Find("#cohorts td[class*='h']"); cells.Length() == 0 || strings.TrimSpace(cells.First().Text()) == "" {
			t.Error("the cohorts have no numbers")
		}
		p.has("#cohorts .area .unfinished .unseen", p.Find("#cohorts .area .unfinished").Length())
		if text := p.text("main"); strings.Contains(text, "loyalty.") || strings.Contains(text, "{") || strings.Contains(text, "NaN") {
			t.Error("a key or a placeholder is shown")
		}
	})
}

// TestLoyaltyWidthsAndRates walks every width and every rate, in both languages.
func TestLoyaltyWidthsAndRates(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	x.shop(120)
	m := x.as(surveys.Viewer)
	for _, by := range loyalty.Periods() {
		for _, rate := range loyalty.Rates() {
			for _, lang := range []string{"en", "zh-Hans"} {
				m.lang = lang
				p := m.get("/loyalty?by=" + string(by) + "&rate=" + string(rate)).want(http.StatusOK)
				if text := p.text("main"); strings.Contains(text, "loyalty.") || strings.Contains(text, "{") || strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
					t.Errorf("%s %s %s: a key, a placeholder or no number is shown", by, rate, lang)
				}
				if p.Find("#course").Length() != 1 || p.Find(".seg a[aria-current]").Length() != 1 {
					t.Errorf("%s %s: no chart", by, rate)
				}
			}
		}
	}
	m.lang = "en"
	m.get("/loyalty?by=fortnight&rate=love&since=x").want(http.StatusOK).says("#course h2", "Retention by quarter")
	p := m.get("/loyalty?by=month&rate=net_churn").want(http.StatusOK)
	p.says("#course h2", "Net churn by month")
	p.has("#course .whisker", 0)      // no share of people
	p.has("#course .step.partial", 0) // what has been lost so far is no month's loss
	p.says("#course tbody tr:last-child td", "–")
	p.has(`.seg a[href="/loyalty?by=year&rate=net_churn"]`, 1)
}

// TestLoyaltySaysNothingOfIncompleteSteps: of a year in which some events are
// missing no rate is shown.
func TestLoyaltySaysNothingOfIncompleteSteps(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	x.shop(120)
	m := x.as(surveys.Viewer)
	m.get("/loyalty?by=year").says(".lead h1", "at the start of 2025,")
	plan, err := x.store.LoyaltyPlan(context.Background(), x.w.ID)
	if err != nil {
		t.Fatal(err)
	}
	since := surveys.Day(x.store.Now().AddDate(0, 0, -200), x.w.Location())
	plan.CompleteSince = &since
	if _, err := flow.NewLoyalty(x.store).ChangePlan(context.Background(), plan); err != nil {
		t.Fatal(err)
	}
	x.compute()
	m.get("/loyalty?by=year").want(http.StatusOK).says(".lead h1", "No whole year has passed yet.")
	m.get("/loyalty?by=month").want(http.StatusOK).says(".lead h1", "at the start of February 2026,")
}

// TestNoRetentionWhereNoContractEnds: the page says what is missing, and leads to
// where it is mended.
func TestNoRetentionWhereNoContractEnds(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	x.shop(60)
	plan, err := x.store.LoyaltyPlan(context.Background(), x.w.ID)
	if err != nil {
		t.Fatal(err)
	}
	plan.Meanings = slices.DeleteFunc(plan.Meanings, func(m surveys.EventMeaning) bool { return m.Kind == surveys.LoyaltyEnded })
	if _, err := flow.NewLoyalty(x.store).ChangePlan(context.Background(), plan); err != nil {
		t.Fatal(err)
	}
	x.compute()
	for _, by := range loyalty.Periods() {
		p := x.as(surveys.Viewer).get("/loyalty?by=" + string(by)).want(http.StatusOK)
		p.says(".lead h1", "Nothing tells when a contract ends")
		p.has(`.lead a[href="/settings/loyalty"]`, 1)
		for _, gone := range []string{"#rate-retention", "#rate-churn", "#rate-net_churn", "#cohorts", "#stay", "#by-score", "#risks"} {
			p.has(gone, 0)
		}
	}
}

// TestCustomersOfBefore: by purchase, who bought before events are complete looks
// new, and the page says so beside every number that this touches.
func TestCustomersOfBefore(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	x.happens("order_completed", 10)
	plan := surveys.DefaultLoyaltyPlan(x.w.ID)
	since := surveys.Day(x.store.Now().AddDate(0, 0, -40), x.w.Location())
	for _, c := range []struct {
		since *int
		says  int
	}{{nil, 0}, {&since, 1}} {
		plan.CompleteSince = c.since
		if _, err := flow.NewLoyalty(x.store).ChangePlan(context.Background(), plan); err != nil {
			t.Fatal(err)
		}
		x.compute()
		p := x.as(surveys.Viewer).get("/loyalty?by=week").want(http.StatusOK)
		for _, card := range []string{"#stay", "#cohorts"} {
			if got := strings.Count(p.text(card), "may count as new"); got != c.says {
				t.Errorf("complete since %v: %s says it %d times, want %d", c.since, card, got, c.says)
			}
		}
	}
}

func TestPeopleAtRisk(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		x.shop(120)
		people := x.listed(60)
		m := x.as(surveys.Viewer)
		p := m.get("/loyalty").want(http.StatusOK)
		p.has("#risks tbody tr", risksShown)
		p.says("#risks .finding", "60 people are at least 1.5 times as likely")
		p.has(`#risks .finding a[href="/loyalty/risks"]`, 1)
		p.says("#risks tbody tr", "90%silent for 40 days, last score 3")
		p.has(`#risks a[href="/people/`+people[0].ID+`"]`, 1)
		p.has(`#risks .note-under a[href="/loyalty/risks"]`, 1)
		p.has(`.lead a[href="#risks"]`, 1)
		p.says("#risks .caveats", "Association is not cause")
		x.listedOf(60, 612)
		p = m.get("/loyalty").want(http.StatusOK)
		p.says(".lead p", "612 people are likelier than others to leave; the 60 likeliest are listed.")
		p.says("#risks .finding", "612 people are at least 1.5 times as likely")
		p.has("#risks .finding a", 0) // the list has not all of them
		p = m.get("/loyalty/risks").want(http.StatusOK)
		p.has("tbody tr", 50)
		p.has(`.pager a[rel=next][href="/loyalty/risks?page=2"]`, 1)
		m.get("/loyalty/risks?page=2").has("tbody tr", 10)
		m.get("/loyalty/risks?page=9").want(http.StatusOK).says(".empty h2", "Nobody is listed")
		m.get("/loyalty/risks?page=x").want(http.StatusOK).says(".note", "")
		stranger := x.in(storetest.Workspace(t, s), surveys.Owner)
		stranger.get("/loyalty/risks").want(http.StatusOK).has("tbody tr", 0)
		stranger.get("/loyalty").want(http.StatusOK).has("#risks", 0)
	})
}

func TestLoyaltyBeforeThereIsAny(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		p := m.get("/loyalty").want(http.StatusOK)
		p.says(".empty h2", "Nothing has been computed yet")
		p.has(`form[action="/loyalty/compute"] button`, 1)
		x.compute()
		p = m.get("/loyalty").want(http.StatusOK)
		p.says(".empty h2", "No event tells who stays yet")
		p.says("#teach pre", `"type":"order_completed"`)
		p.has(`#teach a[href="/settings/loyalty"]`, 1)
		x.happens("page_seen", nil)
		x.compute()
		m.get("/loyalty").says("#teach .note-under", "What came in instead: page_seen")
		x.happens("signed_up", nil)
		x.compute()
		m.get("/loyalty").says(".empty h2", "Nobody has become a customer yet")
		p = m.get("/loyalty/risks").want(http.StatusOK)
		p.says(".empty", "Nobody has been a customer yet")
		p.has(".empty a", 0)
		plan := surveys.DefaultLoyaltyPlan(x.w.ID)
		today := surveys.Day(s.Now(), x.w.Location())
		plan.CompleteSince = &today
		if _, err := flow.NewLoyalty(s).ChangePlan(context.Background(), plan); err != nil {
			t.Fatal(err)
		}
		x.compute()
		m.get("/loyalty").says(".empty", "Nobody is counted yet: events are complete since 2 March 2026")
		plan.CompleteSince = nil
		if _, err := flow.NewLoyalty(s).ChangePlan(context.Background(), plan); err != nil {
			t.Fatal(err)
		}
		x.happens("order_completed", "free")
		x.compute()
		p = m.get("/loyalty").want(http.StatusOK)
		p.says(".lead h1", "No whole week has passed yet.")
		p.says(".note.warning", "1 event of type order_completed has no amount in “total”.")
	})
}

func TestLoyaltyIsComputedAgain(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		x := newTeam(t, s)
		x.shop(60)
		m := x.as(surveys.Manager)
		clock.Advance(time.Hour)
		since := strconv.FormatInt(s.Now().UnixMicro(), 10)
		to := "/loyalty?by=month&since=" + since
		m.post("/loyalty/compute", url.Values{"by": {"month"}}).seesOther(to)
		p := m.get(to).want(http.StatusOK)
		p.has(`.note[hx-get="`+to+`"]`, 1)
		p.has(`form[action="/loyalty/compute"]`, 0)
		clock.Advance(time.Second)
		x.compute()
		p = m.get(to).want(http.StatusOK)
		p.has(".note", 0)
		p.has(`form[action="/loyalty/compute"] button[name=by][value=month]`, 1)
		clock.Advance(time.Hour)
		m.get("/loyalty?since="+strconv.FormatInt(s.Now().Add(-longWait).UnixMicro(), 10)).has(".note", 0)
		x.as(surveys.Agent).post("/loyalty/compute", nil).want(http.StatusForbidden)
		x.as(surveys.Viewer).get("/loyalty").want(http.StatusOK).has(`form[action="/loyalty/compute"]`, 0)
	})
}
