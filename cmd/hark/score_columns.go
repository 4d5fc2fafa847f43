package main

import (
	"errors"
	"fmt"

	"github.com/harkhq/hark/surveys/table"
)

// scoreColumns are the columns that a score is made of; -1 for none.
type scoreColumns struct {
	header          []string
	score, date, by int
	person          int
	dates           table.Dates
	comments        int
	drivers         []driver
	targets         []target
}

// columns finds the columns: by the flags, then by name.
func (c *scoreCommand) columns(header []string) (scoreColumns, error) {
	columns := scoreColumns{header: header, score: -1, date: -1, by: -1, person: -1, comments: -1}
	named := make(table.Columns)
	for _, flag := range []struct {
		name, value string
		to          *int
		field       table.Field
	}{{"--column", c.Column, &columns.score, table.Score}, {"--date", c.Date, &columns.date, table.Date}, {"--by", c.By, &columns.by, ""}, {"--person", c.Person, &columns.person, ""}} {
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
	wanted := []table.Field{table.Score}
	if c.Date != "-" {
		wanted = append(wanted, table.Date)
	}
	found, err := table.MatchFields(header, named, wanted)
	var ambiguous *table.AmbiguousError
	if errors.As(err, &ambiguous) {
		flag := map[table.Field]string{table.Score: "--column", table.Date: "--date"}[ambiguous.Field]
		return columns, fmt.Errorf("%s: say which with %s %d or %s %d", ambiguous.Columns(), flag, ambiguous.First, flag, ambiguous.Second)
	}
	if err != nil {
		return columns, err
	}
	at, ok := found[table.Score]
	if !ok {
		return columns, fmt.Errorf("no column is named like a score: say which with --column; the columns are %s", table.Quoted(header))
	}
	columns.score = at
	if at, ok := found[table.Date]; ok {
		columns.date = at
	}
	if columns.date < 0 && len(c.Compare) > 0 {
		return columns, fmt.Errorf("--compare needs dates, and no column is named like one: say which with --date; the columns are %s", table.Quoted(header))
	}
	return columns, c.findFurther(&columns)
}

// findFurther finds the columns that are told by flags only.
func (c *scoreCommand) findFurther(columns *scoreColumns) error {
	var err error
	if columns.drivers, err = c.drivers(columns.header, columns.score); err != nil {
		return err
	}
	if columns.targets, err = c.findTargets(columns.header, columns.score); err != nil {
		return err
	}
	columns.comments, err = c.findComments(columns.header, columns.score)
	return err
}

// findDates finds out how the dates are written.
func (c *scoreColumns) findDates(file *source, o table.Options) error {
	if c.date < 0 || c.dates.Form != "" {
		return nil
	}
	return file.look(o, func(reader *table.Reader) (err error) {
		c.dates.Form, c.dates.Decided, err = table.FindDates(reader, c.date)
		return err
	})
}
