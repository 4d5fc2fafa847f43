package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/table"
)

// days are counts by day.
type days map[analysis.Day]*surveys.Counts

func (d days) add(day analysis.Day, score int) {
	counts := d[day]
	if counts == nil {
		counts = new(surveys.Counts)
		d[day] = counts
	}
	counts[score]++
}

// list is what the analysis takes, in the order of days.
func (d days) list() []analysis.DayCounts {
	list := make([]analysis.DayCounts, 0, len(d))
	for day, counts := range d {
		list = append(list, analysis.DayCounts{Day: day, Counts: *counts})
	}
	slices.SortFunc(list, func(a, b analysis.DayCounts) int { return int(a.Day - b.Day) })
	return list
}

// tally counts a file.
type tally struct {
	columns scoreColumns
	metric  surveys.Metric // "" until it is known
	taken   string         // what the metric was guessed by; "" when a person said it
	rows    int64          // good, bad and unanswered
	blank   int64          // rows without a score: nobody answered
	undated int64          // rows without a date, which no period holds
	bad     int64
	foreign bool // a row is one of Qualtrics' further headers
	counts  surveys.Counts
	first   [11]int // the line on which each score stands first
	days    days
	by      split
	drivers *driverTally // nil without --drivers
	people  *people      // nil without --person
	targets *crossing    // nil without --target
	themes  *themeTally  // nil without --comments
	dates   *calendar
}

// newTally is what the columns ask for, still empty.
func (c *scoreCommand) newTally(columns scoreColumns) (*tally, error) {
	t := &tally{columns: columns, metric: surveys.Metric(c.Metric), days: make(days), by: make(split), dates: newCalendar(columns.dates)}
	if columns.person >= 0 {
		t.people = newPeople()
		if len(c.Compare) > 0 {
			t.people.waves = &waves{spans: c.Compare}
		}
	}
	if len(columns.targets) > 0 {
		t.targets = newCrossing(columns.targets)
	}
	var err error
	if len(columns.drivers) > 0 {
		if t.drivers, err = newDriverTally(columns.drivers); err != nil {
			return nil, err
		}
	}
	if columns.comments >= 0 {
		t.themes, err = newThemeTally(columns, c.Themes)
	}
	return t, err
}

// read counts every row of the file, and tells of those that it cannot. The file
// is read for the last time.
func (t *tally) read(ctx context.Context, file *source, o table.Options, bad *badRows) error {
	opened, err := file.last()
	if err != nil {
		return err
	}
	defer opened.Close()
	reader, err := table.Open(opened, o)
	if err != nil {
		return err
	}
	for {
		if t.rows++; t.rows%10_000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		record, err := reader.Next()
		var wrong *table.RowError
		switch {
		case errors.Is(err, io.EOF):
			t.rows--
			return nil
		case errors.As(err, &wrong):
		case err != nil:
			return err
		default:
			wrong = t.count(record)
		}
		if wrong != nil {
			bad.add(wrong)
		}
	}
}

// count counts a row, or says what is wrong with it.
func (t *tally) count(record table.Record) *table.RowError {
	score, err := table.ParseScore(record.Fields[t.columns.score])
	if errors.Is(err, table.ErrEmpty) {
		t.blank++
		return nil
	}
	low, high := 0, len(t.counts)-1
	if t.metric != "" {
		scale := t.metric.Scale()
		low, high = scale.Min, scale.Max
	}
	if err == nil && (score < low || score > high) {
		err = fmt.Errorf("%d is not a score from %d to %d", score, low, high)
	}
	if err != nil {
		t.foreign = t.foreign || strings.Contains(record.Fields[t.columns.score], `"ImportId"`)
		return &table.RowError{Line: record.Line, Column: t.columns.header[t.columns.score], Problem: err.Error()}
	}
	day, err := t.day(record)
	if errors.Is(err, table.ErrEmpty) {
		t.undated++
		return nil
	}
	if err != nil {
		return &table.RowError{Line: record.Line, Column: t.columns.header[t.columns.date], Problem: err.Error()}
	}
	return t.add(record, day, score)
}

// add counts a row whose score and day are in order.
func (t *tally) add(record table.Record, day analysis.Day, score int) *table.RowError {
	if t.drivers != nil {
		if wrong := t.drivers.add(record, score); wrong != nil {
			return wrong
		}
	}
	if t.themes != nil {
		if wrong := t.themes.add(record, day, score); wrong != nil {
			return wrong
		}
	}
	if t.counts[score]++; t.first[score] == 0 {
		t.first[score] = record.Line
	}
	t.days.add(day, score)
	if t.people != nil {
		t.people.add(record.Fields[t.columns.person], day, score)
	}
	if t.targets != nil {
		t.targets.add(record, score)
	}
	if t.columns.by >= 0 {
		if value := strings.TrimSpace(record.Fields[t.columns.by]); value != "" {
			t.by.of(value).add(day, score)
		}
	}
	return nil
}

// day is the day on which a row is counted: all on one where there are no dates.
func (t *tally) day(record table.Record) (analysis.Day, error) {
	if t.columns.date < 0 {
		return 0, nil
	}
	return t.dates.day(record.Fields[t.columns.date])
}

// span is the first and the last day; false without any answer.
func (t *tally) span() (first, last analysis.Day, found bool) {
	for day := range t.days {
		if !found || day < first {
			first = day
		}
		if !found || day > last {
			last = day
		}
		found = true
	}
	return first, last, found
}
