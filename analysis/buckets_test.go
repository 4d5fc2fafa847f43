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
			day := DayOf(at, golden.Must(time.LoadLocation(r["zone"])))
			year, week := day.ISOWeek()
			month := ByMonth.Start(day)
			quarter := ByQuarter.Start(day).Time()
			got := golden.Row{
				"day": day.String(), "iso_year": fmt.Sprint(year), "iso_week": fmt.Sprint(week),
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
