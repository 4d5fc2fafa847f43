package office

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// excerptRunes is how much of a long comment is shown at once.
const excerptRunes = 320

// feed builds the view.
func (f fed) feed() office.Feed {
	page := office.Feed{
		Page: f.visit.page(f.survey.Name+" · "+f.l.T("feed.title"), layouts.Scores), Title: f.title(), Notes: f.notes(),
		Crumbs: []components.Crumb{
			{Text: f.l.T("office.scores.title"), Address: layouts.PathScores}, {Text: f.survey.Name, Address: "/surveys/" + f.survey.ID}, {Text: f.l.T("feed.title")},
		},
		Tabs: f.tabs(f.survey, commentsTab), Ranges: f.ranges(), Dates: f.dates(), Form: f.form(), Chips: f.chips(),
		Paper: office.Printed{View: f.l.T("report.print.days", "span", reading{visit: f.visit}.span(f.view.period))},
		Pager: components.Pager{L: f.l, Summary: f.title()},
	}
	if len(page.Chips) > 0 {
		page.Clear = f.address(nil, nil)
	}
	if len(f.page.List) > 0 {
		page.Export = f.action(surveys.Manager, components.Action{Text: f.l.T("feed.export"), Address: f.with(exportOf(f.survey.ID), nil), Kind: components.Secondary})
	}
	for _, c := range f.page.List {
		page.List = append(page.List, f.comment(c))
	}
	if f.filter.After.IsZero() {
		page.News = f.firstNews()
	} else {
		page.Pager.Newer = f.with(f.view.path, nil)
	}
	if f.page.Further {
		page.Pager.Older = f.with(f.view.path, map[string]string{"after": writePlace(f.page.List[len(f.page.List)-1].At)})
	}
	if len(f.page.List) == 0 {
		page.Empty, page.Relax = f.empty(), f.relax()
	}
	return page
}

func (f fed) title() string {
	if f.page.More {
		return f.l.T("feed.many", "n", f.page.N)
	}
	return f.l.N("feed.count", f.page.N)
}

// notes tell what of the address could not be followed, and what is not searched
// yet.
func (f fed) notes() []components.Note {
	var notes []components.Note
	if f.lost {
		notes = append(notes, *f.lostPlace())
	}
	for _, wish := range f.view.ignored {
		switch wish.parameter {
		case "step", "by", "compare", "compare_long":
		case "dates":
			notes = append(notes, components.Note{Kind: components.Warning, Text: f.l.T("report.ignored.dates", "days", f.view.ranged)})
		default:
			notes = append(notes, components.Note{Kind: components.Warning, Text: f.l.T("feed.ignored", "value", wish.value)})
		}
	}
	if f.page.Left > 0 {
		notes = append(notes, components.Note{Kind: components.Info, Text: f.l.N("feed.left", f.page.Left)})
	}
	return notes
}

// own are the feed's own parameters, beside those of the view.
func (f fed) own() map[string]string {
	return map[string]string{"q": f.text, "band": f.band, "theme": f.filter.Theme, "feeling": string(f.filter.Tone), "language": string(f.filter.Language), withoutParameter: f.without}
}

// address is the feed in the same period, narrowed to segments and parameters.
func (f fed) address(filters surveys.Filters, own map[string]string) string {
	f.view.filters = filters
	parameters := f.view.parameters()
	set(parameters, own)
	return withValues(f.view.path, parameters)
}

// with is a path with everything that the feed is narrowed to, some of it set
// anew.
func (f fed) with(path string, anew map[string]string) string {
	parameters := f.view.parameters()
	set(parameters, f.own())
	set(parameters, anew)
	return withValues(path, parameters)
}

// ranges and dates are those of the report, and keep the rest.
func (f fed) ranges() []components.SegmentLink {
	links := reading{visit: f.visit, survey: f.survey, view: f.view}.ranges()
	for i, days := range []int{monthDays, quarterDays, yearDays} {
		links[i].Address = f.with(f.view.path, map[string]string{"range": strconv.Itoa(days), "from": "", "to": ""})
	}
	return links
}

func (f fed) dates() office.Dates {
	dates := reading{visit: f.visit, survey: f.survey, view: f.view}.dates()
	dates.Hidden, dates.Presets = f.hidden(), nil
	return dates
}

// hidden are the parameters that a form of dates keeps.
func (f fed) hidden() []office.Hidden {
	parameters := f.view.parameters()
	set(parameters, f.own())
	set(parameters, map[string]string{"range": "", "from": "", "to": ""})
	return hiddenOf(parameters)
}

func hiddenOf(parameters url.Values) []office.Hidden {
	var fields []office.Hidden
	names := make([]string, 0, len(parameters))
	for name := range parameters {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range parameters[name] {
			fields = append(fields, office.Hidden{Name: name, Value: value})
		}
	}
	return fields
}

// chips are what the feed is narrowed to, each with the way to be rid of it.
func (f fed) chips() []office.FeedChip {
	var chips []office.FeedChip
	for _, name := range []string{"q", "band", "theme", "feeling", "language", withoutParameter} {
		if text := f.chipText(name); text != "" {
			chips = append(chips, office.FeedChip{Text: text, Remove: f.with(f.view.path, map[string]string{name: ""})})
		}
	}
	for _, segment := range f.view.filters {
		chips = append(chips, office.FeedChip{Text: f.segmentName(segment), Remove: f.address(f.view.filters.Without(segment), f.own())})
	}
	return chips
}

