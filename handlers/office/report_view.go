package office

import (
	"slices"
	"strconv"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// leastShown is how many answers a score needs to be shown at all; it is the
// default of analysis.Limits.
const leastShown = 5

// confidence is that of every interval on the page.
const confidence = 0.95

func (r reading) headline() components.Headline {
	h := components.Headline{
		L: r.l, Metric: r.survey.Metric, N: r.report.N, Least: leastShown,
		Evidence: evidence(r.report.Report), Answers: r.answers(nil),
	}
	if r.report.Withheld {
		h.Instead = r.l.N("report.withheld.headline", r.report.N, "metric", r.l.Metric(r.survey.Metric))
	}
	if r.report.Score != nil {
		figure := analysis.Display(r.survey.Metric, *r.report.Score, *r.report.Interval)
		h.Score, h.Margin, h.Places = figure.Score, figure.Margin, figure.Decimals
		h.Why = components.MarginNote(r.l, r.survey.Metric, figure, *r.report.Interval)
	}
	return h
}

// notes say why the survey takes no answers, if it does not, and what of the
// page's address could not be followed.
func (r reading) notes() []components.Note {
	var notes []components.Note
	if tag := surveyTag(r.visit, r.survey); tag != nil {
		notes = append(notes, components.Note{Kind: components.Warning, Text: r.l.T("report.not_open", "status", tag.Text)})
	}
	if r.recounted != nil {
		notes = append(notes, *r.recounted)
	}
	if note := r.rewording(); note != nil {
		notes = append(notes, *note)
	}
	return append(notes, r.wishes()...)
}

// wishes tell what of the page's address could not be followed.
func (r reading) wishes() []components.Note {
	var notes []components.Note
	if r.view.open != "" && r.view.wrong == nil {
		notes = append(notes, components.Note{Text: r.l.T("report.open."+r.view.open, "from", r.view.period.From.Time(), "to", r.view.period.last().Time())})
	}
	for _, wish := range r.view.ignored {
		notes = append(notes, components.Note{Kind: components.Warning, Text: r.ignored(wish)})
	}
	return notes
}

// ignored tells of a wish that could not be followed, and what is shown instead.
func (r reading) ignored(w wish) string {
	switch {
	case w.parameter == "by" && r.view.by == "":
		return r.l.T("report.ignored.by_none", "value", w.value)
	case w.parameter == "by":
		return words.Tighten(r.l.T("report.ignored.by", "value", w.value, "key", words.KeyWord(r.l, r.view.by)))
	case w.parameter == "compare_long":
		return r.l.T("report.ignored.compare_long")
	case w.parameter == "dates":
		return r.l.T("report.ignored.dates", "days", r.view.ranged)
	}
	return r.l.T("report.ignored."+w.parameter, "value", w.value)
}

func (r reading) ranges() []components.SegmentLink {
	var links []components.SegmentLink
	for _, days := range []int{monthDays, quarterDays, yearDays} {
		links = append(links, components.SegmentLink{
			Text:    r.l.T("report.range." + strconv.Itoa(days)),
			Address: r.view.address(map[string]string{"range": strconv.Itoa(days), "from": "", "to": ""}),
			Current: r.view.ranged == days,
		})
	}
	return links
}

func (r reading) dates() office.Dates {
	d := office.Dates{
		Action: r.view.path, From: r.view.period.From.String(), To: r.view.period.last().String(),
		Current: r.view.ranged == 0,
	}
	if r.view.wrong != nil {
		d.From, d.To = r.QueryParam("from"), r.QueryParam("to")
		d.Error = r.fieldErrors(r.view.wrong)["to"]
	}
	d.Hidden, d.Presets = r.hidden("by", "segment", "step", "compare"), r.presets()
	return d
}

// hidden are the parameters of the view that a form keeps.
func (r reading) hidden(names ...string) []office.Hidden {
	parameters := r.view.parameters()
	var fields []office.Hidden
	for _, name := range names {
		for _, value := range parameters[name] {
			fields = append(fields, office.Hidden{Name: name, Value: value})
		}
	}
	return fields
}

// filters are what the report is narrowed to, each with the way to be rid of it.
func (r reading) filters() []office.Filter {
	var list []office.Filter
	for _, filter := range r.view.filters {
		list = append(list, office.Filter{
			Text:   r.segmentName(filter),
			Remove: r.view.narrowed(r.view.filters.Without(filter)),
		})
	}
	return list
}

// narrow offers every further value by which answers are counted; nil when there
// is none.
func (r reading) narrow() *office.Narrow {
	n := &office.Narrow{Action: r.view.path, Hidden: r.hidden("segment", "range", "from", "to", "by", "step", "compare")}
	for _, key := range r.keys {
		group := office.Group{Name: words.KeyName(r.l, key)}
		for _, value := range r.offered[key] {
			segment := surveys.Segment{Key: key, Value: value}
			if !r.view.filters.Has(segment) {
				group.Options = append(group.Options, components.Option{Value: segment.String(), Text: words.ValueName(r.l, key, value)})
			}
		}
		if len(group.Options) > 0 {
			n.Groups = append(n.Groups, group)
		}
	}
	if len(n.Groups) == 0 || len(r.view.filters) == surveys.MaxFilters {
		return nil
	}
	return n
}

// trend is the picture; nil when no step of it has a number to show.
func (r reading) trend() *office.Trend {
	chart := components.Trend{
		L: r.l, ID: "trend", Metric: r.survey.Metric, Period: components.Period(r.report.Bucketing), Confidence: confidence,
		Title:   r.l.T("report.trend.by." + string(r.report.Bucketing)),
		Summary: r.l.T("report.trend.summary", "metric", r.l.Metric(r.survey.Metric), "from", r.view.trendFrom().Time(), "to", r.view.period.last().Time()),
	}
	chart.Save = r.save(trendChart, chart.Title)
	known := false
	trend := sinceFirst(r.report.Trend)
	for _, point := range trend {
		step := period{max(point.Start, r.view.trendFrom()), min(r.report.Bucketing.Next(point.Start), r.view.period.To)}
		known = known || point.Score != nil || point.Smooth != nil
		chart.Points = append(chart.Points, components.TrendPoint{
			Start: point.Start.Time(), N: point.N, Score: point.Score, Low: point.Low, High: point.High,
			Smooth: point.Smooth, SmoothLow: point.SmoothLow, SmoothHigh: point.SmoothHigh,
			Address: r.answersOf(step, r.view.filters, nil),
		})
	}
	if !known {
		return nil
	}
	if r.view.trendFrom() < r.view.period.From {
		chart.Span = &components.TrendSpan{From: r.view.period.From.Time(), To: r.view.period.To.Time(), Text: r.l.N("report.trend.span", int64(r.view.period.To-r.view.period.From))}
	}
	for _, change := range r.report.Changes {
		chart.Changes = append(chart.Changes, r.change(change))
	}
	chart.Notes = r.trendNotes()
	chart.Earlier, chart.Before = r.yearBefore(len(r.report.Trend)-len(trend)), r.l.T("report.trend.year_before")
	return &office.Trend{Chart: chart, Steps: r.steps()}
}

// sinceFirst leaves out the steps before the first answer: no line is drawn
// through a time of which nobody said anything.
func sinceFirst(trend []analysis.TrendPoint) []analysis.TrendPoint {
	first := slices.IndexFunc(trend, func(p analysis.TrendPoint) bool { return p.N > 0 })
	return trend[max(first, 0):]
}

func (r reading) steps() []components.SegmentLink {
	var links []components.SegmentLink
	for _, step := range []analysis.Bucketing{analysis.ByDay, analysis.ByWeek, analysis.ByMonth, analysis.ByQuarter} {
		links = append(links, components.SegmentLink{
			Text: r.l.T("report.step." + string(step)), Address: r.view.address(map[string]string{"step": string(step)}) + "#trend",
			Current: step == r.report.Bucketing,
		})
	}
	return links
}

func (r reading) distribution() *components.Distribution {
	if r.report.Hidden {
		return nil
	}
	d := components.Distribution{L: r.l, ID: "answers", Metric: r.survey.Metric, Title: r.l.T("report.answers.title"), Confidence: confidence}
	d.Save = r.save(answersChart, d.Title)
	if all := r.answers(nil); all != "" {
		d.Answers = all + "&score="
	}
	d.Averages = components.Averages{Mean: r.report.Mean, MeanIn: r.report.MeanInterval, Index: r.report.Index, Answers: r.answers(nil)}
	for _, count := range r.report.Distribution {
		d.Counts[count.Score] = count.N
	}
	return &d
}

// figures writes a score and its interval, rounded and clipped.
func (r reading) figures(score, low, high float64) (written, interval string) {
	f := analysis.Display(r.survey.Metric, score, analysis.Interval{Low: low, High: high})
	write := func(x float64) string { return r.l.Score(r.survey.Metric, x, f.Decimals) }
	return write(f.Score), r.l.T("components.interval", "low", write(f.Low), "high", write(f.High))
}

// span is a period in words.
func (r reading) span(p period) string {
	return r.l.T("report.span", "from", p.From.Time(), "to", p.last().Time())
}

// split is the score by one segment key; nil when nothing is counted by any.
func (r reading) split() *office.Split {
	if r.view.by == "" || r.report.Hidden {
		return nil
	}
	s := &office.Split{}
	for _, key := range r.splits {
		s.Keys = append(s.Keys, components.SegmentLink{
			Text: words.KeyName(r.l, key), Address: r.view.address(map[string]string{"by": key}) + "#split", Current: key == r.view.by,
		})
	}
	if len(r.report.Segments) == 0 {
		s.Empty = r.l.T("report.split.none")
		return s
	}
	table := components.Segments{
		L: r.l, ID: "segments", Metric: r.survey.Metric, Title: r.l.T("report.split.title"), Head: words.KeyName(r.l, r.view.by), Overall: *r.report.Score, Confidence: confidence,
	}
	table.Save = r.save(segmentsChart, table.Title)
	for _, segment := range r.report.Segments {
		table.Rows = append(table.Rows, r.segmentRow(segment))
	}
	s.Table = &table
	if test := r.report.SegmentsTest; test != nil && test.DF > 0 && test.P >= 1-confidence {
		s.Test = r.l.T("report.split.no_difference")
	}
	return s
}

func (r reading) segmentRow(s analysis.Segment) components.SegmentRow {
	if s.Verdict == analysis.NoValue {
		return components.SegmentRow{
			Name: words.Tighten(r.l.T("report.split.no_value", "key", words.KeyWord(r.l, r.view.by))), N: s.N, Score: s.Score, Low: s.Low, High: s.High, Address: r.withoutAnswers(),
			Evidence: segmentEvidence(s), Verdict: r.l.T("report.segment." + hiddenOr(s)),
		}
	}
	row := components.SegmentRow{
		Name: words.ValueName(r.l, r.view.by, s.Value), Address: r.segmentAnswers(surveys.Segment{Key: r.view.by, Value: s.Value}, analysis.Span(r.view.period)), N: s.N,
		Score: s.Score, Low: s.Low, High: s.High, Evidence: segmentEvidence(s), Value: s.Value, Shrunk: s.Shrunk, P: s.P, PCorrected: s.PAdjusted,
		Verdict: r.l.T("report.segment." + hiddenOr(s)),
	}
	switch {
	case s.Hidden:
	case s.Verdict == analysis.Higher:
		row.Standing = components.Above
	case s.Verdict == analysis.Lower:
		row.Standing = components.Below
	}
	return row
}

// hiddenOr is a segment's verdict, or why it has none.
func hiddenOr(s analysis.Segment) string {
	switch {
	case s.Protects:
		return "protects"
	case s.Hidden:
		return "hidden"
	}
	return string(s.Verdict)
}

func (r reading) newest() office.Comments {
	c := office.Comments{None: r.nothing("report.comments.none", "report.comments.none_filtered"), All: components.Action{Text: r.l.T("report.comments.all"), Address: r.links.to(r.view.comments(r.survey.ID, nil))}}
	for _, response := range r.comments {
		one := r.comment(response, r.survey, r.people)
		one.Person.Address = r.links.to(one.Person.Address)
		c.List = append(c.List, one)
	}
	return c
}
