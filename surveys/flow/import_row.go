package flow

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/table"
)

// importReader understands the rows of a file.
type importReader struct {
	plan   ImportPlan
	header []string
	dates  table.Dates
	zone   *time.Location // of the workspace, whose days are counted
	now    time.Time
	keys   []string // of segments, sorted
	values map[string]any
	rated  []string // keys of drivers, sorted
	ids    answerIDs
}

func newImportReader(plan ImportPlan, check ImportCheck, header []string) *importReader {
	return &importReader{
		plan: plan, header: header, dates: check.Dates, zone: plan.Workspace.Location(), now: check.now,
		keys: slices.Sorted(maps.Keys(plan.Segments)), values: make(map[string]any), rated: slices.Sorted(maps.Keys(plan.Ratings)), ids: newAnswerIDs(plan, check.Dates),
	}
}

// cell is the text of a field, "" when no column holds it.
func (r *importReader) cell(record table.Record, field table.Field) string {
	if at, ok := r.plan.Columns[field]; ok {
		return strings.TrimSpace(record.Fields[at])
	}
	return ""
}

// wrong names the column of a field.
func (r *importReader) wrong(record table.Record, field table.Field, problem string) *table.RowError {
	row := &table.RowError{Line: record.Line, Problem: problem}
	if at, ok := r.plan.Columns[field]; ok {
		row.Column = r.header[at]
	}
	return row
}

// read understands a row, or says what is wrong with it.
func (r *importReader) read(record table.Record) (store.Imported, *table.RowError) {
	answer := surveys.Response{
		WorkspaceID: r.plan.Workspace.ID, SurveyID: r.plan.Survey.ID, Version: r.plan.Survey.Question.Version,
		Comment: r.cell(record, table.Comment), Channel: surveys.ChannelImport, AnsweredAt: r.plan.AnsweredAt,
		CreatedAt: r.now, UpdatedAt: r.now,
	}
	var err error
	if answer.Score, err = table.ParseScore(r.cell(record, table.Score)); err != nil {
		return store.Imported{}, r.wrong(record, table.Score, err.Error())
	}
	if _, dated := r.plan.Columns[table.Date]; dated {
		if answer.AnsweredAt, err = r.dates.Parse(r.cell(record, table.Date)); err != nil {
			return store.Imported{}, r.wrong(record, table.Date, err.Error())
		}
	}
	person, wrong := r.person(record)
	if wrong != nil {
		return store.Imported{}, wrong
	}
	answer.Locale = person.Locale
	answer, fields := answer.Check(r.plan.Survey.Metric, r.now)
	if len(fields) > 0 {
		return store.Imported{}, r.field(record, fields[0])
	}
	if answer.Ratings, wrong = r.ratings(record); wrong != nil {
		return store.Imported{}, wrong
	}
	for _, key := range r.keys {
		r.values[key] = record.Fields[r.plan.Segments[key]]
	}
	answer.Segments = surveys.SegmentsOf(answer, r.keys, r.values)
	answer.Day = surveys.Day(answer.AnsweredAt, r.zone)
	in := store.Imported{Response: answer, Person: person}
	id, earlier := r.ids.next(in, r.cell(record, table.ResponseID))
	if earlier {
		return in, r.wrong(record, table.ResponseID, fmt.Sprintf("%q stands on a line before, too", table.Short(r.cell(record, table.ResponseID))))
	}
	in.Response.ID = id
	return in, nil
}

// localePattern is a language tag as people write it.
var localePattern = regexp.MustCompile(`^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$`)

// person is who gave the answer; without id and address they are anonymous,
// and only their locale is kept.
func (r *importReader) person(record table.Record) (surveys.Person, *table.RowError) {
	locale := r.cell(record, table.Locale)
	if locale != "" && (len(locale) > 35 || !localePattern.MatchString(locale)) {
		return surveys.Person{}, r.wrong(record, table.Locale, fmt.Sprintf("%q is not a language like en or zh-Hans", table.Short(locale)))
	}
	p := surveys.Person{
		ExternalID: r.cell(record, table.PersonID), Email: r.cell(record, table.Email), Name: r.cell(record, table.Name),
		Locale: strings.ReplaceAll(locale, "_", "-"),
	}
	if p.Name == "" {
		p.Name = strings.TrimSpace(r.cell(record, table.FirstName) + " " + r.cell(record, table.LastName))
	}
	if p.ExternalID == "" && p.Email == "" {
		return surveys.Person{Locale: p.Locale}, nil
	}
	p, fields := p.Check("")
	if len(fields) > 0 {
		return p, r.field(record, fields[0])
	}
	return p, nil
}

// field puts a wrong field into the words of the file.
func (r *importReader) field(record table.Record, wrong surveys.FieldError) *table.RowError {
	field, ok := map[string]table.Field{
		"score": table.Score, "answered_at": table.Date, "comment": table.Comment,
		"email": table.Email, "id": table.PersonID, "name": table.Name, "locale": table.Locale,
	}[wrong.Path]
	if !ok {
		return &table.RowError{Line: record.Line, Problem: wrong.Path + ": " + wrong.Code}
	}
	cell := table.Short(r.cell(record, field))
	switch wrong.Code {
	case "score":
		return r.wrong(record, field, fmt.Sprintf("%s is not a score from %v to %v", cell, wrong.Args["min"], wrong.Args["max"]))
	case "email":
		return r.wrong(record, field, fmt.Sprintf("%q is not a mail address", cell))
	case "future":
		return r.wrong(record, field, fmt.Sprintf("%q lies in the future", cell))
	case "ancient":
		return r.wrong(record, field, fmt.Sprintf("%q is more than 30 years ago", cell))
	case "too_long":
		return r.wrong(record, field, fmt.Sprintf("is longer than %v characters", wrong.Args["max"]))
	}
	return r.wrong(record, field, fmt.Sprintf("%q cannot be stored (%s)", cell, wrong.Code))
}
