package office

import (
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// comparison puts the period beside the earlier one; nil when there is nothing
// to compare with. Against a year before it stays even then, so that the way back
// is not lost.
func (r reading) comparison() *office.Comparison {
	before := r.report.Previous
	if before == nil && r.view.against == analysis.PeriodBefore || r.report.Withheld {
		return nil
	}
	now := office.PeriodRow{
		Name: r.l.T("report.compare.now"), Dates: r.span(r.view.period), Score: "–", Interval: "–",
		Answers: office.Fact{Value: r.l.Number(r.report.N), Address: r.answers(nil)},
	}
	if r.report.Score != nil {
		now.Score, now.Interval = r.figures(*r.report.Score, r.report.Interval.Low, r.report.Interval.High)
	}
	earlier := r.view.earlier()
	then := office.PeriodRow{
		Name: r.l.T("report.compare.before" + r.suffix()), Dates: r.span(earlier), Score: "–", Interval: "–",
		Answers: office.Fact{Value: r.l.Number(0), Address: r.answersOf(earlier, r.view.filters, nil)},
	}
	if before != nil {
		then.Answers.Value = r.l.Number(before.N)
	}
	if before != nil && before.Score != nil {
		then.Score, then.Interval = r.figures(*before.Score, *before.Low, *before.High)
	}
	var save *components.Save
	if p := r.periods(); p != nil {
		save = r.save(compareChart, p.Title)
	}
	return &office.Comparison{
		Save: save, Title: r.l.T("report.compare.title" + r.suffix()), Metric: r.l.Metric(r.survey.Metric), Rows: []office.PeriodRow{now, then},
		Difference: r.difference(), Ways: r.ways(),
	}
}

// periods are both periods for a file; nil where either has no score to show.
func (r reading) periods() *components.Periods {
	before, d := r.report.Previous, r.report.Verdict.Difference
	if r.report.Score == nil || before == nil || before.Score == nil || d == nil {
		return nil
	}
	of := func(name string, p period, n int64) components.PeriodScore {
		return components.PeriodScore{Name: name, Dates: r.span(p), From: p.From.String(), To: p.last().String(), N: n}
	}
	now := of(r.l.T("report.compare.now"), r.view.period, r.report.N)
	now.Score, now.Low, now.High = r.report.Score, &r.report.Interval.Low, &r.report.Interval.High
	then := of(r.l.T("report.compare.before"+r.suffix()), r.view.earlier(), before.N)
	then.Score, then.Low, then.High = before.Score, before.Low, before.High
	return &components.Periods{
		L: r.l, Metric: r.survey.Metric, Title: r.l.T("report.compare.title" + r.suffix()), Head: r.l.T("report.compare.period"),
		List:       []components.PeriodScore{now, then},
		Difference: components.PeriodScore{Name: r.l.T("report.compare.step"), Score: &d.Difference, Low: &d.Low, High: &d.High}, P: &d.P,
	}
}

// difference says by how much the periods differ, and how sure that is; nil when
// they cannot be compared.
func (r reading) difference() words.Sentence { return r.words().Difference(confidence) }

// suffix ends the keys of texts about what the period is compared with.
func (r reading) suffix() string {
	if r.view.against == analysis.YearBefore {
		return "_year"
	}
	return ""
}

// ways choose what the period is compared with; none for periods that have no
// year before.
func (r reading) ways() []components.SegmentLink {
	if !analysis.YearBefore.Fits(r.view.period.From, r.view.period.To) {
		return nil
	}
	way := func(a analysis.Against, key string) components.SegmentLink {
		return components.SegmentLink{Text: r.l.T(key), Address: r.view.address(map[string]string{"compare": string(a)}) + "#compare", Current: a == r.view.against}
	}
	return []components.SegmentLink{way(analysis.PeriodBefore, "report.compare.way_period"), way(analysis.YearBefore, "report.compare.way_year")}
}

// yearBefore is the course a year before, from the step on with which the trend
// is drawn; none unless that is what the period is compared with.
func (r reading) yearBefore(from int) []components.TrendPoint {
	var points []components.TrendPoint
	for _, p := range r.report.Earlier[min(from, len(r.report.Earlier)):] {
		point := components.TrendPoint{N: p.N, Score: p.Score, Low: p.Low, High: p.High, Smooth: p.Smooth, SmoothLow: p.SmoothLow, SmoothHigh: p.SmoothHigh}
		if p.Start != 0 {
			point.Start = p.Start.Time()
			point.Address = r.answersOf(period{p.Start, r.report.Bucketing.Next(p.Start)}, r.view.filters, nil)
		}
		points = append(points, point)
	}
	return points
}

// presets are periods of the calendar, and all time since the first answer.
func (r reading) presets() []components.SegmentLink {
	today := r.today()
	year, month, _ := today.Time().Date()
	quarter := month - (month-1)%3
	first := func(m time.Month) analysis.Day { return analysis.DateDay(year, m, 1) }
	list := []struct {
		key  string
		days period
	}{
		{"this_month", period{first(month), today + 1}}, {"last_month", period{first(month - 1), first(month)}},
		{"this_quarter", period{first(quarter), today + 1}}, {"last_quarter", period{first(quarter - 3), first(quarter)}},
	}
	if r.ever {
		list = append(list, struct {
			key  string
			days period
		}{"all_time", period{max(r.firstDay, today-20*yearDays), today + 1}})
	}
	var links []components.SegmentLink
	for _, one := range list {
		links = append(links, components.SegmentLink{
			Text:    r.l.T("report.range." + one.key),
			Address: r.view.address(map[string]string{"range": "", "from": one.days.From.String(), "to": one.days.last().String()}),
			Current: r.view.ranged == 0 && r.view.period == one.days,
		})
	}
	return links
}

// counted says what had to be read beside the rollups, and how long that took;
// "" for nothing.
func (r reading) counted() string {
	if r.report.Rows == nil {
		return ""
	}
	seconds := r.report.Rows.Seconds
	places := 1
	if seconds < 0.05 {
		places = 2
	}
	return r.l.N("report.counted", r.report.Rows.Answers, "seconds", r.l.Decimal(seconds, places))
}

// judged is what the note beside the verdict says: by which gates it was come by.
// Against a year before they are others; and where the weeks could not tell of a
// difference, a wider interval stands in for them.
func (r reading) judged() components.Topic {
	v := r.report.Verdict
	unheard := v.Difference != nil && v.Gates.Alarm == analysis.Unknown
	switch {
	case r.view.against == analysis.YearBefore && unheard:
		return components.VerdictYearUnheardMethod
	case r.view.against == analysis.YearBefore:
		return components.VerdictYearMethod
	case unheard:
		return components.VerdictUnheardMethod
	}
	return components.VerdictMethod
}
