package office

import (
	"net/http"
	"slices"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
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
		Upload: v.action(surveys.Manager, components.Action{Text: v.l.T("rules.form.list_link"), Address: pathLists + "/new", Kind: components.Secondary}),
	}
	for _, rule := range rules {
		list := &view.Rules
		if rule.Archived() {
			list = &view.Archived
		}
		*list = append(*list, v.ruleRow(rule, known[rule.SurveyID]))
	}
	if len(view.Rules) == 0 {
		view.Empty = &components.Empty{Title: v.l.T("office.asking.empty.title"), Text: v.l.T("office.asking.empty.text"), Action: view.New}
		view.New = nil
		return web.Render(v, http.StatusOK, office.AskingPage(view))
	}
	if i := slices.IndexFunc(rules, waitsForEvent); i >= 0 {
		view.Curl = v.curl(rules[i].EventType)
		view.Next = ruleWords{visit: v, rule: rules[i].Filled()}.next(v.site.Store.Now())
	}
	return web.Render(v, http.StatusOK, office.AskingPage(view))
}

// waitsForEvent reports whether an event sets a rule off and it asks then.
func waitsForEvent(r surveys.Rule) bool {
	return r.EventType != "" && r.Status == surveys.RuleActive
}

// curl is a command that sends an event of a type.
func (v visit) curl(eventType string) string {
	return "curl " + v.site.Link("/api/v1/events") + " \\\n  -H 'Authorization: Bearer " + surveys.APIKeyPrefix + "…' -H 'Content-Type: application/json' \\\n" +
		"  -d '{\"type\":\"" + eventType + "\",\"person\":{\"email\":\"ana@example.com\",\"name\":\"Ana\"},\"properties\":{\"total\":42}}'"
}

// ruleRow is one rule as sentences.
func (v visit) ruleRow(rule surveys.Rule, survey surveys.Survey) office.RuleRow {
	row := office.RuleRow{
		Name: rule.Name, Says: ruleWords{visit: v, rule: rule.Filled(), survey: survey}.says(),
		Status: v.ruleTag(rule), Address: rulePath(rule),
	}
	if !rule.Archived() {
		row.Paused = v.surveyNote(survey)
	}
	if v.may(surveys.Manager) {
		row.Deed = v.statusDeed(rule, "")
	}
	return row
}

// ruleTag is a rule's state.
func (v visit) ruleTag(rule surveys.Rule) components.Tag {
	tag := components.Tag{Text: v.l.T("rules.status." + string(rule.Status)), Tone: components.Good}
	switch rule.Status {
	case surveys.RulePaused:
		tag.Tone = components.Warn
	case surveys.RuleArchived:
		tag.Tone = ""
	}
	return tag
}

// statusDeed pauses a rule that asks, resumes one that does not, and brings back
// one that was put away; the query of its address says where it was pressed.
func (v visit) statusDeed(rule surveys.Rule, query string) *office.Deed {
	if rule.Archived() {
		return &office.Deed{Action: rulePath(rule) + "/back", Button: components.Action{Text: v.l.T("rules.archive.back"), Kind: components.Secondary}}
	}
	next := surveys.RulePaused
	if rule.Status == surveys.RulePaused {
		next = surveys.RuleActive
	}
	return &office.Deed{Action: rulePath(rule) + "/status" + query, Button: components.Action{
		Text: v.l.T("rules.set." + string(next)), Kind: components.Quiet, Name: "status", Value: string(next),
	}}
}
