package office

import (
	"net/url"
	"strconv"
	"strings"
	"time"

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
	id     string
	ranged int // 30, 90 or 365 days up to today; 0: by dates
	period period
	step   analysis.Bucketing // "": what suits the range
	by     string
	filter flow.Segment
	wrong  error  // of the dates
	page   string // beside the report: "/themes"

	ignored []wish // what the address asks for and cannot be had
}

// wish is a parameter that could not be followed.
type wish struct{ parameter, value string }

// longestWish is how much of a nonsensical value is told, in characters.
const longestWish = 40

// ignore keeps a wish to be told.
func (r *reportView) ignore(parameter, value string) {
	runes := []rune(strings.ToValidUTF8(value, ""))
	if len(runes) > longestWish {
		value = string(runes[:longestWish]) + "…"
	}
	r.ignored = append(r.ignored, wish{parameter, value})
}

// readReport reads a report's address. What cannot be meant falls back to the
// default and is told.
func readReport(id string, query url.Values, today analysis.Day) reportView {
	r := reportView{id: id, ranged: quarterDays, step: analysis.Bucketing(query.Get("step")), by: query.Get("by")}
	if r.step != "" && !r.step.Valid() {
		r.ignore("step", string(r.step))
		r.step = ""
	}
	if key, value, found := cutSegment(query.Get("segment")); found {
		r.filter = flow.Segment{Key: key, Value: value}
	} else if asked := query.Get("segment"); asked != "" {
		r.ignore("segment", asked)
	}
	switch days, err := strconv.Atoi(query.Get("range")); {
	case err == nil && (days == monthDays || days == quarterDays || days == yearDays):
		r.ranged = days
	case query.Get("range") != "":
		r.ignore("range", query.Get("range"))
	}
	r.period = period{today + 1 - analysis.Day(r.ranged), today + 1}
	if query.Get("from") != "" || query.Get("to") != "" {
		chosen, err := readDates(query)
		if r.wrong = err; err == nil {
			r.ranged, r.period = 0, chosen
		} else {
			r.ignore("dates", "")
		}
	}
	return r
}

// readDates reads the dates of a form, both included.
func readDates(query url.Values) (period, error) {
	from, err := analysis.ParseDay(query.Get("from"))
	if err != nil {
		return period{}, surveys.Wrong(surveys.FieldError{Path: "to", Code: "date"})
	}
	to, err := analysis.ParseDay(query.Get("to"))
	if err != nil {
		return period{}, surveys.Wrong(surveys.FieldError{Path: "to", Code: "date"})
	}
	switch {
	case to < from:
		return period{}, surveys.Wrong(surveys.FieldError{Path: "to", Code: "dates_order"})
	case to-from > 20*yearDays:
		return period{}, surveys.Wrong(surveys.FieldError{Path: "to", Code: "dates_far"})
	}
	return period{from, to + 1}, nil
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

// query is what the report is asked.
func (r reportView) query() flow.ReportQuery {
	return flow.ReportQuery{
		From: r.period.From, To: r.period.To, TrendFrom: r.trendFrom(), Interval: r.bucketing(), By: r.by, Filter: r.filter,
	}
}

// parameters are the view as an address has it.
func (r reportView) parameters() map[string]string {
	p := map[string]string{"step": string(r.step), "by": r.by}
	if r.filter.Key != "" {
		p["segment"] = r.filter.Key + ":" + r.filter.Value
	}
	switch r.ranged {
	case 0:
		p["from"], p["to"] = r.period.From.String(), r.period.last().String()
	case quarterDays:
	default:
		p["range"] = strconv.Itoa(r.ranged)
	}
	return p
}

// address is the report's own, with some parameters set anew.
func (r reportView) address(set map[string]string) string {
	p := r.parameters()
	for name, value := range set {
		p[name] = value
	}
	return withQuery("/surveys/"+r.id+r.page, p)
}

// answersIn is the address of a survey's answers in a period, with further
// filters.
func answersIn(survey surveys.Survey, p period, more map[string]string) string {
	parameters := map[string]string{"survey": survey.ID, "from": p.From.String(), "to": p.last().String()}
	for name, value := range more {
		parameters[name] = value
	}
	return withQuery(layouts.PathResponses, parameters)
}
