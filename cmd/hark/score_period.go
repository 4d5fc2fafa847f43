package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/harkhq/hark/analysis"
)

// periods are the two spans of --compare. They may be written as two words, as
// one text with a space between, or with the flag given twice.
type periods []analysis.Span

// Decode reads one period after the flag, and the next word as well where that
// is the second one. A file that is to be called 2026 is written ./2026.
func (p *periods) Decode(ctx *kong.DecodeContext) error {
	token, err := ctx.Scan.PopValue("period")
	if err != nil {
		return err
	}
	words := strings.Fields(token.String())
	if next := ctx.Scan.Peek(); len(*p)+len(words) == 1 && next.IsValue() {
		if meantAsPeriod(next.String()) {
			words = append(words, ctx.Scan.Pop().String())
		}
	}
	for _, word := range words {
		period, err := parsePeriod(word)
		if err != nil {
			return err
		}
		*p = append(*p, period)
	}
	return nil
}

// meantAsPeriod tells a period, also one that there is not, from a file's name.
func meantAsPeriod(text string) bool {
	if _, err := parsePeriod(text); err == nil {
		return true
	}
	return strings.Contains(text, "..") && !strings.ContainsAny(text, `/\`) || noSuch(text) != nil
}

// noSuch names what is wrong with a quarter, a week, a month or a day that is
// written as one is and does not exist; nil for everything else.
func noSuch(text string) error {
	var year, n, day int
	var rest string
	if got, _ := fmt.Sscanf(strings.ToUpper(text), "%4d-Q%d%s", &year, &n, &rest); got == 2 {
		return fmt.Errorf("%q: there is no Q%d, a year has Q1 to Q4", text, n)
	}
	if got, _ := fmt.Sscanf(strings.ToUpper(text), "%4d-W%d%s", &year, &n, &rest); got == 2 {
		return fmt.Errorf("%q: there is no week %d in %d", text, n, year)
	}
	switch got, _ := fmt.Sscanf(text, "%4d-%2d-%2d%s", &year, &n, &day, &rest); {
	case len(text) == len("2006-01") && got == 2 && n > 12:
		return fmt.Errorf("%q: there is no month %d", text, n)
	case len(text) == len(time.DateOnly) && got == 3:
		return fmt.Errorf("%q: there is no such day", text)
	}
	return nil
}

// check refuses any number of periods but none and two, and two that overlap.
func (p periods) check() error {
	switch {
	case len(p) == 0:
		return nil
	case len(p) != 2:
		return fmt.Errorf("--compare takes two periods, such as 2026-Q1 2026-Q2, and has %d", len(p))
	case p[0].From < p[1].To && p[1].From < p[0].To:
		return fmt.Errorf("--compare: %s and %s overlap, and an answer cannot be on both sides", p[0], p[1])
	}
	return nil
}

// parsePeriod reads 2026-01-01..2026-03-31, its last day included; each end, and
// a period alone, may also be a week, a month, a quarter or a year.
func parsePeriod(text string) (analysis.Span, error) {
	first, last, two := strings.Cut(text, "..")
	from, err := parseCalendar(first)
	if err != nil || !two {
		return from, err
	}
	to, err := parseCalendar(last)
	if err != nil {
		return to, err
	}
	if to.To <= from.From {
		return to, fmt.Errorf("%q ends before it begins", text)
	}
	return analysis.Span{From: from.From, To: to.To}, nil
}

// parseCalendar reads a day, an ISO week, a month, a quarter or a year.
func parseCalendar(text string) (analysis.Span, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return spanOf(day, day.AddDate(0, 0, 1)), nil
	}
	if month, err := time.Parse("2006-01", text); err == nil {
		return spanOf(month, month.AddDate(0, 1, 0)), nil
	}
	if year, err := time.Parse("2006", text); err == nil {
		return spanOf(year, year.AddDate(1, 0, 0)), nil
	}
	if len(text) > 5 && text[4] == '-' {
		year, err := time.Parse("2006", text[:4])
		n, errNumber := strconv.Atoi(text[6:])
		switch {
		case err != nil || errNumber != nil:
		case (text[5] == 'Q' || text[5] == 'q') && n >= 1 && n <= 4:
			from := year.AddDate(0, 3*(n-1), 0)
			return spanOf(from, from.AddDate(0, 3, 0)), nil
		case (text[5] == 'W' || text[5] == 'w') && n >= 1:
			// The fourth of January is always in the first ISO week.
			monday := analysis.Span{From: analysis.ByWeek.Start(analysis.DateDay(year.Year(), 1, 4)) + analysis.Day(7*(n-1))}
			monday.To = monday.From + 7
			if isoYear, _ := monday.From.ISOWeek(); isoYear == year.Year() {
				return monday, nil
			}
		}
	}
	if err := noSuch(text); err != nil {
		return analysis.Span{}, err
	}
	return analysis.Span{}, fmt.Errorf("%q is not a period: write 2026-01-01..2026-03-31, 2026-03, 2026-Q1, 2026-W09 or 2026", text)
}

func spanOf(from, to time.Time) analysis.Span {
	return analysis.Span{From: analysis.DateDay(from.Date()), To: analysis.DateDay(to.Date())}
}
