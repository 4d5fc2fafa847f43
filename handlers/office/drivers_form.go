package office

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
)

// freeDrivers is how many empty rows stand below the declared ones.
const freeDrivers = 3

// readDrivers reads the rows of a form; one without names is taken away. A row
// without a key gets one that is made of a name.
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
			d.Key = keyOf(d.Names, list)
		}
		list = append(list, d)
	}
	return list
}

// keyOf makes a key of the first name that has letters of a key, English before
// the others: "Delivery time" is delivery_time. Where none has, it is numbered.
func keyOf(names map[string]string, taken []surveys.Driver) string {
	key := ""
	for _, locale := range surveys.RespondentLocales() {
		if key = keyLetters(names[locale]); key != "" {
			break
		}
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

// keyLetters is what of a name may stand in a key.
func keyLetters(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	key := strings.TrimLeft(strings.Join(words, "_"), "0123456789_")
	return key[:min(len(key), 36)]
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

// driverLanguages are those in which drivers are named: the form's, and those in
// which one has a name already, which would else be lost when the form is sent.
func (f surveyForm) driverLanguages() []string {
	list := f.usedLanguages()
	for _, locale := range surveys.RespondentLocales() {
		named := slices.ContainsFunc(f.survey.Drivers, func(d surveys.Driver) bool { return d.Names[locale] != "" })
		if named && !slices.Contains(list, locale) {
			list = append(list, locale)
		}
	}
	return list
}

// driverRow is one driver, or an empty place for one.
func (f surveyForm) driverRow(i int, d surveys.Driver, wrong map[string]string) office.DriverRow {
	path := fmt.Sprintf("drivers.%d", i)
	optional := f.l.T("office.optional") // a place may stay empty, and a field in a closed list must not stop the form
	row := office.DriverRow{Title: f.l.T("drivers.form.row", "n", int64(i+1)), Error: wrong[path+".names"]}
	for _, tag := range f.driverLanguages() {
		name := path + ".names." + tag
		row.Names = append(row.Names, components.TextInput{
			Field: components.Field{Name: name, Label: f.l.T("drivers.form.name", "language", f.l.Language(tag)), Error: wrong[name], Optional: optional, Lang: tag},
			Value: d.Names[tag], Limit: 40, Autocomplete: "off",
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
