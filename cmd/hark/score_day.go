package main

import (
	"strings"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys/table"
)

// calendar tells the days of a file's dates. It remembers them, since a file has
// many rows of few days: reading each date anew would take as long as all the rest.
type calendar struct {
	dates table.Dates
	utc   bool
	cell  string                  // the last row's date, since neighbours often share theirs
	last  analysis.Day            // its day
	days  map[string]analysis.Day // by the date in a stamp, such as 2026-03-31
}

func newCalendar(dates table.Dates) *calendar {
	return &calendar{dates: dates, utc: dates.Zone == time.UTC, days: make(map[string]analysis.Day)}
}

// day is the day on which a cell's time lies in the zone.
func (c *calendar) day(cell string) (analysis.Day, error) {
	if cell == c.cell && cell != "" {
		return c.last, nil
	}
	stamp := c.isStamp(cell)
	if stamp {
		if day, known := c.days[cell[:len(time.DateOnly)]]; known {
			return day, nil
		}
	}
	at, err := c.dates.Parse(cell)
	if err != nil {
		return 0, err
	}
	c.cell, c.last = cell, analysis.DayOf(at, c.dates.Zone)
	if stamp && c.last.String() == cell[:len(time.DateOnly)] { // not of a day that a zone left out
		c.days[strings.Clone(cell[:len(time.DateOnly)])] = c.last
	}
	return c.last, nil
}

// isStamp reports whether a cell is written like 2026-03-31T14:30:00, so that its
// date alone tells the day: it names no zone, or it and the file's are UTC. Whether
// there is such a date remains open.
func (c *calendar) isStamp(cell string) bool {
	const clock = len("2026-03-31T14:30:00")
	if c.dates.Form != table.YearFirst || len(cell) < clock || len(cell) > clock && (cell[clock:] != "Z" || !c.utc) {
		return false
	}
	return (cell[10] == 'T' || cell[10] == ' ') && cell[4] == '-' && cell[7] == '-' && cell[13] == ':' && cell[16] == ':' &&
		below(cell[11:13], 24) && below(cell[14:16], 60) && below(cell[17:19], 60)
}

// below reports whether two characters are digits of a number under a limit.
func below(text string, limit byte) bool {
	tens, ones := text[0]-'0', text[1]-'0'
	return tens <= 9 && ones <= 9 && 10*tens+ones < limit
}
