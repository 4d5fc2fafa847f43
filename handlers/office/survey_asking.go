package office

import (
	"cmp"
	"net/url"
	"strconv"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
)

// readSurveyAsking reads how often the survey may be asked. A form without the
// fields changes nothing.
func readSurveyAsking(form url.Values, s *surveys.Survey) {
	if form.Has("kind") {
		s.Kind = surveys.SurveyKind(form.Get("kind"))
	}
	if form.Has("machines") {
		s.Machines = surveys.ParseMachines(form.Get("machines"))
	}
	if form.Has("quarantine_minutes") {
		s.Quarantine = surveys.QuarantineOf(number(form.Get("quarantine_minutes")))
	}
	if form.Has("locale") {
		s.Locale = form.Get("locale")
	}
	if form.Has("topic") {
		s.Topic = form.Get("topic")
	}
	if form.Has("cap_days") {
		s.CapDays = number(form.Get("cap_days"))
	}
}

// asking is the group of fields of how often the survey may be asked.
func (f surveyForm) asking(wrong map[string]string) office.SurveyAsking {
	field := func(name string) components.Field {
		return components.Field{Name: name, Label: f.l.T("rules.survey." + name), Help: f.l.T("rules.survey." + name + "_help"), Error: wrong[name]}
	}
	sent := func(name string, stored int) string {
		if f.sent != nil && f.sent.Has(name) {
			return f.sent.Get(name)
		}
		return strconv.Itoa(stored)
	}
	g := office.SurveyAsking{
		Fold: office.Fold{ID: "asking", Title: f.l.T("rules.survey.title"), Open: wrong["kind"]+wrong["topic"]+wrong["cap_days"]+wrong["machines"]+wrong["quarantine_minutes"] != ""},
		Kind: components.Choices{Field: field("kind")}, Days: components.TextInput{Field: field("cap_days"), Value: sent("cap_days", f.survey.CapDays)},
		Topic: components.TextInput{Field: field("topic"), Value: f.survey.Topic, Limit: 80, Autocomplete: "off"},
	}
	g.Topic.Optional = f.l.T("office.optional")
	kinds := []surveys.SurveyKind{"", surveys.Relational, surveys.Transactional}
	if f.survey.ID != "" { // the metric has decided
		kinds = kinds[1:]
	}
	for _, kind := range kinds {
		name := f.l.T("rules.survey.kind." + string(kind) + "_name")
		g.Kind.Options = append(g.Kind.Options, components.Option{Value: string(kind), Text: name, Selected: kind == f.survey.Kind})
		if kind == f.survey.Kind {
			g.Fold.Says = name
		}
	}
	g.Machines = components.Choices{Field: components.Field{Name: "machines", Label: f.l.T("held.survey.machines"), Help: f.l.T("held.survey.machines_help"), Error: wrong["machines"]}}
	for _, m := range surveys.MachineChoices() {
		g.Machines.Options = append(g.Machines.Options, components.Option{Value: m.String(), Text: f.l.T("held.survey." + m.String() + "_name"), Selected: m == f.survey.Machines})
	}
	g.Quarantine = components.TextInput{
		Field: components.Field{Name: "quarantine_minutes", Label: f.l.T("held.survey.quarantine"), Help: f.l.T("held.survey.quarantine_help"), Error: wrong["quarantine_minutes"]},
		Value: sent("quarantine_minutes", int(cmp.Or(f.survey.Quarantine, surveys.UsualQuarantine)/time.Minute)),
	}
	if f.survey.CapDays > 0 {
		g.Fold.Says = f.l.T("rules.survey.says", "kind", g.Fold.Says, "cap", f.l.N("rules.survey.says_cap", int64(f.survey.CapDays)))
	}
	return g
}
