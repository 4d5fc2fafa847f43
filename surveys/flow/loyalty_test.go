package flow_test

import (
	"context"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	riskmodel "github.com/harkhq/hark/analysis/loyalty/risk"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestLoyaltyKindsAreThoseOfTheAnalysis(t *testing.T) {
	t.Parallel()
	var ours, theirs []string
	for _, kind := range surveys.LoyaltyKinds() {
		ours = append(ours, string(kind))
	}
	for _, kind := range loyalty.Kinds() {
		theirs = append(theirs, string(kind))
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	if !slices.Equal(ours, theirs) {
		t.Errorf("the domain's kinds are %v, the analysis' %v", ours, theirs)
	}
	for _, basis := range surveys.LoyaltyBases() {
		if !loyalty.Basis(basis).Valid() {
			t.Errorf("the analysis does not know the basis %q", basis)
		}
	}
}

// club is a workspace whose people subscribe.
type club struct {
	*store.Store
	w       surveys.Workspace
	survey  surveys.Survey
	loyalty *flow.Loyalty
}

func newClub(t *testing.T, s *store.Store) club {
	t.Helper()
	c := club{Store: s, w: storetest.Workspace(t, s), loyalty: flow.NewLoyalty(s)}
	c.survey = storetest.Survey(t, s, c.w.ID, surveys.NPS)
	plan := surveys.DefaultLoyaltyPlan(c.w.ID)
	plan.Basis, plan.Currency, plan.SurveyID = surveys.LoyaltyByContract, "EUR", c.survey.ID
	if _, err := c.loyalty.ChangePlan(context.Background(), plan); err != nil {
		t.Fatal(err)
	}
	return c
}

// life is what happens to one person: events by days before today, with amounts,
// and the scores that they give.
type life struct {
	events []happened
	scores map[int]int // days ago → score
}

type happened struct {
	ago    int
	kind   string
	amount any // nil for none
}

// live stores some lives.
func (c club) live(t *testing.T, lives ...life) []surveys.Person {
	t.Helper()
	people := make([]surveys.Person, len(lives))
	var answers []surveys.Response
	for i, l := range lives {
		people[i] = storetest.Person(t, c.Store, c.w.ID)
		for ago, score := range l.scores {
			r := storetest.Response(t, c.Store, c.survey, score)
			r.PersonID, r.AnsweredAt, r.Day = people[i].ID, c.Now().AddDate(0, 0, -ago), r.Day-ago
			answers = append(answers, r)
		}
	}
	storetest.Write(t, c.Store, func(ctx context.Context, tx *store.Tx) error {
		for i, l := range lives {
			for _, h := range l.events {
				id, err := c.NewID()
				if err != nil {
					return err
				}
				e := surveys.Event{WorkspaceID: c.w.ID, ID: id, Type: h.kind, PersonID: people[i].ID, OccurredAt: c.Now().AddDate(0, 0, -h.ago), ReceivedAt: c.Now()}
				if h.amount != nil {
					e.Properties = map[string]any{"amount": h.amount, "total": h.amount}
				}
				if err := tx.CreateEvent(ctx, e); err != nil {
					return err
				}
			}
		}
		if len(answers) == 0 {
			return nil
		}
		return tx.AddResponses(ctx, answers)
	})
	return people
}

func (c club) report(t *testing.T) flow.LoyaltyReport {
	t.Helper()
	if err := c.loyalty.Compute(context.Background(), c.w.ID); err != nil {
		t.Fatal(err)
	}
	r, at, err := c.loyalty.Report(context.Background(), c.w.ID)
	if err != nil || !at.Equal(c.Now()) {
		t.Fatalf("computed at %v: %v", at, err)
	}
	return r
}

// TestLoyaltyCounts counts six subscribers by hand. Today is 2 March 2026.
func TestLoyaltyCounts(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		c := newClub(t, s)
		stays := life{events: []happened{{100, "subscription_started", 10.0}, {40, "subscription_renewed", "12.50"}}}
		leaves := life{events: []happened{{90, "subscription_started", 20.0}, {20, "subscription_cancelled", nil}}}
		comes := life{events: []happened{{10, "subscription_started", "free"}, {9, "page_seen", nil}}}
		c.live(t, stays, stays, stays, leaves, leaves, comes)
		r := c.report(t)
		if r.People != 6 || r.Events != 11 || r.Unreadable["subscription_started"] != 1 || len(r.Unreadable) != 1 {
			t.Errorf("%d people, %d events, unreadable %v", r.People, r.Events, r.Unreadable)
		}
		steps := r.Periods[loyalty.Monthly].Steps
		february := steps[len(steps)-2]
		want := loyalty.Step{Customers: 5, Kept: 3, New: 1, Amount: 7750, Lost: 4000, Decided: 2}
		got := loyalty.Step{Customers: february.Customers, Kept: february.Kept, New: february.New, Amount: february.Amount, Lost: february.Lost, Decided: february.Decided}
		if got != want {
			t.Errorf("February: %+v\nwant %+v", got, want)
		}
		retention := r.Periods[loyalty.Monthly].Rates[loyalty.RetentionRate]
		if p := retention[len(retention)-2]; p.N != 3 || p.Of != 5 || p.Value == nil || *p.Value != 60 || p.Partial {
			t.Errorf("February's retention: %+v", p)
		}
		if p := retention[len(retention)-1]; !p.Partial {
			t.Errorf("March has only begun: %+v", p)
		}
		if r.Stay == nil || r.Stay.Curve.N != 6 || r.Stay.Curve.Events != 2 {
			t.Errorf("stay: %+v", r.Stay)
		}
		if r.Risks == nil || r.Risks.Refused == nil || r.Risks.Listed > 0 {
			t.Errorf("six people tell who is at risk: %+v", r.Risks)
		}
	})
}

