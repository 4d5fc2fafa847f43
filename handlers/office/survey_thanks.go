package office

import (
	"fmt"
	"slices"
	"strings"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
)

// thanksByBand are the thank-yous by what was scored.
func (f surveyForm) thanksByBand(wrong map[string]string) office.ThanksForm {
	scale := metricOr(f.survey.Metric).Scale()
	form := office.ThanksForm{
		Fold: office.Fold{ID: "thanks", Title: f.l.T("office.thanks.title"), Says: f.l.T("office.thanks.none"), Open: hasPrefix(wrong, "thanks.")},
		Help: f.l.T("office.thanks.help"),
	}
	var own []string
	for _, band := range scale.Bands() {
		if t := f.survey.Thanks[band]; t.Link != "" || len(t.Texts) > 0 {
			own = append(own, f.l.Band(band))
		}
		class := "middle"
		switch band {
		case scale.Good:
			class = "good"
		case scale.Bad:
			class = "bad"
		}
		form.Bands = append(form.Bands, f.thanksBand(band, class, wrong))
	}
	if len(own) > 0 {
		form.Fold.Says = strings.Join(own, f.l.T("office.answers.and"))
	}
	return form
}

func (f surveyForm) thanksBand(band surveys.Band, class string, wrong map[string]string) office.ThanksBand {
	thanks, path := f.survey.Thanks[band], "thanks."+string(band)
	optional := f.l.T("office.optional")
	b := office.ThanksBand{Title: f.l.Band(band), Class: class, Link: components.TextInput{
		Field: components.Field{Name: path + ".link", Label: f.l.T("office.thanks.link"), Error: wrong[path+".link"], Optional: optional},
		Type:  "url", Value: thanks.Link, Placeholder: "https://", Limit: surveys.MaxLink, Autocomplete: "off",
	}}
	languages := f.usedLanguages()
	for _, tag := range languages {
		at := path + ".texts." + tag
		field := func(name string, text func(surveys.ThankYouText) string, limit int) components.TextInput {
			label := f.l.T("office.thanks." + name)
			if len(languages) > 1 {
				label = f.l.T("office.followups.in", "label", label, "language", f.l.Language(tag))
			}
			return components.TextInput{
				Field: components.Field{Name: at + "." + name, Label: label, Error: wrong[at+"."+name], Lang: tag,
					Optional: f.optional(tag, func(tag string) string { return text(thanks.Texts[tag]) })},
				Value: text(thanks.Texts[tag]), Limit: limit, Autocomplete: "off",
			}
		}
		button := field("link", func(t surveys.ThankYouText) string { return t.Link }, 60)
		button.Label = strings.Replace(button.Label, f.l.T("office.thanks.link"), f.l.T("office.thanks.button"), 1)
		b.Texts = append(b.Texts, field("text", func(t surveys.ThankYouText) string { return t.Text }, 1000), button)
	}
	return b
}

// hiddenFields are the names that a page's address may carry, one a line.
func (f surveyForm) hiddenFields(wrong map[string]string) components.TextArea {
	area := components.TextArea{
		Field: components.Field{Name: "fields", Label: f.l.T("office.fields.label"), Help: f.l.T("office.fields.help"), Error: wrong["fields"], Optional: f.l.T("office.optional")},
		Value: strings.Join(f.survey.Fields, "\n"), Placeholder: "order_id", Rows: max(2, len(f.survey.Fields)+1),
	}
	for i := range f.survey.Fields {
		if problem := wrong[fmt.Sprintf("fields.%d", i)]; problem != "" && area.Error == "" {
			area.Error = problem
		}
	}
	return area
}

// languages are those of the form, what is missing in each, and those that can
// be added.
func (f surveyForm) languages(wrong map[string]string) office.LanguagesForm {
	form := office.LanguagesForm{Tags: f.usedLanguages(), Draft: f.draft()}
	for _, tag := range form.Tags {
		if texts, missing := f.survey.Written(tag); missing > 0 {
			form.Missing = append(form.Missing, f.l.T("office.languages.missing", "language", f.l.Language(tag), "missing", int64(missing), "texts", int64(texts)))
		}
	}
	var free []components.Option
	for _, tag := range surveys.RespondentLocales() {
		if !slices.Contains(form.Tags, tag) {
			free = append(free, components.Option{Value: tag, Text: f.l.Language(tag)})
		}
	}
	if len(free) > 0 {
		form.Add = &components.Choices{Field: components.Field{Name: "language", Label: f.l.T("office.languages.choose")}, Options: free}
	}
	form.Usual = components.Choices{Field: components.Field{Name: "locale", Label: f.l.T("office.languages.usual"), Help: f.l.T("office.languages.usual_help"), Error: wrong["locale"]}}
	form.Usual.Options = []components.Option{{Text: f.l.T("office.languages.workspace", "language", f.l.Language(f.w.Locale)), Selected: f.survey.Locale == ""}}
	for _, tag := range surveys.RespondentLocales() {
		form.Usual.Options = append(form.Usual.Options, components.Option{Value: tag, Text: f.l.Language(tag), Selected: f.survey.Locale == tag})
	}
	return form
}

// style chooses how the choices of a CSAT question are drawn.
func (f surveyForm) style(wrong map[string]string) *office.StyleField {
	if f.survey.ID != "" && f.survey.Metric != surveys.CSAT {
		return nil
	}
	field := &office.StyleField{Field: components.Field{Name: "style", Label: f.l.T("office.style.title"), Help: f.l.T("office.style.help"), Error: wrong["style"]}}
	marks := map[surveys.Style][]string{
		surveys.StyleNumbers: {"1", "2", "3", "4", "5"}, surveys.StyleStars: {"star", "star", "star", "star", "star"},
		surveys.StyleSmileys: {"face1", "face2", "face3", "face4", "face5"}, surveys.StyleThreeFaces: {"face1", "face3", "face5"}, surveys.StyleThumbs: {"down", "up"},
	}
	for _, style := range surveys.CSAT.Styles() {
		name := string(style)
		if style == surveys.StyleNumbers {
			name = "numbers"
		}
		field.Styles = append(field.Styles, office.StyleChoice{Value: string(style), Text: f.l.T("office.style." + name), Marks: marks[style], Chosen: style == f.survey.Question.Style})
	}
	return field
}
