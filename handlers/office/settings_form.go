package office

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// settingsForm is the page of settings, as stored or as sent.
type settingsForm struct {
	visit
	workspace surveys.Workspace
	stored    surveys.Workspace // beside what was sent: its logo is the one in use
	sent      url.Values        // nil: not sent yet
	problem   error
	key       newKey
}

// newKey is what became of the form for a new API key.
type newKey struct {
	name    string
	scopes  []surveys.Scope
	secret  string // "": none was made
	problem error
}

// page builds the view.
func (f settingsForm) page(keys []surveys.APIKey) office.Settings {
	wrong := f.fieldErrors(f.problem)
	view := office.Settings{
		Page: f.visit.page(f.l.T("office.settings.title"), layouts.Settings), Note: f.wrongNote(cmp.Or(f.problem, f.key.problem)), Locked: !f.may(surveys.Manager), Unsent: f.unsent(),
		Name:    components.TextInput{Field: f.field("name", wrong), Value: f.workspace.Name, Limit: 80, Autocomplete: "organization"},
		Colour:  components.TextInput{Field: f.field("color", wrong), Type: "color", Value: f.workspace.Color},
		Logo:    f.logo(wrong),
		Zone:    components.TextInput{Field: f.field("timezone", wrong), Value: f.workspace.TimeZone, Limit: 60},
		Zones:   commonZones(),
		Locale:  f.locales(wrong),
		Address: components.TextArea{Field: f.optional("address", wrong), Value: f.workspace.Address, Limit: 300},
		Segments: components.TextArea{Field: f.optional("segments", wrong), Value: strings.Join(f.workspace.Segments, "\n"), Rows: 4,
			Limit: surveys.MaxSegmentKeys * 42},
		Keys: f.keys(keys), Caps: f.caps(wrong),
		Places: []office.Place{
			{Title: f.l.T("themes.rules.title"), Text: f.l.T("themes.rules.lead"), Address: pathThemes},
			{Title: f.l.T("loyalty.plan.title"), Text: f.l.T("loyalty.plan.lead"), Address: pathPlan},
			{Title: f.l.T("benchmarks.title"), Text: f.l.T("benchmarks.lead"), Address: pathBenchmarks},
			{Title: f.l.T("suppressions.title"), Text: f.l.T("suppressions.lead"), Address: pathSuppressions},
		},
	}
	if f.may(surveys.Manager) {
		place := office.Place{Title: f.l.T("sending.title"), Text: f.l.T("sending.place"), Address: pathSending}
		if view.Page.Mark != nil {
			place.Alert = view.Page.Mark.Alert
		}
		view.Places = slices.Insert(view.Places, 0, place)
	}
	if view.Locked {
		view.Note = &components.Note{Text: f.l.T("office.settings.locked")}
	}
	return view
}

func (f settingsForm) field(name string, wrong map[string]string) components.Field {
	return components.Field{Name: name, Label: f.l.T("office.settings." + name), Help: f.l.T("office.settings." + name + "_help"), Error: wrong[name]}
}

func (f settingsForm) optional(name string, wrong map[string]string) components.Field {
	field := f.field(name, wrong)
	field.Optional = f.l.T("office.optional")
	return field
}

// logo is the field for a picture. A refused picture is not shown again: a
// browser keeps no file in a form that comes back, so it has to be chosen anew.
func (f settingsForm) logo(wrong map[string]string) office.Logo {
	shown := f.workspace
	if f.sent != nil {
		shown = f.stored
	}
	return office.Logo{
		Field: f.optional("logo", wrong), Current: logoData(officeWith(shown)),
		Remove: components.Check{Field: components.Field{Name: "logo_remove", Label: f.l.T("office.settings.logo_remove")}, Value: "1"},
	}
}

func (f settingsForm) locales(wrong map[string]string) components.Choices {
	c := components.Choices{Field: f.field("locale", wrong)}
	for _, language := range i18n.Languages() {
		c.Options = append(c.Options, components.Option{Value: language.Tag, Text: language.Name, Selected: language.Tag == f.workspace.Locale})
	}
	return c
}

// keys are the API keys and the form for a new one.
func (f settingsForm) keys(list []surveys.APIKey) office.Keys {
	wrong := f.fieldErrors(f.key.problem)
	k := office.Keys{
		New: f.key.secret, Error: wrong["scopes"],
		Name: components.TextInput{Field: components.Field{Name: "key_name", Label: f.l.T("office.keys.name"), Help: f.l.T("office.keys.name_help"), Error: wrong["name"]},
			Value: f.key.name, Limit: 80, Autocomplete: "off"},
	}
	for _, scope := range surveys.Scopes() {
		k.Scopes = append(k.Scopes, components.Check{
			Field: components.Field{Name: "scopes", Label: string(scope), Help: f.l.T("office.scope." + string(scope))},
			Value: string(scope), Checked: slices.Contains(f.key.scopes, scope),
		})
	}
	for _, key := range list {
		row := office.KeyRow{Name: key.Name, Created: f.l.Date(key.CreatedAt.In(f.w.Zone))}
		for _, scope := range key.Scopes {
			row.Scopes += string(scope) + " "
		}
		row.Delete = &components.Action{Text: f.l.T("office.keys.delete"), Address: "/settings/keys/" + key.ID + "/delete", Kind: components.Quiet}
		k.List = append(k.List, row)
	}
	return k
}

// commonZones are offered while typing; every other IANA name is taken too.
func commonZones() []string {
	return []string{
		"UTC", "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", "America/Toronto", "America/Mexico_City", "America/Sao_Paulo",
		"Europe/London", "Europe/Lisbon", "Europe/Madrid", "Europe/Paris", "Europe/Amsterdam", "Europe/Berlin", "Europe/Zurich", "Europe/Rome", "Europe/Stockholm",
		"Europe/Warsaw", "Europe/Athens", "Europe/Istanbul", "Africa/Cairo", "Africa/Lagos", "Africa/Nairobi", "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata",
		"Asia/Bangkok", "Asia/Jakarta", "Asia/Singapore", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Seoul", "Asia/Tokyo", "Australia/Perth",
		"Australia/Sydney", "Pacific/Auckland",
	}
}
