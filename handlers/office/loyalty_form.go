package office

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// planForm asks what the events mean, as stored or as sent.
type planForm struct {
	visit
	plan    surveys.LoyaltyPlan
	sent    url.Values // nil: not sent yet
	problem error
}

// loyaltyPlan shows how the events are read. Those who may not change it see it
// locked.
func (d *desk) loyaltyPlan(v visit) error {
	plan, err := d.stays.Plan(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	return planForm{visit: v, plan: plan}.show(http.StatusOK)
}

// saveLoyaltyPlan stores the form, or adds a row to it or takes one away.
func (d *desk) saveLoyaltyPlan(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	f := planForm{visit: v, plan: readPlan(form, v.w.ID), sent: form}
	if f.edited() {
		return f.show(http.StatusOK)
	}
	if _, f.problem = d.stays.ChangePlan(v.ctx(), f.plan); invalid(f.problem) {
		return f.show(http.StatusUnprocessableEntity)
	}
	if f.problem != nil {
		return f.problem
	}
	since := strconv.FormatInt(v.site.Now().UnixMicro(), 10)
	return v.done("loyalty_saved", withQuery(layouts.PathLoyalty, map[string]string{"since": since}))
}

// readPlan reads the form. Rows in which nothing was written are left out, and
// what is no number becomes one that no check lets through.
func readPlan(form url.Values, ws surveys.WorkspaceID) surveys.LoyaltyPlan {
	plan := surveys.LoyaltyPlan{
		WorkspaceID: ws, Basis: surveys.LoyaltyBasis(form.Get("basis")), LapseDays: number(form.Get("lapse_days")),
		Currency: form.Get("currency"), SurveyID: form.Get("survey_id"), CompleteSince: readSince(form.Get("complete_since")),
	}
	kinds, amounts := form["kind"], form["amount"]
	for i, event := range form["event"] {
		m := surveys.EventMeaning{EventType: event}
		if i < len(kinds) {
			m.Kind = surveys.LoyaltyKind(kinds[i])
		}
		if i < len(amounts) {
			m.Amount = amounts[i]
		}
		if form.Get("remove") == strconv.Itoa(i) || strings.TrimSpace(m.EventType+m.Amount) == "" {
			continue
		}
		plan.Meanings = append(plan.Meanings, m)
	}
	return plan
}

// edited reports whether a button of the rows was pressed, and adds the row that
// was asked for.
func (f *planForm) edited() bool {
	if _, add := f.sent["add"]; add {
		f.plan.Meanings = append(f.plan.Meanings, surveys.EventMeaning{EventType: f.sent.Get("add"), Kind: surveys.LoyaltyActive})
		return true
	}
	return f.sent.Has("remove")
}

// show renders the form.
func (f planForm) show(status int) error {
	list, err := f.site.Store.Surveys(f.ctx(), f.w.ID)
	if err != nil {
		return err
	}
	received, err := f.site.Store.EventTypes(f.ctx(), f.w.ID)
	if err != nil {
		return err
	}
	return web.Render(f, status, office.LoyaltyFormPage(f.page(list, received)))
}

// page builds the view.
func (f planForm) page(list []surveys.Survey, received []string) office.LoyaltyForm {
	wrong, focus := f.fieldErrors(f.problem), f.firstWrong()
	field := func(name string) components.Field {
		return components.Field{Name: name, Label: f.l.T("loyalty.plan." + name), Help: f.l.T("loyalty.plan." + name + "_help"), Error: wrong[name], Focus: focus == name}
	}
	title := f.l.T("loyalty.plan.title")
	page := office.LoyaltyForm{
		Page: f.visit.page(title, layouts.Settings), Crumbs: []components.Crumb{{Text: f.l.T("office.settings.title"), Address: layouts.PathSettings}, {Text: title}},
		Action: pathPlan, Note: f.wrongNote(f.problem), Locked: !f.may(surveys.Manager), BasisError: wrong["basis"],
		Lapse:    components.TextInput{Field: field("lapse_days"), Value: f.lapse()},
		Since:    components.TextInput{Field: field("complete_since"), Value: f.since(), Type: "date"},
		Currency: components.TextInput{Field: field("currency"), Value: f.plan.Currency, Placeholder: "EUR", Limit: 3, Autocomplete: "off"},
		Survey:   components.Choices{Field: field("survey_id"), Options: []components.Option{{Text: f.l.T("loyalty.plan.no_survey")}}},
		Meanings: f.meanings(received, wrong, focus), FocusBasis: focus == "basis",
	}
	page.Currency.Optional, page.Since.Optional = f.l.T("office.optional"), f.l.T("office.optional")
	if page.Locked {
		page.Note = &components.Note{Text: f.l.T("office.settings.locked")}
	}
	for _, basis := range surveys.LoyaltyBases() {
		page.Basis = append(page.Basis, office.BasisChoice{
			Value: string(basis), Name: f.l.T("loyalty.basis." + string(basis)), Help: f.l.T("loyalty.basis_help." + string(basis)), Chosen: basis == f.plan.Basis,
		})
	}
	for _, s := range list {
		if s.Status != surveys.SurveyArchived || s.ID == f.plan.SurveyID {
			page.Survey.Options = append(page.Survey.Options, components.Option{Value: s.ID, Text: s.Name, Selected: s.ID == f.plan.SurveyID})
		}
	}
	for _, kind := range surveys.LoyaltyKinds() {
		page.Kinds = append(page.Kinds, office.Fact{Name: f.l.T("loyalty.kind." + string(kind)), Value: f.l.T("loyalty.kind_help." + string(kind))})
	}
	return page
}

// firstWrong is the path of the first wrong field as the page has them; "" when
// nothing is wrong.
func (f planForm) firstWrong() string {
	var problem *surveys.Error
	if !errors.As(f.problem, &problem) {
		return ""
	}
	for _, name := range []string{"basis", "lapse_days", "complete_since", "meanings", "survey_id", "currency"} {
		for _, wrong := range problem.Fields {
			if wrong.Path == name || strings.HasPrefix(wrong.Path, name+".") {
				return wrong.Path
			}
		}
	}
	return ""
}

// since is the date in the field: what was sent, or what is stored.
func (f planForm) since() string {
	switch {
	case f.sent != nil:
		return f.sent.Get("complete_since")
	case f.plan.CompleteSince == nil:
		return ""
	}
	return analysis.Day(*f.plan.CompleteSince).String()
}

// readSince reads the date; what is no date becomes a day that no check lets
// through.
func readSince(text string) *int {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	day, err := analysis.ParseDay(text)
	if err != nil {
		day = math.MinInt
	}
	since := int(day)
	return &since
}

// lapse is the number in the field: what was sent, or what is stored.
func (f planForm) lapse() string {
	if f.sent != nil {
		return f.sent.Get("lapse_days")
	}
	return strconv.Itoa(f.plan.LapseDays)
}

// meanings are the rows, with what is wrong in each.
func (f planForm) meanings(received []string, wrong map[string]string, focus string) office.MeaningTable {
	table := office.MeaningTable{
		Error: wrong["meanings"], Types: received,
		Add: components.Action{Text: f.l.T("loyalty.plan.add"), Kind: components.Secondary, Name: "add"},
	}
	for i, m := range f.plan.Meanings {
		at := "meanings." + strconv.Itoa(i)
		row := office.MeaningRow{
			Event:  components.TextInput{Field: components.Field{Name: "event", Label: f.l.T("loyalty.plan.event")}, Value: m.EventType, Placeholder: "order_completed"},
			Kind:   components.Choices{Field: components.Field{Name: "kind", Label: f.l.T("loyalty.plan.kind")}},
			Amount: components.TextInput{Field: components.Field{Name: "amount", Label: f.l.T("loyalty.plan.amount")}, Value: m.Amount, Placeholder: f.l.T("loyalty.plan.amount")},
			Remove: components.Action{Text: f.l.T("loyalty.plan.remove"), Kind: components.Quiet, Name: "remove", Value: strconv.Itoa(i)},
			ID:     "meaning-" + strconv.Itoa(i), RemoveLabel: f.l.T("loyalty.plan.remove_row", "n", i+1),
		}
		if m.EventType != "" {
			row.RemoveLabel = f.l.T("loyalty.plan.remove_type", "type", m.EventType)
		}
		for _, field := range []struct{ path, name string }{{at, "event"}, {at + ".event_type", "event"}, {at + ".kind", "kind"}, {at + ".amount", "amount"}} {
			if row.Error == "" && wrong[field.path] != "" {
				row.Error = wrong[field.path]
				if focus == field.path {
					row.Focus = field.name
				}
			}
		}
		if focus == "meanings" && i == 0 || f.sent.Has("add") && i == len(f.plan.Meanings)-1 {
			row.Focus = "event"
		}
		for _, kind := range surveys.LoyaltyKinds() {
			row.Kind.Options = append(row.Kind.Options, components.Option{Value: string(kind), Text: f.l.T("loyalty.kind." + string(kind)), Selected: kind == m.Kind})
		}
		table.Rows = append(table.Rows, row)
	}
	for _, name := range received {
		if !slices.Contains(f.plan.Types(), name) {
			table.Suggested = append(table.Suggested, components.Action{Text: name, Name: "add", Value: name})
		}
	}
	return table
}
