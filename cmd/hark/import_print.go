package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/table"
)

// preview shows how a file is understood.
type preview struct {
	plan   flow.ImportPlan
	picked chosen
	check  flow.ImportCheck
	file   string
}

func (p preview) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintf(w, "File\t%s: %s\n", p.file, rows(p.check.Rows))
	fresh := ""
	if p.plan.Create != nil {
		fresh = " (new)"
	}
	fmt.Fprintf(w, "Survey\t%q%s, %s, in %q\n", p.plan.Survey.Name, fresh, p.plan.Survey.Metric, p.plan.Workspace.Name)
	p.columns(w)
	if len(p.picked.left) > 0 {
		fmt.Fprintf(w, "Left out\t%s; --segment COLUMN keeps it\n", table.Quoted(p.picked.left))
	}
	if p.check.Good() == 0 {
		return
	}
	zone := p.plan.Workspace.Location()
	fmt.Fprintf(w, "Answered\t%s to %s\n", p.check.From.In(zone).Format(time.DateOnly), p.check.To.In(zone).Format(time.DateOnly))
	scores := make([]string, 0, len(p.check.Counts))
	for _, score := range p.plan.Survey.Metric.Scale().Choices() {
		scores = append(scores, fmt.Sprintf("%d×%d", score, p.check.Counts[score]))
	}
	fmt.Fprintf(w, "Scores\t%s\n", strings.Join(scores, "  "))
	if metric := p.plan.Survey.Metric; doubtful(p.check, metric) {
		fmt.Fprintf(w, "WARNING\tNo answer is above 5, and the scale of %s goes to %d. Is this another scale?\n", strings.ToUpper(string(metric)), metric.Scale().Max)
	}
	_ = w.Flush() // a terminal that is gone is told by the command's next words
	fmt.Fprintf(out, "\nThe first rows, as understood:\n")
	p.first(out, zone)
}

// columns shows which column is taken for what.
func (p preview) columns(w io.Writer) {
	title := "Columns"
	for _, field := range table.Fields() {
		if at, ok := p.plan.Columns[field]; ok {
			note := ""
			if field == table.Date {
				note = fmt.Sprintf(" (%s; times without a zone are %s)", p.check.Dates.Form, p.check.Dates.Zone)
			}
			fmt.Fprintf(w, "%s\t%s ← %q%s\n", title, field, p.picked.header[at], note)
			title = ""
		}
	}
	for _, key := range slices.Sorted(maps.Keys(p.plan.Segments)) {
		fmt.Fprintf(w, "%s\tsegment %s ← %q\n", title, key, p.picked.header[p.plan.Segments[key]])
	}
	for _, key := range slices.Sorted(maps.Keys(p.plan.Ratings)) {
		fmt.Fprintf(w, "%s\trating of %s ← %q\n", title, key, p.picked.header[p.plan.Ratings[key]])
	}
}

// first shows the first rows.
func (p preview) first(out io.Writer, zone *time.Location) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	defer w.Flush()
	keys := slices.Sorted(maps.Keys(p.plan.Segments))
	fmt.Fprintln(w, strings.Join(append([]string{"  answered", "score", "person", "comment"}, keys...), "\t"))
	for _, in := range p.check.First {
		cells := []string{"  " + in.Response.AnsweredAt.In(zone).Format("2006-01-02 15:04"), strconv.Itoa(in.Response.Score), in.Person.Label(), oneLine(in.Response.Comment)}
		for _, key := range keys {
			cells = append(cells, oneLine(in.Response.Segments[key]))
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
}

// oneLine makes a text fit for a cell of a terminal's table.
func oneLine(text string) string {
	if text = visible(text); text == "" {
		return "–"
	}
	return table.Short(text)
}

// visible puts spaces where a text has characters that would steer a terminal.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

func rows(n int64) string { return count(n, "row") }

// count writes a number with its noun: 1 row, 1,204 rows, 2 people.
func count(n int64, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case noun == "person":
		return grouped(n) + " people"
	}
	return grouped(n) + " " + noun + "s"
}

// grouped writes a number with commas: 1,000,000.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// mostBadRows is how many bad rows are shown; --errors writes them all.
const mostBadRows = 20

// badRows tells of the rows that cannot be stored.
type badRows struct {
	shown io.Writer
	more  string // where those can be had that are not shown
	n     int64
	file  *os.File
	csv   *csv.Writer
	err   error
}

func newBadRows(shown io.Writer, path string) (*badRows, error) {
	b := &badRows{shown: shown, more: "; --errors FILE writes them all"}
	if path == "" {
		return b, nil
	}
	var err error
	if b.file, err = os.Create(path); err != nil {
		return nil, fmt.Errorf("--errors: %w", err)
	}
	b.more = " in " + path
	b.csv = csv.NewWriter(b.file)
	return b, b.csv.Write([]string{"line", "column", "problem"})
}

func (b *badRows) add(row *table.RowError) {
	if b.n++; b.n <= mostBadRows {
		fmt.Fprintln(b.shown, row.Error())
	}
	if b.csv != nil && b.err == nil {
		b.err = b.csv.Write([]string{strconv.Itoa(row.Line), row.Column, row.Problem})
	}
}

func (b *badRows) close() error {
	if hidden := b.n - mostBadRows; hidden > 0 {
		fmt.Fprintf(b.shown, "… and %s more%s\n", grouped(hidden), b.more)
	}
	if b.csv == nil {
		return nil
	}
	b.csv.Flush()
	if err := errors.Join(b.err, b.csv.Error(), b.file.Close()); err != nil {
		return fmt.Errorf("write the bad rows: %w", err)
	}
	return nil
}

// progress tells how far an import is, in one line that is written over.
type progress struct {
	out   io.Writer // nil for nobody
	now   func() time.Time
	begun time.Time
	told  time.Time
	wide  int
}

func (p *progress) checked(n, _ int64) { p.tell("Checked", n, 0) }

func (p *progress) stored(n, of int64) { p.tell("Stored", n, of) }

func (p *progress) tell(what string, n, of int64) {
	if p.out == nil {
		return
	}
	now := p.now()
	if p.begun.IsZero() {
		p.begun = now
	}
	if now.Sub(p.told) < 200*time.Millisecond && n != of {
		return
	}
	p.told = now
	line := fmt.Sprintf("%s %s", what, rows(n))
	if of > 0 {
		line += fmt.Sprintf(" of %s (%d%%)", grouped(of), 100*n/of)
	}
	if passed := now.Sub(p.begun).Seconds(); passed > 0.5 {
		line += fmt.Sprintf(", %s rows/s", grouped(int64(float64(n)/passed)))
	}
	fmt.Fprintf(p.out, "\r%-*s", p.wide, line)
	p.wide = max(p.wide, len(line))
}

// end leaves the line and begins anew.
func (p *progress) end() {
	if p.out != nil && p.wide > 0 {
		fmt.Fprintln(p.out)
	}
	p.begun, p.told, p.wide = time.Time{}, time.Time{}, 0
}
