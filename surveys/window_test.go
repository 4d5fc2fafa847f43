package surveys_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones of the reference, whatever the machine has

	"github.com/harkhq/hark/surveys"
)

// hours is a window on every day of the week.
func hours(from, to int) surveys.Window {
	return surveys.Window{Days: surveys.AllWeek, From: from, To: to}
}

// TestWindowNext goes through what clocks and calendars do to people. Times are
// written with their distance from UTC.
func TestWindowNext(t *testing.T) {
	t.Parallel()
	work := surveys.WorkingHours()
	for _, c := range []struct {
		name     string
		zone     string
		window   surveys.Window
		holidays surveys.Holidays
		from     string
		want     string // "" for never
	}{
		{"always", "Asia/Kathmandu", surveys.AnyTime(), nil, "2026-03-02T03:04:05+05:45", "2026-03-02T03:04:05+05:45"},
		{"within", "Europe/Berlin", work, nil, "2026-03-02T09:00:00+01:00", "2026-03-02T09:00:00+01:00"},
		{"the last moment", "Europe/Berlin", work, nil, "2026-03-02T17:59:59+01:00", "2026-03-02T17:59:59+01:00"},
		{"closed", "Europe/Berlin", work, nil, "2026-03-02T18:00:00+01:00", "2026-03-03T09:00:00+01:00"},
		{"before it opens", "Europe/Berlin", work, nil, "2026-03-02T02:00:00+01:00", "2026-03-02T09:00:00+01:00"},
		{"over the weekend", "Europe/Berlin", work, nil, "2026-03-06T18:30:00+01:00", "2026-03-09T09:00:00+01:00"},
		{"their Monday is our Sunday", "Pacific/Auckland", work, nil, "2026-03-01T20:00:00Z", "2026-03-02T09:00:00+13:00"},
		{"their Friday is our Saturday", "Pacific/Honolulu", work, nil, "2026-03-07T02:00:00Z", "2026-03-06T16:00:00-10:00"},
		{"a holiday of one year", "Europe/Berlin", work, surveys.Holidays{"2026-03-02"}, "2026-03-02T10:00:00+01:00", "2026-03-03T09:00:00+01:00"},
		{"holidays of every year", "Europe/Berlin", work, surveys.Holidays{"12-24", "12-25", "12-31", "01-01"}, "2026-12-24T10:00:00+01:00", "2026-12-28T09:00:00+01:00"},
		{"another year's holiday", "Europe/Berlin", work, surveys.Holidays{"2025-03-03"}, "2026-03-03T10:00:00+01:00", "2026-03-03T10:00:00+01:00"},
		{"a leap day", "Europe/Berlin", work, surveys.Holidays{"02-29"}, "2028-02-29T10:00:00+01:00", "2028-03-01T09:00:00+01:00"},
		{"no leap day", "Europe/Berlin", hours(0, 1440), surveys.Holidays{"02-29"}, "2026-03-01T00:00:00+01:00", "2026-03-01T00:00:00+01:00"},
		{"it opens in the hour that is left out", "Europe/Berlin", hours(150, 600), nil, "2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"it closes in the hour that is left out", "Europe/Berlin", hours(60, 150), nil, "2026-03-29T01:59:00+01:00", "2026-03-29T01:59:00+01:00"},
		{"it has closed by the jump", "Europe/Berlin", hours(60, 150), nil, "2026-03-29T03:00:00+02:00", "2026-03-30T01:00:00+02:00"},
		{"the whole window is left out", "Europe/Berlin", hours(125, 175), nil, "2026-03-29T00:00:00+01:00", "2026-03-30T02:05:00+02:00"},
		{"it opens in the hour that comes twice", "Europe/Berlin", hours(150, 600), nil, "2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00"},
		{"the second time it is open", "Europe/Berlin", hours(150, 600), nil, "2026-10-25T02:10:00+01:00", "2026-10-25T02:10:00+01:00"},
		{"it closes the first time", "Europe/Berlin", hours(60, 150), nil, "2026-10-25T02:40:00+02:00", "2026-10-26T01:00:00+01:00"},
		{"half an hour of summer time", "Australia/Lord_Howe", hours(120, 600), nil, "2026-10-04T00:00:00+10:30", "2026-10-04T02:30:00+11:00"},
		{"midnight is left out", "America/Sao_Paulo", hours(0, 600), nil, "2018-11-03T23:00:00-03:00", "2018-11-04T01:00:00-02:00"},
		{"a day that was left out", "Pacific/Apia", hours(540, 1080), nil, "2011-12-29T20:00:00-10:00", "2011-12-31T09:00:00+14:00"},
		{"an old name", "Asia/Calcutta", work, nil, "2026-03-02T20:00:00+05:30", "2026-03-03T09:00:00+05:30"},
		{"the new name", "Asia/Kolkata", work, nil, "2026-03-02T20:00:00+05:30", "2026-03-03T09:00:00+05:30"},
		{"a zone that moved", "Europe/Kyiv", work, nil, "2026-07-04T12:00:00+03:00", "2026-07-06T09:00:00+03:00"},
		{"a zone's offset", "Etc/GMT-14", work, nil, "2026-03-02T20:00:00+14:00", "2026-03-03T09:00:00+14:00"},
		{"the year ends", "UTC", surveys.Window{Days: surveys.On(time.Friday), From: 0, To: 60}, nil, "2026-12-26T00:00:00Z", "2027-01-01T00:00:00Z"},
		{"holidays on the one day of each week", "UTC", surveys.Window{Days: surveys.On(time.Sunday), From: 0, To: 60}, surveys.Holidays{"2026-03-01", "03-08"}, "2026-02-28T00:00:00Z", "2026-03-15T00:00:00Z"},
		{"a window on no day", "UTC", surveys.Window{To: 60}, nil, "2026-03-01T00:00:00Z", ""},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		got, open := c.window.Next(at(t, c.from), zone, c.holidays)
		if c.want == "" {
			if open {
				t.Errorf("%s: opens at %s", c.name, got)
			}
			continue
		}
		if !open || !got.Equal(at(t, c.want)) || got.Location() != time.UTC {
			t.Errorf("%s: %s, want %s", c.name, got.In(zone).Format(time.RFC3339), c.want)
		}
	}
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

// TestWindowNextIsTheFirst looks at every fifth minute of two summers of clocks that
// change: no earlier one than the one told shows a time within the window.
func TestWindowNextIsTheFirst(t *testing.T) {
	t.Parallel()
	window := surveys.Window{Days: surveys.WorkWeek | surveys.On(time.Sunday), From: 90, To: 200}
	for _, name := range []string{"Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Tehran"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		var next time.Time
		end := at(t, "2025-07-01T00:00:00Z")
		for minute := at(t, "2026-12-31T00:00:00Z"); minute.After(end); minute = minute.Add(-5 * time.Minute) {
			local := minute.In(zone)
			clock := local.Hour()*60 + local.Minute()
			if window.Days.Has(local.Weekday()) && clock >= window.From && clock < window.To {
				next = minute
			}
			if next.IsZero() {
				continue
			}
			got, open := window.Next(minute, zone, nil)
			if _, offset := minute.Zone(); !open || !got.Equal(next) && !repeated(next, zone) {
				t.Fatalf("%s from %s (%d): %s, want %s", name, local, offset, got.In(zone), next.In(zone))
			}
		}
	}
}

// repeated reports whether the clock has shown or will show the same time on
// the same day again, where a window opens and closes but once.
func repeated(t time.Time, zone *time.Location) bool {
	_, today := t.In(zone).Zone()
	for _, hours := range []time.Duration{-3 * time.Hour, 3 * time.Hour} {
		if _, other := t.Add(hours).In(zone).Zone(); other != today {
			return true
		}
	}
	return false
}

func TestWindowAndHolidayChecks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		window surveys.Window
		wrong  string
	}{
		{"any time", surveys.AnyTime(), ""},
		{"working hours", surveys.WorkingHours(), ""},
		{"no day", surveys.Window{From: 0, To: 60}, "window.days window_days"},
		{"an eighth day", surveys.Window{Days: 1, To: 60}, "window.days window_days"},
		{"closes as it opens", surveys.Window{Days: surveys.AllWeek, From: 60, To: 60}, "window.to window_order"},
		{"over midnight", surveys.Window{Days: surveys.AllWeek, From: 1200, To: 300}, "window.to window_order"},
		{"opens too late", surveys.Window{Days: surveys.AllWeek, From: 1440, To: 1441}, "window.from window_time"},
		{"closes too late", surveys.Window{Days: surveys.AllWeek, From: 1400, To: 1441}, "window.to window_order"},
	} {
		if got := paths(c.window.Check()); (len(got) > 0) != (c.wrong != "") || len(got) > 0 && got[0] != c.wrong {
			t.Errorf("%s: %v, want %q", c.name, got, c.wrong)
		}
	}
	for entry, fine := range map[string]bool{
		"2026-12-25": true, "12-25": true, "02-29": true, "2024-02-29": true,
		"2026-02-29": false, "13-01": false, "25.12.2026": false, "": false, "2026-1-1": false, "Christmas": false, "12-2500000": false,
	} {
		if wrong := (surveys.Holidays{entry}).Check("holidays"); (len(wrong) == 0) != fine {
			t.Errorf("the holiday %q: %v", entry, wrong)
		}
	}
	if wrong := make(surveys.Holidays, surveys.MaxHolidays+1).Check("holidays"); len(wrong) != 1 || wrong[0].Code != "holidays_many" {
		t.Errorf("too many holidays: %v", wrong)
	}
}
