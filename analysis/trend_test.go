package analysis

import (
	"math"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestTrendPoints(t *testing.T) {
	t.Parallel()
	// From Wednesday 2026-10-28 to Tuesday 2026-11-10 inclusive: three weeks, of
	// which the first and the last are cut.
	from := golden.Must(ParseDay("2026-10-28"))
	in := Input{Metric: surveys.NPS, From: from, To: from + 14, Bucketing: ByWeek, Days: []DayCounts{
		{from - 1, npsCounts(0, 0, 10)}, // Tuesday: in the same week, not in the period
		{from, npsCounts(2, 2, 6)},
		{from + 13, npsCounts(1, 1, 2)},
	}}
	trend := golden.Must(Build(in)).Trend
	want := []struct {
		start   string
		n       int64
		partial bool
		shown   bool
	}{{"2026-10-26", 10, true, true}, {"2026-11-02", 0, false, false}, {"2026-11-09", 4, true, false}}
	if len(trend) != len(want) {
		t.Fatalf("trend %+v", trend)
	}
	for i, w := range want {
		p := trend[i]
		if p.Start.String() != w.start || p.N != w.n || p.Partial != w.partial || (p.Score != nil) != w.shown || (p.Low != nil) != w.shown {
			t.Errorf("point %d: %+v, want %+v", i, p, w)
		}
		if w.shown && (p.Smooth == nil || *p.SmoothLow >= *p.Smooth || *p.Smooth >= *p.SmoothHigh) {
			t.Errorf("point %d has no line through it", i)
		}
		if !w.shown && p.Smooth != nil {
			t.Errorf("point %d has a line that learned nothing there", i)
		}
	}
	golden.Near(t, "score of the first", *trend[0].Score, 40, 1e-12)
}

// TestTrendDoesNotDependOnTheWindow: the line of a week is the same, whether the
// page shows the year or its last quarter.
func TestTrendDoesNotDependOnTheWindow(t *testing.T) {
	t.Parallel()
	in := quiet(11)
	year := golden.Must(Build(in)).Trend
	in.TrendFrom = 0
	in.From = today - 91
	quarter := golden.Must(Build(in)).Trend
	for i, p := range quarter {
		same := year[len(year)-len(quarter)+i]
		if same.Start != p.Start || *same.Score != *p.Score {
			t.Fatalf("%s is not %s", same.Start, p.Start)
		}
		golden.Near(t, "smooth "+p.Start.String(), *p.Smooth, *same.Smooth, 1e-12)
	}
}

func TestTrendBand(t *testing.T) {
	t.Parallel()
	in := quiet(12)
	narrow := in
	narrow.Confidence = 0.8
	wide, slim := golden.Must(Build(in)).Trend, golden.Must(Build(narrow)).Trend
	for i := range wide {
		if *wide[i].SmoothHigh-*wide[i].SmoothLow <= *slim[i].SmoothHigh-*slim[i].SmoothLow {
			t.Fatalf("the band of %s is not wider at 95 %% than at 80 %%", wide[i].Start)
		}
		if *wide[i].SmoothHigh-*wide[i].SmoothLow > *wide[i].High-*wide[i].Low {
			t.Fatalf("the line of %s is less certain than its own week", wide[i].Start)
		}
	}
}

func TestBucketingFor(t *testing.T) {
	t.Parallel()
	for days, want := range map[Day]Bucketing{1: ByDay, 30: ByDay, 42: ByDay, 90: ByWeek, 366: ByWeek, 730: ByMonth, 3650: ByQuarter} {
		if got := BucketingFor(today-days, today); got != want {
			t.Errorf("%d days by %s, want %s", days, got, want)
		}
	}
}

// TestChangesMustMatter: a shift that leaves the score, and a step of a point in
// a huge survey, are no changes of the score.
func TestChangesMustMatter(t *testing.T) {
	t.Parallel()
	weeks := func(before, after surveys.Counts) Input {
		in := Input{Metric: surveys.NPS, From: today - 364, To: today}
		for week := Day(0); week < 52; week++ {
			counts := before
			if week >= 26 {
				counts = after
			}
			in.Days = append(in.Days, DayCounts{today - 364 + 7*week, counts})
		}
		return in
	}
	cases := []struct {
		name string
		in   Input
		want int
	}{
		{"a real step", weeks(npsCounts(20, 30, 50), npsCounts(40, 30, 30)), 1},
		{"passives turn into both", weeks(npsCounts(20, 60, 40), npsCounts(45, 10, 65)), 0},
		{"two points of 10,000 answers", weeks(npsCounts(2000, 3000, 5000), npsCounts(2100, 3000, 4900)), 0},
		{"no step", weeks(npsCounts(20, 30, 50), npsCounts(20, 30, 50)), 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			changes := golden.Must(Build(c.in)).Changes
			if len(changes) != c.want {
				t.Fatalf("changes %+v", changes)
			}
			for _, change := range changes {
				golden.Near(t, "difference", change.Difference, -40, 1e-9)
				if change.At != today-182 || change.Before != 30 || change.After != -10 || change.P > 1e-6 {
					t.Errorf("change %+v", change)
				}
			}
		})
	}
}

