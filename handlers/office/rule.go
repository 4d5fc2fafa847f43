package office

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// newRule shows a form with the usual values.
func (d *desk) newRule(v visit) error {
	return ruleForm{visit: v, rule: surveys.Rule{SurveyID: v.QueryParam("survey"), CapDays: 30, Delay: 24 * time.Hour, Status: surveys.RuleActive}}.show(http.StatusOK)
}

// createRule stores a new rule.
func (d *desk) createRule(v visit) error { return saveRule(v, surveys.Rule{}, "rule_created") }

// editRule shows the form of a rule.
func (d *desk) editRule(v visit) error {
	rule, err := v.site.Store.Rule(v.ctx(), v.w.ID, v.Param("id"))
	if err != nil {
		return err
	}
	return ruleForm{visit: v, rule: rule}.show(http.StatusOK)
}

// updateRule stores what was changed in the form.
func (d *desk) updateRule(v visit) error {
	rule, err := v.site.Store.Rule(v.ctx(), v.w.ID, v.Param("id"))
	if err != nil {
		return err
	}
	return saveRule(v, rule, "rule_saved")
}

// setRuleStatus pauses a rule, or has it ask again.
func (d *desk) setRuleStatus(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	status := surveys.RuleStatus(form.Get("status"))
	if err := v.site.Asking.SetRuleStatus(v.ctx(), v.w.ID, v.Param("id"), status); err != nil {
		return err
	}
	return v.done("rule_"+string(status), layouts.PathAsking)
}

// saveRule stores the form over a rule.
func saveRule(v visit, rule surveys.Rule, flash string) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	rule, wrong := readRule(form, rule)
	_, err = v.site.Asking.SaveRule(v.ctx(), v.w.ID, rule)
	if err = joinFields(err, wrong); invalid(err) {
		return ruleForm{visit: v, rule: rule, sent: form, problem: err}.show(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return v.done(flash, layouts.PathAsking)
}

// readRule reads the form. A number that is none becomes -1, which the rule's
// own check refuses at its field, so that nothing is stored.
func readRule(form url.Values, r surveys.Rule) (surveys.Rule, []surveys.FieldError) {
	r.Name, r.EventType, r.Condition = form.Get("name"), form.Get("event_type"), form.Get("condition")
	r.SurveyID, r.Status = form.Get("survey_id"), surveys.RuleStatus(form.Get("status"))
	var wrong []surveys.FieldError
	if strings.TrimSpace(r.EventType) == "" {
		wrong = append(wrong, surveys.FieldError{Path: "event_type", Code: "required"})
	}
	r.CapDays = number(form.Get("cap_days"))
	delay := number(form.Get("delay"))
	unit, known := delayUnits()[form.Get("delay_unit")]
	if !known || delay < 0 || delay > int(surveys.MaxDelay/time.Minute) { // the product must not overflow
		delay = -1
	}
	r.Delay = time.Duration(delay) * max(unit, 1)
	return r, wrong
}

func number(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return -1
	}
	return n
}

func delayUnits() map[string]time.Duration {
	return map[string]time.Duration{"minutes": time.Minute, "hours": time.Hour, "days": 24 * time.Hour}
}

// joinFields lets an error say more about some fields.
func joinFields(err error, fields []surveys.FieldError) error {
	if err == nil || len(fields) == 0 || !invalid(err) {
		return err
	}
	joined := &surveys.Error{Kind: surveys.Invalid, Code: "invalid", Err: err}
	joined.Fields = append(fieldsOf(err), fields...)
	return joined
}

// ruleForm is the form of a rule, as stored or as sent.
type ruleForm struct {
	visit
	rule    surveys.Rule
	sent    url.Values // nil: not sent yet
	problem error
}

// show renders the form.
func (f ruleForm) show(status int) error {
	list, err := f.site.Store.Surveys(f.ctx(), f.w.ID)
	if err != nil {
		return err
	}
	rules, err := f.site.Store.Rules(f.ctx(), f.w.ID)
	if err != nil {
		return err
	}
	return web.Render(f, status, office.RuleFormPage(f.page(list, eventTypes(rules))))
}

// eventTypes are those that others send, and those that rules already wait for.
func eventTypes(rules []surveys.Rule) []string {
	types := []string{"order_completed", "ticket_solved", "subscription_cancelled", "signed_up", "renewed"}
	for _, rule := range rules {
		types = append(types, rule.EventType)
	}
	slices.Sort(types)
	return slices.Compact(types)
}

func (f ruleForm) page(list []surveys.Survey, types []string) office.RuleForm {
	wrong := f.fieldErrors(f.problem)
	field := func(name string) components.Field {
		return components.Field{Name: name, Label: f.l.T("office.rule." + name), Help: f.l.T("office.rule." + name + "_help"), Error: wrong[name]}
	}
	page := office.RuleForm{
		Title: f.l.T("office.rule.new"), Action: layouts.PathAsking, Note: f.wrongNote(f.problem), EventTypes: types,
		Name:      components.TextInput{Field: field("name"), Value: f.rule.Name, Limit: 80, Autocomplete: "off"},
		Event:     components.TextInput{Field: field("event_type"), Value: f.rule.EventType, Placeholder: "order_completed", Limit: 64},
		Condition: components.TextArea{Field: field("condition"), Value: f.rule.Condition, Rows: 2, Limit: surveys.MaxCondition},
		Examples:  f.examples(), Survey: f.surveyChoices(field("survey_id"), list),
		Delay:  components.TextInput{Field: field("delay"), Value: f.delay()},
		Unit:   f.units(),
		Cap:    components.TextInput{Field: field("cap_days"), Value: f.capDays()},
		Status: f.statuses(field("status")),
	}
	page.NoSurvey = f.noSurvey(page.Survey)
	page.Condition.Optional = f.l.T("office.optional")
	if f.rule.ID != "" {
		page.Title, page.Action = f.l.T("office.rule.edit", "name", f.rule.Name), "/asking/"+f.rule.ID
	}
	page.Crumbs = []components.Crumb{{Text: f.l.T("office.asking.title"), Address: layouts.PathAsking}, {Text: page.Title}}
	page.Page = f.visit.page(page.Title, layouts.Asking)
	return page
}
