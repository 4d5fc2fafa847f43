package office

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
)

// draft is where the form is sent to be changed and shown again.
func (f surveyForm) draft() string {
	if f.survey.ID == "" {
		return "/surveys/draft"
	}
	return "/surveys/" + f.survey.ID + "/draft"
}

// followUps is the list of what the survey asks beside its score.
func (f surveyForm) followUps(wrong map[string]string) office.FollowUpsForm {
	asked := f.survey.Question.Asked()
	form := office.FollowUpsForm{Draft: f.draft(), Error: wrong["follow_ups"]}
	for i := range asked {
		form.Cards = append(form.Cards, f.followUpCard(i, wrong))
	}
	if len(asked) < surveys.MaxFollowUps {
		for _, kind := range surveys.FollowUpKinds() {
			key := "office.followups.kind." + string(kind)
			form.Add = append(form.Add, office.FollowUpKind{Do: "add:" + string(kind), Name: f.l.T(key), Says: f.l.T(key + "_says")})
		}
	}
	if f.removed != nil {
		if raw, err := json.Marshal(f.removed); err == nil {
			form.Undo = &office.FollowUpUndo{Text: f.l.T("office.followups.removed", "ask", f.titleOf(f.removed.FollowUp)), Removed: string(raw)}
		}
	}
	return form
}

// titleOf is a follow-up's question, or what it is where it has none yet.
func (f surveyForm) titleOf(ask surveys.FollowUp) string {
	if ask.ID == surveys.MainComment {
		return cmp.Or(f.survey.Question.Texts[f.w.Locale].FollowUp, f.l.T("office.followups.comment"))
	}
	if ask.Kind == surveys.FollowUpContact {
		return cmp.Or(ask.Ask(f.w.Locale).Ask, f.l.T("office.answers.contact"))
	}
	return cmp.Or(ask.Ask(f.w.Locale).Ask, f.l.T("office.followups.untitled"))
}

// followUpCard is one question.
func (f surveyForm) followUpCard(i int, wrong map[string]string) office.FollowUpCard {
	asked := f.survey.Question.Asked()
	ask, path, at := asked[i], fmt.Sprintf("follow_ups.%d", i), ":"+strconv.Itoa(i)
	title := f.titleOf(ask)
	c := office.FollowUpCard{
		Path: path, ID: ask.ID, Kind: string(ask.Kind), Number: strconv.Itoa(i + 1), Name: f.l.T("office.followups.kind." + string(ask.Kind)),
		Says: title, Shown: f.shownTo(ask.Show), Error: cmp.Or(wrong[path+".id"], wrong[path+".kind"], wrong[path+".texts"]),
		Open:   f.moved == "add:"+ask.ID || hasPrefix(wrong, path+"."),
		Remove: office.FollowUpMove{Do: "remove" + at, Label: f.l.T("office.followups.remove", "ask", title)},
		Show:   f.show(i, wrong),
	}
	if i > 0 {
		c.Up = office.FollowUpMove{Do: "up" + at, Label: f.l.T("office.followups.up", "ask", title), Focus: f.moved == "up:"+strconv.Itoa(i+1)}
	}
	if i < len(asked)-1 {
		c.Down = office.FollowUpMove{Do: "down" + at, Label: f.l.T("office.followups.down", "ask", title), Focus: f.moved == "down:"+strconv.Itoa(i-1)}
	}
	if ask.ID == surveys.MainComment {
		c.Note = f.l.T("office.followups.comment_help")
		return c
	}
	f.askFields(&c, ask, wrong)
	if ask.Kind == surveys.FollowUpScale {
		c.Scale = &components.Choices{Field: components.Field{Name: path + ".scale", Label: f.l.T("drivers.form.scale"), Error: wrong[path+".scale"]}}
		for _, scale := range surveys.RatingScales() {
			c.Scale.Options = append(c.Scale.Options, components.Option{Value: string(scale), Text: strings.ReplaceAll(string(scale), "-", "–"), Selected: scale == ask.Scale})
		}
	}
	if ask.Kind == surveys.FollowUpOne || ask.Kind == surveys.FollowUpMany {
		c.Choices, c.ChoicesError = f.choiceRows(path+".choices", ask, wrong), wrong[path+".choices"]
	}
	return c
}

