package office

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
)

// readCaps reads how often people are asked at most, and the days on which
// nobody is. A form without the fields changes nothing.
func readCaps(form url.Values, w *surveys.Workspace) {
	for name, n := range capFields(&w.Caps) {
		if form.Has(name) {
			*n = number(form.Get(name))
		}
	}
	if form.Has("holidays") {
		w.Holidays = strings.FieldsFunc(form.Get("holidays"), func(r rune) bool { return strings.ContainsRune(" ,;\r\n\t，；、", r) })
	}
}

// capFields are the caps by the names of their fields.
func capFields(c *surveys.Caps) map[string]*int {
	return map[string]*int{"cap_all": &c.AllDays, "cap_relational": &c.RelationalDays, "cap_transactional": &c.TransactionalDays, "cap_reminders": &c.Reminders}
}

// caps are the fields of how often people are asked.
func (f settingsForm) caps(wrong map[string]string) office.CapFields {
	view := office.CapFields{
		Title: f.l.T("rules.settings.title"), Lead: f.l.T("rules.settings.lead"),
		Holidays: components.TextArea{Field: f.optional("holidays", wrong), Value: strings.Join(f.workspace.Holidays, "\n"), Rows: 4, Limit: surveys.MaxHolidays * 12},
	}
	view.Holidays.Label, view.Holidays.Help = f.l.T("rules.settings.holidays"), f.l.T("rules.settings.holidays_help")
	stored := capFields(&f.workspace.Caps)
	for _, name := range []string{"cap_all", "cap_relational", "cap_transactional", "cap_reminders"} {
		value := strconv.Itoa(*stored[name])
		if f.sent != nil && f.sent.Has(name) {
			value = f.sent.Get(name)
		}
		view.Numbers = append(view.Numbers, components.TextInput{
			Field: components.Field{Name: name, Label: f.l.T("rules.settings." + name), Help: f.l.T("rules.settings." + name + "_help"), Error: wrong[name]}, Value: value,
		})
	}
	if f.sent != nil && f.sent.Has("holidays") {
		view.Holidays.Value = f.sent.Get("holidays")
	}
	return view
}
