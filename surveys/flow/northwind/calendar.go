package northwind

import (
	"fmt"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
)

// calendar knows what was going on at Northwind on each day.
type calendar struct {
	zone   *time.Location
	now    time.Time
	year   Span
	linked int
	drop   int
	gifts  Span
	quiet  Span
	empty  []int
}

func newCalendar(now time.Time) (calendar, error) {
	zone, err := time.LoadLocation(shopZone)
	if err != nil {
		return calendar{}, fmt.Errorf("find the shop's time zone: %w", err)
	}
	today := surveys.Day(now, zone)
	monday := today - (today+3)%7 // 1 January 1970 was a Thursday
	return calendar{
		zone: zone, now: now,
		year:   Span{today - 365, today + 1},
		linked: today - 100,
		drop:   monday - 20*7,
		gifts:  Span{monday - 8*7, monday - 4*7},
		quiet:  Span{monday - 31*7, monday - 29*7},
		empty:  []int{monday - 44*7 + 2, monday - 37*7 + 6, monday - 24*7 + 3, monday - 11*7 + 1},
	}, nil
}

// at is a moment of a day.
func (c calendar) at(day int, since time.Duration) time.Time {
	date := surveys.DayStart(day)
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, int(since), c.zone).UTC()
}

// up moves a moment out of the days on which the site was down.
func (c calendar) up(at time.Time) time.Time {
	for slices.Contains(c.empty, surveys.Day(at, c.zone)) {
		at = at.Add(24 * time.Hour)
	}
	return at
}

// week is what the days of the week bring, from Sunday on, with a mean
// of 1: weekends are slow, and Monday's tickets are those of three days.
type week [7]float64

func orderWeek() week  { return week{0.62, 1.12, 1.05, 1.06, 1.12, 1.16, 0.87} }
func ticketWeek() week { return week{0.25, 1.85, 1.35, 1.15, 1.05, 0.95, 0.40} }
func answerWeek() week { return week{0.78, 1.10, 1.08, 1.06, 1.06, 1.02, 0.90} }

// bustle is how much happens on a day, against an average one without
// weekdays.
func (c calendar) bustle(day int, w week) float64 {
	if slices.Contains(c.empty, day) {
		return 0
	}
	date := surveys.DayStart(day)
	much := w[date.Weekday()] * season(date)
	if c.quiet.Has(day) {
		much *= 0.02
	}
	return much
}

// season is the year's course: a peak before Christmas, little at Christmas
// itself, a slow January and August.
func season(date time.Time) float64 {
	day := date.Day()
	switch date.Month() {
	case time.November:
		return 1.0 + 0.35*float64(day)/30
	case time.December:
		switch {
		case day <= 19:
			return 1.45 + 0.6*float64(day)/19
		case day <= 23:
			return 1.3
		case day <= 26:
			return 0.2
		}
		return 0.7
	case time.January:
		return 0.85
	case time.August:
		return 0.82
	}
	return 0.97
}
