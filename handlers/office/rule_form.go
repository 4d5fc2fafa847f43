package office

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// ruleForm is the form of a rule, as stored, as sent, or with one thing changed
// by one of its buttons.
type ruleForm struct {
	visit
	rule  surveys.Rule
	known []surveys.Survey
	sent  url.Values // nil: not sent yet

	reminders []surveys.Reminder // those that are stored
	problem   error
	trial     *office.RuleTrial // what a trial found; nil: none was asked for
	open      string            // the group that a button was pressed in
	wrong     map[string]string
}

// show renders the form.
func (f ruleForm) show(status int) error {
	types, err := f.eventTypes()
	if err != nil {
		return err
	}
	rules, err := f.site.Store.Rules(f.ctx(), f.w.ID)
	if err != nil {
		return err
	}
	f.wrong = f.fieldErrors(f.problem)
	view := f.page(types)
	view.Twin = f.twin(rules)
	return web.Render(f, status, office.RuleFormPage(view))
}

// twin says that another rule at work waits for the same event: who is asked by
// the one is too early for the other, which is easily taken for a fault.
func (f ruleForm) twin(rules []surveys.Rule) *components.Note {
	for _, r := range rules {
		if f.rule.EventType != "" && r.EventType == f.rule.EventType && r.ID != f.rule.ID && r.Status == surveys.RuleActive {
			return &components.Note{Kind: components.Info, Text: f.l.T("rules.form.twin", "rule", r.Name)}
		}
	}
	return nil
}

// eventTypes are those that came in, those that rules wait for, and those that
// others send.
func (f ruleForm) eventTypes() ([]string, error) {
	types, err := f.site.Store.EventTypes(f.ctx(), f.w.ID)
	if err != nil {
		return nil, err
	}
	for _, usual := range []string{"order_completed", "ticket_solved", "subscription_cancelled", "signed_up", "renewed"} {
		if !slices.Contains(types, usual) {
			types = append(types, usual)
		}
	}
	return types, nil
}

// survey is the chosen one; its zero value when none is.
func (f ruleForm) survey() surveys.Survey { return surveyOf(f.known, f.rule.SurveyID) }

func surveyOf(list []surveys.Survey, id string) surveys.Survey {
	for _, s := range list {
		if s.ID == id {
			return s
		}
	}
	return surveys.Survey{}
}

func (f ruleForm) field(name string) components.Field {
	return components.Field{Name: name, Label: f.l.T("rules.form." + name), Help: f.l.T("rules.form." + name + "_help"), Error: f.wrong[name]}
}

// bare is a field whose label says everything.
func (f ruleForm) bare(name string) components.Field {
	return components.Field{Name: name, Label: f.l.T("rules.form." + name), Error: f.wrong[name]}
}

// text is what a field holds: what was sent, or what is stored.
func (f ruleForm) text(name, stored string) string {
	if f.sent != nil && f.sent.Has(name) {
		return f.sent.Get(name)
	}
	return stored
}

func (f ruleForm) number(name string, stored int) components.TextInput {
	return components.TextInput{Field: f.field(name), Type: "number", Value: f.text(name, strconv.Itoa(stored))}
}

// choices are options of a field, one of them chosen.
func (f ruleForm) choices(field components.Field, chosen string, values ...string) components.Choices {
	c := components.Choices{Field: field}
	for _, value := range values {
		c.Options = append(c.Options, components.Option{Value: value, Text: f.l.T("rules." + field.Name + "." + value), Selected: value == chosen})
	}
	return c
}

