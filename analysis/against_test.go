package analysis_test

import (
	"errors"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

func TestAgainstSpan(t *testing.T) {
	t.Parallel()
	day := func(text string) analysis.Day {
		d, err := analysis.ParseDay(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	cases := []struct {
		name, from, to string // To exclusive
		against        analysis.Against
		wantFrom       string
		wantTo         string
		fits           bool
	}{
		{"the days before", "2026-03-01", "2026-03-31", analysis.PeriodBefore, "2026-01-30", "2026-03-01", true},
		{"a month of the year before", "2026-03-01", "2026-04-01", analysis.YearBefore, "2025-03-01", "2025-04-01", true},
		{"a quarter of the year before", "2026-01-01", "2026-04-01", analysis.YearBefore, "2025-01-01", "2025-04-01", true},
		{"a leap February", "2024-02-01", "2024-03-01", analysis.YearBefore, "2023-02-01", "2023-03-01", true},
		{"from a leap day", "2024-02-29", "2024-03-31", analysis.YearBefore, "2023-02-28", "2023-03-31", true},
		{"a year", "2025-03-03", "2026-03-03", analysis.YearBefore, "2024-03-03", "2025-03-03", true},
		{"a leap year", "2024-01-01", "2025-01-01", analysis.YearBefore, "2023-01-01", "2024-01-01", true},
		{"more than a year", "2025-03-01", "2026-03-03", analysis.YearBefore, "2024-03-01", "2025-03-03", false},
	}
	for _, c := range cases {
		got := c.against.Span(day(c.from), day(c.to))
		if got.From != day(c.wantFrom) || got.To != day(c.wantTo) {
			t.Errorf("%s: %s to %s, want %s to %s", c.name, got.From, got.To, c.wantFrom, c.wantTo)
		}
		if c.against.Fits(day(c.from), day(c.to)) != c.fits {
			t.Errorf("%s: fits is not %v", c.name, c.fits)
		}
	}
}

// course is answers by day over n weeks before to, of a score that changes at
// weeks before the end: each week has promoters and detractors out of 40.
func course(to analysis.Day, weeks int, promoters func(ago int) int64) []analysis.DayCounts {
	var days []analysis.DayCounts
	for ago := weeks; ago > 0; ago-- {
		good := promoters(ago)
		// A little noise that is the same on both sides of any change.
		good += int64(ago*7%5) - 2
		days = append(days, analysis.DayCounts{Day: to - analysis.Day(7*ago), Counts: surveys.Counts{3: 40 - good, 10: good}})
	}
	return days
}

// TestBuildAgainstAYearBefore: what happened half a year ago is a real difference
// from the year before, though it is normal to the weeks before the period; and
// nothing is made of a year without a change.
func TestBuildAgainstAYearBefore(t *testing.T) {
	t.Parallel()
	to := analysis.DateDay(2026, 3, 2) // a Monday
	steady := func(int) int64 { return 26 }
	fell := func(ago int) int64 {
		if ago <= 30 {
			return 16
		}
		return 26
	}
	back := func(ago int) int64 {
		if ago <= 40 && ago > 20 {
			return 12
		}
		return 26
	}
	// Every year the score is low for half of it, the last 20 weeks included.
	seasons := func(ago int) int64 {
		if ago%52 <= 20 {
			return 18
		}
		return 26
	}
	worse := func(ago int) int64 {
		if ago <= 36 {
			return seasons(ago) - 6
		}
		return seasons(ago)
	}
	cases := []struct {
		name    string
		at      func(int) int64
		against analysis.Against
		kind    analysis.VerdictKind
		alarm   analysis.Gate
		dated   bool
	}{
		{"a season, against the quarter before", seasons, analysis.PeriodBefore, analysis.Fall, analysis.Passed, true},
		{"a season, against the year before", seasons, analysis.YearBefore, analysis.Normal, analysis.Unknown, false},
		{"a fall and a season, against the year before", worse, analysis.YearBefore, analysis.Fall, analysis.Passed, true},
		{"a fall of last summer, against the quarter before", fell, analysis.PeriodBefore, analysis.Normal, "", false},
		{"a fall of last summer, against the year before", fell, analysis.YearBefore, analysis.Fall, analysis.Passed, true},
		{"a quiet year", steady, analysis.YearBefore, analysis.Normal, analysis.Unknown, false},
		{"a dent that was made good", back, analysis.YearBefore, analysis.Normal, "", false},
	}
	for _, c := range cases {
		r, err := analysis.Build(analysis.Input{Metric: surveys.NPS, From: to - 91, To: to, Against: c.against, Days: course(to, 130, c.at)})
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict.Kind != c.kind || c.alarm != "" && r.Verdict.Gates.Alarm != c.alarm || (r.Verdict.Since != nil) != c.dated {
			t.Errorf("%s: %s, gates %+v, since %v: %s", c.name, r.Verdict.Kind, r.Verdict.Gates, r.Verdict.Since, r.Verdict.Text)
		}
		if span := c.against.Span(r.From, r.To); r.Against != c.against || r.Previous == nil || r.Previous.From != span.From || r.Previous.To != span.To || r.Previous.N < 400 {
			t.Errorf("%s: compared with %+v", c.name, r.Previous)
		}
	}
}

// TestYearBeforeDatesTheDifference: what a difference from the year before began
// with is not the season that the score fell by since; and of a survey that had no
// week a year before it began, nothing is dated.
func TestYearBeforeDatesTheDifference(t *testing.T) {
	t.Parallel()
	to := analysis.DateDay(2026, 3, 2) // a Monday
	cases := []struct {
		name        string
		weeks, fell int // of the survey, and ago
		since       analysis.Day
	}{
		{"before this year's season", 150, 36, to - 7*36},
		{"too long ago to have a week of the year before", 70, 36, 0},
	}
	for _, c := range cases {
		r, err := analysis.Build(analysis.Input{Metric: surveys.NPS, From: to - 91, To: to, Against: analysis.YearBefore, TrendFrom: to - 350,
			Days: course(to, c.weeks, func(ago int) int64 {
				good := int64(26)
				if ago%52 <= 20 {
					good = 18
				}
				if ago <= c.fell {
					good -= 6
				}
				return good
			})})
		if err != nil {
			t.Fatal(err)
		}
		got := analysis.Day(0)
		if r.Verdict.Since != nil {
			got = *r.Verdict.Since
		}
		if r.Verdict.Kind != analysis.Fall || got != c.since {
			t.Errorf("%s: %s since %s, want %s: %s", c.name, r.Verdict.Kind, got, c.since, r.Verdict.Text)
		}
		if last := r.Last; c.weeks > 100 && (last == nil || last.At == c.since || last.Difference > 0) {
			t.Errorf("%s: the season's own fall is not the last change: %+v", c.name, last)
		}
	}
}

func TestBuildRefusesAgainst(t *testing.T) {
	t.Parallel()
	to := analysis.DateDay(2026, 3, 2)
	for name, in := range map[string]analysis.Input{
		"a word":             {Metric: surveys.NPS, From: to - 30, To: to, Against: "decade"},
		"an overlapping one": {Metric: surveys.NPS, From: to - 400, To: to, Against: analysis.YearBefore},
	} {
		_, err := analysis.Build(in)
		var bad *analysis.InputError
		if !errors.As(err, &bad) || bad.Field != "against" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
