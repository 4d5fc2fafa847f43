package surveys

import (
	"fmt"
	"testing"
	"time"
)

// series is a rule that asks everybody every so many months.
func series(months int, w Window) Rule {
	return Rule{ID: "r", Trigger: TriggerSeries, Every: months, Window: w}.Filled()
}

func TestNextTurnIsMonthsLater(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		months int
		zone   string
		due    string
		day    string // of the next turn, in the zone
	}{
		{"the same day of the next month", 1, "UTC", "2026-01-15T10:00:00Z", "2026-02-15"},
		{"the last of January, to February", 1, "UTC", "2026-01-31T10:00:00Z", "2026-02-28"},
		{"the last of January, in a leap year", 1, "UTC", "2028-01-31T10:00:00Z", "2028-02-29"},
		{"the 30th, in a leap year", 1, "UTC", "2028-01-30T10:00:00Z", "2028-02-29"},
		{"a leap day, a year later", 12, "UTC", "2028-02-29T10:00:00Z", "2029-02-28"},
		{"a leap day, two years later", 24, "UTC", "2028-02-29T10:00:00Z", "2030-02-28"},
		{"the end of August, half a year later", 6, "UTC", "2026-08-31T10:00:00Z", "2027-02-28"},
		{"over the end of the year", 3, "UTC", "2026-11-20T10:00:00Z", "2027-02-20"},
		{"the day is that of the zone", 1, "Pacific/Auckland", "2026-01-30T20:00:00Z", "2026-02-28"},
		{"over the change of clocks", 1, "Europe/Berlin", "2026-03-01T10:00:00Z", "2026-04-01"},
		{"a century without a leap day", 1, "UTC", "2100-01-31T10:00:00Z", "2100-02-28"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			due, err := time.Parse(time.RFC3339, c.due)
			if err != nil {
				t.Fatal(err)
			}
			for _, person := range []string{"a", "b", "c"} {
				if got := series(c.months, AnyTime()).NextTurn(person, due, zone, nil).In(zone).Format(time.DateOnly); got != c.day {
					t.Errorf("the turn after %s is on %s, want %s", due.In(zone), got, c.day)
				}
			}
		})
	}
}

// TestNextTurnOfAClosedDay looks for open days after a Saturday.
func TestNextTurnOfAClosedDay(t *testing.T) {
	t.Parallel()
	r, seen := series(1, WorkingHours()), make(map[string]int)
	for i := range 1000 {
		next := r.NextTurn(fmt.Sprint(i), time.Date(2026, 5, 20, 3, 0, 0, 0, time.UTC), time.UTC, Holidays{"06-23"}) // 20 June is a Saturday
		if next.Hour() < 9 || next.Hour() >= 18 {
			t.Fatalf("the turn comes at %s, outside the window", next)
		}
		seen[next.Format(time.DateOnly)]++
	}
	if len(seen) != 5 || seen["2026-06-23"] > 0 || seen["2026-06-29"] > 0 {
		t.Errorf("turns are on %v, want five open days up to the 28th or after the month's end", seen)
	}
	for day, n := range seen {
		if n > 260 {
			t.Errorf("%d of 1000 turns are on %s", n, day)
		}
	}
}

// TestSeriesIsEven follows 20,000 people through years.
func TestSeriesIsEven(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]Rule{"every month at any time": series(1, AnyTime()), "every half year in working hours": series(6, WorkingHours()), "every year": series(12, AnyTime())} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const people = 20_000
			zone, err := time.LoadLocation("Europe/Berlin")
			if err != nil {
				t.Fatal(err)
			}
			start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
			end := start.AddDate(2, 0, 0)
			period, perDay := r.Period(start, zone, nil), make(map[string]int)
			for i := range people {
				id := fmt.Sprint(i)
				for due := r.FirstTurn(id, period); due.Before(end); {
					perDay[due.In(zone).Format(time.DateOnly)]++
					next := r.NextTurn(id, due, zone, nil)
					if earliest := due.AddDate(0, r.Every, -4); next.Before(earliest) || next.After(due.AddDate(0, r.Every, 13)) {
						t.Fatalf("after %s comes %s", due, next)
					}
					due = next
				}
			}
			open := len(r.openings(start, zone, nil, func(_ int, d date) bool { return d.before(dateOf(end)) }))
			total := 0
			for _, n := range perDay {
				total += n
			}
			for day, n := range perDay {
				if mean := total / open; n > 2*mean {
					t.Errorf("%d turns on %s, with a mean of %d", n, day, mean)
				}
			}
		})
	}
}

