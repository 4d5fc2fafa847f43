package office

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/drivers"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/office"
)

// readDrivers looks up what moves with the score, among the answers that the
// report speaks of.
func (d *desk) readDrivers(r reading) (flow.DriversReport, error) {
	if r.report.Withheld { // its ratings would tell those of the few who are left
		return flow.DriversReport{}, nil
	}
	return d.movers.Report(r.ctx(), r.w, r.survey, flow.DriversQuery{
		From: r.view.period.From, To: r.view.period.To, Filter: r.view.filters, Confidence: confidence,
	})
}

// drivers is the card; nil where there is nothing to show or to teach.
func (r reading) drivers() *office.Drivers {
	card := driverCard{l: r.l, survey: r.survey, report: r.moves, none: r.nothing("drivers.none", "drivers.none_filtered")}
	if len(r.survey.Drivers) == 0 {
		if !r.may(surveys.Manager) || !r.links.inside {
			return nil
		}
		return &office.Drivers{
			Title: r.l.T("drivers.title"), Says: r.l.T("drivers.teach"),
			Action: &components.Action{Text: r.l.T("drivers.teach_link"), Address: "/surveys/" + r.survey.ID + "/edit#drivers"},
		}
	}
	if r.report.Withheld {
		return nil
	}
	if says := card.silent(); says != "" {
		return &office.Drivers{Title: r.l.T("drivers.title"), Says: says, Notes: card.notes()}
	}
	chart := card.chart()
	chart.Save = r.save(driversChart, chart.Title)
	if chart.Answers = r.answers(map[string]string{"rated": "1"}); chart.Answers != "" {
		chart.Link = r.l.N("drivers.all", r.moves.Rated)
	}
	return &office.Drivers{Chart: &chart}
}

// driverCard puts a report of drivers into words.
type driverCard struct {
	l      *i18n.Localizer
	survey surveys.Survey
	report flow.DriversReport
	none   string // that nothing was rated
}

// name is what the driver of a key is called.
func (c driverCard) name(key string) string {
	for _, d := range c.report.Declared {
		if d.Key == key {
			return d.Name(c.l.Lang())
		}
	}
	return key
}

// percent writes a fraction in whole percent.
func (c driverCard) percent(share float64) string { return c.l.Percent(math.Round(100*share), 0) }

// silent says why nothing can be said; "" where something can.
func (c driverCard) silent() string {
	r := c.report
	switch {
	case r.Withheld:
		return c.l.T("drivers.withheld", "least", leastShown)
	case r.TooMany:
		return c.l.T("drivers.too_many", "max", int64(flow.MaxFilteredAnswers))
	case r.Priorities != nil || r.Importance != nil:
		return ""
	case r.Rated == 0 && r.Waiting == 0:
		return c.none
	case r.Refused == nil:
		return c.l.T("drivers.refused.other")
	}
	switch no := r.Refused; no.Reason {
	case analysis.TooFewAnswers:
		return c.l.N("drivers.refused.too_few_answers", int64(no.Have), "need", int64(no.Need))
	case drivers.NothingExplained:
		return c.l.T("drivers.refused.nothing_explained", "share", c.percent(no.Have))
	case drivers.ConstantColumn:
		return c.l.T("drivers.refused.constant_driver", "name", c.name(no.Name))
	case drivers.ConstantOutcome:
		return c.l.T("drivers.refused.constant_outcome")
	case drivers.Collinear:
		var names []string
		for key := range strings.SplitSeq(no.Name, ", ") {
			names = append(names, c.name(key))
		}
		return c.l.T("drivers.refused.collinear", "names", strings.Join(names, c.l.T("drivers.and")))
	}
	return c.l.T("drivers.refused.other")
}

// notes are what to mind about the answers that count.
func (c driverCard) notes() []string {
	var notes []string
	if left := c.report.Rated - c.report.Complete; left > 0 {
		notes = append(notes, c.l.N("drivers.partly", left))
	}
	if c.report.Waiting > 0 {
		notes = append(notes, c.l.T("drivers.waiting"))
	}
	if took := c.report.Took; took > 0 {
		notes = append(notes, c.l.T("drivers.took", "seconds", c.l.Decimal(max(0.1, took.Seconds()), 1)))
	}
	return notes
}