// draw makes subscribers of a year and a half who leave by chance: after a low
// score with another chance than after a high one.
func draw(seed uint64, low, high float64) []life {
	r := rand.New(rand.NewPCG(seed, 7))
	lives := make([]life, 900)
	for i := range lives {
		start := 250 + r.IntN(290)
		l := life{events: []happened{{start, "subscription_started", 10.0}}, scores: make(map[int]int)}
		chance := high
		for ago := start - 30; ago > 0; ago -= 30 {
			if r.Float64() < chance {
				l.events = append(l.events, happened{ago, "subscription_cancelled", nil})
				break
			}
			l.events = append(l.events, happened{ago, "subscription_renewed", 10.0})
			if r.IntN(3) == 0 {
				score := r.IntN(11)
				l.scores[ago-1] = score
				if chance = high; score <= 6 {
					chance = low
				}
			}
		}
		lives[i] = l
	}
	return lives
}

// TestRisksAreListedOnlyIfTheyProvedTrue lets leaving hang on the score, and
// then on nothing.
func TestRisksAreListedOnlyIfTheyProvedTrue(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		low, high float64
		listed    bool
	}{
		{"leaving hangs on the score", 0.22, 0.015, true},
		{"leaving hangs on nothing", 0.06, 0.06, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClub(t, storetest.Open(t, store.SQLite))
			c.live(t, draw(11, test.low, test.high)...)
			r := c.report(t)
			risks, err := c.Risks(context.Background(), c.w.ID, 0, 500)
			if err != nil {
				t.Fatal(err)
			}
			if listed := len(risks) > 0; listed != test.listed || r.Risks.Listed != len(risks) || r.Risks.Total < len(risks) || (r.Risks.Refused == nil) != test.listed {
				t.Fatalf("%d people are listed (the report says %d), refused %+v, validation %+v", len(risks), r.Risks.Listed, r.Risks.Refused, r.Risks.Validation)
			}
			if test.listed {
				checkRisks(t, c, r, risks)
			}
		})
	}
}