func TestOpenings(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		parsed, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	list := Rule{Trigger: TriggerList, Window: WorkingHours()}.Filled()
	never := Rule{Trigger: TriggerList, Window: Window{Days: On(time.Monday), To: 60}}.Filled()
	mondays := make(Holidays, 0, 120)
	for d := at("2026-03-02 00:00"); d.Year() < 2029; d = d.AddDate(0, 0, 7) {
		mondays = append(mondays, d.Format(time.DateOnly))
	}
	cases := []struct {
		name     string
		rule     Rule
		from     string
		days     int
		holidays Holidays
		first    string
		last     string // before it
		length   time.Duration
	}{
		{"from before the window opens", list, "2026-03-02 07:00", 2, nil, "2026-03-02 09:00", "2026-03-03 18:00", 18 * time.Hour},
		{"from within the window", list, "2026-03-02 16:00", 2, nil, "2026-03-02 16:00", "2026-03-03 18:00", 11 * time.Hour},
		{"from after it closed", list, "2026-03-02 18:00", 1, nil, "2026-03-03 09:00", "2026-03-03 18:00", 9 * time.Hour},
		{"over a weekend", list, "2026-03-06 00:00", 2, nil, "2026-03-06 09:00", "2026-03-09 18:00", 18 * time.Hour},
		{"over a holiday", list, "2026-03-02 00:00", 2, Holidays{"03-03"}, "2026-03-02 09:00", "2026-03-04 18:00", 18 * time.Hour},
		{"a list takes the 31st, too", list, "2026-03-31 00:00", 1, nil, "2026-03-31 09:00", "2026-03-31 18:00", 9 * time.Hour},
		{"a series does not", series(1, WorkingHours()), "2026-03-30 00:00", 1, nil, "2026-04-01 09:00", "2026-04-01 18:00", 9 * time.Hour},
		{"a window that never opens is no window", never, "2026-03-02 00:00", 1, mondays, "2026-03-02 00:00", "2026-03-03 00:00", 24 * time.Hour},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := c.rule.Openings(at(c.from), c.days, time.UTC, c.holidays)
			if len(got) != c.days && c.name[0] != 'a' || !got[0].From.Equal(at(c.first)) || !got[len(got)-1].To.Equal(at(c.last)) || got.Length() != c.length {
				t.Errorf("openings = %v of %s, want from %s to %s, of %s", got, got.Length(), c.first, c.last, c.length)
			}
			if first, last := got.Even(0, 1000), got.Even(999, 1000); first.Before(at(c.first)) || !last.Before(at(c.last)) || !first.Before(last) {
				t.Errorf("the first of 1000 turns is at %s, the last at %s", first, last)
			}
		})
	}
}

func TestOpeningsTellTheDays(t *testing.T) {
	t.Parallel()
	list := Rule{Trigger: TriggerList, Window: WorkingHours()}.Filled()
	days := list.Openings(time.Date(2026, 3, 2, 13, 30, 0, 0, time.UTC), 3, time.UTC, nil).Days(1000, time.UTC)
	if len(days) != 3 || days[0].Turns != 200 || days[1].Turns != 400 || days[2].Turns != 400 {
		t.Errorf("days = %v, want 200 on half a day and 400 on each whole one", days)
	}
	if days := list.Openings(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), 3, time.UTC, nil).Days(2, time.UTC); days[0].Turns+days[1].Turns+days[2].Turns != 2 {
		t.Errorf("days of two = %v", days)
	}
}

// TestOverdueIsNoFlood spreads a week's turns.
func TestOverdueIsNoFlood(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC)
	cases := []struct {
		name string
		rule Rule
		late time.Duration
		days int
	}{
		{"a week", series(6, AnyTime()), 7 * 24 * time.Hour, 24},
		{"some hours", series(6, AnyTime()), 3 * time.Hour, 3},
		{"a week of a working week", series(6, WorkingHours()), 7 * 24 * time.Hour, 17},
		{"longer than the period", series(1, AnyTime()), 90 * 24 * time.Hour, 28},
		{"a list", Rule{Trigger: TriggerList}.Filled(), 10 * 24 * time.Hour, 33},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := c.rule.Overdue(now.Add(-c.late), now, time.UTC, nil); len(got) != c.days || got[0].From.Before(now) {
				t.Errorf("they are spread over %d days from %s, want %d", len(got), got[0].From, c.days)
			}
		})
	}
}