// chart is the rows and the map.
func (c driverCard) chart() components.Drivers {
	found := c.report.Importance
	if c.report.Priorities != nil {
		found = &c.report.Priorities.Importance
	}
	chart := components.Drivers{
		L: c.l, ID: "drivers", Title: c.l.T("drivers.title"), Notes: c.notes(), N: int64(found.N),
		Says: c.l.N("drivers.says", found.N, "share", c.percent(found.R2)),
	}
	for i, d := range found.Drivers {
		row := components.DriverRow{
			Name: c.name(d.Name), Share: d.Share, Low: d.Interval.Low, High: d.Interval.High,
			ShareText: c.percent(d.Share), IntervalText: c.interval(d.Interval),
		}
		if d.Sign < 0 {
			row.Doubt = c.l.T("drivers.falls")
		}
		if c.report.Priorities != nil {
			c.place(&row, c.report.Priorities.Drivers[i])
		}
		chart.Rows = append(chart.Rows, row)
	}
	slices.SortStableFunc(chart.Rows, func(a, b components.DriverRow) int { return -compareShares(a.Share, b.Share) })
	if p := c.report.Priorities; p != nil {
		chart.Map = &components.DriverMap{
			Summary: c.l.T("drivers.map.summary", "n", int64(len(chart.Rows))), Across: c.l.T("drivers.map.across"), Up: c.l.T("drivers.map.up"),
			Fix: c.word(drivers.FixFirst), Keep: c.word(drivers.Keep), Watch: c.word(drivers.Watch), Fine: c.word(drivers.NiceToHave),
			ImpactCut: p.ImpactCut, HappyCut: p.PerformanceCut,
		}
		chart.Notes = slices.Insert(chart.Notes, 0, c.l.T("drivers.map.box"))
	}
	return chart
}

func compareShares(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// place adds how a driver is rated, and what the two ask for.
func (c driverCard) place(row *components.DriverRow, p drivers.Priority) {
	happy := p.Performance
	row.Happy, row.HappyLow, row.HappyHigh = &happy, p.PerformanceInterval.Low, p.PerformanceInterval.High
	row.HappyText, row.HappyRange = c.l.T("drivers.happy", "share", c.percent(happy)), c.interval(p.PerformanceInterval)
	row.Word, row.Standing = c.word(p.Quadrant), standingOf(p.Quadrant)
	if p.Doubt != drivers.NoDoubt {
		row.Doubt = c.l.T("drivers.doubt."+string(p.Doubt), "word", c.word(p.Leaning))
	}
}

func (c driverCard) word(q drivers.Quadrant) string { return c.l.T("drivers.word." + string(q)) }

func (c driverCard) interval(i analysis.Interval) string {
	low, high := c.l.Decimal(math.Round(100*i.Low), 0), c.percent(i.High)
	return c.l.T("drivers.range", "low", low, "high", high)
}

func standingOf(q drivers.Quadrant) components.DriverStanding {
	switch q {
	case drivers.FixFirst:
		return components.DriverFix
	case drivers.Keep:
		return components.DriverKeep
	case drivers.Watch:
		return components.DriverWatch
	case drivers.NiceToHave:
		return components.DriverFine
	}
	return components.DriverUnclear
}

// ratings are an answer's, as lists show them: "Delivery time: 4". What the
// survey no longer declares keeps its key.
func (v visit) ratings(r surveys.Response, survey surveys.Survey) []string {
	var said []string
	rest := maps.Clone(r.Ratings)
	for _, d := range survey.Drivers {
		if value, has := rest[d.Key]; has {
			said = append(said, v.l.T("drivers.rating", "name", d.Name(v.l.Lang()), "value", int64(value)))
			delete(rest, d.Key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(rest)) {
		said = append(said, v.l.T("drivers.rating", "name", key, "value", int64(rest[key])))
	}
	return said
}

// ratedChoice offers only the answers with ratings; nil where the surveys that
// are listed have no drivers.
func (l *listing) ratedChoice() *components.Check {
	if !slices.ContainsFunc(l.asked(), func(s surveys.Survey) bool { return len(s.Drivers) > 0 }) {
		return nil
	}
	return &components.Check{
		Field: components.Field{Name: "rated", Label: l.l.T("drivers.filter")}, Value: "1", Checked: l.query.Get("rated") != "",
	}
}
