package office

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// responsesPage is how many answers one page lists.
const responsesPage = 50

// listing is one page of the list of answers, with what it was filtered by.
type listing struct {
	visit
	query   url.Values
	all     []surveys.Survey
	survey  surveys.Survey // the chosen one; its id is "" for all
	text    string         // that is searched for
	filter  store.ResponseFilter
	wrong   []surveys.FieldError
	lost    bool // the address names no place in the list
	list    []surveys.Response
	people  map[string]surveys.Person
	values  map[string][]string // known values of each segment key
	offered map[string][]string // of these, what the answers of the chosen survey have
	themes  []themes.Theme
	total   int64
	more    bool // there are more than total
	older   bool // the list goes on
	search  search.Query
	wording wordings
	found   []store.FeedComment // behind the list, when words are looked for
	left    int64               // comments that cannot be looked through yet
	lacked  map[string]int64    // how many answers of each survey have no value of the key
}

// responses lists the answers that pass the filters in the address.
func (d *desk) responses(v visit) error {
	l := listing{visit: v, query: v.QueryParams(), text: cutQuery(v.QueryParam("q"))}
	if err := l.read(); err != nil {
		return err
	}
	status := http.StatusOK
	if len(l.wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(v, status, office.ResponsesPage(l.page()))
}

// read looks up what the address asks for.
func (l *listing) read() (err error) {
	db, ctx, ws := l.site.Store, l.ctx(), l.w.ID
	if l.all, err = db.Surveys(ctx, ws); err != nil {
		return err
	}
	if id := l.query.Get("survey"); id != "" {
		place := slices.IndexFunc(l.all, func(s surveys.Survey) bool { return s.ID == id })
		if place < 0 {
			return surveys.Fail(surveys.NotFound, "not_found")
		}
		l.survey = l.all[place]
	}
	if l.themes, err = db.Themes(ctx, ws); err != nil {
		return err
	}
	l.filter, l.search = l.readFilter(), search.Parse(l.text)
	if l.values, err = db.SegmentValues(ctx, ws); err != nil {
		return err
	}
	if err := l.chooseOffered(); err != nil {
		return err
	}
	if err := l.find(); err != nil {
		return err
	}
	if l.wording, err = l.wordings(l.list); err != nil {
		return err
	}
	l.people, err = db.PeopleByID(ctx, ws, personIDs(l.list))
	return err
}

// readFilter turns the form's values into a filter, and marks those that cannot
// be meant. It asks for one answer more than a page has, to know whether the
// list goes on.
func (l *listing) readFilter() store.ResponseFilter {
	f := store.ResponseFilter{
		SurveyID: l.survey.ID, Scores: l.scores(), WithComment: l.query.Get("comment") != "", Rated: l.query.Get("rated") != "",
		Limit: responsesPage + 1,
	}
	f.Segments = l.readSegments()
	f.Without = l.readWithout()
	f.Theme = l.readTheme()
	f.Invited = l.readInvited()
	f.From = l.date("from", 0)
	f.To = l.date("to", 1)
	if !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To) {
		l.mark(surveys.FieldError{Path: "to", Code: "dates_order"})
	}
	return f
}

// mark keeps what is wrong with a field.
func (l *listing) mark(wrong surveys.FieldError) { l.wrong = append(l.wrong, wrong) }

// readSegments reads the chosen segments: key and value in one, as often as they
// come, or one of them apart, as older links have it.
func (l *listing) readSegments() surveys.Filters {
	var filters surveys.Filters
	list := l.query["segment"]
	if l.query.Get("segment") == "" && l.query.Get("key")+l.query.Get("value") != "" {
		list = []string{l.query.Get("key") + ":" + l.query.Get("value")}
	}
	for _, text := range list {
		segment, ok := surveys.ParseSegment(strings.ToValidUTF8(text, ""))
		switch {
		case text == "":
		case !ok || !slices.Contains(l.w.SegmentKeys(), segment.Key) || len(filters) == surveys.MaxFilters:
			l.mark(surveys.FieldError{Path: "segment", Code: "choice_unknown"})
			return nil
		default:
			filters = filters.With(segment)
		}
	}
	return filters
}

// readTheme reads the theme that comments must be about.
func (l *listing) readTheme() string {
	chosen := l.query.Get("theme")
	if chosen == "" {
		return ""
	}
	if !slices.ContainsFunc(l.themes, func(t themes.Theme) bool { return t.ID == chosen }) {
		l.mark(surveys.FieldError{Path: "theme", Code: "choice_unknown"})
		return ""
	}
	return chosen
}

// date is the local midnight of a field's day, days later; zero for none.
func (l *listing) date(field string, days analysis.Day) time.Time {
	text := l.query.Get(field)
	if text == "" {
		return time.Time{}
	}
	day, err := analysis.ParseDay(text)
	if err != nil {
		l.mark(surveys.FieldError{Path: field, Code: "date"})
		return time.Time{}
	}
	return midnight(day+days, l.w.Zone)
}

