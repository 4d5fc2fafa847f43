package office

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
)

// ruleStep is a step on an event's way, and the outcomes of those who did not
// come as far.
type ruleStep struct {
	name string
	lost []surveys.Outcome
}

// ruleSteps are the steps in the order in which a rule looks at an event, see
// [surveys.Rule.Decide].
func ruleSteps() []ruleStep {
	return []ruleStep{
		{"events", nil},
		{"open", []surveys.Outcome{surveys.RuleIsPaused, surveys.SurveyNotOpen}},
		{"matched", []surveys.Outcome{surveys.NotMatched, surveys.ConditionFailed}},
		{"mailable", []surveys.Outcome{surveys.TooOld, surveys.NoTime, surveys.NoAddress, surveys.Bounced, surveys.Unsubscribed}},
		{"drawn", []surveys.Outcome{surveys.HeldOut, surveys.SampledOut}},
		{"asked", []surveys.Outcome{surveys.Withdrawn, surveys.Capped}},
	}
}

// outcomesOf are the outcomes of those who came as far as a step; nil for no
// such step.
func outcomesOf(name string) []surveys.Outcome {
	left := slices.DeleteFunc(surveys.Outcomes(), func(o surveys.Outcome) bool { return o == surveys.Withdrew })
	for _, step := range ruleSteps() {
		left = slices.DeleteFunc(left, func(o surveys.Outcome) bool { return slices.Contains(step.lost, o) })
		if step.name == name {
			return left
		}
	}
	return nil
}

// fateSteps are the steps from the events to those who are asked. One that
// stopped nobody is passed over.
func (v visit) fateSteps(fates []flow.TrialFate, address func(name string) string) []components.FateStep {
	var left int64
	for _, fate := range fates {
		if fate.Outcome != surveys.Withdrew {
			left += fate.N
		}
	}
	var steps []components.FateStep
	for _, step := range ruleSteps() {
		reasons, sum := v.fateReasons(fates, step.lost, address)
		if sum == 0 && step.name != "events" && step.name != "asked" {
			continue
		}
		if left -= sum; len(steps) > 0 {
			steps[len(steps)-1].Lost = reasons
		}
		steps = append(steps, components.FateStep{Key: step.name, Name: v.l.T("rules.step." + step.name), N: left, Address: address(step.name)})
	}
	return steps
}

// fateReasons are the reasons among some outcomes that occurred, and how many
// they stopped.
func (v visit) fateReasons(fates []flow.TrialFate, among []surveys.Outcome, address func(name string) string) (reasons []components.FateReason, sum int64) {
	for _, outcome := range among {
		for _, fate := range fates {
			if fate.Outcome != outcome || fate.N == 0 {
				continue
			}
			reason := components.FateReason{Key: string(outcome), Name: v.reasonName(outcome, fate.Detail), N: fate.N, Address: address(string(outcome))}
			if reason.Address != "" && fate.Detail != "" {
				reason.Address += "&detail=" + url.QueryEscape(fate.Detail)
			}
			reasons, sum = append(reasons, reason), sum+fate.N
		}
	}
	return reasons, sum
}

// reasonName names an outcome, and of what kind it was where that is known.
func (v visit) reasonName(outcome surveys.Outcome, detail string) string {
	name := v.l.T("rules.outcome." + string(outcome))
	if detail == "" {
		return name
	}
	return v.l.T("rules.outcome.detail", "outcome", name, "detail", v.l.Problem(detail))
}

// ruleChart is the name of the one chart of a rule's page.
const ruleChart = "fates"

// since is the time from which on the rule's page counts: the beginning of a day of
// UTC, by which it is counted. Of an archived rule it counts the last days in which
// it decided anything.
func (r ruleReading) since() time.Time {
	until := r.site.Now()
	if r.rule.Archived() {
		until = r.rule.UpdatedAt
	}
	return store.RuleSince(until.AddDate(0, 0, 1-r.ruleDays()))
}

// when says so.
func (r ruleReading) when() string {
	if r.rule.Archived() {
		return r.l.N("rules.archive.when", int64(r.ruleDays()))
	}
	return r.l.N("rules.funnel.when", int64(r.ruleDays()))
}

// readCounts looks up what became of the rule's events.
func (r *ruleReading) readCounts(ctx context.Context) error {
	counts, err := r.site.Store.RuleCounts(ctx, r.w.ID, r.rule.ID, r.since())
	if r.counts = counts; err != nil {
		return err
	}
	return r.readTurns()
}

// funnel is what became of the rule's events; nil when none came.
func (r ruleReading) funnel() *components.Fates {
	var fates []flow.TrialFate
	for _, outcome := range surveys.Outcomes() {
		n, reasons := r.counts.Outcomes[outcome], r.counts.Reasons[outcome]
		if n == 0 || outcome == surveys.Withdrew {
			continue
		}
		if len(reasons) == 0 {
			reasons = []store.RuleReason{{N: n}}
		}
		for _, reason := range reasons {
			fates = append(fates, flow.TrialFate{Outcome: outcome, Detail: reason.Detail, N: reason.N})
		}
	}
	if len(fates) == 0 {
		return nil
	}
	address := func(name string) string { return r.ruleAt("/events", map[string]string{"outcome": name}) }
	chart := &components.Fates{L: r.l, ID: ruleChart, Title: r.l.T("rules.funnel.title"), When: r.when(), Steps: r.fateSteps(fates, address)}
	at := "/chart/" + ruleChart
	chart.Save = &components.Save{L: r.l, Chart: chart.Title, SVG: r.ruleAt(at+".svg", nil), CSV: r.ruleAt(at+".csv", nil), File: r.fileName(ruleChart)}
	chart.Steps[len(chart.Steps)-1].Lost = append(chart.Steps[len(chart.Steps)-1].Lost, r.unsentReasons(address)...)
	chart.Steps = append(chart.Steps, r.mailSteps(address)...)
	return chart
}

// fateOrder is the order in which a funnel tells what became of invitations.
func fateOrder() []string {
	var order []string
	for _, fate := range store.InvitationFates() {
		order = append(order, string(fate))
	}
	return order
}

// saveRuleChart sends the funnel of a rule's page.
func (d *desk) saveRuleChart(v visit) error {
	r, err := readRulePage(v)
	if err != nil {
		return err
	}
	if err := r.readCounts(v.ctx()); err != nil {
		return err
	}
	return sendChart(v, r)
}

// chart is what the page shows under a name; nil when it shows no such thing.
func (r ruleReading) chart(name string) components.Chart {
	if name != ruleChart {
		return nil
	}
	if f := r.funnel(); f != nil {
		return *f
	}
	return nil
}

func (r ruleReading) fileName(chart string) string {
	return web.FileName(r.rule.Name, chart, r.site.Now().In(r.w.Zone).Format(time.DateOnly))
}

// picture frames the chart when it is saved.
func (r ruleReading) picture(title string) components.Picture {
	return components.Picture{
		L: r.l, Title: r.l.T("report.picture.title", "survey", r.rule.Name, "chart", title), Lead: r.words().all()[0].String(),
		Foot: []string{r.l.T("report.picture.saved", "date", r.site.Now().In(r.w.Zone))},
	}
}
