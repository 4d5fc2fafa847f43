package office

import (
	"net/http"
	"strings"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// tryDraft tries the form as it was sent, and shows it again with what the
// rule would have done. Nothing is stored.
func (d *desk) tryDraft(v visit) error {
	f, err := v.sentRule()
	if err != nil {
		return err
	}
	tried := f.rule
	if strings.TrimSpace(tried.Name) == "" { // who only tries need not name it
		tried.Name = v.l.T("rules.form.new")
	}
	trial, err := d.trials.Try(v.ctx(), v.w.Workspace, tried)
	if invalid(err) {
		f.problem = joinFields(err, missing(f.rule))
		return f.show(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	f.trial = v.trialView(trial)
	return f.show(http.StatusOK)
}

// tryRule tries a stored rule.
func (d *desk) tryRule(v visit) error {
	r, err := readRulePage(v)
	if err != nil {
		return err
	}
	trial, err := d.trials.Try(v.ctx(), v.w.Workspace, r.rule)
	if err != nil {
		return err
	}
	if err := r.readCounts(v.ctx()); err != nil {
		return err
	}
	view := r.page()
	view.Trial = v.trialView(trial)
	return web.Render(v, http.StatusOK, office.RulePage(view))
}

// trialView is what a trial found.
func (v visit) trialView(trial flow.RuleTrial) *office.RuleTrial {
	view := &office.RuleTrial{L: v.l, Title: v.l.N("rules.trial.title", flow.TrialDays), How: v.l.T("rules.trial.how"), Says: v.trialSays(trial)}
	if trial.Rule.Trigger != surveys.TriggerEvent {
		view.Title, view.How = v.l.T("rules.trial.title_turns"), v.l.T("rules.trial.how_turns")
	}
	if trial.Rule.Trigger == surveys.TriggerEvent && trial.Events == 0 {
		view.How = "" // there is nothing of which it could be told how it was decided
	}
	if trial.Rule.Trigger == surveys.TriggerList || trial.Events == 0 {
		return view
	}
	view.Chart = &components.Fates{
		L: v.l, ID: "trial-fates", Title: v.l.T("rules.trial.fates"), When: v.l.T("rules.trial.when", "from", trial.From.In(v.w.Zone), "to", trial.To.In(v.w.Zone)),
		Steps: v.fateSteps(trial.Fates, func(string) string { return "" }),
	}
	view.Days = v.trialDays(trial)
	for _, e := range trial.Examples {
		view.Examples = append(view.Examples, office.TrialExample{
			Name: e.Person.Label(), Address: "/people/" + e.Person.ID, Happened: v.l.DateTime(e.Event.OccurredAt.In(v.w.Zone)),
			Decision: v.wouldLeave(e.Decision), Properties: properties(e.Event),
		})
	}
	if trial.Rule.Trigger == surveys.TriggerSeries {
		view.Chart.When, view.Chart.Steps[0].Name = v.l.T("rules.trial.now"), v.l.T("rules.trial.people")
	}
	return view
}

// wouldLeave says when the mail of an example would have left.
func (v visit) wouldLeave(d surveys.Decision) string {
	if d.SendAt == nil {
		return v.l.Decision(d, v.w.Zone)
	}
	return v.l.T("rules.trial.example", "at", v.l.Moment(d.SendAt.In(v.w.Zone)))
}

// trialSays tells the result first, then what kept others from being asked, and
// how it was found.
func (v visit) trialSays(trial flow.RuleTrial) []words.Sentence {
	said := words.Set(v.trialResult(trial), nil)
	says := []words.Sentence{said}
	add := func(text string) { says = append(says, words.Sentence{{Text: text}}) }
	if trial.Rule.Trigger == surveys.TriggerList || trial.Events == 0 {
		return says
	}
	for _, reason := range []surveys.Outcome{surveys.Capped, surveys.NoAddress, surveys.ConditionFailed} {
		if n := trial.Of(reason); n > 0 {
			add(v.l.N("rules.trial."+string(reason), n))
		}
	}
	switch {
	case trial.Reminders > 0 && trial.Rule.Trigger == surveys.TriggerSeries:
		add(v.l.N("rules.trial.reminders_monthly", monthly(trial, trial.Reminders)))
	case trial.Reminders > 0:
		add(v.l.N("rules.trial.reminders", trial.Reminders))
	}
	if busiest, ok := busiestDay(trial); ok && len(trial.Days) > 1 {
		add(v.l.N("rules.trial.busiest", busiest.N, "day", surveys.DayStart(busiest.Day)))
	}
	if trial.Share < 1 {
		add(v.l.T("rules.trial.share", "share", v.l.Percent(100*trial.Share, 0)))
	}
	return says
}

// trialResult is how many would have been asked, or would be.
func (v visit) trialResult(trial flow.RuleTrial) string {
	switch {
	case trial.Rule.Trigger == surveys.TriggerList:
		return v.l.N("rules.trial.list", trial.Waiting)
	case trial.Rule.Trigger == surveys.TriggerSeries:
		return v.l.N("rules.trial.series", monthly(trial, trial.Asked()), "turns", monthly(trial, trial.Events))
	case trial.Events == 0:
		return v.l.T("rules.trial.none", "event", trial.Rule.EventType)
	}
	return v.l.N("rules.trial.mails", trial.Asked(), "events", trial.Events)
}

// monthly is how many of a series' n come in one of its months.
func monthly(trial flow.RuleTrial, n int64) int64 {
	every := int64(max(trial.Rule.Every, 1))
	return (n + every - 1) / every
}

func busiestDay(trial flow.RuleTrial) (flow.TrialDay, bool) {
	var busiest flow.TrialDay
	for _, day := range trial.Days {
		if day.N > busiest.N {
			busiest = day
		}
	}
	return busiest, busiest.N > 0
}

// trialDays are the invitations by the day on which they would leave.
func (v visit) trialDays(trial flow.RuleTrial) []office.TrialDay {
	busiest, _ := busiestDay(trial)
	var days []office.TrialDay
	for _, day := range trial.Days {
		days = append(days, office.TrialDay{Name: v.l.ShortDate(surveys.DayStart(day.Day)), N: v.l.Number(day.N), Part: float64(day.N) / float64(busiest.N)})
	}
	return days
}
