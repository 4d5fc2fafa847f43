package flow

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/table"
)

// listZone is the column of time zones, which answers do not have.
const listZone table.Field = "timezone"

// listLine is a line that somebody may be asked by.
type listLine struct {
	at     int
	person surveys.Person
}

// listReader understands the rows of a list.
type listReader struct {
	columns table.Columns
	traits  map[int]string // column → key
	ws      surveys.WorkspaceID
	zones   map[string]bool // whether it is one, as far as it was looked up
	seen    map[string]int  // address or id → its first line
	check   *ListCheck
}

// readList reads the whole file.
func readList(plan ListPlan, check *ListCheck) ([]listLine, error) {
	rows, err := table.Open(bytes.NewReader(plan.File), table.Options{})
	if err != nil {
		if !utf8.Valid(plan.File) {
			return nil, wrongFile(surveys.FieldError{Code: "list_encoding", Args: map[string]any{"line": 1}})
		}
		return nil, wrongFile(surveys.FieldError{Code: "list_unread"})
	}
	header := rows.Header()
	columns, err := listColumns(header)
	if err != nil {
		return nil, err
	}
	r := listReader{columns: columns, traits: make(map[int]string), ws: plan.Workspace.ID, zones: make(map[string]bool), seen: make(map[string]int), check: check}
	for field, at := range columns {
		check.Columns[field] = header[at]
	}
	for at, name := range header {
		if !columns.Holds(at) && name != "" && utf8.RuneCountInString(name) <= 100 {
			r.traits[at] = name
			check.Traits = append(check.Traits, name)
		}
	}
	var lines []listLine
	err = listRows(rows, check, func(record table.Record) {
		if line, good := r.read(record); good {
			lines = append(lines, line)
		}
	})
	return lines, err
}

// listColumns finds out which column is what.
func listColumns(header []string) (table.Columns, error) {
	columns, err := table.MatchFields(header, nil, []table.Field{table.Email, table.PersonID, table.Name, table.FirstName, table.LastName, table.Locale})
	var two *table.AmbiguousError
	if errors.As(err, &two) {
		return nil, wrongFile(surveys.FieldError{Code: "list_ambiguous", Args: map[string]any{"first": two.Names[0], "second": two.Names[1]}})
	}
	if err != nil {
		return nil, wrongFile(surveys.FieldError{Code: "list_unread"})
	}
	for at, name := range header {
		if slices.Contains([]string{"timezone", "tz", "zone", "时区"}, table.Key(name)) && !columns.Holds(at) {
			columns[listZone] = at
			break
		}
	}
	_, addressed := columns[table.Email]
	if _, named := columns[table.PersonID]; !addressed && !named {
		for _, name := range header {
			if surveys.ValidEmail(surveys.NormalEmail(name)) {
				return nil, wrongFile(surveys.FieldError{Code: "list_header"})
			}
		}
		return nil, wrongFile(surveys.FieldError{Code: "list_columns", Args: map[string]any{"names": table.Short(strings.Join(header, ", "))}})
	}
	return columns, nil
}

// read understands a row, or tells why nobody can be asked by it.
func (r *listReader) read(record table.Record) (listLine, bool) {
	cell := func(field table.Field) string {
		if at, ok := r.columns[field]; ok && at < len(record.Fields) {
			return strings.TrimSpace(record.Fields[at])
		}
		return ""
	}
	name := cell(table.Name)
	if name == "" {
		name = strings.TrimSpace(cell(table.FirstName) + " " + cell(table.LastName))
	}
	p := surveys.Person{
		WorkspaceID: r.ws, Email: surveys.NormalEmail(cell(table.Email)), ExternalID: cell(table.PersonID), Name: name,
		Locale: r.locale(record.Line, cell(table.Locale)), TimeZone: r.zone(record.Line, cell(listZone)), Traits: r.traitsOf(record),
	}
	switch {
	case p.Email == "" && p.ExternalID == "":
		r.check.tell(ListNoAddress, ListLine{Line: record.Line, Value: p.Name})
		return listLine{}, false
	case p.Email != "" && !surveys.ValidEmail(p.Email):
		r.check.tell(ListBroken, ListLine{Line: record.Line, Value: cell(table.Email)})
		return listLine{}, false
	}
	if p, wrong := p.Check(""); len(wrong) > 0 {
		r.check.tell(ListUnfit, ListLine{Line: record.Line, Value: wrong[0].Path})
		return listLine{}, false
	} else if r.doubled(record.Line, p) {
		return listLine{}, false
	} else {
		return listLine{at: record.Line, person: p}, true
	}
}