// TestChangesOfTenYears: a step twelve years ago is too far back to be looked for,
// one of nine years ago is found; neither makes the search refuse.
func TestChangesOfTenYears(t *testing.T) {
	t.Parallel()
	for years, want := range map[Day]int{12: 0, 9: 1} {
		in := Input{Metric: surveys.NPS, From: today - 90, To: today, TrendFrom: today - 15*364}
		for day := today - 15*364; day < today; day += 7 {
			counts := npsCounts(20, 30, 50)
			if day >= today-364*years {
				counts = npsCounts(35, 30, 35)
			}
			in.Days = append(in.Days, DayCounts{day, counts})
		}
		if changes := golden.Must(Build(in)).Changes; len(changes) != want {
			t.Errorf("%d years ago: %+v", years, changes)
		}
	}
}

// TestHiddenStepsDoNotBendTheLine: what two people said on a day is told by neither
// its point nor the line; nor is a line drawn through days of which nothing is known.
func TestHiddenStepsDoNotBendTheLine(t *testing.T) {
	t.Parallel()
	happy, two := surveys.Counts{3: 1, 9: 5}, surveys.Counts{0: 1, 1: 1}
	in := Input{Metric: surveys.NPS, From: 100, To: 140, Bucketing: ByDay, Days: []DayCounts{{Day: 100, Counts: happy}, {Day: 101, Counts: two}, {Day: 102, Counts: happy}}}
	r, err := Build(in)
	if err != nil {
		t.Fatal(err)
	}
	if p := r.Trend[1]; p.Score != nil || p.Smooth == nil || math.Abs(*p.Smooth-*r.Trend[0].Smooth) > 1e-6 {
		t.Errorf("%+v beside %v", p, *r.Trend[0].Smooth)
	}
	for _, p := range r.Trend {
		if p.Smooth != nil && *p.SmoothHigh-*p.SmoothLow > 200 {
			t.Errorf("%s: %v to %v", p.Start, *p.SmoothLow, *p.SmoothHigh)
		}
	}
}

// TestLineEndsWhereItLearns: the line runs from the first to the last answers that it
// learned from, through what lies between; neither back before nor on after them.
func TestLineEndsWhereItLearns(t *testing.T) {
	t.Parallel()
	some, two := npsCounts(3, 2, 4), npsCounts(1, 0, 1)
	november := func(days Span) bool { return days.From >= 0 && days.To > 8*7 }
	cases := []struct {
		name  string
		weeks map[int]surveys.Counts // of twelve
		tell  func(Span) bool
		want  string // the weeks under the line
	}{
		{"all weeks", map[int]surveys.Counts{0: some, 5: some, 11: some}, nil, "############"},
		{"begins late, falls silent", map[int]surveys.Counts{3: some, 6: some}, nil, "...####....."},
		{"few at both ends", map[int]surveys.Counts{0: two, 3: some, 6: some, 11: two}, nil, "...####....."},
		{"few together", map[int]surveys.Counts{2: two, 3: two, 7: two}, nil, "..######...."},
		{"one week", map[int]surveys.Counts{4: some}, nil, "....#......."},
		{"the first must not be told", map[int]surveys.Counts{0: some, 4: some, 8: some, 10: some}, november, "........###."},
		{"few answers in all", map[int]surveys.Counts{4: two, 6: two}, nil, "............"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			monday := ByWeek.Start(today) - 12*7
			in := Input{Metric: surveys.NPS, From: monday, To: monday + 12*7, Bucketing: ByWeek}
			if c.tell != nil {
				in.Tell = func(days Span) bool { return c.tell(Span{days.From - monday, days.To - monday}) }
			}
			for week, counts := range c.weeks {
				in.Days = append(in.Days, DayCounts{monday + 7*Day(week) + 2, counts})
			}
			got := ""
			for _, p := range golden.Must(Build(in)).Trend {
				if p.Smooth != nil {
					got += "#"
				} else {
					got += "."
				}
			}
			if got != c.want {
				t.Errorf("the line is over %s, want %s", got, c.want)
			}
		})
	}
}

// TestLineTakesFewAnswersTogether: weeks of two and three answers, whose scores stay
// hidden, give a line of five at a time. Which of the five said what makes no
// difference to it, so it cannot be turned back into the weeks.
func TestLineTakesFewAnswersTogether(t *testing.T) {
	t.Parallel()
	course := func(weeks ...surveys.Counts) []TrendPoint {
		in := Input{Metric: surveys.NPS, From: today - 7*Day(len(weeks)), To: today, Bucketing: ByWeek}
		for i, counts := range weeks {
			in.Days = append(in.Days, DayCounts{in.From + 7*Day(i), counts})
		}
		return golden.Must(Build(in)).Trend
	}
	one := course(npsCounts(2, 0, 0), npsCounts(0, 0, 3), npsCounts(1, 0, 1), npsCounts(0, 3, 0))
	other := course(npsCounts(0, 0, 2), npsCounts(2, 0, 1), npsCounts(0, 2, 0), npsCounts(1, 1, 1))
	for i, p := range one {
		if p.Score != nil || p.Smooth == nil {
			t.Fatalf("%+v", p)
		}
		golden.Near(t, p.Start.String(), *p.Smooth, *other[i].Smooth, 1e-12)
	}
	if *one[0].Smooth == 0 {
		t.Error("the line learns of nothing")
	}
	for _, p := range course(npsCounts(2, 0, 0), npsCounts(0, 0, 2)) {
		if p.Smooth != nil {
			t.Errorf("a line of four answers: %+v", p)
		}
	}
}
