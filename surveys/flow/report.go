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

// Spans of a report, in days.
const (
	reportDays     = 90    // the period, when none is named
	reportHistory  = 366   // what is read before the period before, for the trend's normal level
	maxReportDays  = 36500 // a century, which only a mistyped year exceeds
	maxReportSteps = 5000  // of a trend by day
	maxMixKeys     = 6     // further segment keys that are read for the mix check
)

// Reports says what the answers to a survey mean, from its rollups.
type Reports struct{ store *store.Store }

// NewReports makes the reports of a store.
func NewReports(s *store.Store) *Reports { return &Reports{store: s} }

// Segment names one value of a segment key. Its zero value is everybody.
type Segment struct{ Key, Value string }

// ReportQuery says which report is wanted. Zero fields mean the defaults.
type ReportQuery struct {
	From, To   analysis.Day       // From inclusive, To exclusive; the 90 days up to today
	TrendFrom  analysis.Day       // where the trend starts, if before From
	Interval   analysis.Bucketing // of the trend; what suits its length
	By         string             // the segment key to split by; no split
	Filter     Segment            // only these answers; everybody
	Confidence float64            // of every interval; 0.95
}

// normal fills the defaults in and says what is wrong with the query.
func (q ReportQuery) normal(w Office, now time.Time) (ReportQuery, error) {
	if q.To == 0 {
		q.To = analysis.DayOf(now, w.Zone) + 1
	}
	if q.From == 0 {
		q.From = q.To - reportDays
	}
	if q.TrendFrom == 0 || q.TrendFrom > q.From {
		q.TrendFrom = q.From
	}
	var wrong []surveys.FieldError
	switch length := q.To - q.TrendFrom; {
	case q.From >= q.To:
		wrong = append(wrong, surveys.FieldError{Path: "to", Code: "period_empty"})
	case length > maxReportDays:
		wrong = append(wrong, surveys.FieldError{Path: "from", Code: "period_long"})
	case q.Interval == analysis.ByDay && length > maxReportSteps:
		wrong = append(wrong, surveys.FieldError{Path: "interval", Code: "interval_fine"})
	}
	if q.Interval != "" && !q.Interval.Valid() {
		wrong = append(wrong, surveys.FieldError{Path: "interval", Code: "interval"})
	}
	if !(q.Confidence == 0 || q.Confidence >= 0.5 && q.Confidence <= 0.999) {
		wrong = append(wrong, surveys.FieldError{Path: "confidence", Code: "confidence"})
	}
	wrong = append(wrong, checkSegmentKey(w, "by", q.By)...)
	wrong = append(wrong, checkSegmentKey(w, "filter", q.Filter.Key)...)
	return q, surveys.Wrong(wrong...)
}

// SegmentKeys lists the keys by which a workspace's answers can be split.
func (w Office) SegmentKeys() []string {
	return append(slices.Clone(w.Segments), surveys.SegmentChannel, surveys.SegmentVersion)
}

func checkSegmentKey(w Office, path, key string) []surveys.FieldError {
	if key == "" || slices.Contains(w.SegmentKeys(), key) {
		return nil
	}
	return []surveys.FieldError{{Path: path, Code: "segment_unknown", Args: map[string]any{"key": key}}}
}

// Report reads the rollups that a report needs and builds it. A query that
// cannot be meant is Invalid, with the fields of [ReportQuery] as the API
// spells them. A split under a filter is the one thing that rollups cannot
// tell: it reads the answers themselves.
func (r *Reports) Report(ctx context.Context, w Office, survey surveys.Survey, q ReportQuery) (analysis.Report, error) {
	q, err := q.normal(w, r.store.Now())
	if err != nil {
		return analysis.Report{}, err
	}
	in := analysis.Input{
		Metric: survey.Metric, Confidence: q.Confidence, From: q.From, To: q.To, TrendFrom: q.TrendFrom, Bucketing: q.Interval, By: q.By,
	}
	source := reading{Reports: r, survey: survey, filter: q.Filter, from: int(min(q.From-(q.To-q.From), q.TrendFrom) - reportHistory), to: int(q.To)}
	if in.Days, err = source.days(ctx); err != nil {
		return analysis.Report{}, err
	}
	if in.By != "" {
		if in.Segments, err = source.split(ctx, w.Zone, in.By); err != nil {
			return analysis.Report{}, err
		}
	}
	if in.Mix, err = source.mix(ctx, w, in.By); err != nil {
		return analysis.Report{}, err
	}
	report, err := analysis.Build(in)
	if err != nil {
		return report, fmt.Errorf("build the report of %s: %w", survey, err)
	}
	return report, nil
}

