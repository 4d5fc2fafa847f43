package flow

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// reading is the part of a survey's answers that one report reads.
type reading struct {
	*Reports
	survey   surveys.Survey
	filters  surveys.Filters
	by       string
	mix      []string // further keys
	guest    bool
	from, to int            // days
	in       analysis.Input // what will be built, without its counts
}

// series are days by value of a segment key.
type series map[string][]analysis.DayCounts

// counted is what a report is built from.
type counted struct {
	days   []analysis.DayCounts
	split  series
	mix    map[string]map[string][]analysis.DayCounts
	rows   *RowsRead // nil: the rollups knew all
	unread bool      // the mix stands to be asked, and was not read
}

// read takes the counts from the rollups as far as they know them.
func (r reading) read(ctx context.Context) (counted, error) {
	keys := r.filters.Keys()
	switch {
	case len(keys) == 0:
		return r.everybody(ctx)
	case len(keys) == 1 && (r.by == "" || r.by == keys[0]):
		values, err := r.rollups(ctx, keys[0])
		if err != nil {
			return counted{}, err
		}
		named := pick(values, r.filters.Values(keys[0]))
		return r.askMix(ctx, counted{days: named.together(), split: named})
	}
	return r.tally(ctx)
}

// everybody reads the rollups of all keys that are asked for.
func (r reading) everybody(ctx context.Context) (counted, error) {
	all, err := r.rollups(ctx, "")
	if err != nil {
		return counted{}, err
	}
	found := counted{days: all[""], mix: make(map[string]map[string][]analysis.DayCounts)}
	if r.by != "" {
		if found.split, err = r.rollups(ctx, r.by); err != nil {
			return found, err
		}
	}
	return found, r.readMix(ctx, found)
}

// readMix reads the further keys, no further back than their mix is asked about:
// they have by far the most rows.
func (r reading) readMix(ctx context.Context, found counted) error {
	if len(r.mix) == 0 {
		return nil
	}
	r.in.Days = found.days
	from, err := r.in.MixFrom()
	if err != nil {
		return fmt.Errorf("find how far back the mix of %s is asked about: %w", r.survey, err)
	}
	r.from = max(r.from, int(from))
	for _, key := range r.mix {
		if found.mix[key], err = r.bands(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// askMix reads the further keys of what rollups counted under a filter, where a
// change stands to be told: no rollup knows two keys at once, so every answer is
// read. Where they are many, that is left to who asks for a split.
func (r reading) askMix(ctx context.Context, found counted) (counted, error) {
	if len(r.mix) == 0 {
		return found, nil
	}
	r.in.Days, r.in.By, r.in.Mix = found.days, "", nil
	report, err := analysis.Build(r.in)
	if err != nil {
		return found, fmt.Errorf("see whether the mix of %s stands to be asked: %w", r.survey, err)
	}
	if !asksMix(report, r.in.TrendFrom) {
		return found, nil
	}
	from, err := r.in.MixFrom()
	if err != nil {
		return found, fmt.Errorf("find how far back the mix of %s is asked about: %w", r.survey, err)
	}
	r.from = max(r.from, int(from))
	answers, _, err := r.store.RollupTotal(ctx, r.survey.WorkspaceID, store.RollupFilter{SurveyID: r.survey.ID, From: r.from, To: r.to})
	if err != nil {
		return found, err
	}
	if found.unread = answers > MaxUnasked; found.unread {
		return found, nil
	}
	mixed, err := r.tally(ctx)
	found.mix, found.rows = mixed.mix, mixed.rows
	return found, err
}

// asksMix reports that a report without the mix tells a change that the mix might
// explain: of the period against the one before, or one that is dated from a day on.
func asksMix(report analysis.Report, from analysis.Day) bool {
	gates := report.Verdict.Gates
	return gates.Size == analysis.Passed && gates.Interval == analysis.Passed ||
		slices.ContainsFunc(report.Changes, func(c analysis.Change) bool { return c.At >= from })
}

// tally counts the answers that pass the filters, under every key at once, so
// that they are read once.
func (r reading) tally(ctx context.Context) (counted, error) {
	keys := append([]string{""}, r.mix...)
	if r.by != "" {
		keys = append(keys, r.by)
	}
	began := r.store.Now()
	lists, err := r.store.Tally(ctx, r.survey.WorkspaceID, store.TallyFilter{
		SurveyID: r.survey.ID, Segments: r.filters, Keys: keys, From: r.from, To: r.to,
	})
	if err != nil {
		return counted{}, err
	}
	found := counted{days: byValue(lists[""])[""], split: byValue(lists[r.by]), mix: make(map[string]map[string][]analysis.DayCounts)}
	for _, key := range r.mix {
		found.mix[key] = byValue(lists[key])
	}
	found.rows = &RowsRead{Seconds: r.store.Now().Sub(began).Seconds()}
	for i := range found.days {
		found.rows.Answers += found.days[i].Counts.N()
	}
	return found, nil
}

// rollups are the counts of a segment key by value; of everybody under "" when
// the key is "".
func (r reading) rollups(ctx context.Context, key string) (series, error) {
	list, err := r.store.Rollups(ctx, r.survey.WorkspaceID, store.RollupFilter{SurveyID: r.survey.ID, Key: key, From: r.from, To: r.to})
	return byValue(list), err
}

// bands are the counts of a segment key by value, of which only the bands are
// true: every answer stands under one score of its band. It is all that the mix
// is asked for.
func (r reading) bands(ctx context.Context, key string) (series, error) {
	scale := r.survey.Metric.Scale()
	filter := store.RollupFilter{SurveyID: r.survey.ID, Key: key, From: r.from, To: r.to}
	list, err := r.store.BandDays(ctx, r.survey.WorkspaceID, filter, scale)
	if err != nil {
		return nil, err
	}
	var at [3]int
	for _, score := range scale.Choices() {
		switch scale.Band(score) {
		case scale.Good:
			at[0] = score
		case scale.Middle:
			at[1] = score
		case scale.Bad:
			at[2] = score
		}
	}
	values := make(series)
	for _, row := range list {
		day := analysis.DayCounts{Day: analysis.Day(row.Day)}
		day.Counts[at[0]], day.Counts[at[1]], day.Counts[at[2]] = row.Good, row.Middle, row.Bad
		values[row.Value] = append(values[row.Value], day)
	}
	return values, nil
}

func byValue(list []store.Rollup) series {
	values := make(series)
	for _, row := range list {
		values[row.Value] = append(values[row.Value], analysis.DayCounts{Day: analysis.Day(row.Day), Counts: row.Counts})
	}
	return values
}

// pick keeps the values that are named.
func pick(values series, names []string) series {
	kept := make(series, len(names))
	for _, name := range names {
		if days := values[name]; len(days) > 0 {
			kept[name] = days
		}
	}
	return kept
}

// together are the days of all values. An answer has one value of a key, so none
// counts twice.
func (s series) together() []analysis.DayCounts {
	var all []analysis.DayCounts
	for _, days := range s {
		all = append(all, days...)
	}
	slices.SortFunc(all, func(a, b analysis.DayCounts) int { return int(a.Day - b.Day) })
	return all
}

// answersIn counts the answers of days within [from, to).
func answersIn(days []analysis.DayCounts, from, to analysis.Day) int64 {
	var n int64
	for i := range days {
		if days[i].Day >= from && days[i].Day < to {
			n += days[i].Counts.N()
		}
	}
	return n
}

// localMidnight is the moment at which a calendar date begins in a zone.
func localMidnight(date time.Time, zone *time.Location) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, zone)
}
