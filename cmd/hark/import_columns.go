package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/table"
)

// chosen says what each column of a file means.
type chosen struct {
	header   []string
	columns  table.Columns
	segments map[string]int
	ratings  map[string]int // of drivers
	left     []string       // columns that mean nothing to Hark
}

// choose finds out what the columns mean: by the flags first, then by name.
func (c *importCommand) choose(header []string, w surveys.Workspace) (chosen, error) {
	named, rest, err := c.mapped(header)
	if err != nil {
		return chosen{}, err
	}
	picked := chosen{header: header}
	if picked.segments, err = c.segments(header, rest); err != nil {
		return picked, err
	}
	if picked.ratings, err = ratings(rest); err != nil {
		return picked, err
	}
	if picked.columns, err = table.Match(rest, named); err != nil {
		return picked, err
	}
	if _, ok := picked.columns[table.Score]; !ok {
		return picked, fmt.Errorf("no column is named like a score: say which with --map COLUMN=score; the columns are %s", table.Quoted(header))
	}
	for _, key := range w.Segments {
		at := slices.IndexFunc(rest, func(name string) bool { return table.Key(name) == table.Key(key) })
		if _, known := picked.segments[key]; !known && at >= 0 && !picked.columns.Holds(at) {
			picked.segments[key] = at
			rest[at] = ""
		}
	}
	for at, name := range rest {
		if name != "" && !picked.columns.Holds(at) {
			picked.left = append(picked.left, name)
		}
	}
	return picked, picked.declarable(w)
}

// mapped reads the --map flags. Rest are the header's names without those of
// columns that are to be left out.
func (c *importCommand) mapped(header []string) (named table.Columns, rest []string, err error) {
	named, rest = make(table.Columns), slices.Clone(header)
	for _, flag := range c.Map {
		at := strings.LastIndexByte(flag, '=')
		if at < 0 {
			return nil, nil, fmt.Errorf("--map %q is not of the form COLUMN=FIELD", flag)
		}
		column, err := table.Find(header, flag[:at])
		if err != nil {
			return nil, nil, fmt.Errorf("--map %s: %w", flag, err)
		}
		field := table.Field(flag[at+1:])
		switch {
		case field == "-":
			rest[column] = ""
		case !slices.Contains(table.Fields(), field):
			return nil, nil, fmt.Errorf("--map %s: %q is not one of %v, and not - to leave the column out", flag, field, table.Fields())
		default:
			named[field] = column
		}
	}
	return named, rest, nil
}

// segments reads the --segment flags, and takes their columns out of rest.
func (c *importCommand) segments(header, rest []string) (map[string]int, error) {
	segments := make(map[string]int)
	for _, flag := range c.Segment {
		name, key, keyed := strings.Cut(flag, "=")
		column, err := table.Find(header, name)
		if err != nil {
			return nil, fmt.Errorf("--segment %s: %w", flag, err)
		}
		if !keyed {
			key = segmentKey(header[column])
		}
		segments[key] = column
		rest[column] = ""
	}
	return segments, nil
}

// segmentKey makes a key of a column's name: "Plan name" is plan_name.
func segmentKey(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(words, "_")
}

// declarable refuses segment keys that the workspace cannot have.
func (p chosen) declarable(w surveys.Workspace) error {
	for key := range p.segments {
		if !slices.Contains(w.Segments, key) {
			w.Segments = append(slices.Clone(w.Segments), key)
		}
	}
	_, err := w.Check()
	var wrong *surveys.Error
	if !errors.As(err, &wrong) {
		return err
	}
	for _, field := range wrong.Fields {
		switch field.Code {
		case "segments_many":
			return fmt.Errorf("a workspace has at most %v segment keys, and with this file it would have %d", field.Args["max"], len(w.Segments))
		case "segment_key":
			return fmt.Errorf("%q cannot be a segment key: say another with --segment COLUMN=key, of small letters, digits and _", field.Args["key"])
		}
	}
	return nil // what else is wrong with the workspace is not the file's affair
}
