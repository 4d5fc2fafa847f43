package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/table"
)

type scoreCommand struct {
	written
	File       string  `arg:"" help:"The CSV file; - for the standard input."`
	Metric     string  `help:"The scale: nps (0–10), ces (1–7), ces5 (1–5, lower is better) or csat (1–5). Guessed from the values where they tell." placeholder:"METRIC"`
	Column     string  `help:"The column of the scores, by its name or number. Found by its name." placeholder:"NAME"`
	Date       string  `help:"The column of the dates, for the trend. Found by its name; - for none." placeholder:"NAME"`
	By         string  `help:"A column to compare by: plan, country, …" placeholder:"NAME"`
	Confidence float64 `default:"0.95" help:"Of the intervals, between 0 and 1."`
	JSON       bool    `name:"json" help:"Print the report as JSON."`
	SkipBad    bool    `help:"Score the good rows of a file that has bad ones."`
	NoColor    string  `name:"no-color" env:"NO_COLOR" hidden:""`
}

// Run scores the file.
func (c *scoreCommand) Run(ctx context.Context, t terminal) error {
	file, err := openSource(c.File, t.in)
	if err != nil {
		return err
	}
	defer file.close()
	tally, err := c.tally(ctx, file, t)
	if err != nil {
		return fmt.Errorf("%s: %w", file.name, err)
	}
	scored, err := c.report(tally)
	if err != nil {
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(t.out)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(scored); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		return nil
	}
	printer{out: t.out, paint: c.paint(t)}.print(scored)
	return nil
}

// paint is plain unless a person watches who did not refuse colours.
func (c *scoreCommand) paint(t terminal) paint {
	if c.NoColor != "" || !isTerminal(t.out) {
		return plainly
	}
	return colourfully
}

// tally reads the file and counts it.
func (c *scoreCommand) tally(ctx context.Context, file *source, t terminal) (*tally, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	o, err := c.table()
	if err != nil {
		return nil, err
	}
	head, err := file.header(o)
	if err != nil {
		return nil, err
	}
	columns, err := c.columns(head.Header())
	if err != nil {
		return nil, err
	}
	if columns.dates, err = c.dates(time.UTC); err != nil {
		return nil, err
	}
	if err := columns.findDates(file, o); err != nil {
		return nil, err
	}
	bad, err := newBadRows(t.err, "")
	if err != nil {
		return nil, err
	}
	counted := newTally(columns, surveys.Metric(c.Metric))
	if err := counted.read(ctx, file, o, bad); err != nil {
		return nil, err
	}
	if err := bad.close(); err != nil {
		return nil, err
	}
	if bad.n > 0 && !c.SkipBad {
		return nil, fmt.Errorf("%s of %s cannot be scored: mend them, or score the others with --skip-bad", rows(bad.n), grouped(counted.rows))
	}
	counted.bad = bad.n
	return counted, counted.settle()
}

func (c *scoreCommand) check() error {
	if c.Metric != "" && !surveys.Metric(c.Metric).Valid() {
		return fmt.Errorf("--metric %q is not one of nps, ces, ces5, csat", c.Metric)
	}
	if !(c.Confidence > 0 && c.Confidence < 1) {
		return fmt.Errorf("--confidence %v is not between 0 and 1, such as 0.95", c.Confidence)
	}
	return nil
}

// scoreColumns are the columns that a score is made of; -1 for none.
type scoreColumns struct {
	header          []string
	score, date, by int
	dates           table.Dates
}

// columns finds the columns: by the flags, then by name.
func (c *scoreCommand) columns(header []string) (scoreColumns, error) {
	columns := scoreColumns{header: header, score: -1, date: -1, by: -1}
	named := make(table.Columns)
	for _, flag := range []struct {
		name, value string
		to          *int
		field       table.Field
	}{{"--column", c.Column, &columns.score, table.Score}, {"--date", c.Date, &columns.date, table.Date}, {"--by", c.By, &columns.by, ""}} {
		if flag.value == "" || flag.value == "-" {
			continue
		}
		at, err := table.Find(header, flag.value)
		if err != nil {
			return columns, fmt.Errorf("%s: %w", flag.name, err)
		}
		*flag.to = at
		if flag.field != "" {
			named[flag.field] = at
		}
	}
	if len(header) == 1 && c.Column == "" {
		columns.score, named[table.Score] = 0, 0 // nothing else to be mistaken for
	}
	found, err := table.Match(header, named)
	if err != nil {
		return columns, err
	}
	at, ok := found[table.Score]
	if !ok {
		return columns, fmt.Errorf("no column is named like a score: say which with --column; the columns are %s", table.Quoted(header))
	}
	columns.score = at
	if at, ok := found[table.Date]; ok && c.Date != "-" {
		columns.date = at
	}
	return columns, nil
}

// findDates finds out how the dates are written.
func (c *scoreColumns) findDates(file *source, o table.Options) error {
	if c.date < 0 || c.dates.Form != "" {
		return nil
	}
	opened, err := file.open()
	if err != nil {
		return err
	}
	defer opened.Close()
	reader, err := table.Open(opened, o)
	if err != nil {
		return err
	}
	c.dates.Form, c.dates.Decided, err = table.FindDates(reader, c.date)
	return err
}

// scored is a report on a whole file, with the file's last period against the
// one before it. Its JSON is the report's, where previous and verdict are of
// that comparison, and last is the period that they speak of. Without dates
// there is no period and no trend.
type scored struct {
	analysis.Report
	From    *analysis.Day `json:"from"`
	To      *analysis.Day `json:"to"`
	Last    *lastPeriod   `json:"last"`
	tally   *tally
	Guessed bool `json:"metric_guessed,omitempty"`
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
	if !found {
		return scored{}, errors.New("there is no score in the file")
	}
	in := analysis.Input{Metric: t.metric, Confidence: c.Confidence, From: first, To: last + 1, Days: t.days.list()}
	if c.By != "" {
		in.By, in.Segments = t.columns.header[t.columns.by], make(map[string][]analysis.DayCounts, len(t.by))
		for value, days := range t.by {
			in.Segments[value] = days.list()
		}
	}
	whole, err := analysis.Build(in)
	if err != nil {
		return scored{}, fmt.Errorf("analyse the file: %w", err)
	}
	s := scored{Report: whole, tally: t, Guessed: t.guessed}
	if t.columns.date < 0 {
		s.Trend, s.Changes = []analysis.TrendPoint{}, []analysis.Change{}
		return s, nil
	}
	s.From, s.To = &s.Report.From, &s.Report.To
	return s, s.compare(in)
}

// periods are the lengths of a last period, in days: whole weeks, so that
// weekdays weigh the same.
var periods = []analysis.Day{7, 28, 91, 182, 364}

// enough is how many answers make a period worth comparing.
const enough = 100

// compare puts the file's last period against the one before: the shortest
// with enough answers, or else the longest that fits twice into the file.
func (s *scored) compare(in analysis.Input) error {
	span := in.To - in.From
	for _, days := range slices.Backward(periods) {
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