// scores are those of the chosen band or the one chosen score. Bands and scores
// are a survey's own: without one there are none to choose.
func (l *listing) scores() []int {
	chosen := l.query.Get("score")
	if chosen == "" {
		return nil
	}
	if l.survey.ID == "" {
		l.mark(surveys.FieldError{Path: "score", Code: "score_without_survey"})
		return nil
	}
	scale := l.survey.Metric.Scale()
	if score, err := strconv.Atoi(chosen); err == nil && scale.Contains(score) {
		return []int{score}
	}
	if !slices.Contains(scale.Bands(), surveys.Band(chosen)) {
		l.mark(surveys.FieldError{Path: "score", Code: "choice_unknown"})
		return nil
	}
	return slices.DeleteFunc(scale.Choices(), func(score int) bool { return scale.Band(score) != surveys.Band(chosen) })
}

// page builds the view.
func (l *listing) page() office.Responses {
	title := l.l.N("office.responses.count", l.total)
	if l.more {
		title = l.l.T("office.responses.many", "n", l.total)
	}
	page := office.Responses{
		Page: l.visit.page(l.l.T("office.responses.title"), layouts.Responses), Title: title,
		Pager: components.Pager{L: l.l, Summary: title},
	}
	switch {
	case l.lost:
		page.Note = l.lostPlace()
	case l.left > 0:
		page.Note = &components.Note{Kind: components.Info, Text: l.l.N("feed.left", l.left)}
	}
	if len(l.list) > 0 || l.clear() != "" {
		filters := l.filters()
		page.Filters = &filters
	}
	for _, response := range l.list {
		comment := l.comment(response, l.surveyOf(response), l.people)
		comment.Pieces, comment.Said = l.search.Mark(response.Comment), l.beside(l.wording, response)
		if l.survey.ID == "" {
			comment.Survey = office.Fact{Value: l.surveyOf(response).Name, Address: "/surveys/" + response.SurveyID}
		}
		page.List = append(page.List, comment)
	}
	if l.query.Get("after") != "" && !l.lost {
		page.Pager.Newer = l.address("")
	}
	if l.older {
		page.Pager.Older = l.address(l.last())
	}
	if len(l.list) == 0 {
		page.Empty = l.empty()
	}
	return page
}

func (l *listing) empty() *components.Empty {
	if clear := l.clear(); clear != "" {
		return &components.Empty{Title: l.l.T("office.responses.none.title"), Text: l.l.T("office.responses.none.text"),
			Action: &components.Action{Text: l.l.T("office.filters.clear"), Address: clear, Kind: components.Secondary}}
	}
	return &components.Empty{Title: l.l.T("office.responses.empty.title"), Text: l.l.T("office.responses.empty.text"),
		Action: &components.Action{Text: l.l.T("office.responses.empty.button"), Address: layouts.PathScores}}
}

// surveyOf is the survey of a response.
func (l *listing) surveyOf(r surveys.Response) surveys.Survey {
	for _, s := range l.all {
		if s.ID == r.SurveyID {
			return s
		}
	}
	return surveys.Survey{Metric: surveys.NPS}
}

// address is the list's own, from a place on.
func (l *listing) address(after string) string {
	return l.narrowed(l.filter.Segments, after)
}

// narrowed is the list's address with other segments, from a place on.
func (l *listing) narrowed(segments surveys.Filters, after string) string {
	parameters := url.Values{}
	for _, segment := range segments {
		parameters.Add("segment", segment.String())
	}
	anew := map[string]string{"after": after, "q": l.text}
	for _, name := range []string{"survey", "score", "from", "to", "comment", "rated", "theme", invitedParameter, withoutParameter} {
		anew[name] = l.query.Get(name)
	}
	set(parameters, anew)
	return withValues(layouts.PathResponses, parameters)
}

// clear is the address without filters; "" when there are none.
func (l *listing) clear() string {
	for _, name := range []string{"survey", "score", "from", "to", "q", "segment", "key", "value", "comment", "rated", "theme", invitedParameter, withoutParameter} {
		if l.query.Get(name) != "" {
			return layouts.PathResponses
		}
	}
	return ""
}

// personIDs are the people behind responses, each once.
func personIDs(list []surveys.Response) []string {
	var ids []string
	for _, r := range list {
		if r.PersonID != "" {
			ids = append(ids, r.PersonID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// writeCursor is the place of a response in the list, for an address.
func writeCursor(r surveys.Response) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(r.AnsweredAt.UnixMicro(), 10) + ":" + r.ID))
}

// readCursor reads a place: the beginning for none, and when it cannot be read,
// which it reports.
func readCursor(text string) (at store.Cursor, lost bool) {
	if text == "" {
		return store.Cursor{}, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	micros, id, found := strings.Cut(string(raw), ":")
	micro, numberErr := strconv.ParseInt(micros, 10, 64)
	if err != nil || numberErr != nil || !found || micro < 0 || micro > lastMicro || len(id) != 36 {
		return store.Cursor{}, true
	}
	return store.Cursor{AnsweredAt: time.UnixMicro(micro).UTC(), ID: id}, false
}

// lastMicro is the end of the year 9999, beyond which no database has times.
const lastMicro = 253402300799_000000
