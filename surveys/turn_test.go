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

// TestEachTermHasOneTurn looks at the calendar: each term of so many months has one
// turn of each person, in open hours, about as many months after the one before.
func TestEachTermHasOneTurn(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		rule  Rule
		zone  string
		first string
		terms []string // the months in which the next turns lie
	}{
		{"months, over the end of a year", series(1, AnyTime()), "UTC", "2026-11-01T00:00:00Z", []string{"2026-11", "2026-12", "2027-01"}},
		{"a leap year", series(1, AnyTime()), "UTC", "2028-01-01T00:00:00Z", []string{"2028-01", "2028-02", "2028-03"}},
		{"a century without a leap day", series(1, WorkingHours()), "UTC", "2100-01-01T00:00:00Z", []string{"2100-01", "2100-02", "2100-03"}},
		{"the month is that of the zone", series(1, AnyTime()), "Pacific/Auckland", "2026-01-31T11:00:00Z", []string{"2026-02", "2026-03"}},
		{"clocks that change", series(1, WorkingHours()), "Europe/Berlin", "2026-03-01T00:00:00Z", []string{"2026-03", "2026-04"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			first, err := time.Parse(time.RFC3339, c.first)
			if err != nil {
				t.Fatal(err)
			}
			turns := c.rule.Series(zone, nil)
			for i := range 1000 {
				id := fmt.Sprint(i)
				turn := turns.First(id, first)
				for _, month := range c.terms {
					if at := turn.In(zone); at.Format("2006-01") != month || c.rule.Window == WorkingHours() && (at.Hour() < 9 || at.Hour() >= 18 || at.Weekday() == time.Saturday || at.Weekday() == time.Sunday) {
						t.Fatalf("a turn is at %s, want one in %s and in open hours", at, month)
					}
					turn = turns.Next(id, turn)
				}
			}
		})
	}
}

// TestFirstTurnComesInTime gives people their first turn in the midst of a quarter:
// everybody has it within three months, evenly.
func TestFirstTurnComesInTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 2, 10, 12, 0, 0, 0, time.UTC)
	turns, perWeek := series(3, AnyTime()).Series(time.UTC, nil), make(map[int]int)
	for i := range 13_000 {
		first := turns.First(fmt.Sprint(i), now)
		if first.Before(now) || first.After(now.AddDate(0, 3, 2)) {
			t.Fatalf("a first turn is at %s", first)
		}
		perWeek[int(first.Sub(now)/(7*24*time.Hour))]++
	}
	for week := range 12 {
		if n := perWeek[week]; n < 850 || n > 1150 {
			t.Errorf("%d of 13,000 have their first turn in week %d", n, week)
		}
	}
}

// TestAMovedTurnReturnsToItsPlace has a turn that a pause put off: the next one is
// where it always was, but not soon after it.
func TestAMovedTurnReturnsToItsPlace(t *testing.T) {
	t.Parallel()
	turns := series(3, WorkingHours()).Series(time.UTC, nil)
	first := turns.First("ada", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	second := turns.Next("ada", first)
	third := turns.Next("ada", second)
	for late, want := range map[int]time.Time{1: second, 10: second, 18: second, 30: third, 60: third, 90: third} {
		if got := turns.Next("ada", first.AddDate(0, 0, late)); !got.Equal(want) {
			t.Errorf("%d days later: %s, want %s", late, got, want)
		}
	}
}

// TestAMovedTurnIsNotFollowedSoon holds the promise of a series after pauses of all
// lengths: never again before about three quarters of its months.
func TestAMovedTurnIsNotFollowedSoon(t *testing.T) {
	t.Parallel()
	for _, months := range []int{1, 3, 6, 12} {
		turns := series(months, WorkingHours()).Series(time.UTC, Holidays{"12-25", "12-26", "01-01"})
		usual := time.Duration(months) * 30 * 24 * time.Hour
		for person := range 200 {
			id := fmt.Sprint(person)
			turn := turns.First(id, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).AddDate(0, 0, person)
			next := turns.Next(id, turn)
			if gap := next.Sub(turn); gap < usual*7/10 || gap > usual*19/10 {
				t.Errorf("every %d months: %.0f days after a turn on %s", months, gap.Hours()/24, turn.Format(time.DateOnly))
			}
			if own := turns.First(id, next); !own.Equal(next) {
				t.Errorf("every %d months: %s is none of the person's own turns", months, next)
			}
		}
	}
}

// TestSeriesIsEven follows people through two years: every open day has its part.
func TestSeriesIsEven(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]Rule{
		"every month at any time": series(1, AnyTime()), "every month in working hours": series(1, WorkingHours()),
		"every quarter in working hours": series(3, WorkingHours()), "every year": series(12, AnyTime()),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation("Europe/Berlin")
			if err != nil {
				t.Fatal(err)
			}
			people := 2500 * r.Every
			start := time.Date(2026, 1, 1, 0, 0, 0, 0, zone)
			end := start.AddDate(2, 0, 0)
			turns, perDay := r.Series(zone, Holidays{"12-25", "05-01"}), make(map[string]int)
			for i := range people {
				id := fmt.Sprint(i)
				for due := turns.First(id, start); due.Before(end); {
					perDay[due.In(zone).Format(time.DateOnly)]++
					next := turns.Next(id, due)
					if next.Before(due.AddDate(0, r.Every, -7)) || next.After(due.AddDate(0, r.Every, 7)) {
						t.Fatalf("after %s comes %s", due, next)
					}
					due = next
				}
			}
			open := r.openings(start, zone, Holidays{"12-25", "05-01"}, func(_ int, d date) bool { return d.before(dateOf(end)) })
			for _, opening := range open {
				mean := float64(people) * 24 / float64(r.Every) / float64(len(open))
				if n := float64(perDay[opening.From.In(zone).Format(time.DateOnly)]); n < 0.55*mean || n > 1.5*mean {
					t.Errorf("%v turns on %s, with a mean of %.0f", n, opening.From, mean)
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
		{"the 31st, too", list, "2026-03-31 00:00", 1, nil, "2026-03-31 09:00", "2026-03-31 18:00", 9 * time.Hour},
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
		{"longer than the period", series(1, AnyTime()), 90 * 24 * time.Hour, 31},
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
