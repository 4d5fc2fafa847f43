package office

import (
	"slices"
	"strconv"

	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// nobody is what stands for somebody who is not known. On a page of the company's the
// word is that nobody has vouched for them.
func (v visit) nobody(r surveys.Response) string {
	if r.Channel == surveys.ChannelEmbed || r.Channel == surveys.ChannelCancel {
		return v.l.T("office.unverified")
	}
	return v.l.T("office.anonymous")
}

// comment is one answer as lists show it.
func (v visit) comment(r surveys.Response, survey surveys.Survey, people map[string]surveys.Person) office.Comment {
	c := office.Comment{
		Score: v.badge(survey, r.Score), Text: r.Comment, When: v.l.DateTime(r.AnsweredAt.In(v.w.Zone)),
		Person: office.Fact{Value: v.nobody(r)},
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
	badge := office.Badge{Score: strconv.Itoa(score), Band: v.l.BandOf(scale.Band(score)), Class: "middle"}
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
		return components.TextInput{Field: field(name), Type: kind, Value: l.query.Get(name), Limit: search.MaxQueryRunes}
	}
	q := text("q", "search")
	q.Value, q.Help = l.text, l.l.T("feed.search_help")
	more := components.Field{Name: "segment", Label: l.l.T("feed.segment"), Optional: optional, Error: wrong["segment"]}
	return office.Filters{
		Survey: l.surveyChoices(), Score: l.scoreChoices(wrong["score"]), Theme: l.themeChoices(field("theme")),
		Segment: l.furtherSegments(more, l.offered, l.filter.Segments), Hidden: slices.Concat(l.chosenSegments(), l.chosenMails(), l.chosenWithout()), Chips: slices.Concat(l.chips(), l.mailsChip(), l.withoutChip()),
		From: text("from", "date"), To: text("to", "date"), Search: q, Clear: l.clear(),
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
		for _, channel := range []surveys.Channel{surveys.ChannelMail, surveys.ChannelLink, surveys.ChannelKiosk, surveys.ChannelEmbed, surveys.ChannelCancel, surveys.ChannelAPI, surveys.ChannelImport} {
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

// chosenSegments go along unseen when the form is sent, which adds one more.
func (l *listing) chosenSegments() []office.Hidden {
	var list []office.Hidden
	for _, segment := range l.filter.Segments {
		list = append(list, office.Hidden{Name: "segment", Value: segment.String()})
	}
	return list
}

// chips are the segments that the list is narrowed to, each with the way to be
// rid of it.
func (l *listing) chips() []office.FeedChip {
	var chips []office.FeedChip
	for _, segment := range l.filter.Segments {
		chips = append(chips, office.FeedChip{Text: l.segmentName(segment), Remove: l.narrowed(l.filter.Segments.Without(segment), "")})
	}
	return chips
}

// segmentName is a segment in words: "Plan: pro".
func (v visit) segmentName(s surveys.Segment) string {
	return v.l.T("office.segment", "key", words.KeyName(v.l, s.Key), "value", words.ValueName(v.l, s.Key, s.Value))
}

// furtherSegments are the segments that are not among the filters yet, as the
// lists' chips name them; nil when there is none, or no room for one.
func (v visit) furtherSegments(field components.Field, values map[string][]string, filters surveys.Filters) *office.GroupedChoices {
	none := "feed.segment_choose"
	if len(filters) > 0 {
		none = "feed.segment_more"
	}
	c := office.GroupedChoices{Field: field, None: components.Option{Text: v.l.T(none)}}
	for _, key := range v.w.SegmentKeys() {
		group := office.OptionGroup{Label: words.KeyName(v.l, key)}
		for _, value := range values[key] {
			if segment := (surveys.Segment{Key: key, Value: value}); !filters.Has(segment) {
				group.Options = append(group.Options, components.Option{Value: segment.String(), Text: words.ValueName(v.l, key, value)})
			}
		}
		if len(group.Options) > 0 {
			c.Groups = append(c.Groups, group)
		}
	}
	if len(c.Groups) == 0 || len(filters) == surveys.MaxFilters {
		return nil
	}
	return &c
}
