package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// scored is a report on a whole file, with the file's last period against the
// one before it. Its JSON is the report's, where previous and verdict are of
// that comparison, and last is the period that they speak of. Without dates
// there is no period and no trend.
type scored struct {
	analysis.Report
	From       *analysis.Day        `json:"from"`
	To         *analysis.Day        `json:"to"`
	Last       *lastPeriod          `json:"last"`
	Comparison *analysis.Comparison `json:"comparison,omitempty"` // of the periods of --compare
	Drivers    *driven              `json:"drivers,omitempty"`
	Paired     *paired              `json:"paired,omitempty"`   // the same of those who answered in both, with --person
	People     *clustered           `json:"people,omitempty"`   // with --person; the interval is then theirs
	Weighted   *weighted            `json:"weighted,omitempty"` // with --target
	Themes     *writtenAbout        `json:"themes,omitempty"`   // with --comments
	Rows       readRows             `json:"rows"`
	Columns    readColumns          `json:"columns"`
	Guessed    bool                 `json:"metric_guessed,omitempty"`
	taken      string               // what the metric was guessed by
	undatable  bool                 // no column is named like a date, and nobody said that there is none
	confidence float64
	method     string // that a person asked for
}

// readColumns are the names of the columns that were read.
type readColumns struct {
	Score string `json:"score"`
	Date  string `json:"date,omitempty"`
}

// readRows says what became of the file's rows.
type readRows struct {
	Read         int64 `json:"read"`
	WithoutScore int64 `json:"without_score"` // nobody answered
	WithoutDate  int64 `json:"without_date"`  // in no period
	Bad          int64 `json:"bad"`           // left out with --skip-bad
}

// lastPeriod is the end of the file that is compared with what was before.
type lastPeriod struct {
	From  analysis.Day `json:"from"`
	To    analysis.Day `json:"to"`
	N     int64        `json:"n"`
	Score *float64     `json:"score"`
	Low   *float64     `json:"low"`
	High  *float64     `json:"high"`
}

// report analyses the tally.
func (c *scoreCommand) report(t *tally) (scored, error) {
	first, last, found := t.span()
	if !found && t.undated > 0 {
		return scored{}, fmt.Errorf("no row with a score has a date in %q: --date - scores the file without dates", t.columns.header[t.columns.date])
	}
	if !found {
		return scored{}, errors.New("there is no score in the file")
	}
	if err := c.checkMethod(t.metric); err != nil {
		return scored{}, err
	}
	in := analysis.Input{Metric: t.metric, Confidence: float64(c.Confidence), Method: analysis.Method(c.Method), From: first, To: last + 1, Days: t.days.list()}
	if c.By != "" {
		t.by.fold(surveys.MaxSegmentValues)
		in.By, in.Segments = t.columns.header[t.columns.by], make(map[string][]analysis.DayCounts, len(t.by))
		for value, days := range t.by {
			in.Segments[value] = days.list()
		}
	}
	whole, err := analysis.Build(in)
	if err != nil {
		return scored{}, fmt.Errorf("analyse the file: %w", err)
	}
	s := scored{Report: whole, Guessed: t.taken != "", taken: t.taken, confidence: float64(c.Confidence), method: c.Method, Rows: readRows{Read: t.rows, WithoutScore: t.blank, WithoutDate: t.undated, Bad: t.bad}}
	s.Columns.Score = t.columns.header[t.columns.score]
	if err := s.further(t); err != nil {
		return s, err
	}
	if t.columns.date < 0 {
		s.undatable = c.Date == "" && len(t.columns.header) > 1
		s.Trend, s.Changes = []analysis.TrendPoint{}, []analysis.Change{}
		return s, s.themes(t, in)
	}
	s.Columns.Date = t.columns.header[t.columns.date]
	s.From, s.To = &s.Report.From, &s.Report.To
	if err := s.compareEnd(in); err != nil {
		return s, err
	}
	if err := c.compare(&s, t, in); err != nil {
		return s, fmt.Errorf("--compare: %w", err)
	}
	return s, s.themes(t, in)
}

// further reports what flags asked for beside the score.
func (s *scored) further(t *tally) error {
	var err error
	if t.people != nil {
		if s.People, err = t.people.report(t.metric, s.confidence); err != nil {
			return fmt.Errorf("--person: %w", err)
		}
		if s.Interval != nil && s.People.interval != nil {
			s.Interval = s.People.interval
		}
	}
	if t.targets != nil {
		if s.Weighted, err = t.targets.report(t.metric, s.confidence); err != nil {
			return fmt.Errorf("--target: %w", err)
		}
	}
	if t.drivers != nil {
		if s.Drivers, err = t.drivers.report(s.confidence); err != nil {
			return fmt.Errorf("--drivers: %w", err)
		}
	}
	return nil
}

// compare puts the periods of --compare against each other.
func (c *scoreCommand) compare(s *scored, t *tally, in analysis.Input) error {
	if len(c.Compare) == 0 {
		return nil
	}
	compared, err := analysis.CompareSpans(in, c.Compare[0], c.Compare[1])
	if err != nil {
		return err
	}
	s.Comparison = &compared
	if t.people != nil {
		s.Paired, err = t.people.waves.report(t.metric, float64(c.Confidence))
	}
	return err
}

// themes says what people wrote about, and what became of it between the periods
// that the score is compared in.
func (s *scored) themes(t *tally, in analysis.Input) error {
	if t.themes == nil {
		return nil
	}
	var compared *comparedIn
	switch {
	case s.Comparison != nil:
		compared = &comparedIn{Before: s.Comparison.Before.Span, After: s.Comparison.After.Span}
	case s.Last != nil:
		compared = &comparedIn{Before: analysis.Span{From: 2*s.Last.From - s.Last.To, To: s.Last.From}, After: analysis.Span{From: s.Last.From, To: s.Last.To}}
	}
	var err error
	if s.Themes, err = t.themes.report(in, compared); err != nil {
		return fmt.Errorf("--comments: %w", err)
	}
	return nil
}

// endings are the lengths of a last period, in days: whole weeks, so that
// weekdays weigh the same.
var endings = []analysis.Day{7, 28, 91, 182, 364}

// enough is how many answers make a period worth comparing.
const enough = 100

// compareEnd puts the file's last period against the one before: the shortest
// with enough answers, or else the longest that fits twice into the file.
func (s *scored) compareEnd(in analysis.Input) error {
	span := in.To - in.From
	for _, days := range slices.Backward(endings) {
		if 2*days > span || days == 7 && span > 8*7 {
			continue
		}
		tail := in
		tail.From, tail.TrendFrom = in.To-days, in.From
		tail.By, tail.Segments = "", nil
		if in.By != "" {
			tail.Mix = map[string]map[string][]analysis.DayCounts{in.By: in.Segments}
		}
		report, err := analysis.Build(tail)
		if err != nil {
			return fmt.Errorf("compare the last %d days: %w", days, err)
		}
		if s.Last != nil && report.N < enough {
			break
		}
		s.Last = &lastPeriod{From: report.From, To: report.To, N: report.N, Score: report.Score}
		if report.Interval != nil {
			s.Last.Low, s.Last.High = &report.Interval.Low, &report.Interval.High
		}
		s.Previous, s.Verdict = report.Previous, report.Verdict
	}
	return nil
}
