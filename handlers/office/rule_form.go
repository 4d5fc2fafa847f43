package office

import (
	"errors"
	"strconv"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
)

// delay is the number in the field: what was sent, or the stored delay in its
// largest whole unit.
func (f ruleForm) delay() string {
	if f.sent != nil {
		return f.sent.Get("delay")
	}
	n, _ := splitDelay(f.rule.Delay)
	return strconv.FormatInt(n, 10)
}

func (f ruleForm) units() components.Choices {
	_, chosen := splitDelay(f.rule.Delay)
	if f.sent != nil {
		chosen = f.sent.Get("delay_unit")
	}
	c := components.Choices{Field: components.Field{Name: "delay_unit", Label: f.l.T("office.rule.unit")}}
	for _, unit := range []string{"minutes", "hours", "days"} {
		c.Options = append(c.Options, components.Option{Value: unit, Text: f.l.T("office.unit." + unit), Selected: unit == chosen})
	}
	return c
}

func (f ruleForm) capDays() string {
	if f.sent != nil {
		return f.sent.Get("cap_days")
	}
	return strconv.Itoa(f.rule.CapDays)
}

// surveyChoices are the surveys that a rule may ask: all that are not archived,
// and the one that it asks already.
func (f ruleForm) surveyChoices(field components.Field, list []surveys.Survey) components.Choices {
	c := components.Choices{Field: field, Options: []components.Option{{Text: f.l.T("office.rule.choose_survey")}}}
	for _, s := range list {
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
	return &components.Empty{Title: f.l.T("office.rule.no_survey.title"), Text: f.l.T("office.rule.no_survey.text"),
		Action: f.action(surveys.Manager, components.Action{Text: f.l.T("office.survey.new"), Address: "/surveys/new"})}
}

func (f ruleForm) statuses(field components.Field) components.Choices {
	c := components.Choices{Field: field}
	for _, status := range []surveys.RuleStatus{surveys.RuleActive, surveys.RulePaused} {
		c.Options = append(c.Options, components.Option{
			Value: string(status), Text: f.l.T("office.rule.status." + string(status)), Selected: status == f.rule.Status,
		})
	}
	return c
}

// examples show what conditions look like.
func (f ruleForm) examples() []office.Example {
	var examples []office.Example
	for _, e := range []struct{ name, code string }{
		{"total", `event.properties.total > 50`},
		{"plan", `person.traits.plan == "pro"`},
		{"country", `person.traits.country in ["DE", "AT", "CH"]`},
		{"first", `event.properties.order_number == 1`},
		{"not", `not (event.properties.channel == "phone")`},
	} {
		examples = append(examples, office.Example{Code: e.code, Text: f.l.T("office.rule.example." + e.name)})
	}
	return examples
}

// fieldsOf are the fields that an error speaks of.
func fieldsOf(err error) []surveys.FieldError {
	var e *surveys.Error
	if !errors.As(err, &e) {
		return nil
	}
	return append([]surveys.FieldError(nil), e.Fields...)
}
