package flow

import (
	"context"
	"math"

	"github.com/harkhq/hark/analysis"
)

// guard keeps a filter from telling about those outside of it. Whoever reads the
// score of all answers and the score of all but two has the score of the two.
type guard struct {
	part   []analysis.DayCounts   // what passes the filters
	wholes [][]analysis.DayCounts // what it can be taken from: everybody, and what passes one key's filters alone
	in     analysis.Input
}

// guard reads the wholes that the filters are a part of. They are as many as
// rollups know: under three keys, the answers that pass two of them are not
// asked.
func (r reading) guard(ctx context.Context, in analysis.Input) (guard, error) {
	g := guard{part: in.Days, in: in}
	keys := r.filters.Keys()
	if len(keys) == 0 {
		return g, nil
	}
	all, err := r.rollups(ctx, "")
	if err != nil {
		return g, err
	}
	g.wholes = append(g.wholes, all[""])
	if len(keys) == 1 {
		return g, nil
	}
	for _, key := range keys {
		values, err := r.rollups(ctx, key)
		if err != nil {
			return g, err
		}
		g.wholes = append(g.wholes, pick(values, r.filters.Values(key)).together())
	}
	return g, nil
}

// least is how many answers a score needs to be shown: the default of
// [analysis.Limits].
const least = 5

// givesAway reports whether the part's answers of [from, to), shown beside a
// whole's, would tell of fewer than may be shown. A part that is itself too
// small is hidden anyway.
func (g guard) givesAway(from, to analysis.Day) bool {
	part := answersIn(g.part, from, to)
	for _, whole := range g.wholes {
		if n := answersIn(whole, from, to); part >= least && analysis.Differencing(part, n, least) {
			return true
		}
	}
	return false
}

// withholds reports that the period must not be shown.
func (g guard) withholds() bool { return g.givesAway(g.in.From, g.in.To) }

// build builds the report with what may be shown of it: nothing but how many
// answers there are, where the period would give somebody away; no comparison,
// where the earlier one would; no score of a step of the trend, where that would.
func (g guard) build(in analysis.Input) (analysis.Report, error) {
	if g.withholds() {
		in.Limits.Hide = math.MaxInt64
	}
	report, err := analysis.Build(in)
	if err != nil || len(g.wholes) == 0 {
		return report, err
	}
	if g.withholds() {
		report.Verdict.Text = "All but a few answers pass the filter: beside the score of everybody, theirs would give these few away."
		report.Verdict.Needed = nil
		return report, nil
	}
	if p := report.Previous; p != nil && p.Score != nil && g.givesAway(p.From, p.To) {
		p.Score, p.Low, p.High, p.Difference, p.P = nil, nil, nil, nil, nil
		report.Verdict = analysis.Verdict{Kind: analysis.TooFew, Text: "The earlier period cannot be shown under this filter: too few answers are outside of it.",
			Gates: analysis.Gates{Size: analysis.Unknown, Interval: analysis.Unknown, Alarm: analysis.Unknown, Mix: analysis.Unknown}}
	}
	g.clear(report.Trend, in.TrendFrom, in.To, report.Bucketing)
	return report, nil
}

// clear takes the scores of those steps away that would give somebody away.
func (g guard) clear(trend []analysis.TrendPoint, from, to analysis.Day, by analysis.Bucketing) {
	for i := range trend {
		p := &trend[i]
		if p.Score != nil && g.givesAway(max(p.Start, from), min(by.Next(p.Start), to)) {
			p.Score, p.Low, p.High = nil, nil, nil
		}
	}
}

// yearBefore is the trend a year before a report's, with one step for each of
// its: weeks meet the week of 52 weeks before, others the step of the same date.
func (g guard) yearBefore(in analysis.Input, report analysis.Report) ([]analysis.TrendPoint, error) {
	if len(report.Trend) == 0 || g.withholds() {
		return nil, nil
	}
	by := report.Bucketing
	then := func(start analysis.Day) analysis.Day {
		if by == analysis.ByWeek {
			return start - 364
		}
		return analysis.YearBefore.Span(start, start+1).From
	}
	first, last := then(report.Trend[0].Start), then(report.Trend[len(report.Trend)-1].Start)
	past, err := analysis.Build(analysis.Input{
		Metric: in.Metric, Confidence: in.Confidence, From: first, To: by.Next(last), Bucketing: by, Days: in.Days, Limits: in.Limits,
	})
	if err != nil {
		return nil, err
	}
	g.clear(past.Trend, first, by.Next(last), by)
	at := make(map[analysis.Day]analysis.TrendPoint, len(past.Trend))
	for _, p := range past.Trend {
		at[p.Start] = p
	}
	earlier := make([]analysis.TrendPoint, len(report.Trend))
	for i, p := range report.Trend {
		earlier[i] = at[then(p.Start)]
	}
	return earlier, nil
}
