package office

import (
	"slices"
	"strconv"

	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
)

// form is what narrows the feed, as it was sent. The segments that are chosen
// already go along unseen; the form adds one more.
func (f fed) form() office.FeedForm {
	parameters := f.view.parameters()
	set(parameters, map[string]string{"step": "", "by": "", "compare": ""})
	form := office.FeedForm{Action: f.view.path, Hidden: hiddenOf(parameters), Band: f.bandChoices(),
		Segment: f.furtherSegments(f.field("segment", "feed.segment", ""), f.values, f.view.filters)}
	form.Search = components.TextInput{
		Field: f.field("q", "feed.search", "feed.search_help"), Type: "search", Value: f.text, Limit: search.MaxQueryRunes, Autocomplete: "off",
	}
	if len(f.themes) > 0 {
		form.Theme, form.Feeling = f.themeChoices(), f.feelingChoices()
	}
	if len(f.languages) > 1 || f.filter.Language != "" {
		form.Language = f.languageChoices()
	}
	return form
}

// field is one of the form's, which are all optional.
func (f fed) field(name, label, help string) components.Field {
	field := components.Field{Name: name, Label: f.l.T(label), Optional: f.l.T("office.optional")}
	if help != "" {
		field.Help = f.l.T(help)
	}
	return field
}

// bandChoices are the bands of the survey's scale, and its scores.
func (f fed) bandChoices() components.Choices {
	scale := f.survey.Metric.Scale()
	c := components.Choices{Field: f.field("band", "feed.band", ""), Options: []components.Option{{Text: f.l.T("feed.band_all")}}}
	for _, band := range scale.Bands() {
		c.Options = append(c.Options, components.Option{Value: string(band), Text: f.l.Band(band), Selected: f.band == string(band)})
	}
	for _, score := range scale.Choices() {
		value := strconv.Itoa(score)
		c.Options = append(c.Options, components.Option{Value: value, Text: value, Selected: f.band == value})
	}
	return c
}

func (f fed) themeChoices() *components.Choices {
	c := components.Choices{Field: f.field("theme", "feed.theme", ""), Options: []components.Option{{Text: f.l.T("feed.theme_all")}}}
	for _, t := range f.themes {
		c.Options = append(c.Options, components.Option{Value: t.ID, Text: t.Name, Selected: t.ID == f.filter.Theme})
	}
	return &c
}

func (f fed) feelingChoices() *components.Choices {
	c := components.Choices{Field: f.field("feeling", "feed.feeling", ""), Options: []components.Option{{Text: f.l.T("feed.feeling_all")}}}
	for _, tone := range feelings() {
		c.Options = append(c.Options, components.Option{Value: string(tone), Text: f.l.T("feed.feeling." + string(tone)), Selected: tone == f.filter.Tone})
	}
	return &c
}

// languageChoices are the languages that somebody wrote in.
func (f fed) languageChoices() *components.Choices {
	c := components.Choices{Field: f.field("language", "feed.language", ""), Options: []components.Option{{Text: f.l.T("feed.language_all")}}}
	for _, language := range feedLanguages() {
		if slices.Contains(f.languages, language) || language == f.filter.Language {
			c.Options = append(c.Options, components.Option{Value: string(language), Text: f.language(language), Selected: language == f.filter.Language})
		}
	}
	return &c
}

// offered are the values to choose from: those that the survey's answers of the
// period have.
func (f fed) offered() (map[string][]string, error) {
	known, err := f.site.Store.SegmentValues(f.ctx(), f.w.ID)
	if err != nil {
		return nil, err
	}
	return f.given(f.survey, f.w.SegmentKeys(), f.view.period, known)
}
