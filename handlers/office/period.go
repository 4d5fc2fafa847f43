package office

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/layouts"
)

// period is a stretch of local days: From inclusive, To exclusive.
type period struct{ From, To analysis.Day }

// last is the period's last day.
func (p period) last() analysis.Day { return p.To - 1 }

// moments are the period's edges as times of the zone.
func (p period) moments(zone *time.Location) (from, to time.Time) {
	return midnight(p.From, zone), midnight(p.To, zone)
}

// midnight is the moment at which a local day begins.
func midnight(d analysis.Day, zone *time.Location) time.Time {
	date := d.Time()
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, zone)
}

// Ranges that the report offers, in days.
const (
	monthDays   = 30
	quarterDays = 90
	yearDays    = 365
)

// reportView is what a report's address says: it is kept in every link of the page.
type reportView struct {
	path    string // the page's own, without parameters
	ranged  int    // 30, 90 or 365 days up to today; 0: by dates
	period  period
	against analysis.Against
	step    analysis.Bucketing // "": what suits the range
	by      string
	filters surveys.Filters
	wrong   error // of the dates
	today   analysis.Day
	open    string // the end of the dates that was left open: "from" or "to"

	ignored []wish // what the address asks for and cannot be had
}

// wish is a parameter that could not be followed.
type wish struct{ parameter, value string }

// longestWish is how much of a nonsensical value is told, in characters.
const longestWish = 40

// ignore keeps a wish to be told.
func (r *reportView) ignore(parameter, value string) {
	runes := []rune(strings.Map(printable, value))
	if len(runes) > longestWish {
		value = string(runes[:longestWish]) + "…"
	}
	r.ignored = append(r.ignored, wish{parameter, value})
}

// printable keeps what can be shown.
func printable(r rune) rune {
	if r == utf8.RuneError || !unicode.IsPrint(r) {
		return -1
	}
	return r
}

// readReport reads the address of a report on the page at path. What cannot be
// meant falls back to the default and is told.
func readReport(path string, query url.Values, today analysis.Day) reportView {
	r := reportView{path: path, ranged: quarterDays, step: analysis.Bucketing(cmp.Or(query.Get("step"), query.Get("interval"))), by: query.Get("by"), today: today}
	if r.step != "" && !r.step.Valid() {
		r.ignore("step", string(r.step))
		r.step = ""
	}
	r.readFilters(append(slices.Clone(query["segment"]), query["filter"]...)) // as the API calls it
	switch days, err := strconv.Atoi(query.Get("range")); {
	case err == nil && (days == monthDays || days == quarterDays || days == yearDays):
		r.ranged = days
	case query.Get("range") != "":
		r.ignore("range", query.Get("range"))
	}
	r.period = period{today + 1 - analysis.Day(r.ranged), today + 1}
	if query.Get("from") != "" || query.Get("to") != "" {
		chosen, err := r.readDates(query)
		if r.wrong = err; err == nil {
			r.ranged, r.period = 0, chosen
		} else {
			r.ignore("dates", "")
		}
	}
	if r.step == analysis.ByDay && r.period.To-r.period.From > flow.MaxTrendDays {
		r.ignore("step_fine", "")
		r.step = ""
	}
	r.readAgainst(query.Get("compare"))
	return r
}

// readFilters reads key:value, as often as the address has it.
func (r *reportView) readFilters(list []string) {
	for _, text := range list {
		segment, ok := surveys.ParseSegment(text)
		switch {
		case text == "":
		case !ok || strings.ToValidUTF8(text, "") != text || strings.Contains(text, "\x00"):
			r.ignore("segment", text)
		case len(r.filters) == surveys.MaxFilters && !r.filters.Has(segment):
			r.ignore("many", text)
		default:
			r.filters = r.filters.With(segment)
		}
	}
}

// readAgainst reads what the period is compared with.
func (r *reportView) readAgainst(text string) {
	if text == "period" {
		text = string(analysis.PeriodBefore)
	}
	against := analysis.Against(text)
	switch {
	case !against.Valid():
		r.ignore("compare", text)
	case !against.Fits(r.period.From, r.period.To):
		r.ignore("compare_long", "")
	default:
		r.against = against
	}
}

// farthest is how far apart the dates of a period may be.
const farthest = 20 * yearDays