func checkRisks(t *testing.T, c club, r flow.LoyaltyReport, risks []surveys.Risk) {
	t.Helper()
	for i, risk := range risks {
		person, err := c.Person(context.Background(), c.w.ID, risk.PersonID)
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 && risk.Chance > risks[i-1].Chance || risk.Chance <= 0 || risk.Chance >= 1 || len(risk.Reasons) > 3 {
			t.Errorf("risk %d of %s: %+v", i, person.Email, risk)
		}
		for _, why := range risk.Reasons {
			if term := r.Risks.Model.Terms[slices.IndexFunc(r.Risks.Model.Terms, func(t riskmodel.Term) bool { return t.Name == why.Feature })]; term.P >= 0.05 ||
				why.Odds < 1.2 || why.Feature == "no_answer" && why.Value == 0 || why.Feature == "silence" && why.Value < why.Usual {
				t.Errorf("%+v is no reason", why)
			}
		}
		events, err := c.PersonEvents(context.Background(), c.w.ID, risk.PersonID, 1)
		if err != nil || events[0].Type == "subscription_cancelled" {
			t.Errorf("%s has left and is at risk: %v", person.Email, err)
		}
	}
	if by := r.ByScore; by == nil || by.Test == nil || by.Test.P > 0.001 || len(by.Curves) != 4 || by.Curves[3].Band != loyalty.NoAnswer {
		t.Errorf("by score: %+v", by)
	}
	if v := r.Risks.Validation; v.AUCLow < 0.55 || !slices.Contains(r.Risks.Caveats, loyalty.Association) {
		t.Errorf("validation: %+v, caveats %v", v, r.Risks.Caveats)
	}
}

// TestLoyaltyByPurchase has no contract: silence says that somebody left.
func TestLoyaltyByPurchase(t *testing.T) {
	t.Parallel()
	c := newClub(t, storetest.Open(t, store.SQLite))
	plan := surveys.DefaultLoyaltyPlan(c.w.ID)
	if _, err := c.loyalty.ChangePlan(context.Background(), plan); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 5))
	lives := make([]life, 300)
	for i := range lives {
		rate, ago, price := 10+r.ExpFloat64()*40, float64(100+r.IntN(300)), 12+r.ExpFloat64()*25
		for ; ago > 0; ago -= 1 + r.ExpFloat64()*rate {
			lives[i].events = append(lives[i].events, happened{int(ago) + 1, "order_completed", price * (0.5 + r.Float64())})
			if r.Float64() < 0.12 {
				break
			}
		}
	}
	c.live(t, lives...)
	report := c.report(t)
	v := report.Value
	if v == nil || v.Often == nil || v.Much == nil || v.Value == nil || v.Refused != nil {
		t.Fatalf("value: %+v", v)
	}
	if *v.Alive <= 0 || *v.Alive >= 300 || *v.Purchases <= *v.Alive || *v.Value < 2000**v.Purchases || *v.Value > 7000**v.Purchases {
		t.Errorf("of 300, %.0f are alive and will buy %.0f times for %.0f cents", *v.Alive, *v.Purchases, *v.Value)
	}
	if report.ByScore != nil || report.Stay.Curve.N != 300 || report.Stay.Median == nil {
		t.Errorf("by score %+v, stay of %d", report.ByScore, report.Stay.Curve.N)
	}
}

