package flow

import (
	"context"
	"math"
	"slices"
	"sort"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// least is how many answers a score needs to be shown: the default of
// [analysis.Limits].
const least = 5

// crossed are answers counted by their values under all keys of a filter, in the
// order of their days. It keeps one view from telling about those outside of it:
// whoever reads the score of all answers and the score of all but two has the
// score of the two.
type crossed struct {
	keys []string
	rows []store.Combination
}

// giveAway reports whether the figures of the answers that pass the filters in
// [from, to), held against those of another filter by the same keys, would tell of
// fewer than may be shown. A part that is itself too small is hidden anyway.
//
// Another filter may drop any of the keys: then the two differ by the answers that
// miss some of the dropped keys and no other. Or it may name other values of a key:
// those of its values that a split by it would not show, the small ones and such as
// protect them, must all be in the filter or none.
func (c crossed) giveAway(f surveys.Filters, from, to analysis.Day) bool {
	keys := f.Keys()
	if len(keys) == 0 {
		return false
	}
	at, named := make([]int, len(keys)), make([][]string, len(keys))
	siblings := make([]map[string]int64, len(keys)) // the answers that pass the other keys' filters
	for i, key := range keys {
		at[i], named[i], siblings[i] = slices.Index(c.keys, key), f.Values(key), make(map[string]int64)
	}
	missed := make(map[uint32]int64)
	for _, row := range c.within(from, to) {
		var misses uint32
		for i := range keys {
			if !slices.Contains(named[i], row.Values[at[i]]) {
				misses |= 1 << i
			}
		}
		missed[misses] += row.N
		for i := range keys {
			if misses&^(1<<i) == 0 {
				siblings[i][row.Values[at[i]]] += row.N
			}
		}
	}
	if missed[0] < least {
		return false
	}
	delete(missed, 0)
	if fewMiss(missed) {
		return true
	}
	for i := range keys {
		if !standTogether(siblings[i], named[i]) {
			return true
		}
	}
	return false
}

// within are the rows of some days.
func (c crossed) within(from, to analysis.Day) []store.Combination {
	at := func(day analysis.Day) int {
		return sort.Search(len(c.rows), func(i int) bool { return c.rows[i].Day >= int(day) })
	}
	return c.rows[at(from):max(at(from), at(to))]
}

// mostMissed bounds what is looked through: where a survey's answers miss the
// filters' keys in more ways, nobody can be sure.
const mostMissed = 1000

// fewMiss reports whether, with some of the keys dropped, only a few answers come
// in. It is enough to drop the keys that some answers miss, and only where these
// are few themselves: with any more dropped, only more come in.
func fewMiss(missed map[uint32]int64) bool {
	if len(missed) > mostMissed {
		return true
	}
	for dropped, n := range missed {
		if n >= least {
			continue
		}
		var in int64
		for misses, n := range missed {
			if misses&^dropped == 0 {
				in += n
			}
		}
		if in < least {
			return true
		}
	}
	return false
}

// standTogether reports whether the values that a filter names leave together what
// a split does not show: the small values, and those that are hidden with them.
func standTogether(siblings map[string]int64, named []string) bool {
	var values []string
	var sizes []int64
	var whole int64
	for value, n := range siblings {
		if whole += n; value != "" {
			values = append(values, value)
		}
	}
	slices.Sort(values)
	for _, value := range values {
		sizes = append(sizes, siblings[value])
	}
	var inside, hidden int64
	for i, hides := range analysis.Suppress(sizes, whole, least) {
		if hides {
			hidden += sizes[i]
			if slices.Contains(named, values[i]) {
				inside += sizes[i]
			}
		}
	}
	return inside == 0 || inside == hidden && hidden >= least
}

// guard keeps a report from giving anybody away.
type guard struct {
	crossed
	in      analysis.Input
	filters surveys.Filters
	first   analysis.Day // from which on answers are counted
	since   analysis.Day // from which on rows are
	guest   bool         // the steps are held against each other
	told    *known       // what a guest may learn of the trend and of the one a year before
}

// guard counts what the filters must be held against.
func (r reading) guard(ctx context.Context, in analysis.Input) (g guard, err error) {
	g = guard{in: in, filters: r.filters, first: analysis.Day(r.from), since: analysis.Day(r.from), guest: r.guest}
	keys := r.filters.Keys()
	if in.By != "" && len(keys) > 0 && !slices.Contains(keys, in.By) {
		keys = append(keys, in.By)
	}
	g.keys = keys
	switch len(keys) {
	case 0:
		return g, nil
	case 1:
		g.rows, err = r.byOne(ctx, keys[0])
		return g, err
	}
	from := min(in.TrendFrom, in.Against.Span(in.From, in.To).From, in.Against.Span(in.TrendFrom, in.To).From)
	g.since = from
	g.rows, err = r.store.Combinations(ctx, r.survey.WorkspaceID, store.CombinationFilter{SurveyID: r.survey.ID, Keys: keys, From: int(from), To: int(in.To)})
	return g, err
}

// byOne are all answers by one key, from the rollups.
func (r reading) byOne(ctx context.Context, key string) ([]store.Combination, error) {
	all, err := r.rollups(ctx, "")
	if err != nil {
		return nil, err
	}
	values, err := r.rollups(ctx, key)
	if err != nil {
		return nil, err
	}
	var rows []store.Combination
	without := make(map[analysis.Day]int64)
	for _, day := range all[""] {
		without[day.Day] = day.Counts.N()
	}
	for value, days := range values {
		for _, day := range days {
			rows = append(rows, store.Combination{Day: int(day.Day), Values: []string{value}, N: day.Counts.N()})
			without[day.Day] -= day.Counts.N()
		}
	}
	for day, n := range without {
		if n > 0 {
			rows = append(rows, store.Combination{Day: int(day), Values: []string{""}, N: n})
		}
	}
	slices.SortFunc(rows, func(a, b store.Combination) int { return a.Day - b.Day })
	return rows, nil
}

// givesAway reports whether the report's answers of [from, to) must not be shown.
func (g guard) givesAway(from, to analysis.Day) bool { return g.giveAway(g.filters, from, to) }

// withholds reports that the period must not be shown.
func (g guard) withholds() bool { return g.givesAway(g.in.From, g.in.To) }

// build builds the report with what may be shown of it: nothing but how many
// answered, where the period would give somebody away; no comparison, where the
// earlier one would; no segment and no step of the trend, where that would.
func (g *guard) build(in analysis.Input) (analysis.Report, error) {
	withholds := g.withholds()
	if withholds {
		in.Limits.Hide = math.MaxInt64
	}
	if len(g.filters) > 0 {
		in.Untold = g.untold
	}
	if in.Bucketing == "" {
		in.Bucketing = analysis.BucketingFor(in.TrendFrom, in.To)
	}
	if g.guest {
		from := in.TrendFrom
		if in.Against == analysis.YearBefore {
			from = yearEarlier(in.Bucketing, in.Bucketing.Start(from))
		}
		g.told = g.known(from, in.Bucketing)
	}
	in.Tell = g.steps(in.TrendFrom, in.Bucketing)
	report, err := analysis.Build(in)
	if err != nil {
		return report, err
	}
	if withholds {
		report.Verdict.Text = "Held against the scores of other groups, this one would give away what fewer than five people said."
		report.Verdict.Needed = nil
		return report, nil
	}
	if p := report.Previous; p != nil && p.Score != nil && g.givesAway(p.From, p.To) {
		p.Score, p.Low, p.High, p.Difference, p.P = nil, nil, nil, nil, nil
		report.Verdict = analysis.Verdict{Kind: analysis.TooFew, Text: "The earlier period cannot be shown under this filter: too few answers are outside of it.",
			Gates: analysis.Gates{Size: analysis.Unknown, Interval: analysis.Unknown, Alarm: analysis.Unknown, Mix: analysis.Unknown}}
	}
	g.segments(&report)
	return report, nil
}

// untold reports that the score of a segment on some days, among the answers that
// pass the filters, would give somebody away; and where that is not known, since
// nothing was counted by its key, or not that far back.
func (g guard) untold(key, value string, days analysis.Span) bool {
	return !slices.Contains(g.keys, key) || days.From < g.since ||
		g.giveAway(g.filters.Only(surveys.Segment{Key: key, Value: value}), days.From, days.To)
}

// segments hides those that another view would tell of somebody by: the same
// segment without the filters. What is hidden must be two groups at least, or it
// could be had from the rest.
func (g guard) segments(report *analysis.Report) {
	if len(g.filters) == 0 {
		return
	}
	hide := func(s *analysis.Segment) {
		s.Score, s.Low, s.High, s.P, s.PAdjusted, s.Shrunk = nil, nil, nil, nil, nil, nil
		s.Hidden, s.Protects = true, true
	}
	var here, hidden int
	smallest := -1
	for i := range report.Segments {
		s := &report.Segments[i]
		if !s.Hidden && s.Value != "" && g.giveAway(g.filters.Only(surveys.Segment{Key: report.By, Value: s.Value}), report.From, report.To) {
			hide(s)
			here++
		}
		switch {
		case s.Hidden:
			hidden++
		case smallest < 0 || s.N < report.Segments[smallest].N:
			smallest = i
		}
	}
	if here > 0 && hidden == 1 && smallest >= 0 {
		hide(&report.Segments[smallest])
	}
}

// steps reports of days whether a trend from a day on may tell their score: not
// where it would give somebody away, beside another filter or, for a guest, beside
// the other steps; whoever may choose any days has these few by their own days. Of
// several steps together a guest's line learns only what follows from what is shown,
// as where they make up a month: it could be turned back into what it learned from.
func (g guard) steps(from analysis.Day, by analysis.Bucketing) func(analysis.Span) bool {
	if !g.guest {
		return func(days analysis.Span) bool {
			return len(g.filters) == 0 || days.From >= g.since && !g.givesAway(days.From, days.To)
		}
	}
	return func(days analysis.Span) bool {
		switch {
		case days.From < from || g.givesAway(days.From, days.To):
			return false
		case by.Next(days.From) < days.To:
			return g.told.follows(days.From, days.To)
		}
		return g.told.admit(days.From, days.To)
	}
}

// yearEarlier is the step that a trend's step is compared with: weeks meet the week
// of 52 weeks before, others the step of the same date.
func yearEarlier(by analysis.Bucketing, start analysis.Day) analysis.Day {
	if by == analysis.ByWeek {
		return start - 364
	}
	return analysis.YearBefore.Span(start, start+1).From
}

// yearBefore is the trend a year before that of a report which was built, with one
// step for each of its. A guest learns of both together no more than of one.
func (g guard) yearBefore(in analysis.Input, report analysis.Report) ([]analysis.TrendPoint, error) {
	if len(report.Trend) == 0 || g.withholds() {
		return nil, nil
	}
	by := report.Bucketing
	first, last := yearEarlier(by, report.Trend[0].Start), yearEarlier(by, report.Trend[len(report.Trend)-1].Start)
	past, err := analysis.Build(analysis.Input{
		Metric: in.Metric, Confidence: in.Confidence, From: first, To: by.Next(last), Bucketing: by, Days: in.Days, Limits: in.Limits,
		Tell: g.steps(first, by),
	})
	if err != nil {
		return nil, err
	}
	at := make(map[analysis.Day]analysis.TrendPoint, len(past.Trend))
	for _, p := range past.Trend {
		at[p.Start] = p
	}
	earlier := make([]analysis.TrendPoint, len(report.Trend))
	for i, p := range report.Trend {
		earlier[i] = at[yearEarlier(by, p.Start)]
	}
	return earlier, nil
}
