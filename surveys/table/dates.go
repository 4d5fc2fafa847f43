package table

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// DateForm is a way to write a date. One file uses one.
type DateForm string

// The forms. All but the last two may go on with a time of day, and that with
// a zone.
const (
	YearFirst   DateForm = "ymd"     // 2026-03-01, 2026/3/1, 20260301, 2026年3月1日, RFC 3339
	DayFirst    DateForm = "dmy"     // 1/3/2026, 01.03.26
	MonthFirst  DateForm = "mdy"     // 3/1/2026
	MonthName   DateForm = "name"    // 1 Mar 2026, March 1, 2026
	UnixSeconds DateForm = "unix"    // 1772323200
	UnixMillis  DateForm = "unix-ms" // 1772323200000
)

// DateForms lists every form.
func DateForms() []DateForm {
	return []DateForm{YearFirst, DayFirst, MonthFirst, MonthName, UnixSeconds, UnixMillis}
}

func (f DateForm) example() string {
	switch f {
	case YearFirst:
		return "year first, like 2026-03-31"
	case DayFirst:
		return "day first, like 31/03/2026"
	case MonthFirst:
		return "month first, like 03/31/2026"
	case MonthName:
		return "with the month's name, like 31 Mar 2026"
	case UnixSeconds:
		return "in seconds since 1970, like 1772323200"
	}
	return "in milliseconds since 1970, like 1772323200000"
}

// Dates reads the dates of a file.
type Dates struct {
	Form    DateForm
	Zone    *time.Location // of times that name none
	Decided int            // the line that told the form; 0 when a person did
}

// Parse reads a date, or says what is wrong with it. A date without a time of
// day is that day's first moment.
func (d Dates) Parse(cell string) (time.Time, error) {
	if strings.TrimSpace(cell) == "" {
		return time.Time{}, ErrEmpty
	}
	p, ok := scanDate(cell)
	if day, counted := excelDay(cell); !ok && counted {
		return time.Time{}, fmt.Errorf("%q looks like a day as Excel counts them, %s: show the column as dates, such as 2026-03-31, and save the file again", Short(cell), day.Format("2 January 2006"))
	}
	if !ok {
		return time.Time{}, fmt.Errorf("%q is not a date that Hark can read: write it like 2026-03-31 or 2026-03-31 14:30", Short(cell))
	}
	if p.form == slashed && (d.Form == DayFirst || d.Form == MonthFirst) {
		p.order(d.Form)
	}
	if p.form != d.Form {
		return time.Time{}, d.mixed(cell, p)
	}
	at, ok := p.time(d.Zone)
	if !ok {
		return time.Time{}, d.impossible(cell, p)
	}
	return at, nil
}

// excelDay takes a number such as 46112.5 for a day of Excel's calendar, if that
// is of the years in which surveys are answered: 2009 to 2064.
func excelDay(cell string) (time.Time, bool) {
	days, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
	if err != nil || !(days >= 40_000 && days < 60_000) {
		return time.Time{}, false
	}
	return time.Date(1899, 12, 30+int(days), 0, 0, 0, 0, time.UTC), true // it counts a 29 February 1900
}

func (d Dates) mixed(cell string, p dateParts) error {
	form := p.form
	if form == slashed {
		form = DayFirst
		if p.b > 12 {
			form = MonthFirst
		}
	}
	return fmt.Errorf("%q is not written %s%s: one file must write its dates in one way", Short(cell), d.Form.example(), d.since())
}

func (d Dates) impossible(cell string, p dateParts) error {
	if (d.Form == DayFirst || d.Form == MonthFirst) && p.month > 12 && p.day <= 12 {
		return fmt.Errorf("%q is not written %s%s: one file must write its dates in one way", Short(cell), d.Form.example(), d.since())
	}
	return fmt.Errorf("%q is a day or time that does not exist", Short(cell))
}

func (d Dates) since() string {
	if d.Decided == 0 {
		return ""
	}
	return fmt.Sprintf(" as on line %d", d.Decided)
}

// FindDates reads a column until one of its dates tells how all are written:
// the first that can be read, and where only the order of day and month is
// open, the first that can be read in one order only. It returns that one's
// line too, and uses the reader up.
func FindDates(t *Reader, column int) (DateForm, int, error) {
	var open dateExample // may be read in two ways
	form, line := YearFirst, 0
	for {
		record, err := t.Next()
		var row *RowError
		switch {
		case errors.As(err, &row):
			continue // it is told when the rows are checked
		case errors.Is(err, io.EOF) && open.line > 0:
			return "", 0, fmt.Errorf("%q (line %d, column %q) may be %s, and no other date in the file tells: say --date-format dmy or --date-format mdy",
				open.cell, open.line, t.header[column], bothWays(open.cell))
		case errors.Is(err, io.EOF):
			return form, line, nil // without a date any form will say so
		case err != nil:
			return "", 0, err
		}
		p, ok := scanDate(record.Fields[column])
		if !ok {
			continue
		}
		if decided, certain := p.decided(); certain {
			return decided, record.Line, nil
		}
		if p.a == p.b {
			form, line = DayFirst, record.Line // the same day in both orders
		} else if open.line == 0 {
			open = dateExample{cell: strings.Clone(record.Fields[column]), line: record.Line}
		}
	}
}

type dateExample struct {
	cell string
	line int
}

// bothWays writes an open date out in both orders.
func bothWays(cell string) string {
	var ways []string
	for _, form := range []DateForm{DayFirst, MonthFirst} {
		p, _ := scanDate(cell)
		p.order(form)
		if at, ok := p.time(time.UTC); ok {
			ways = append(ways, at.Format("2 January 2006"))
		}
	}
	return strings.Join(ways, " or ")
}

// ParseDateForm reads the name of a form.
func ParseDateForm(name string) (DateForm, error) {
	if form := DateForm(name); slices.Contains(DateForms(), form) {
		return form, nil
	}
	return "", fmt.Errorf("the date format %q is not one of %v", name, DateForms())
}