// readDates reads the dates of a form, both included. Without the last it is today;
// without the first as far back as can be, until [visit.sinceFirst] knows better.
func (r *reportView) readDates(query url.Values) (period, error) {
	to, err := r.today, error(nil)
	if text := query.Get("to"); text != "" {
		to, err = analysis.ParseDay(text)
	} else {
		r.open = "to"
	}
	from := to - farthest
	if text := query.Get("from"); err == nil && text != "" {
		from, err = analysis.ParseDay(text)
	} else if err == nil {
		r.open = "from"
	}
	if err != nil {
		return period{}, surveys.Wrong(surveys.FieldError{Path: "to", Code: "date"})
	}
	switch {
	case to < from:
		return period{}, surveys.Wrong(surveys.FieldError{Path: "to", Code: "dates_order"})
	case to-from > farthest:
		return period{}, surveys.Wrong(surveys.FieldError{Path: "to", Code: "dates_far"})
	}
	return period{from, to + 1}, nil
}

// readNames keeps parameters that no page of a report has to be told: a filter that
// is misspelled must not show everybody without a word. Those that other people's
// tools put at an address mean nothing here.
func (r *reportView) readNames(query url.Values) {
	known := []string{"segment", "filter", "range", "from", "to", "step", "interval", "by", "compare", "every", "look", "survey", "lang", "done", "undo", "note"}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(known, name) && !strings.HasPrefix(name, "utm_") {
			r.ignore("name", name)
		}
	}
}

// sinceFirst begins a view's dates with the survey's first answer, where the first of
// them was left open.
func (v visit) sinceFirst(survey surveys.Survey, r *reportView) error {
	if r.open != "from" || r.wrong != nil {
		return nil
	}
	first, ever, err := v.site.Store.FirstDay(v.ctx(), v.w.ID, survey.ID)
	if ever && analysis.Day(first) < r.period.To {
		r.period.From = max(r.period.From, analysis.Day(first))
	}
	return err
}

// bucketing is the trend's step, chosen or fitting.
func (r reportView) bucketing() analysis.Bucketing {
	switch {
	case r.step != "":
		return r.step
	case r.ranged == monthDays:
		return analysis.ByDay
	case r.ranged != 0:
		return analysis.ByWeek
	}
	return analysis.BucketingFor(r.period.From, r.period.To)
}

// trendFrom is where the trend begins. It shows more than the period, so that
// the score is seen against what is usual: about fifty steps, if there are as
// many days.
func (r reportView) trendFrom() analysis.Day {
	reach := map[analysis.Bucketing]analysis.Day{analysis.ByDay: quarterDays, analysis.ByWeek: courseDays, analysis.ByMonth: 2 * yearDays, analysis.ByQuarter: 5 * yearDays}
	return min(r.period.From, r.bucketing().Start(r.period.To-reach[r.bucketing()]))
}

// earlier is what the period is compared with.
func (r reportView) earlier() period {
	span := r.against.Span(r.period.From, r.period.To)
	return period{span.From, span.To}
}

// query is what the report is asked.
func (r reportView) query() flow.ReportQuery {
	return flow.ReportQuery{
		From: r.period.From, To: r.period.To, Against: r.against, TrendFrom: r.trendFrom(), Interval: r.bucketing(), By: r.by, Filters: r.filters,
	}
}

// parameters are the view as an address has it, without those that are empty.
func (r reportView) parameters() url.Values {
	p := url.Values{}
	set(p, map[string]string{"step": string(r.step), "by": r.by, "compare": string(r.against)})
	for _, filter := range r.filters {
		p.Add("segment", filter.String())
	}
	switch r.ranged {
	case 0:
		set(p, map[string]string{"from": r.period.From.String(), "to": r.period.last().String()})
	case quarterDays:
	default:
		p.Set("range", strconv.Itoa(r.ranged))
	}
	return p
}

// set sets parameters anew, and takes those away that are empty.
func set(p url.Values, values map[string]string) {
	for name, value := range values {
		if p.Del(name); value != "" {
			p.Set(name, value)
		}
	}
}

// address is the page's own, with some parameters set anew.
func (r reportView) address(anew map[string]string) string {
	p := r.parameters()
	set(p, anew)
	return withValues(r.path, p)
}

// narrowed is the page's own address with other filters.
func (r reportView) narrowed(filters surveys.Filters) string {
	r.filters = filters
	return r.address(nil)
}

// answersIn is the address of a survey's answers in a period, of those who pass
// the filters, with further parameters.
func answersIn(survey surveys.Survey, p period, filters surveys.Filters, more map[string]string) string {
	parameters := url.Values{"survey": {survey.ID}, "from": {p.From.String()}, "to": {p.last().String()}}
	for _, filter := range filters {
		parameters.Add("segment", filter.String())
	}
	set(parameters, more)
	return withValues(layouts.PathResponses, parameters)
}

// withValues is a path with parameters in the order of their names.
func withValues(path string, parameters url.Values) string {
	if len(parameters) == 0 {
		return path
	}
	return path + "?" + parameters.Encode()
}
