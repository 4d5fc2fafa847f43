package analysis

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the reference, whatever the machine has

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestDaysMatchReference(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "calendar.csv") {
		t.Run(r["utc"]+" "+r["zone"], func(t *testing.T) {
			t.Parallel()
			at := golden.Must(time.Parse(time.RFC3339, r["utc"]))
			location := golden.Must(time.LoadLocation(r["zone"]))
			day := DayOf(at, location)
			year, week := day.ISOWeek()
			month := ByMonth.Start(day)
			quarter := ByQuarter.Start(day).Time()
			got := golden.Row{
				"local": at.In(location).Format(time.DateTime),
				"day":   day.String(), "iso_year": fmt.Sprint(year), "iso_week": fmt.Sprint(week),
				"week_start_monday": ByWeek.Start(day).String(), "month": month.Time().Format("2006-01"),
				"quarter": fmt.Sprintf("%d-Q%d", quarter.Year(), (quarter.Month()+2)/3),
			}
			for column, value := range got {
				if value != r[column] {
					t.Errorf("%s = %s, want %s", column, value, r[column])
				}
			}
		})
	}
}

func TestBuckets(t *testing.T) {
	t.Parallel()
	cases := []struct {
		by               Bucketing
		day, start, next string
	}{
		{ByDay, "2026-02-28", "2026-02-28", "2026-03-01"},
		{ByWeek, "2026-03-01", "2026-02-23", "2026-03-02"},
		{ByWeek, "1969-12-28", "1969-12-22", "1969-12-29"},
		{ByMonth, "2024-02-29", "2024-02-01", "2024-03-01"},
		{ByMonth, "2025-12-31", "2025-12-01", "2026-01-01"},
		{ByQuarter, "2026-05-31", "2026-04-01", "2026-07-01"},
		{ByQuarter, "1969-12-31", "1969-10-01", "1970-01-01"},
	}
	for _, c := range cases {
		day := golden.Must(ParseDay(c.day))
		if start, next := c.by.Start(day).String(), c.by.Next(day).String(); start != c.start || next != c.next {
			t.Errorf("%s of %s is %s to %s, want %s to %s", c.by, c.day, start, next, c.start, c.next)
		}
	}
}

func TestBucketsAreAPartition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		by := rapid.SampledFrom(Bucketings()).Draw(t, "by")
		day := Day(rapid.IntRange(-200000, 200000).Draw(t, "day"))
		start, next := by.Start(day), by.Next(day)
		if start > day || next <= day || by.Start(start) != start || by.Start(next) != next || by.Start(next-1) != start {
			t.Fatalf("%s of %s: %s to %s", by, day, start, next)
		}
		if DayOf(day.Time(), time.UTC) != day || golden.Must(ParseDay(day.String())) != day {
			t.Fatalf("%s does not come back", day)
		}
	})
}

func TestSeriesKeepsEveryAnswer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		by := rapid.SampledFrom(Bucketings()).Draw(t, "by")
		from := Day(rapid.IntRange(19000, 19500).Draw(t, "from"))
		to := from + Day(rapid.IntRange(1, 400).Draw(t, "length"))
		var days []DayCounts
		for range rapid.IntRange(0, 50).Draw(t, "days") {
			day := Day(rapid.IntRange(18900, 20000).Draw(t, "day"))
			days = append(days, DayCounts{Day: day, Counts: surveys.Counts{9: 2, 3: 1}})
		}
		var n int64
		series := by.series(surveys.NPS.Scale(), days, from, to)
		for i, b := range golden.Must(by.Cut(days, from, to)) {
			if b.Day != series[i].start || bandsOf(surveys.NPS.Scale(), b.Counts) != series[i].bands {
				t.Fatalf("bucket %d: %+v, in the report %+v", i, b, series[i])
			}
		}
		for i, step := range series {
			n += step.bands.n()
			if i > 0 && step.start != by.Next(series[i-1].start) {
				t.Fatal("a gap between buckets")
			}
		}
		if want := sumDays(days, from, to); n != want.N() {
			t.Fatalf("the series holds %d answers of %d", n, want.N())
		}
	})
}