// doubled tells a person who stands on an earlier line, by address or id.
func (r *listReader) doubled(line int, p surveys.Person) bool {
	keys := make([]string, 0, 2)
	for kind, value := range map[string]string{"address ": p.Email, "id ": p.ExternalID} {
		if value != "" {
			keys = append(keys, kind+value)
		}
	}
	slices.Sort(keys) // the address first
	for _, key := range keys {
		if first, ok := r.seen[key]; ok {
			_, value, _ := strings.Cut(key, " ")
			r.check.tell(ListDoubled, ListLine{Line: line, Value: value, First: first})
			return true
		}
	}
	for _, key := range keys {
		r.seen[key] = line
	}
	return false
}

// zone is a time zone, "" when there is none of that name.
func (r *listReader) zone(line int, name string) string {
	if name == "" {
		return ""
	}
	known, looked := r.zones[name]
	if !looked {
		_, err := time.LoadLocation(name)
		known = err == nil && name != "Local"
		r.zones[name] = known
	}
	if !known {
		r.check.tell(ListZone, ListLine{Line: line, Value: name})
		return ""
	}
	return name
}

// locale is a language, "" when it is none.
func (r *listReader) locale(line int, tag string) string {
	if tag != "" && (len(tag) > 35 || !localePattern.MatchString(tag)) {
		r.check.tell(ListLocale, ListLine{Line: line, Value: tag})
		return ""
	}
	return strings.ReplaceAll(tag, "_", "-")
}

// plainNumber is a number that says no more than how much: no telephone number
// and no code with a zero in front.
var plainNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$`)

// traitsOf are the other columns; an empty cell changes nothing.
func (r *listReader) traitsOf(record table.Record) map[string]any {
	traits := make(map[string]any, len(r.traits))
	for at, key := range r.traits {
		if at >= len(record.Fields) {
			continue
		}
		text := strings.TrimSpace(record.Fields[at])
		number, err := strconv.ParseFloat(text, 64)
		switch {
		case text == "":
		case strings.EqualFold(text, "true") || strings.EqualFold(text, "false"):
			traits[key] = strings.EqualFold(text, "true")
		case err == nil && plainNumber.MatchString(text):
			traits[key] = number
		default:
			traits[key] = text
		}
	}
	return traits
}

// knownAtOnce is how many people are looked up at once.
const knownAtOnce = 500

// known leaves out who must not be asked, or is to be asked already, as far as
// it is known now. Who unsubscribes later is still left alone: each turn is
// decided when it comes.
func (l *Lists) known(ctx context.Context, plan ListPlan, lines []listLine, check *ListCheck) ([]listLine, error) {
	var good []listLine
	for part := range slices.Chunk(lines, knownAtOnce) {
		people := make([]surveys.Person, len(part))
		for i, line := range part {
			people[i] = line.person
		}
		met, err := l.store.Met(ctx, plan.Workspace, people, plan.Rule)
		if err != nil {
			return nil, err
		}
		for i, line := range part {
			told := ListLine{Line: line.at, Value: line.person.Label()}
			switch {
			case met[i].Email == "":
				check.tell(ListNoAddress, told)
			case met[i].Suppressed == surveys.SuppressedBounced:
				check.tell(ListBounced, told)
			case met[i].Suppressed != "":
				check.tell(ListUnsubscribed, told)
			case met[i].Waiting:
				check.tell(ListWaiting, told)
			default:
				good = append(good, line)
			}
		}
	}
	return good, nil
}