// askFields are the words of the question: the first language's in sight, those
// of others behind a fold.
func (f surveyForm) askFields(c *office.FollowUpCard, ask surveys.FollowUp, wrong map[string]string) {
	for n, tag := range f.usedLanguages() {
		at := c.Path + ".texts." + tag + "."
		fields := []components.TextInput{f.askField(at, "ask", tag, func(tag string) string { return ask.Texts[tag].Ask }, wrong)}
		if ask.Kind == surveys.FollowUpScale {
			fields = append(fields,
				f.askField(at, "low", tag, func(tag string) string { return ask.Texts[tag].Low }, wrong),
				f.askField(at, "high", tag, func(tag string) string { return ask.Texts[tag].High }, wrong))
		}
		if ask.Kind == surveys.FollowUpContact {
			fields[0].Placeholder = f.site.Catalogue.Letter(tag).T("respond.contact.allow", "company", f.w.Name)
		}
		if n == 0 {
			fields[0].Focus = f.moved == "add:"+ask.ID
			c.Asks = fields
			continue
		}
		for i := range fields {
			fields[i].Label = f.l.T("office.followups.in", "label", fields[i].Label, "language", f.l.Language(tag))
		}
		c.More = append(c.More, fields...)
	}
	c.MoreTitle = f.l.T("office.followups.others")
	if gaps := f.gaps(c.More); gaps > 0 {
		c.MoreTitle += " · " + f.l.T("office.languages.lacks", "missing", int64(gaps), "texts", int64(len(c.More)))
	}
}

// optional is the word beside a text's label: that it is missing, where another language
// has it.
func (f surveyForm) optional(tag string, text func(tag string) string) string {
	if text(tag) == "" && slices.ContainsFunc(f.usedLanguages(), func(other string) bool { return text(other) != "" }) {
		return f.l.T("office.languages.gap")
	}
	return f.l.T("office.optional")
}

// gaps counts the texts that are missing.
func (f surveyForm) gaps(fields []components.TextInput) int {
	n := 0
	for _, field := range fields {
		if field.Optional == f.l.T("office.languages.gap") {
			n++
		}
	}
	return n
}

func (f surveyForm) askField(at, name, tag string, text func(tag string) string, wrong map[string]string) components.TextInput {
	limit := 60
	if name == "ask" {
		limit = 300
	}
	return components.TextInput{
		Field: components.Field{Name: at + name, Label: f.l.T("office.followups." + name), Error: wrong[at+name], Optional: f.optional(tag, text), Lang: tag},
		Value: text(tag), Limit: limit, Autocomplete: "off",
	}
}

// choiceRows are the choices with a few empty places below.
func (f surveyForm) choiceRows(path string, ask surveys.FollowUp, wrong map[string]string) []office.ChoiceRow {
	var rows []office.ChoiceRow
	for i := range max(len(ask.Choices)+freeChoices, surveys.MinChoices+1) {
		var c surveys.Choice
		if i < len(ask.Choices) {
			c = ask.Choices[i]
		}
		at := fmt.Sprintf("%s.%d", path, i)
		row := office.ChoiceRow{Name: at + ".id", ID: c.ID}
		for _, tag := range f.usedLanguages() {
			name, language := at+".texts."+tag, f.l.Language(tag)
			placeholder := language
			if c.Texts[tag] == "" && len(c.Texts) > 0 {
				placeholder += ": " + f.l.T("office.languages.gap")
			}
			row.Texts = append(row.Texts, components.TextInput{
				Field: components.Field{Name: name, Lang: tag, Error: cmp.Or(wrong[name], wrong[at+".texts"], wrong[at+".id"]),
					Label: f.l.T("office.followups.choice", "n", int64(i+1), "language", language)},
				Value: c.Texts[tag], Placeholder: placeholder,
			})
		}
		rows = append(rows, row)
	}
	return rows
}

// hasPrefix reports whether something is wrong with a field below a path.
func hasPrefix(wrong map[string]string, path string) bool {
	for name := range wrong {
		if strings.HasPrefix(name, path) {
			return true
		}
	}
	return false
}