// page builds the view.
func (f ruleForm) page(types []string) office.RuleForm {
	f.rule = f.rule.Filled()
	title, action, back := f.l.T("rules.form.new"), layouts.PathAsking, layouts.PathAsking
	if f.rule.ID != "" {
		title, action = f.l.T("rules.form.edit", "name", f.text("name", f.rule.Name)), rulePath(f.rule)
		back = action
	}
	view := office.RuleForm{
		Page: f.visit.page(title, layouts.Asking), Title: title, Action: action, Back: back, Note: f.wrongNote(f.problem), Trial: f.trial,
		Crumbs: []components.Crumb{{Text: f.l.T("office.asking.title"), Address: layouts.PathAsking}, {Text: title}},
		Says:   ruleWords{visit: f.visit, rule: f.rule, survey: f.survey()}.draft(f.site.Store.Now()),
		Paused: f.surveyNote(), List: uploadPath(f.rule), Survey: f.surveyChoices(),
		Name:    components.TextInput{Field: f.field("name"), Value: f.text("name", f.rule.Name), Limit: 80, Autocomplete: "off"},
		Trigger: f.choices(f.bare("trigger"), string(f.rule.Trigger), string(surveys.TriggerEvent), string(surveys.TriggerSeries), string(surveys.TriggerList)),
		Event:   components.TextInput{Field: f.field("event_type"), Value: f.text("event_type", f.rule.EventType), Placeholder: "order_completed", Limit: 64},
		Types:   types, Every: f.number("every", max(f.rule.Every, 0)),
		Condition: components.TextArea{Field: f.field("condition"), Value: f.text("condition", f.rule.Condition), Rows: 2, Limit: surveys.MaxCondition},
		Examples:  f.examples(), Status: f.choices(f.field("status"), string(f.rule.Status), string(surveys.RuleActive), string(surveys.RulePaused)),
	}
	if f.rule.Every == 0 && view.Every.Value == "0" {
		view.Every.Value = "6"
	}
	view.Condition.Optional = f.l.T("office.optional")
	view.NoSurvey = f.noSurvey(view.Survey)
	f.addDelay(&view)
	f.addGroups(&view)
	return view
}

// rulePath is the address of a rule's own page.
func rulePath(r surveys.Rule) string { return layouts.PathAsking + "/" + r.ID }

// surveyChoices are the surveys that a rule may ask: all that are not archived,
// and the one that it asks already.
func (f ruleForm) surveyChoices() components.Choices {
	c := components.Choices{Field: f.field("survey_id"), Options: []components.Option{{Text: f.l.T("rules.form.choose_survey")}}}
	for _, s := range f.known {
		if s.Status != surveys.SurveyArchived || s.ID == f.rule.SurveyID {
			c.Options = append(c.Options, components.Option{Value: s.ID, Text: s.Name, Selected: s.ID == f.rule.SurveyID})
		}
	}
	if len(c.Options) == 2 && f.sent == nil { // the only one
		c.Options[1].Selected = true
	}
	return c
}

// noSurvey stands in the place of the form where there is nothing to ask yet;
// nil when there is.
func (f ruleForm) noSurvey(c components.Choices) *components.Empty {
	if len(c.Options) > 1 {
		return nil
	}
	return &components.Empty{Title: f.l.T("rules.form.no_survey.title"), Text: f.l.T("rules.form.no_survey.text"),
		Action: f.action(surveys.Manager, components.Action{Text: f.l.T("office.survey.new"), Address: "/surveys/new"})}
}

// surveyNote says that the survey takes no answers, so that the rule asks
// nobody whatever its own state is; nil when it does.
func (v visit) surveyNote(s surveys.Survey) *components.Note {
	if s.ID == "" || s.Open(v.site.Now()) == nil {
		return nil
	}
	return &components.Note{Kind: components.Warning, Text: v.l.T("rules.survey_not_open", "survey", s.Name)}
}

// surveyNote is that of the chosen survey.
func (f ruleForm) surveyNote() *components.Note { return f.visit.surveyNote(f.survey()) }

// addDelay adds when the rule asks: a number, its unit, and what it counts from.
func (f ruleForm) addDelay(view *office.RuleForm) {
	n, unit := splitDelay(max(f.rule.Delay, -f.rule.Delay))
	if n == 0 {
		unit = "days"
	}
	base := fromEvent
	switch {
	case f.rule.DelayFrom != "" && f.rule.Delay < 0:
		base = beforeField
	case f.rule.DelayFrom != "":
		base = afterField
	}
	view.Delay = components.TextInput{Field: f.field("delay"), Value: f.text("delay", strconv.FormatInt(n, 10))}
	view.Unit = f.units("delay_unit", unit)
	view.Base = f.choices(components.Field{Name: "delay_base", Label: f.l.T("rules.form.delay_base")}, f.text("delay_base", base), fromEvent, afterField, beforeField)
	view.From = components.TextInput{Field: f.field("delay_from"), Value: f.text("delay_from", f.rule.DelayFrom), Placeholder: "event.properties.delivered_at", Limit: 120}
}

