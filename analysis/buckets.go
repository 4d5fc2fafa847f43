package analysis

import (
	"fmt"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
)

// Day is a calendar day as the number of days since 1970-01-01. Which zone's
// calendar is decided once, by [DayOf], where an instant comes in; from then on
// days are plain numbers, and no summer time can lose or double one.
type Day int

// dayLayout is how days are written, in JSON too.
const dayLayout = "2006-01-02"

// DayOf returns the calendar day that clocks in the location show at t; nil means
// UTC.
func DayOf(t time.Time, location *time.Location) Day {
	if location == nil {
		location = time.UTC
	}
	return DateDay(t.In(location).Date())
}

// DateDay returns the day of a date; out-of-range months and days carry over as
// in [time.Date].
func DateDay(year int, month time.Month, day int) Day {
	seconds := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()
	return Day(seconds / 86400) // exact: midnights in UTC are whole multiples
}

// ParseDay reads YYYY-MM-DD.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(dayLayout, s)
	if err != nil {
		return 0, Refuse("day", "%q is not a date like 2026-03-01", s)
	}
	return DateDay(t.Date()), nil
}

// Time is the day's midnight in UTC, for formatting in any language.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String is YYYY-MM-DD.
func (d Day) String() string { return d.Time().Format(dayLayout) }

// ISOWeek returns the ISO 8601 year and week.
func (d Day) ISOWeek() (year, week int) { return d.Time().ISOWeek() }

// MarshalText writes YYYY-MM-DD.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD.
func (d *Day) UnmarshalText(text []byte) error {
	day, err := ParseDay(string(text))
	*d = day
	return err
}

// Bucketing is the width of a trend's step.
type Bucketing string

// The widths. Weeks are ISO weeks: they start on Monday.
const (
	ByDay     Bucketing = "day"
	ByWeek    Bucketing = "week"
	ByMonth   Bucketing = "month"
	ByQuarter Bucketing = "quarter"
)

// Bucketings lists every width, narrowest first.
func Bucketings() []Bucketing { return []Bucketing{ByDay, ByWeek, ByMonth, ByQuarter} }

// Valid reports whether b is one of [Bucketings].
func (b Bucketing) Valid() bool { return slices.Contains(Bucketings(), b) }

// Start returns the first day of the bucket that holds d. It panics on a
// bucketing that is not [Bucketing.Valid].
func (b Bucketing) Start(d Day) Day {
	switch b {
	case ByDay:
		return d
	case ByWeek:
		return d - weekday(d)
	case ByMonth:
		year, month, _ := d.Time().Date()
		return DateDay(year, month, 1)
	case ByQuarter:
		year, month, _ := d.Time().Date()
		return DateDay(year, month-(month-1)%3, 1)
	}
	panic(fmt.Sprintf("analysis: unknown bucketing %q", string(b)))
}

// Next returns the first day of the bucket after the one that holds d.
func (b Bucketing) Next(d Day) Day {
	start := b.Start(d)
	switch b {
	case ByWeek:
		return start + 7
	case ByMonth:
		return start + monthDays(start)
	case ByQuarter:
		for range 3 {
			start += monthDays(start)
		}
		return start
	}
	return start + 1
}

// weekday counts from Monday, 0…6. 1970-01-01 was a Thursday; the second
// remainder keeps days before it right.
func weekday(d Day) Day { return ((d+3)%7 + 7) % 7 }

// monthDays is the length of the month that starts on first.
func monthDays(first Day) Day {
	year, month, _ := first.Time().Date()
	return DateDay(year, month+1, 1) - first
}

// DayCounts are the answers of one day, the grain of the rollups.
type DayCounts struct {
	Day    Day
	Counts surveys.Counts
}

// Cut adds the days of [from, to) up into buckets, in order and without gaps, each
// under its first day, which for the first bucket may lie before from: a bucket in
// which nobody answered is there and empty. Days may come in any order and more
// than once. An unknown bucketing, or a period that is empty or longer than a
// century, is refused.
func (b Bucketing) Cut(days []DayCounts, from, to Day) ([]DayCounts, error) {
	if !b.Valid() {
		return nil, Refuse("bucketing", "%q is not one of %v", string(b), Bucketings())
	}
	if err := CheckPeriod(from, to); err != nil {
		return nil, err
	}
	return b.cut(days, from, to), nil
}

// cut is Cut for checked input.
func (b Bucketing) cut(days []DayCounts, from, to Day) []DayCounts {
	first := b.Start(from)
	var buckets []DayCounts
	index := make([]int, to-first) // in buckets, of each day from first on
	for start := first; start < to; {
		next := b.Next(start)
		for d := start; d < min(next, to); d++ {
			index[d-first] = len(buckets)
		}
		buckets = append(buckets, DayCounts{Day: start})
		start = next
	}
	for i := range days {
		if d := days[i].Day; d >= from && d < to {
			buckets[index[d-first]].Counts.Add(days[i].Counts)
		}
	}
	return buckets
}

// sumDays adds up the days of [from, to), in any order.
func sumDays(days []DayCounts, from, to Day) surveys.Counts {
	var sum surveys.Counts
	for i := range days {
		if days[i].Day >= from && days[i].Day < to {
			sum.Add(days[i].Counts)
		}
	}
	return sum
}

// bucket is one step of a series: the answers of its days.
type bucket struct {
	start Day
	bands bands
}

// series is [Bucketing.Cut] in bands; nothing for an empty period.
func (b Bucketing) series(s surveys.Scale, days []DayCounts, from, to Day) []bucket {
	if to <= from {
		return nil
	}
	cut := b.cut(days, from, to)
	buckets := make([]bucket, len(cut))
	for i, c := range cut {
		buckets[i] = bucket{start: c.Day, bands: bandsOf(s, c.Counts)}
	}
	return buckets
}
