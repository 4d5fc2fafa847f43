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
	reportDays    = 90    // the period, when none is named
	reportHistory = 366   // what is read before the earlier period, for the trend's normal level
	maxReportDays = 36500 // a century, which only a mistyped year exceeds
	maxMixKeys    = 6     // further segment keys that are read for the mix check
)

// Limits of what a report takes upon itself.
const (
	MaxTrendDays = 5000   // how long a trend by day may be
	MaxUnasked   = 30_000 // how many answers are read one by one though nobody asked for it
)

// Reports says what the answers to a survey mean, from its rollups.
type Reports struct{ store *store.Store }

// NewReports makes the reports of a store.
func NewReports(s *store.Store) *Reports { return &Reports{store: s} }

// ReportQuery says which report is wanted. Zero fields mean the defaults.
type ReportQuery struct {
	From, To   analysis.Day       // From inclusive, To exclusive; the 90 days up to today
	Against    analysis.Against   // what the period is compared with; the period before
	TrendFrom  analysis.Day       // where the trend starts, if before From
	Interval   analysis.Bucketing // of the trend; what suits its length
	By         string             // the segment key to split by; no split
	Filters    surveys.Filters    // only these answers; everybody
	Confidence float64            // of every interval; 0.95
	Guest      bool               // for a reader who can neither choose days nor read single answers
}

// SurveyReport is a report, with how it was come by.
type SurveyReport struct {
	analysis.Report
	Rows     *RowsRead             `json:"rows,omitempty"`     // nil: the rollups knew all
	Earlier  []analysis.TrendPoint `json:"earlier,omitempty"`  // the trend a year before, step by step, when that is what the period is compared with
	Withheld bool                  `json:"withheld,omitempty"` // hidden, since all but a few answers pass the filters: beside everybody's score theirs would be known
}

// RowsRead is what a report had to read of the answers themselves: filters by
// two keys at once, or a split under a filter by another key.
type RowsRead struct {
	Answers int64   `json:"answers"` // that passed the filters, the earlier period's and those further back included
	Seconds float64 `json:"seconds"` // that it took
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
	case q.Interval == analysis.ByDay && length > MaxTrendDays:
		wrong = append(wrong, surveys.FieldError{Path: "interval", Code: "interval_fine"})
	case !q.Against.Valid():
		wrong = append(wrong, surveys.FieldError{Path: "compare", Code: "compare"})
	case !q.Against.Fits(q.From, q.To):
		wrong = append(wrong, surveys.FieldError{Path: "compare", Code: "compare_long"})
	}
	if q.Interval != "" && !q.Interval.Valid() {
		wrong = append(wrong, surveys.FieldError{Path: "interval", Code: "interval"})
	}
	if !(q.Confidence == 0 || q.Confidence >= 0.5 && q.Confidence <= 0.999) {
		wrong = append(wrong, surveys.FieldError{Path: "confidence", Code: "confidence"})
	}
	wrong = append(wrong, checkSegmentKeys(w, "by", q.By)...)
	wrong = append(wrong, checkSegmentKeys(w, "filter", q.Filters.Keys()...)...)
	if len(q.Filters) > surveys.MaxFilters {
		wrong = append(wrong, surveys.FieldError{Path: "filter", Code: "filters_many", Args: map[string]any{"max": surveys.MaxFilters}})
	}
	return q, surveys.Wrong(wrong...)
}

// SegmentKeys lists the keys by which a workspace's answers can be split.
func (w Office) SegmentKeys() []string {
	return append(slices.Clone(w.Segments), surveys.SegmentChannel, surveys.SegmentVersion)
}

// checkSegmentKeys refuses keys that the workspace does not declare: only those
// are ever looked for in answers.
func checkSegmentKeys(w Office, path string, keys ...string) []surveys.FieldError {
	for _, key := range keys {
		if key != "" && !slices.Contains(w.SegmentKeys(), key) {
			return []surveys.FieldError{{Path: path, Code: "segment_unknown", Args: map[string]any{"key": key}}}
		}
	}
	return nil
}

// Report is [Reports.Read], without how it was come by.
func (r *Reports) Report(ctx context.Context, w Office, survey surveys.Survey, q ReportQuery) (analysis.Report, error) {
	report, err := r.Read(ctx, w, survey, q)
	return report.Report, err
}

// Read reads the counts that a report needs and builds it. A query that cannot
// be meant is Invalid, with the fields of [ReportQuery] as the API spells them.
// Two things no rollup can tell, and are counted from the answers themselves:
// filters by more than one key, and a split under a filter by another key.
func (r *Reports) Read(ctx context.Context, w Office, survey surveys.Survey, q ReportQuery) (SurveyReport, error) {
	var report SurveyReport
	q, err := q.normal(w, r.store.Now())
	if err != nil {
		return report, err
	}
	in := analysis.Input{
		Metric: survey.Metric, Confidence: q.Confidence, From: q.From, To: q.To, Against: q.Against, TrendFrom: q.TrendFrom,
		Bucketing: q.Interval, By: q.By,
	}
	source := reading{Reports: r, survey: survey, filters: q.Filters, by: q.By, mix: mixKeys(w, q.By), guest: q.Guest, in: in}
	source.from = int(min(q.Against.Span(q.From, q.To).From, q.Against.Span(q.TrendFrom, q.To).From, q.TrendFrom) - reportHistory)
	source.to = int(q.To)
	found, err := source.read(ctx)
	if err != nil {
		return report, err
	}
	in.Days, in.Mix, in.MixUnread = found.days, found.mix, found.unread
	if q.By != "" {
		in.Segments = found.split
	}
	report.Rows = found.rows
	guard, err := source.guard(ctx, in)
	if err != nil {
		return report, err
	}
	report.Withheld = guard.withholds()
	if report.Report, err = guard.build(in); err != nil {
		return report, fmt.Errorf("build the report of %s: %w", survey, err)
	}
	if q.Against == analysis.YearBefore {
		if report.Earlier, err = guard.yearBefore(in, report.Report); err != nil {
			return report, fmt.Errorf("build the trend of %s a year before: %w", survey, err)
		}
	}
	return report, nil
}

// mixKeys are the further keys that are asked for the question whether who
// answered explains a change. The question's version is not: it changes with
// time by itself.
func mixKeys(w Office, by string) []string {
	keys := append([]string{surveys.SegmentChannel}, w.Segments...)
	keys = slices.DeleteFunc(keys, func(key string) bool { return key == by })
	return keys[:min(len(keys), maxMixKeys)]
}