func (f ruleForm) units(name, stored string) components.Choices {
	chosen := f.text(name, stored)
	c := components.Choices{Field: components.Field{Name: name, Label: f.l.T("rules.form.unit")}}
	for _, unit := range []string{"minutes", "hours", "days"} {
		c.Options = append(c.Options, components.Option{Value: unit, Text: f.l.T("rules.unit." + unit), Selected: unit == chosen})
	}
	return c
}

// examples show what conditions look like.
func (f ruleForm) examples() []office.Example {
	var examples []office.Example
	for _, e := range conditionExamples() {
		examples = append(examples, office.Example{Code: e.code, Text: f.l.T("rules.example." + e.name)})
	}
	return examples
}

// conditionExample is a condition that can be taken as it is.
type conditionExample struct{ name, code string }

func conditionExamples() []conditionExample {
	return []conditionExample{
		{"total", `event.properties.total > 50`},
		{"plan", `person.traits.plan == "pro"`},
		{"country", `person.traits.country in ["DE", "AT", "CH"]`},
		{"first", `event.properties.order_number == 1`},
		{"never", `survey.asked == 0`},
		{"quiet", `history.nps.days_since_answered >= 60`},
		{"before", `last.order_completed.total > 100`},
		{"not", `not (event.properties.channel == "phone")`},
	}
}

// fieldsOf are the fields that an error speaks of.
func fieldsOf(err error) []surveys.FieldError {
	var e *surveys.Error
	if !errors.As(err, &e) {
		return nil
	}
	return append([]surveys.FieldError(nil), e.Fields...)
}

// draft is the form with what was sent, for a button of it or for the summary;
// nothing is stored.
func (d *desk) draftRule(v visit) error {
	f, err := v.sentRule()
	if err != nil {
		return err
	}
	f.press()
	return f.show(http.StatusOK)
}

// press does what a button of the form says.
func (f *ruleForm) press() {
	switch {
	case f.sent.Has("example"):
		f.rule.Condition = f.sent.Get("example")
		f.sent.Set("condition", f.rule.Condition)
	case f.sent.Has("add_reminder") && len(f.rule.Reminders) < surveys.MaxReminders:
		f.open = "reminders"
		f.rule.Reminders = append(f.rule.Reminders, surveys.Reminder{After: 3 * 24 * time.Hour, Key: nextReminder(f.reminders, f.rule.Reminders)})
	case f.sent.Has("remove_reminder"):
		f.open = "reminders"
		if i := number(f.sent.Get("remove_reminder")); i >= 0 && i < len(f.rule.Reminders) {
			f.sent.Del(reminderField(i, "after"))
			tidyReminders(f.sent)
			f.rule.Reminders = slices.Delete(f.rule.Reminders, i, i+1)
		}
	}
}

// sentRule is the form as it was sent, over the rule that the address names.
func (v visit) sentRule() (ruleForm, error) {
	f := ruleForm{visit: v}
	var err error
	if f.known, err = v.site.Store.Surveys(v.ctx(), v.w.ID); err != nil {
		return f, err
	}
	if id := v.Param("id"); id != "" {
		if f.rule, err = v.site.Store.Rule(v.ctx(), v.w.ID, id); err != nil {
			return f, fmt.Errorf("change a rule: %w", err)
		}
	}
	if f.sent, err = web.Form(v); err != nil {
		return f, err
	}
	tidyReminders(f.sent)
	f.reminders = f.rule.Reminders
	f.rule = readRule(f.sent, f.rule, metricOr(surveyOf(f.known, f.sent.Get("survey_id")).Metric).Scale())
	return f, nil
}