// shownTo says in short to whom a follow-up is shown.
func (f surveyForm) shownTo(s surveys.Show) string {
	switch {
	case len(s.Bands) > 0:
		var names []string
		for _, band := range s.Bands {
			names = append(names, f.l.Band(band))
		}
		return strings.Join(names, f.l.T("office.answers.and"))
	case s.After != "":
		before, _ := f.survey.Question.FollowUp(s.After)
		return f.l.T("office.followups.after", "ask", f.titleOf(before))
	}
	return f.l.T("office.followups.everybody")
}

// show are the fields of whom a follow-up is shown to.
func (f surveyForm) show(i int, wrong map[string]string) office.ShowForm {
	asked := f.survey.Question.Asked()
	show, path := asked[i].Show, fmt.Sprintf("follow_ups.%d.show", i)
	when := showAlways
	switch {
	case show.After != "", len(show.Choices) > 0:
		when = showAfter
	case len(show.Bands) > 0:
		when = showBands
	}
	if f.sent != nil && f.moved == "" { // what was chosen without saying more is kept
		when = cmp.Or(f.sent.Get(path), when)
	}
	form := office.ShowForm{When: components.Choices{Field: components.Field{Name: path, Label: f.l.T("office.followups.show.title")}}}
	form.Error = cmp.Or(wrong[path+".after"], wrong[path+".bands"], wrong[path+".choices"], wrong[path+".from"], wrong[path+".choices.0"], wrong[path+".bands.0"])
	before := slices.DeleteFunc(slices.Clone(asked[:i]), func(b surveys.FollowUp) bool {
		return b.Show.After != "" || b.Kind == surveys.FollowUpComment || b.Kind == surveys.FollowUpContact
	})
	for _, value := range []string{showAlways, showBands, showAfter} {
		if value == showAfter && len(before) == 0 && when != showAfter {
			continue
		}
		form.When.Options = append(form.When.Options, components.Option{Value: value, Text: f.l.T("office.followups.show." + value), Selected: value == when})
	}
	for _, band := range metricOr(f.survey.Metric).Scale().Bands() {
		form.Bands = append(form.Bands, components.Check{
			Field: components.Field{Name: path + ".bands", Label: f.l.Band(band)}, Value: string(band), Checked: slices.Contains(show.Bands, band),
		})
	}
	if len(before) > 0 || when == showAfter {
		f.afterFields(&form, path, show, before)
	}
	return form
}

// afterFields are the earlier questions with their choices.
func (f surveyForm) afterFields(form *office.ShowForm, path string, show surveys.Show, before []surveys.FollowUp) {
	form.After = &components.Choices{Field: components.Field{Name: path + ".after", Label: f.l.T("office.followups.show.after_label")}}
	if !slices.ContainsFunc(before, func(b surveys.FollowUp) bool { return b.ID == show.After }) {
		form.After.Options = append(form.After.Options, components.Option{Text: f.l.T("office.followups.show.choose"), Selected: true})
	}
	for _, b := range before {
		title := f.titleOf(b)
		form.After.Options = append(form.After.Options, components.Option{Value: b.ID, Text: title, Selected: b.ID == show.After})
		if b.Kind == surveys.FollowUpScale {
			form.Scales = true
			continue
		}
		group := office.ShowGroup{Title: title}
		for _, c := range b.Choices {
			group.Choices = append(group.Choices, components.Check{
				Field: components.Field{Name: path + ".choices", Label: c.Text(f.w.Locale)}, Value: b.ID + ":" + c.ID,
				Checked: b.ID == show.After && slices.Contains(show.Choices, c.ID),
			})
		}
		form.Groups = append(form.Groups, group)
	}
	place := func(name string, value *int) components.TextInput {
		input := components.TextInput{Field: components.Field{Name: path + "." + name, Label: f.l.T("office.followups.show." + name), Optional: f.l.T("office.optional")}, Type: "number"}
		if value != nil {
			input.Value = strconv.Itoa(*value)
		}
		return input
	}
	form.From, form.To = place("from", show.From), place("to", show.To)
}
