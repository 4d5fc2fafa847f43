package surveys

import (
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Weekdays is a set of days of the week: bit 1 is Monday, bit 7 is Sunday, as
// ISO 8601 counts them.
type Weekdays uint8

// AllWeek is every day of the week, WorkWeek is Monday to Friday.
const (
	AllWeek  Weekdays = 0b1111_1110
	WorkWeek Weekdays = 0b0011_1110
)

// Has reports whether the day is in the set.
func (w Weekdays) Has(day time.Weekday) bool { return w&On(day) != 0 }

// On is the set of one day.
func On(day time.Weekday) Weekdays {
	if day == time.Sunday {
		return 1 << 7
	}
	return 1 << day
}

// Minutes of a whole day on the clock.
const dayMinutes = 24 * 60

// Window is when mails may leave: on some days of the week, from one time of
// the clock up to another, in the zone of whoever gets them.
type Window struct {
	Days Weekdays `json:"days"`
	From int      `json:"from"` // minutes after midnight, 0–1439
	To   int      `json:"to"`   // minutes after midnight, after From, at most 1440; not part of the window
}

// AnyTime is the window that is always open.
func AnyTime() Window { return Window{Days: AllWeek, To: dayMinutes} }

// WorkingHours is the usual window: nine to six, Monday to Friday.
func WorkingHours() Window { return Window{Days: WorkWeek, From: 9 * 60, To: 18 * 60} }

// Check reports what is wrong with the window.
func (w Window) Check() []FieldError {
	var wrong []FieldError
	if w.Days&AllWeek == 0 || w.Days&^AllWeek != 0 {
		wrong = append(wrong, FieldError{Path: "window.days", Code: "window_days"})
	}
	if w.From < 0 || w.From >= dayMinutes {
		wrong = append(wrong, FieldError{Path: "window.from", Code: "window_time"})
	}
	if w.To <= w.From || w.To > dayMinutes {
		wrong = append(wrong, FieldError{Path: "window.to", Code: "window_order"})
	}
	return wrong
}

// Holidays are days on which no mail leaves: "2026-12-25", or "12-25" in every
// year. The 29th of February is a holiday in leap years alone.
type Holidays []string

// MaxHolidays bounds the list.
const MaxHolidays = 200

var holidayPattern = regexp.MustCompile(`^(\d{4}-)?\d{2}-\d{2}$`)

// Check reports the first entry that is no day of the calendar.
func (h Holidays) Check(path string) []FieldError {
	if len(h) > MaxHolidays {
		return []FieldError{{Path: path, Code: "holidays_many", Args: map[string]any{"max": MaxHolidays}}}
	}
	for _, entry := range h {
		day := entry
		if len(day) == len("12-25") {
			day = "2024-" + day // a leap year, so that 02-29 is a day
		}
		if _, err := time.Parse(time.DateOnly, day); err != nil || !holidayPattern.MatchString(entry) {
			return []FieldError{{Path: path, Code: "holiday", Args: map[string]any{"day": entry}}}
		}
	}
	return nil
}

func (h Holidays) has(d date) bool {
	if len(h) == 0 {
		return false
	}
	yearly := fmt.Sprintf("%02d-%02d", d.month, d.day)
	return slices.Contains(h, yearly) || slices.Contains(h, fmt.Sprintf("%04d-%s", d.year, yearly))
}

// maxClosed is how many days are looked through for an open one: every weekday
// of a window occurs in it, whatever the holidays are.
const maxClosed = 2 * 366

// Next is the first moment from t on at which the window is open in the zone,
// in UTC; false when no day of the next two years is. Where the clocks jump
// over the window's beginning, it opens at the jump; where an hour comes twice,
// it opens the first time and closes the first time.
func (w Window) Next(t time.Time, zone *time.Location, holidays Holidays) (time.Time, bool) {
	if w == AnyTime() && len(holidays) == 0 {
		return t.UTC(), true
	}
	today := dateOf(t.In(zone))
	for n := range maxClosed {
		d := today.add(n)
		if !w.Days.Has(d.weekday()) || holidays.has(d) {
			continue
		}
		from, to := d.at(w.From, zone), d.at(w.To, zone)
		if !from.Before(to) || !t.Before(to) {
			continue // the clocks jumped over it, or it is past
		}
		return later(from, t).UTC(), true
	}
	return time.Time{}, false
}

// date is a day of the calendar, in no zone.
type date struct {
	year  int
	month time.Month
	day   int
}

func dateOf(t time.Time) date {
	year, month, day := t.Date()
	return date{year, month, day}
}

func (d date) add(days int) date {
	return dateOf(time.Date(d.year, d.month, d.day+days, 12, 0, 0, 0, time.UTC))
}

// addMonths moves by months, to the last day of a shorter month.
func (d date) addMonths(months int) date {
	first := time.Date(d.year, d.month+time.Month(months), 1, 12, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return date{first.Year(), first.Month(), min(d.day, last)}
}

func (d date) weekday() time.Weekday {
	return time.Date(d.year, d.month, d.day, 12, 0, 0, 0, time.UTC).Weekday()
}

// at is the first moment at which the zone's clock shows the time of the day,
// or has jumped over it.
func (d date) at(minutes int, zone *time.Location) time.Time {
	t := time.Date(d.year, d.month, d.day, 0, minutes, 0, 0, zone)
	start, end := t.ZoneBounds()
	if shown := minutesSince(d, t); shown != minutes { // a time that the clock does not show
		if shown > minutes {
			return start
		}
		return end
	}
	if start.IsZero() {
		return t
	}
	// An hour that comes twice: the same clock before the last change.
	_, before := start.Add(-time.Second).Zone()
	_, after := t.Zone()
	if first := t.Add(time.Duration(after-before) * time.Second); first.Before(start) && minutesSince(d, first) == minutes {
		return first
	}
	return t
}

// minutesSince are the minutes that t's clock shows, counted from midnight of d.
func minutesSince(d date, t time.Time) int {
	wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
	return int(wall.Sub(time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC)) / time.Minute)
}

// ZoneOf is the zone of a person, or else the workspace's: an unknown name must
// not keep somebody from being asked, nor wake them at night more often than it
// has to.
func ZoneOf(p Person, w Workspace) *time.Location {
	if p.TimeZone != "" && p.TimeZone != "Local" {
		if zone, err := time.LoadLocation(p.TimeZone); err == nil {
			return zone
		}
	}
	return w.Location()
}
