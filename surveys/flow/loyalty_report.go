package flow

import (
	"errors"
	"math"
	"slices"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/analysis/loyalty/survival"
	"github.com/harkhq/hark/analysis/loyalty/value"
	"github.com/harkhq/hark/surveys"
)

// LoyaltyReport is what a workspace's events say about who stays and who leaves.
// It is stored as it is, and is the body of GET /api/v1/loyalty.
type LoyaltyReport struct {
	Basis    surveys.LoyaltyBasis `json:"basis"`
	Lapse    int                  `json:"lapse_days"`
	Currency string               `json:"currency,omitempty"`
	Survey   string               `json:"survey_id,omitempty"`
	From     analysis.Day         `json:"from"` // of the first event
	To       analysis.Day         `json:"to"`   // the day after the last whole one
	People   int64                `json:"people"`
	Events   int64                `json:"events"`
	// Unreadable counts the events of each type whose amount is missing or is none.
	// They count as having happened, with no amount.
	Unreadable map[string]int64 `json:"unreadable,omitempty"`
	// Endless says that customers are counted by contract, and no event ends one:
	// then nobody could ever be seen to leave, and nothing is said of who stays.
	Endless bool                             `json:"endless,omitempty"`
	Periods map[loyalty.Period]LoyaltyPeriod `json:"periods"`
	Cohorts []loyalty.Cohort                 `json:"cohorts"` // by month
	Stay    *Staying                         `json:"stay,omitempty"`
	ByScore *StayingByScore                  `json:"by_score,omitempty"`
	Members *Members                         `json:"members,omitempty"`
	Value   *CustomerValue                   `json:"value,omitempty"`
	Risks   *Risks                           `json:"risks,omitempty"`
}

// LoyaltyPeriod are the rates by one width of step.
type LoyaltyPeriod struct {
	Steps []loyalty.Step                   `json:"steps"`
	Rates map[loyalty.Rate][]loyalty.Point `json:"rates"`
	// Change is the last whole step's retention less that of the one before; nil
	// where there are no two.
	Change *StepChange `json:"change,omitempty"`
}

// Refused is why a part of a report is not there.
type Refused = analysis.Refusal

// refusal tells an analysis' refusal, which is a finding as well, from an error.
func refusal(err error) (*Refused, error) {
	var r *Refused
	if errors.As(err, &r) {
		return r, nil
	}
	return nil, err
}

// loyaltySteps is how many steps of each width are reported, the current one
// included.
func loyaltySteps(p loyalty.Period) int {
	switch p {
	case loyalty.Weekly:
		return 27
	case loyalty.Monthly:
		return 25
	case loyalty.Quarterly:
		return 13
	}
	return 10
}

// loyaltyCount reads the events person by person.
type loyaltyCount struct {
	plan     surveys.LoyaltyPlan
	scores   map[string][]scored
	meanings map[string][]surveys.EventMeaning
	zone     *time.Location
	to       analysis.Day
	report   LoyaltyReport

	person  string
	history *loyalty.History
	tallies map[loyalty.Period]*loyalty.Tally
	stays   survival.Lifetimes
	watch   *watch
	buyers  buyers
	values  value.Customers
	risks   *riskCases
}

func newLoyaltyCount(plan surveys.LoyaltyPlan, zone *time.Location, now time.Time) (*loyaltyCount, error) {
	c := &loyaltyCount{plan: plan, meanings: meanings(plan), zone: zone, to: analysis.DayOf(now, zone), history: loyalty.NewHistory(zone),
		tallies: make(map[loyalty.Period]*loyalty.Tally), buyers: make(buyers)}
	c.watch = &watch{basis: loyalty.Basis(plan.Basis), lapse: plan.LapseDays, complete: c.complete(), to: c.to}
	c.risks = &riskCases{watch: c.watch}
	c.report = LoyaltyReport{
		Basis: plan.Basis, Lapse: plan.LapseDays, Currency: plan.Currency, Survey: plan.SurveyID, From: c.to, To: c.to,
		Endless: endless(plan), Unreadable: make(map[string]int64), Periods: make(map[loyalty.Period]LoyaltyPeriod),
	}
	for _, p := range loyalty.Periods() {
		tally, err := loyalty.NewTally(loyalty.Frame{Period: p, Basis: loyalty.Basis(plan.Basis), From: c.firstStep(p), To: c.to})
		if err != nil {
			return nil, err
		}
		c.tallies[p] = tally
	}
	return c, nil
}

// firstStep is the first step of a width that is counted: one with all of its
// events, or else the one of the last whole day.
func (c *loyaltyCount) firstStep(p loyalty.Period) analysis.Day {
	from := p.Start(c.to)
	for range loyaltySteps(p) - 1 {
		from = p.Start(from - 1)
	}
	if complete := c.complete(); from < complete {
		return min(p.Next(complete-1), p.Start(c.to-1))
	}
	return from
}

