package office

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/office"
)

// feedPage is how many comments one page shows.
const feedPage = 30

// feedOf is the address of a survey's comments.
func feedOf(surveyID string) string { return "/surveys/" + surveyID + "/comments" }

// fed is everything that one page of comments is made of.
type fed struct {
	visit
	survey    surveys.Survey
	view      reportView // dates and segments, as on the report
	filter    store.FeedFilter
	text      string // that is searched for
	band      string // a band, or one score
	without   string // a key of which the answers have no value
	lost      bool   // the address names no place in the feed
	themes    []themes.Theme
	values    map[string][]string // that the period's answers have under each segment key
	languages []themes.Language
	page      flow.Feed
	people    map[string]surveys.Person
	asked     wordings
}

// comments lists what people wrote about a survey.
func (d *desk) comments(v visit) error {
	f, err := readFeed(v)
	if err != nil {
		return err
	}
	if f.page, err = flow.NewFeeds(v.site.Store).Page(v.ctx(), v.w.ID, f.filter); err != nil {
		return err
	}
	if f.asked, err = v.wordings(f.responses()); err != nil {
		return err
	}
	if f.values, err = f.offered(); err != nil {
		return err
	}
	if f.languages, err = v.site.Store.FeedLanguages(v.ctx(), v.w.ID, f.survey.ID, feedLanguages()); err != nil {
		return err
	}
	if v.may(seesPeople) {
		if f.people, err = v.site.Store.PeopleByID(v.ctx(), v.w.ID, f.personIDs()); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if f.view.wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(v, status, office.FeedPage(f.feed()))
}

// newComments says how many comments came since a page was shown; nothing when
// none did.
func (d *desk) newComments(v visit) error {
	f, err := readFeed(v)
	if err != nil {
		return err
	}
	since, lost := readPlace(v.QueryParam("since"))
	if lost {
		return v.NoContent(http.StatusNoContent)
	}
	f.filter.Before, f.filter.After = since, store.FeedPlace{}
	n, err := flow.NewFeeds(v.site.Store).News(v.ctx(), v.w.ID, f.filter)
	if err != nil {
		return err
	}
	if n == 0 {
		return v.NoContent(http.StatusNoContent)
	}
	return web.Render(v, http.StatusOK, office.FeedNewsBar(f.news(since, n)))
}

// readFeed reads the address of a feed. What cannot be meant is left out, and
// told.
func readFeed(v visit) (fed, error) {
	f := fed{visit: v}
	var err error
	if f.survey, err = v.survey(); err != nil {
		return f, err
	}
	if f.themes, err = v.site.Store.Themes(v.ctx(), v.w.ID); err != nil {
		return f, err
	}
	f.view = readReport(feedOf(f.survey.ID), v.QueryParams(), v.today())
	if err := v.sinceFirst(f.survey, &f.view); err != nil {
		return f, err
	}
	f.view.step, f.view.by, f.view.against = "", "", ""
	f.readSegments()
	f.text = cutQuery(v.QueryParam("q"))
	f.filter = store.FeedFilter{SurveyID: f.survey.ID, Segments: f.view.filters, Search: search.Parse(f.text), Limit: feedPage}
	f.filter.From, f.filter.To = f.view.period.moments(v.w.Zone)
	f.readBand(v.QueryParam("band"))
	f.readRest(v.QueryParams())
	if err := f.readWithout(v.QueryParam(withoutParameter)); err != nil {
		return f, err
	}
	f.filter.After, f.lost = readPlace(v.QueryParam("after"))
	return f, nil
}

// cutQuery is as much of a query as is read.
func cutQuery(text string) string {
	runes := []rune(strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", " ")))
	return string(runes[:min(len(runes), search.MaxQueryRunes)])
}

// readSegments leaves out segments of keys that the workspace does not declare.
func (f *fed) readSegments() {
	for _, segment := range f.view.filters {
		if !slices.Contains(f.w.SegmentKeys(), segment.Key) {
			f.view.ignore("segment", segment.String())
			f.view.filters = f.view.filters.Without(segment)
		}
	}
}

// readBand reads a band or one score.
func (f *fed) readBand(chosen string) {
	scale := f.survey.Metric.Scale()
	score, err := strconv.Atoi(chosen)
	switch {
	case chosen == "":
		return
	case err == nil && scale.Contains(score) && strconv.Itoa(score) == chosen:
		f.filter.Scores = []int{score}
	case slices.Contains(scale.Bands(), surveys.Band(chosen)):
		f.filter.Scores = slices.DeleteFunc(scale.Choices(), func(score int) bool { return scale.Band(score) != surveys.Band(chosen) })
	default:
		f.view.ignore("band", chosen)
		return
	}
	f.band = chosen
}

// readRest reads theme, feeling and language.
func (f *fed) readRest(query url.Values) {
	if chosen := query.Get("theme"); slices.ContainsFunc(f.themes, func(t themes.Theme) bool { return t.ID == chosen }) {
		f.filter.Theme = chosen
	} else if chosen != "" {
		f.view.ignore("theme", chosen)
	}
	if chosen := themes.Tone(query.Get("feeling")); slices.Contains(feelings(), chosen) {
		f.filter.Tone = chosen
	} else if chosen != "" {
		f.view.ignore("feeling", string(chosen))
	}
	if chosen := themes.Language(query.Get("language")); slices.Contains(feedLanguages(), chosen) {
		f.filter.Language = chosen
	} else if chosen != "" {
		f.view.ignore("language", string(chosen))
	}
}

// feelings are those that a comment can have.
func feelings() []themes.Tone {
	return []themes.Tone{themes.Negative, themes.Neutral, themes.Positive}
}

// feedLanguages are those that comments are told apart by.
func feedLanguages() []themes.Language {
	return []themes.Language{"en", "zh", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "tr", "ru", "uk", "ar", "he", "el", "hi", "th", "vi", "ja", "ko"}
}

// personIDs are the people who wrote the page's comments, each once.
func (f fed) personIDs() []string {
	list := make([]surveys.Response, len(f.page.List))
	for i, c := range f.page.List {
		list[i] = c.Response
	}
	return personIDs(list)
}

// writePlace is a place in a feed, for an address.
func writePlace(p store.FeedPlace) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(p.Place, 36) + ":" + p.ID))
}

// readPlace reads what writePlace wrote: the beginning for none, and when it
// cannot be read, which it reports.
func readPlace(text string) (at store.FeedPlace, lost bool) {
	if text == "" {
		return store.FeedPlace{}, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	number, id, found := strings.Cut(string(raw), ":")
	place, numberErr := strconv.ParseInt(number, 36, 64)
	if err != nil || numberErr != nil || !found || place < 0 || len(id) > 36 {
		return store.FeedPlace{}, true
	}
	return store.FeedPlace{Place: place, ID: id}, false
}
