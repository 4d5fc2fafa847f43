package flow

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/table"
)

// Bounds of an uploaded list.
const (
	MaxListBytes = 16 << 20
	MaxListLines = 100_000
	MaxListDays  = 90 // over which it may trickle
	maxListAhead = 365
	// shownPerProblem is how many lines a check keeps of each problem.
	shownPerProblem = 50
)

// Lists is how the team asks the people of a file, some each day.
type Lists struct{ store *store.Store }

// NewLists makes the moves on uploaded lists.
func NewLists(s *store.Store) *Lists { return &Lists{store: s} }

// ListPlan is what somebody wants to be done with a file.
type ListPlan struct {
	Workspace surveys.Workspace
	ID        string       // of the list, so that it is confirmed once however often it is sent; one is drawn for what is none
	Rule      surveys.Rule // of [surveys.TriggerList]; without an id it is a new one
	File      []byte       // a table with a header
	Start     time.Time    // midnight of the first day, in the workspace's zone
	Days      int          // days on which mails may leave, over which the turns are spread
}

// ListProblem is what keeps a line of a list from being asked, or what of it is
// left out.
type ListProblem string

// The problems. Of a line without a known zone or language the rest is taken.
const (
	ListUnread       ListProblem = "unread"       // the line is no row of the table
	ListNoAddress    ListProblem = "no_address"   // and the id is not of somebody with one
	ListBroken       ListProblem = "broken"       // it is no mail address
	ListDoubled      ListProblem = "doubled"      // the address or id stands on an earlier line
	ListUnfit        ListProblem = "unfit"        // something is longer than it may be
	ListUnsubscribed ListProblem = "unsubscribed" // they do not want to be asked
	ListBounced      ListProblem = "bounced"      // their address does not take mail
	ListWaiting      ListProblem = "waiting"      // they have a turn under the same rule
	ListZone         ListProblem = "zone"         // nobody knows the time zone
	ListLocale       ListProblem = "locale"       // it is no language
)

// ListProblems lists them, in the order in which pages tell them.
func ListProblems() []ListProblem {
	return []ListProblem{
		ListBroken, ListNoAddress, ListDoubled, ListUnsubscribed, ListBounced, ListWaiting, ListUnfit, ListUnread, ListZone, ListLocale,
	}
}

// ListLine is a line with a problem.
type ListLine struct {
	Line  int
	Value string // what is wrong, as the file has it
	First int    // of [ListDoubled]: the line where it stands first
}

// ListCheck says what a file holds.
type ListCheck struct {
	Lines   int // without the header and blank ones
	Good    []surveys.Person
	Counts  map[ListProblem]int
	First   map[ListProblem][]ListLine // the first of each
	Traits  []string                   // columns that become traits
	Columns map[table.Field]string     // what was understood: field → header
	Spread  surveys.Openings           // the time in which the turns come
}

func (c *ListCheck) tell(p ListProblem, line ListLine) {
	c.Counts[p]++
	if len(c.First[p]) < shownPerProblem {
		line.Value = table.Short(line.Value)
		c.First[p] = append(c.First[p], line)
	}
}

// wrongFile is an error of the whole file.
func wrongFile(wrong surveys.FieldError) error {
	wrong.Path = "file"
	return surveys.Wrong(wrong)
}

// Check reads the file and looks its people up. It stores nothing.
func (l *Lists) Check(ctx context.Context, plan ListPlan) (ListCheck, error) {
	if err := l.checkPlan(plan); err != nil {
		return ListCheck{}, err
	}
	if err := l.checkSurvey(ctx, plan); err != nil {
		return ListCheck{}, err
	}
	check := ListCheck{Counts: make(map[ListProblem]int), First: make(map[ListProblem][]ListLine), Columns: make(map[table.Field]string)}
	lines, err := readList(plan, &check)
	if err != nil {
		return check, err
	}
	if lines, err = l.known(ctx, plan, lines, &check); err != nil {
		return check, err
	}
	for _, line := range lines {
		check.Good = append(check.Good, line.person)
	}
	check.Spread = l.openings(plan)
	return check, nil
}

func (l *Lists) checkPlan(plan ListPlan) error {
	var wrong []surveys.FieldError
	if plan.Days < 1 || plan.Days > MaxListDays {
		wrong = append(wrong, surveys.FieldError{Path: "days", Code: "range", Args: map[string]any{"min": 1, "max": MaxListDays}})
	}
	today := midnightOf(l.store.Now(), plan.Workspace.Location())
	if plan.Start.Before(today) || plan.Start.After(today.AddDate(0, 0, maxListAhead)) {
		wrong = append(wrong, surveys.FieldError{Path: "start", Code: "list_start", Args: map[string]any{"max": maxListAhead}})
	}
	switch {
	case len(plan.File) > MaxListBytes:
		wrong = append(wrong, surveys.FieldError{Path: "file", Code: "list_large", Args: map[string]any{"max": MaxListBytes >> 20}})
	case len(bytes.TrimSpace(plan.File)) == 0:
		wrong = append(wrong, surveys.FieldError{Path: "file", Code: "list_empty"})
	}
	if plan.Rule.Trigger != surveys.TriggerList || plan.Rule.Archived() {
		wrong = append(wrong, surveys.FieldError{Path: "to", Code: "list_rule"})
	}
	return surveys.Wrong(wrong...)
}

// checkSurvey refuses a list of a survey that is archived: nobody would ever be
// asked. In one that is paused or closed people wait until it opens.
func (l *Lists) checkSurvey(ctx context.Context, plan ListPlan) error {
	survey, err := l.store.Survey(ctx, plan.Workspace.ID, plan.Rule.SurveyID)
	if err == nil && survey.Status == surveys.SurveyArchived {
		return surveys.Wrong(surveys.FieldError{Path: "to", Code: "list_archived", Args: map[string]any{"survey": survey.Name}})
	}
	return err
}

// midnightOf is when the day of a time began in a zone.
func midnightOf(t time.Time, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

// openings are the times in which the turns come: not before now.
func (l *Lists) openings(plan ListPlan) surveys.Openings {
	start := plan.Start
	if now := l.store.Now(); start.Before(now) {
		start = now
	}
	return plan.Rule.Filled().Openings(start, plan.Days, plan.Workspace.Location(), plan.Workspace.Holidays)
}

// listRows reads the rows of a file, telling each that is none.
func listRows(rows *table.Reader, check *ListCheck, visit func(table.Record)) error {
	for {
		record, err := rows.Next()
		var wrong *table.RowError
		switch {
		case errors.Is(err, io.EOF):
			if check.Lines == 0 {
				return wrongFile(surveys.FieldError{Code: "list_empty"})
			}
			return nil
		case errors.As(err, &wrong):
			if strings.Contains(wrong.Problem, "which is not UTF-8") {
				return wrongFile(surveys.FieldError{Code: "list_encoding", Args: map[string]any{"line": wrong.Line}})
			}
			check.Lines++
			check.tell(ListUnread, ListLine{Line: wrong.Line, Value: wrong.Column})
		case err != nil:
			return wrongFile(surveys.FieldError{Code: "list_unread"})
		default:
			check.Lines++
			visit(record)
		}
		if check.Lines > MaxListLines {
			return wrongFile(surveys.FieldError{Code: "list_lines", Args: map[string]any{"max": MaxListLines}})
		}
	}
}