// complete is the day from which on every event is there; a day before all when
// nobody said that any is missing.
func (c *loyaltyCount) complete() analysis.Day {
	if c.plan.CompleteSince == nil {
		return math.MinInt32
	}
	return analysis.Day(*c.plan.CompleteSince)
}

// event takes the next event; all of a person come together.
func (c *loyaltyCount) event(e surveys.Event) error {
	if e.PersonID != c.person {
		if err := c.closePerson(); err != nil {
			return err
		}
		c.person, c.report.People = e.PersonID, c.report.People+1
	}
	day := analysis.DayOf(e.OccurredAt, c.zone)
	c.report.Events++
	c.report.From = min(c.report.From, day)
	for _, m := range c.meanings[e.Type] {
		amount, ok := minor(m, e.Properties)
		if !ok {
			c.report.Unreadable[e.Type]++
		}
		if err := c.history.Add(loyalty.Event{Kind: loyalty.Kind(m.Kind), At: e.OccurredAt, Amount: amount}); err != nil {
			return err
		}
	}
	return nil
}

// closePerson counts the person whose events have all come.
func (c *loyaltyCount) closePerson() error {
	if c.person == "" {
		return nil
	}
	for _, tally := range c.tallies {
		tally.Add(c.history)
	}
	stay, ok, err := c.history.Lifetime(loyalty.Watch{Basis: c.watch.basis, Until: c.to, Lapse: c.plan.LapseDays})
	if err != nil {
		return err
	}
	if ok && stay.From >= c.complete() { // of those before, who left is not there
		if err := c.stays.Add(stay.Days, stay.Outcome); err != nil {
			return err
		}
	}
	if customer, ok := c.history.Purchases(c.to); ok {
		c.buyers[customer]++
		if err := c.values.Add(customer); err != nil {
			return err
		}
	}
	scores := c.scores[c.person]
	if err := c.watch.add(c.history, scores); err != nil {
		return err
	}
	if err := c.risks.add(c.person, c.history, scores); err != nil {
		return err
	}
	c.history.Reset()
	return nil
}

// against holds the answers of a survey against who leaves.
func (c *loyaltyCount) against(survey surveys.Survey, scores map[string][]scored) (err error) {
	c.scores, c.risks.metric = scores, survey.Metric
	c.watch.byBand, err = loyalty.NewByBand(survey.Metric)
	return err
}

// finish makes the report of all that was counted.
func (c *loyaltyCount) finish() (LoyaltyReport, []surveys.Risk, error) {
	if err := c.closePerson(); err != nil {
		return c.report, nil, err
	}
	for p, tally := range c.tallies {
		period, err := c.period(p, tally)
		if err != nil {
			return c.report, nil, err
		}
		c.report.Periods[p] = period
	}
	c.report.Cohorts = []loyalty.Cohort{}
	if !c.report.Endless {
		c.report.Cohorts = slices.DeleteFunc(c.tallies[loyalty.Monthly].Cohorts(), func(co loyalty.Cohort) bool { return co.Start < c.complete() })
	}
	if c.report.People == 0 {
		return c.report, nil, nil
	}
	risks, err := c.models()
	return c.report, risks, err
}

// period are the steps of one width that have all of their events, and the rates
// that can be told of them.
func (c *loyaltyCount) period(p loyalty.Period, tally *loyalty.Tally) (LoyaltyPeriod, error) {
	period := LoyaltyPeriod{Rates: make(map[loyalty.Rate][]loyalty.Point)}
	period.Steps = slices.DeleteFunc(tally.Steps(), func(s loyalty.Step) bool { return s.Start < c.complete() })
	for _, rate := range loyalty.Rates() {
		series, err := tally.Series(rate)
		if err != nil {
			return period, err
		}
		period.Rates[rate] = slices.DeleteFunc(series, func(p loyalty.Point) bool { return p.Start < c.complete() })
		if points := period.Rates[rate]; c.report.Endless && needsEnd(rate) {
			unsay(points)
		} else if len(points) > 0 && needsStepBefore(rate) && c.plan.Basis != surveys.LoyaltyByContract && p.Start(points[0].Start-1) < c.complete() {
			unsay(points[:1])
		}
	}
	var err error
	period.Change, err = stepChange(period.Rates[loyalty.RetentionRate])
	return period, err
}

// models adds what needs more than counts.
func (c *loyaltyCount) models() (risks []surveys.Risk, err error) {
	if c.report.Value, err = customerValue(&c.values, c.buyers); err != nil || c.report.Endless {
		return nil, err
	}
	if c.stays.People() > 0 {
		if c.report.Stay, err = staying(c.stays); err != nil {
			return nil, err
		}
	}
	if c.report.ByScore, err = c.watch.byScore(); err != nil {
		return nil, err
	}
	if c.report.Members, err = c.watch.programme(); err != nil {
		return nil, err
	}
	c.report.Risks, risks, err = c.risks.finish()
	return risks, err
}
