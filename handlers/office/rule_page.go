package office

import (
	"net/http"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// ruleReading is what a rule's own page knows.
type ruleReading struct {
	visit
	rule   surveys.Rule
	survey surveys.Survey
}

// readRulePage looks up the rule that the address names.
func readRulePage(v visit) (ruleReading, error) {
	rule, err := v.site.Store.Rule(v.ctx(), v.w.ID, v.Param("id"))
	if err != nil {
		return ruleReading{}, err
	}
	survey, err := v.site.Store.Survey(v.ctx(), v.w.ID, rule.SurveyID)
	return ruleReading{visit: v, rule: rule.Filled(), survey: survey}, err
}

// rulePage shows what a rule does, and what became of its events.
func (d *desk) rulePage(v visit) error {
	r, err := readRulePage(v)
	if err != nil {
		return err
	}
	return web.Render(v, http.StatusOK, office.RulePage(r.page()))
}

func (r ruleReading) page() office.Rule {
	view := office.Rule{
		Page: r.visit.page(r.rule.Name, layouts.Asking), Title: r.rule.Name, Status: r.ruleTag(r.rule),
		Crumbs: []components.Crumb{{Text: r.l.T("office.asking.title"), Address: layouts.PathAsking}, {Text: r.rule.Name}},
		Says:   ruleWords{visit: r.visit, rule: r.rule, survey: r.survey}.all(), Paused: r.surveyNote(r.survey), Unsent: r.unsent(),
		Edit: r.action(surveys.Manager, components.Action{Text: r.l.T("rules.page.edit"), Address: rulePath(r.rule) + "/edit", Kind: components.Secondary}),
	}
	if r.may(surveys.Manager) {
		view.Deed = r.statusDeed(r.rule, "?from=rule")
	}
	return view
}