// reading is the part of a survey's answers that one report reads.
type reading struct {
	*Reports
	survey   surveys.Survey
	filter   Segment
	from, to int // days
}

// days are the answers of everybody, or of the filter's segment.
func (r reading) days(ctx context.Context) ([]analysis.DayCounts, error) {
	values, err := r.rollups(ctx, r.filter.Key)
	return values[r.filter.Value], err
}

// rollups are the counts of a segment key by value; of everybody under "" when
// the key is "".
func (r reading) rollups(ctx context.Context, key string) (map[string][]analysis.DayCounts, error) {
	list, err := r.store.Rollups(ctx, r.survey.WorkspaceID, store.RollupFilter{SurveyID: r.survey.ID, Key: key, From: r.from, To: r.to})
	if err != nil {
		return nil, err
	}
	values := make(map[string][]analysis.DayCounts)
	for _, row := range list {
		values[row.Value] = append(values[row.Value], analysis.DayCounts{Day: analysis.Day(row.Day), Counts: row.Counts})
	}
	return values, nil
}

// split are the counts by value of a key, among the filter's answers.
func (r reading) split(ctx context.Context, zone *time.Location, key string) (map[string][]analysis.DayCounts, error) {
	switch r.filter.Key {
	case "":
		return r.rollups(ctx, key)
	case key:
		days, err := r.days(ctx)
		return map[string][]analysis.DayCounts{r.filter.Value: days}, err
	}
	type place struct {
		value string
		day   int
	}
	counts := make(map[place]*surveys.Counts)
	from, to := surveys.DayStart(r.from), surveys.DayStart(r.to)
	err := r.store.EachResponse(ctx, r.survey.WorkspaceID, store.ResponseFilter{
		SurveyID: r.survey.ID, SegmentKey: r.filter.Key, SegmentValue: r.filter.Value,
		From: localMidnight(from, zone), To: localMidnight(to, zone),
	}, func(response surveys.Response) error {
		value, has := response.Segments[key]
		if !has {
			return nil
		}
		at := place{value, response.Day}
		if counts[at] == nil {
			counts[at] = new(surveys.Counts)
		}
		counts[at][response.Score]++
		return nil
	})
	values := make(map[string][]analysis.DayCounts)
	for at, c := range counts {
		values[at.value] = append(values[at.value], analysis.DayCounts{Day: analysis.Day(at.day), Counts: *c})
	}
	return values, err
}

// localMidnight is the moment at which a calendar date begins in a zone.
func localMidnight(date time.Time, zone *time.Location) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, zone)
}

// mix are the counts under further keys, for the question whether who answered
// explains a change. The question's version is not asked: it changes with time
// by itself. Under a filter there are no rollups to ask.
func (r reading) mix(ctx context.Context, w Office, by string) (map[string]map[string][]analysis.DayCounts, error) {
	if r.filter.Key != "" {
		return nil, nil
	}
	mix := make(map[string]map[string][]analysis.DayCounts)
	for _, key := range append([]string{surveys.SegmentChannel}, w.Segments...) {
		if key == by || len(mix) == maxMixKeys {
			continue
		}
		values, err := r.rollups(ctx, key)
		if err != nil {
			return nil, err
		}
		mix[key] = values
	}
	return mix, nil
}
