package office

import (
	"net/http"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// asking lists the rules in plain words.
func (d *desk) asking(v visit) error {
	rules, err := v.site.Store.Rules(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	known, err := surveysByID(v)
	if err != nil {
		return err
	}
	view := office.Asking{
		Page:   v.page(v.l.T("office.asking.title"), layouts.Asking),
		Unsent: v.unsent(),
		New:    v.action(surveys.Manager, components.Action{Text: v.l.T("office.asking.new"), Address: "/asking/new"}),
	}
	for _, rule := range rules {
		view.Rules = append(view.Rules, v.ruleRow(rule, known[rule.SurveyID]))
	}
	if len(rules) == 0 {
		view.Empty = &components.Empty{Title: v.l.T("office.asking.empty.title"), Text: v.l.T("office.asking.empty.text"), Action: view.New}
		view.New = nil
		return web.Render(v, http.StatusOK, office.AskingPage(view))
	}
	view.Curl = v.curl(rules[0].EventType)
	return web.Render(v, http.StatusOK, office.AskingPage(view))
}

// curl is a command that sends an event of a type.
func (v visit) curl(eventType string) string {
	return "curl " + v.site.Link("/api/v1/events") + " \\\n  -H 'Authorization: Bearer " + surveys.APIKeyPrefix + "…' -H 'Content-Type: application/json' \\\n" +
		"  -d '{\"type\":\"" + eventType + "\",\"person\":{\"email\":\"ana@example.com\",\"name\":\"Ana\"},\"properties\":{\"total\":42}}'"
}

// ruleRow is one rule as sentences.
func (v visit) ruleRow(rule surveys.Rule, survey surveys.Survey) office.RuleRow {
	row := office.RuleRow{
		Name: rule.Name, Says: v.ruleSays(rule, survey),
		Status: components.Tag{Text: v.l.T("office.rule.status." + string(rule.Status)), Tone: components.Good},
	}
	next := surveys.RulePaused
	if rule.Status == surveys.RulePaused {
		next, row.Status.Tone = surveys.RuleActive, components.Warn
	}
	if v.may(surveys.Manager) {
		row.Address = "/asking/" + rule.ID
		row.Deed = &office.Deed{Action: "/asking/" + rule.ID + "/status", Button: components.Action{
			Text: v.l.T("office.rule.set." + string(next)), Kind: components.Quiet, Name: "status", Value: string(next),
		}}
	}
	return row
}

// ruleSays is a rule in plain words.
func (v visit) ruleSays(rule surveys.Rule, survey surveys.Survey) []words.Sentence {
	key := "office.rule.says.all_"
	if rule.Condition != "" {
		key = "office.rule.says.some_"
	}
	if rule.Delay == 0 {
		key += "now"
	} else {
		key += "later"
	}
	parts := map[string]words.Part{
		"event": {Text: rule.EventType, Code: true}, "condition": {Text: rule.Condition, Code: true},
		"survey": {Text: survey.Name, Address: "/surveys/" + survey.ID}, "delay": {Text: v.duration(rule.Delay)},
	}
	says := []words.Sentence{words.Set(v.l.T(key), parts)}
	if rule.CapDays > 0 {
		return append(says, words.Sentence{{Text: v.l.N("office.rule.says.cap", int64(rule.CapDays))}})
	}
	return append(says, words.Sentence{{Text: v.l.T("office.rule.says.no_cap")}})
}

// duration writes a delay in its largest whole unit.
func (v visit) duration(d time.Duration) string {
	n, unit := splitDelay(d)
	return v.l.N("office.duration."+unit, n)
}

// splitDelay is a delay as a number of its largest whole unit.
func splitDelay(d time.Duration) (n int64, unit string) {
	switch {
	case d%(24*time.Hour) == 0 && d > 0:
		return int64(d / (24 * time.Hour)), "days"
	case d%time.Hour == 0:
		return int64(d / time.Hour), "hours"
	}
	return int64(d / time.Minute), "minutes"
}