// TestLoyaltyCountsFromWhereEventsAreComplete brings only those along who are
// still there: without the day they would look as if nobody had ever left.
func TestLoyaltyCountsFromWhereEventsAreComplete(t *testing.T) {
	t.Parallel()
	c := newClub(t, storetest.Open(t, store.SQLite))
	brought := life{events: []happened{{700, "subscription_started", 10.0}}}
	left := life{events: []happened{{700, "subscription_started", 10.0}, {20, "subscription_cancelled", nil}}}
	fresh := life{events: []happened{{50, "subscription_started", 10.0}}}
	c.live(t, append(slices.Repeat([]life{brought}, 9), left, fresh)...)
	if r := c.report(t); len(r.Periods[loyalty.Monthly].Steps) != 25 || r.Stay.Curve.N != 11 {
		t.Errorf("%d months, %d stays", len(r.Periods[loyalty.Monthly].Steps), r.Stay.Curve.N)
	}
	plan, err := c.loyalty.Plan(context.Background(), c.w.ID)
	if err != nil {
		t.Fatal(err)
	}
	since := int(analysis.DayOf(c.Now(), time.UTC)) - 100
	plan.CompleteSince = &since
	if _, err := c.loyalty.ChangePlan(context.Background(), plan); err != nil {
		t.Fatal(err)
	}
	r := c.report(t)
	months := r.Periods[loyalty.Monthly].Steps
	if len(months) != 4 || months[0].Start != analysis.DateDay(2025, time.December, 1) || months[2].Customers != 11 || months[2].Kept != 10 {
		t.Errorf("months %+v", months)
	}
	if years := r.Periods[loyalty.Yearly].Steps; len(years) != 1 || !years[0].Partial {
		t.Errorf("no year is whole, so only the current one is counted: %+v", years)
	}
	today := since + 100
	plan.CompleteSince = &today
	if _, err := c.loyalty.ChangePlan(context.Background(), plan); err != nil {
		t.Fatal(err)
	}
	if of := c.report(t); of.Stay != nil || of.Risks == nil || of.Risks.Refused == nil || len(of.Periods[loyalty.Monthly].Steps) != 0 {
		t.Errorf("complete since today: %+v", of)
	}
	if r.Stay.Curve.N != 1 || r.ByScore == nil || len(r.ByScore.Curves) > 0 && r.ByScore.Test != nil {
		t.Errorf("%d stays, by score %+v", r.Stay.Curve.N, r.ByScore)
	}
}

func TestLoyaltyOfNothing(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		c := newClub(t, s)
		if r := c.report(t); r.People != 0 || r.Stay != nil || r.ByScore != nil || r.Value != nil || r.Risks != nil || len(r.Periods) != 4 {
			t.Errorf("%+v", r)
		}
	})
}

func TestChangeLoyaltyPlan(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		c := newClub(t, s)
		stranger := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
		for _, test := range []struct {
			field, code string
			edit        func(*surveys.LoyaltyPlan)
		}{
			{"survey_id", "survey_unknown", func(p *surveys.LoyaltyPlan) { p.SurveyID = stranger.ID }},
			{"complete_since", "loyalty_since_future", func(p *surveys.LoyaltyPlan) {
				tomorrow := surveys.Day(c.Now(), c.w.Location()) + 1
				p.CompleteSince = &tomorrow
			}},
			{"lapse_days", "loyalty_lapse", func(p *surveys.LoyaltyPlan) { p.LapseDays = 0 }},
		} {
			plan, err := c.loyalty.Plan(context.Background(), c.w.ID)
			if err != nil {
				t.Fatal(err)
			}
			before := plan
			test.edit(&plan)
			_, err = c.loyalty.ChangePlan(context.Background(), plan)
			wantFields(t, err, map[string]string{test.field: test.code})
			if after, err := c.loyalty.Plan(context.Background(), c.w.ID); err != nil || !reflect.DeepEqual(before, after) {
				t.Errorf("%s: the plan is now %+v, %v", test.code, after, err)
			}
		}
	})
}

// TestLoyaltyIsComputedByItself waits for the job that each process starts with.
func TestLoyaltyIsComputedByItself(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		l := flow.NewLoyalty(s)
		sh := work(t, s)
		sh.wait(t, flow.LoyaltyArgs{}.Kind(), 1)
		_, first, err := l.Report(ctx, w.ID)
		if err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Hour)
		if err := l.Later(ctx, w.ID); err != nil {
			t.Fatal(err)
		}
		sh.wait(t, flow.LoyaltyArgs{}.Kind(), 2)
		if _, again, err := l.Report(ctx, w.ID); err != nil || !again.After(first) {
			t.Errorf("asked for again, the report is of %v as before: %v", again, err)
		}
	})
}
