package table

import (
	"testing"
	"time"
)

func TestTimesOfDay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		clock string
		want  string // "" when it cannot be read
	}{
		{"none", "", "2026-03-01T00:00:00Z"},
		{"minutes", " 9:05", "2026-03-01T09:05:00Z"},
		{"seconds", " 09:05:07", "2026-03-01T09:05:07Z"},
		{"a decimal comma", " 09:05:07,5", "2026-03-01T09:05:07.5Z"},
		{"nanoseconds", "T09:05:07.123456789Z", "2026-03-01T09:05:07.123456789Z"},
		{"more digits than nanoseconds", " 09:05:07.1234567899", "2026-03-01T09:05:07.123456789Z"},
		{"midnight", " 12:00 AM", "2026-03-01T00:00:00Z"},
		{"noon", " 12:00 PM", "2026-03-01T12:00:00Z"},
		{"small letters without a space", " 1:30pm", "2026-03-01T13:30:00Z"},
		{"in words", " at 9:05", "2026-03-01T09:05:00Z"},
		{"a zone of two digits", " 09:05 +02", "2026-03-01T07:05:00Z"},
		{"a zone with a colon", " 09:05+05:30", "2026-03-01T03:35:00Z"},
		{"a zone of four digits", " 09:05 -0800", "2026-03-01T17:05:00Z"},
		{"GMT and a shift", " 09:05 GMT+1", ""},
		{"UTC and a shift", " 09:05 UTC+01:00", "2026-03-01T08:05:00Z"},
		{"the furthest zone", " 09:05 +14:00", "2026-02-28T19:05:00Z"},
		{"a leap second is the one before", " 23:59:60", "2026-03-01T23:59:59Z"},
		{"thirteen in the afternoon", " 13:00 PM", ""},
		{"nought in the morning", " 0:00 AM", ""},
		{"hour 24", " 24:00", ""},
		{"minute 60", " 09:60", ""},
		{"second 61", " 09:05:61", ""},
		{"one digit of minutes", " 9:5", ""},
		{"an hour alone", " 9", ""},
		{"a zone further than any", " 09:05 +15:00", ""},
		{"a zone of three digits", " 09:05 +200", ""},
		{"something after the zone", " 09:05Z?", ""},
		{"a zone's letters", " 09:05 CET", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			at, err := Dates{Form: YearFirst, Zone: time.UTC}.Parse("2026-03-01" + test.clock)
			got := at.Format(time.RFC3339Nano)
			if err != nil {
				got = ""
			}
			if got != test.want {
				t.Errorf("%q, %v; want %q", got, err, test.want)
			}
		})
	}
}

func TestYearsOfTwoDigits(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]int{"1/3/26": 2026, "1/3/00": 2000, "1/3/2026": 2026, "1.3.99": 1999} {
		if at, err := (Dates{Form: DayFirst, Zone: time.UTC}).Parse(cell); err != nil || at.Year() != want {
			t.Errorf("%q is in %d, %v; want %d", cell, at.Year(), err, want)
		}
	}
	for _, cell := range []string{"1/3/026", "1/3/20260", "1/3", "1/3-2026", "/3/2026", "2026年3月", "1年3月26日"} {
		if at, err := (Dates{Form: DayFirst, Zone: time.UTC}).Parse(cell); err == nil {
			t.Errorf("%q is read as %s", cell, at)
		}
	}
}

// A date tells its form only where it can be read in no other.
func TestWhatADateTells(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		cell    string
		form    DateForm
		certain bool
	}{
		{"2026-03-01", YearFirst, true}, {"20260301", YearFirst, true}, {"2026年3月1日", YearFirst, true}, {"2026-03-01T10:00:00Z", YearFirst, true},
		{"13/03/2026", DayFirst, true}, {"1.3.2026", DayFirst, true}, {"13-3-26", DayFirst, true},
		{"03/13/2026", MonthFirst, true}, {"3-13-26 1:00 PM", MonthFirst, true},
		{"03/04/2026", slashed, false}, {"03-03-2026", slashed, false}, {"13/13/2026", slashed, false},
		{"1 March 2026", MonthName, true}, {"Mar 1, 2026", MonthName, true},
		{"1772323200", UnixSeconds, true}, {"1772323200000", UnixMillis, true},
	} {
		p, ok := scanDate(test.cell)
		form, certain := p.decided()
		if !ok || form != test.form || certain != test.certain {
			t.Errorf("%q is %s, certain %v, read %v; want %s, %v", test.cell, form, certain, ok, test.form, test.certain)
		}
	}
}