// TestCutMatchesReference: every instant of the reference, put into its zone's
// day and cut, lies in the bucket that the reference names.
func TestCutMatchesReference(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "calendar.csv") {
		at := golden.Must(time.Parse(time.RFC3339, r["utc"]))
		day := DayOf(at, golden.Must(time.LoadLocation(r["zone"])))
		days := []DayCounts{{day + 40, npsCounts(0, 1, 0)}, {day, npsCounts(1, 0, 0)}, {day - 40, npsCounts(0, 0, 1)}}
		for by, want := range map[Bucketing]string{
			ByDay: r["day"], ByWeek: r["week_start_monday"], ByMonth: r["month"] + "-01",
			ByQuarter: fmt.Sprintf("%s-%02d-01", r["quarter"][:4], 3*int(r["quarter"][6]-'1')+1),
		} {
			for _, b := range golden.Must(by.Cut(days, day-10, day+10)) {
				if b.Counts.N() > 0 && (b.Day.String() != want || b.Counts != npsCounts(1, 0, 0)) {
					t.Errorf("%s in %s by %s: %+v, want it under %s", r["utc"], r["zone"], by, b, want)
				}
			}
		}
	}
}

// TestCutOverSummerTime: days and weeks keep their answers where clocks jump and
// where a date is left out.
func TestCutOverSummerTime(t *testing.T) {
	t.Parallel()
	cases := []struct {
		zone       string
		from, to   string // instants; one answer every half hour between them
		days, long int64  // days with answers, and answers of the one with the clock change
	}{
		{"Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 1, 46},
		{"Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 1, 50},
		{"Australia/Lord_Howe", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z", 1, 49},
		{"Pacific/Apia", "2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z", 2, 48}, // the 30th was left out
	}
	for _, c := range cases {
		t.Run(c.zone+" "+c.from, func(t *testing.T) {
			t.Parallel()
			location := golden.Must(time.LoadLocation(c.zone))
			from, to := golden.Must(time.Parse(time.RFC3339, c.from)), golden.Must(time.Parse(time.RFC3339, c.to))
			var rows []DayCounts
			for at := from; at.Before(to); at = at.Add(30 * time.Minute) {
				rows = append(rows, DayCounts{DayOf(at, location), surveys.Counts{9: 1}})
			}
			cut := golden.Must(ByDay.Cut(rows, DayOf(from, location)-3, DayOf(to, location)+3))
			var answered, most int64
			for _, b := range cut {
				if b.Counts.N() > 0 {
					answered++
				}
				most = max(most, b.Counts.N())
			}
			if answered != c.days || most != c.long {
				t.Errorf("%d days, the longest with %d half hours; want %d and %d", answered, most, c.days, c.long)
			}
		})
	}
}

func TestCutRefuses(t *testing.T) {
	t.Parallel()
	_, err := Bucketing("fortnight").Cut(nil, today-7, today)
	refusedFor(t, err, "bucketing")
	_, err = ByDay.Cut(nil, today, today)
	refusedFor(t, err, "from")
	_, err = ByDay.Cut(nil, today-maxDays-1, today)
	refusedFor(t, err, "from")
}

func TestDayJSON(t *testing.T) {
	t.Parallel()
	var day Day
	if err := json.Unmarshal([]byte(`"2026-07-06"`), &day); err != nil || day.String() != "2026-07-06" {
		t.Errorf("read %s, %v", day, err)
	}
	if out := string(golden.Must(json.Marshal(day))); out != `"2026-07-06"` {
		t.Errorf("wrote %s", out)
	}
	_, err := ParseDay("06.07.2026")
	refusedFor(t, err, "day")
}

func TestUnknownBucketing(t *testing.T) {
	t.Parallel()
	if Bucketing("fortnight").Valid() {
		t.Error("a fortnight is valid")
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown bucketing has a start")
		}
	}()
	Bucketing("fortnight").Start(0)
}
