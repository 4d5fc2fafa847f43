package office

import (
	"slices"
	"strconv"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// comment is one answer as lists show it.
func (v visit) comment(r surveys.Response, survey surveys.Survey, people map[string]surveys.Person) office.Comment {
	c := office.Comment{
		Score: v.badge(survey, r.Score), Text: r.Comment, When: v.l.DateTime(r.AnsweredAt.In(v.w.Zone)),
		Person: office.Fact{Value: v.l.T("office.anonymous")},
	}
	if person, ok := people[r.PersonID]; ok {
		c.Person = office.Fact{Value: person.Label(), Address: "/people/" + person.ID}
	}
	for _, key := range v.w.Segments {
		if value := r.Segments[key]; value != "" {
			c.Details = append(c.Details, words.ValueName(v.l, key, value))
		}
	}
	if r.Channel != "" {
		c.Details = append(c.Details, words.ValueName(v.l, surveys.SegmentChannel, string(r.Channel)))
	}
	c.Details = append(c.Details, v.ratings(r, survey)...)
	return c
}

// badge is a score with its band.
func (v visit) badge(survey surveys.Survey, score int) office.Badge {
	scale := survey.Metric.Scale()
	badge := office.Badge{Score: strconv.Itoa(score), Band: v.l.Band(scale.Band(score)), Class: "middle"}
	switch scale.Band(score) {
	case scale.Good:
		badge.Class = "good"
	case scale.Bad:
		badge.Class = "bad"
	}
	return badge
}

// filters is the form above the list, as it was sent.
func (l *listing) filters() office.Filters {
	optional := l.l.T("office.optional")
	wrong := l.fieldErrors(surveys.Wrong(l.wrong...))
	field := func(name string) components.Field {
		return components.Field{Name: name, Label: l.l.T("office.filters." + name), Optional: optional, Error: wrong[name]}
	}
	text := func(name, kind string) components.TextInput {
		return components.TextInput{Field: field(name), Type: kind, Value: l.query.Get(name), Limit: 200}
	}
	return office.Filters{
		Survey: l.surveyChoices(), Score: l.scoreChoices(wrong["score"]), Segment: l.segmentChoices(field("segment")), Theme: l.themeChoices(field("theme")),
		From: text("from", "date"), To: text("to", "date"), Search: text("q", "search"), Clear: l.clear(),
		Comment: components.Check{Field: components.Field{Name: "comment", Label: l.l.T("office.filters.comment")}, Value: "1", Checked: l.query.Get("comment") != ""},
		Rated:   l.ratedChoice(),
	}
}

// themeChoices are the themes that the workspace looks for; nil when there are
// none.
func (l *listing) themeChoices(field components.Field) *components.Choices {
	if len(l.themes) == 0 {
		return nil
	}
	c := components.Choices{Field: field, Options: []components.Option{{Text: l.l.T("office.filters.any_theme")}}}
	for _, t := range l.themes {
		c.Options = append(c.Options, components.Option{Value: t.ID, Text: t.Name, Selected: t.ID == l.query.Get("theme")})
	}
	return &c
}

func (l *listing) surveyChoices() components.Choices {
	c := components.Choices{Field: components.Field{Name: "survey", Label: l.l.T("office.filters.survey")},
		Options: []components.Option{{Text: l.l.T("office.filters.all_surveys"), Selected: l.survey.ID == ""}}}
	for _, s := range l.all {
		c.Options = append(c.Options, components.Option{Value: s.ID, Text: s.Name, Selected: s.ID == l.survey.ID})
	}
	return c
}

// scoreChoices are the bands and scores of the chosen survey.
func (l *listing) scoreChoices(wrong string) components.Choices {
	c := components.Choices{Field: components.Field{Name: "score", Label: l.l.T("office.filters.score"), Error: wrong}}
	if l.survey.ID == "" {
		c.Options = []components.Option{{Text: l.l.T("office.filters.score_first")}}
		return c
	}
	chosen, scale := l.query.Get("score"), l.survey.Metric.Scale()
	c.Options = []components.Option{{Text: l.l.T("office.filters.all_scores"), Selected: chosen == ""}}
	for _, band := range scale.Bands() {
		c.Options = append(c.Options, components.Option{Value: string(band), Text: l.l.Band(band), Selected: chosen == string(band)})
	}
	for _, score := range scale.Choices() {
		value := strconv.Itoa(score)
		c.Options = append(c.Options, components.Option{Value: value, Text: value, Selected: chosen == value})
	}
	return c
}

// segmentValues are the values of a segment key that answers can have: those that
// were counted, the ways in which answers come, or the survey's versions.
func segmentValues(survey surveys.Survey, counted map[string][]string, key string) []string {
	switch key {
	case surveys.SegmentChannel:
		var values []string
		for _, channel := range []surveys.Channel{surveys.ChannelMail, surveys.ChannelLink, surveys.ChannelAPI, surveys.ChannelImport} {
			values = append(values, string(channel))
		}
		return values
	case surveys.SegmentVersion:
		var values []string
		for version := range survey.Question.Version {
			values = append(values, strconv.Itoa(version+1))
		}
		return values
	}
	return counted[key]
}

// segmentChoices are the known values of every segment key, as the list's chips
// name them; and the chosen one, if nobody has it any more.
func (l *listing) segmentChoices(field components.Field) office.GroupedChoices {
	c := office.GroupedChoices{Field: field, None: components.Option{Text: l.l.T("office.filters.everybody"), Selected: len(l.filter.Segments) == 0}}
	for _, key := range l.w.SegmentKeys() {
		values := segmentValues(l.survey, l.values, key)
		for _, chosen := range l.filter.Segments.Values(key) {
			if !slices.Contains(values, chosen) {
				values = append(slices.Clone(values), chosen)
			}
		}
		group := office.OptionGroup{Label: words.KeyName(l.l, key)}
		for _, value := range values {
			segment := surveys.Segment{Key: key, Value: value}
			group.Options = append(group.Options, components.Option{
				Value: segment.String(), Text: words.ValueName(l.l, key, value), Selected: len(l.filter.Segments) > 0 && segment == l.filter.Segments[0],
			})
		}
		if len(group.Options) > 0 {
			c.Groups = append(c.Groups, group)
		}
	}
	return c
}