// chipText is one of the feed's own parameters in words; empty when it is not
// set.
func (f fed) chipText(name string) string {
	switch {
	case f.own()[name] == "":
		return ""
	case name == "q":
		return f.l.T("feed.chip.search", "text", f.text)
	case name == "band":
		return f.l.T("feed.chip.score", "score", f.bandName())
	case name == "theme":
		return f.l.T("feed.chip.theme", "theme", f.themeName(f.filter.Theme))
	case name == withoutParameter:
		return f.withoutName(f.without)
	case name == "feeling":
		return f.l.T("feed.chip.feeling", "feeling", f.l.T("feed.feeling."+string(f.filter.Tone)))
	}
	return f.l.T("feed.chip.language", "language", f.language(f.filter.Language))
}

func (f fed) bandName() string {
	if len(f.filter.Scores) == 1 && strconv.Itoa(f.filter.Scores[0]) == f.band {
		return f.band
	}
	return f.l.Band(surveys.Band(f.band))
}

func (f fed) themeName(id string) string {
	for _, t := range f.themes {
		if t.ID == id {
			return t.Name
		}
	}
	return ""
}

// language is the name of one; empty for those that have none here.
func (f fed) language(l themes.Language) string {
	if !slices.Contains(feedLanguages(), l) {
		return ""
	}
	return f.l.T("feed.language." + string(l))
}

// empty says why there is nothing to show.
func (f fed) empty() *components.Empty {
	switch {
	case f.filter.Search.Hopeless():
		return &components.Empty{Title: f.l.T("feed.none.title"), Text: f.l.T("feed.none.hopeless", "text", f.text)}
	case f.page.Left > 0:
		return &components.Empty{Title: f.l.T("feed.soon.title"), Text: f.l.T("feed.soon.text")}
	case len(f.chips()) > 0:
		return &components.Empty{Title: f.l.T("feed.none.title"), Text: f.l.T("feed.none.text")}
	}
	return &components.Empty{Title: f.l.T("feed.empty.title"), Text: f.l.T("feed.empty.text")}
}

// relax are ways to find more: a longer period, and each filter less.
func (f fed) relax() []components.Action {
	var ways []components.Action
	if f.view.ranged != yearDays {
		ways = append(ways, components.Action{Text: f.l.T("feed.none.year"), Kind: components.Secondary,
			Address: f.with(f.view.path, map[string]string{"range": strconv.Itoa(yearDays), "from": "", "to": ""})})
	}
	for _, chip := range f.chips() {
		ways = append(ways, components.Action{Text: f.l.T("feed.none.without", "filter", chip.Text), Address: chip.Remove, Kind: components.Quiet})
	}
	return ways
}

// firstNews asks for what comes after the page's first comment.
func (f fed) firstNews() *office.FeedNews {
	var since store.FeedPlace
	if len(f.page.List) > 0 {
		since = f.page.List[0].At
	}
	news := f.news(since, 0)
	return &news
}

// news is what came since a place, and how to ask again.
func (f fed) news(since store.FeedPlace, n int64) office.FeedNews {
	news := office.FeedNews{
		Ask:  f.with(feedOf(f.survey.ID)+"/news", map[string]string{"since": writePlace(since)}),
		Show: f.with(feedOf(f.survey.ID), nil),
	}
	switch {
	case n >= f.filter.MostCounted():
		news.Text = f.l.T("feed.news_many", "n", n)
	case n > 0:
		news.Text = f.l.N("feed.news", n)
	}
	return news
}

// responses are the answers of the page's comments.
func (f fed) responses() []surveys.Response {
	list := make([]surveys.Response, len(f.page.List))
	for i, c := range f.page.List {
		list[i] = c.Response
	}
	return list
}

// comment is one comment as the feed shows it.
func (f fed) comment(c store.FeedComment) office.FeedComment {
	r := c.Response
	shown := office.FeedComment{
		Score: f.badge(f.survey, r.Score), When: f.l.DateTime(r.AnsweredAt.In(f.w.Zone)), Machine: r.AnsweredAt.Format(time.RFC3339),
	}
	shown.Said = f.beside(f.asked, r)
	shown.Pieces, shown.Before, shown.Behind = f.filter.Search.Excerpt(r.Comment, excerptRunes)
	if shown.Before || shown.Behind {
		shown.Whole = f.filter.Search.Mark(r.Comment)
	}
	if language := store.LanguageOf(c); language != themes.Unknown {
		shown.Language, shown.LanguageCode = f.language(language), string(language)
	}
	if f.may(seesPeople) {
		shown.Person = &office.Fact{Value: f.nobody(r)}
		if person, ok := f.people[r.PersonID]; ok {
			shown.Person = &office.Fact{Value: person.Label(), Address: "/people/" + person.ID}
		}
	}
	if tone := c.Reading.Sentiment.Tone; slices.Contains(feelings(), tone) {
		shown.Feeling = f.l.T("feed.feeling." + string(tone))
		shown.FeelingStands = map[themes.Tone]string{themes.Negative: "bad", themes.Neutral: "middle", themes.Positive: "good"}[tone]
	}
	for _, id := range c.Reading.Themes {
		if name := f.themeName(id); name != "" {
			shown.Themes = append(shown.Themes, office.Fact{Name: f.l.T("feed.chip.theme", "theme", name), Value: name, Address: f.with(f.view.path, map[string]string{"theme": id})})
		}
	}
	for _, key := range append(slices.Clone(f.w.Segments), surveys.SegmentChannel) {
		if value := r.Segments[key]; value != "" {
			segment := surveys.Segment{Key: key, Value: value}
			shown.Segments = append(shown.Segments, office.Fact{Name: f.segmentName(segment), Value: words.ValueName(f.l, key, value), Address: f.address(f.view.filters.Only(segment), f.own())})
		}
	}
	return shown
}
