package office

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/office"
)

// freeDrivers is how many empty rows stand below the declared ones.
const freeDrivers = 3

// readDrivers reads the rows of a form; one without names is taken away. A row
// without a key gets one that is made of its English name.
func readDrivers(form url.Values) []surveys.Driver {
	var list []surveys.Driver
	for i := range surveys.MaxDrivers + freeDrivers {
		path := fmt.Sprintf("drivers.%d", i)
		d := surveys.Driver{Key: strings.TrimSpace(form.Get(path + ".key")), Scale: surveys.RatingScale(form.Get(path + ".scale")), Names: make(map[string]string)}
		for _, locale := range surveys.RespondentLocales() {
			if name := strings.TrimSpace(form.Get(path + ".names." + locale)); name != "" {
				d.Names[locale] = name
			}
		}
		if len(d.Names) == 0 || form.Get(path+".remove") != "" {
			continue
		}
		if d.Key == "" {
			d.Key = keyOf(d.Names["en"], list)
		}
		list = append(list, d)
	}
	return list
}

// keyOf makes a key of a name, or numbers it where the name has no letter of a
// key: "Delivery time" is delivery_time.
func keyOf(name string, taken []surveys.Driver) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	key := strings.TrimLeft(strings.Join(words, "_"), "0123456789_")
	if len(key) > 36 {
		key = key[:36]
	}
	if key == "" {
		key = "driver"
	}
	made := key
	for n := 2; hasDriver(taken, made); n++ {
		made = fmt.Sprintf("%s_%d", key, n)
	}
	return made
}

func hasDriver(list []surveys.Driver, key string) bool {
	for _, d := range list {
		if d.Key == key {
			return true
		}
	}
	return false
}

// drivers is the editor of what answers may rate.
func (f surveyForm) drivers(wrong map[string]string) office.DriversForm {
	form := office.DriversForm{
		Title: f.l.T("drivers.form.title"), Help: f.l.T("drivers.form.help"), How: f.l.T("drivers.form.how"),
		Error: wrong["drivers"], Open: len(f.survey.Drivers) > 0,
	}
	rows := min(len(f.survey.Drivers)+freeDrivers, max(surveys.MaxDrivers, len(f.survey.Drivers)))
	for i := range rows {
		var d surveys.Driver
		if i < len(f.survey.Drivers) {
			d = f.survey.Drivers[i]
		}
		row := f.driverRow(i, d, wrong)
		form.Open = form.Open || row.Error != ""
		form.Rows = append(form.Rows, row)
	}
	form.Open = form.Open || form.Error != ""
	return form
}

// driverRow is one driver, or an empty place for one.
func (f surveyForm) driverRow(i int, d surveys.Driver, wrong map[string]string) office.DriverRow {
	path := fmt.Sprintf("drivers.%d", i)
	optional := f.l.T("office.optional") // a place may stay empty, and a field in a closed list must not stop the form
	row := office.DriverRow{Title: f.l.T("drivers.form.row", "n", int64(i+1)), Error: wrong[path+".names"]}
	for _, language := range i18n.Languages() {
		name := path + ".names." + language.Tag
		row.Names = append(row.Names, components.TextInput{
			Field: components.Field{Name: name, Label: f.l.T("drivers.form.name", "language", language.Name), Error: wrong[name], Optional: optional, Lang: language.Tag},
			Value: d.Names[language.Tag], Limit: 40, Autocomplete: "off",
		})
		row.Error += wrong[name]
	}
	row.Key = components.TextInput{
		Field: components.Field{Name: path + ".key", Label: f.l.T("drivers.form.key"), Error: wrong[path+".key"], Optional: optional},
		Value: d.Key, Limit: 40, Autocomplete: "off",
	}
	row.Scale = components.Choices{Field: components.Field{Name: path + ".scale", Label: f.l.T("drivers.form.scale"), Error: wrong[path+".scale"]}}
	for _, scale := range surveys.RatingScales() {
		row.Scale.Options = append(row.Scale.Options, components.Option{Value: string(scale), Text: f.l.T("drivers.form.scale." + string(scale)), Selected: scale == d.Scale})
	}
	row.Error += wrong[path+".key"] + wrong[path+".scale"]
	row.Declared = d.Key != "" && wrong[path+".key"] == "" && f.sent == nil
	if row.Declared {
		row.Remove = &components.Check{Field: components.Field{Name: path + ".remove", Label: f.l.T("drivers.form.remove", "name", d.Name(f.l.Lang()))}, Value: "1"}
	}
	return row
}
