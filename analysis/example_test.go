package analysis_test

import (
	"fmt"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

func ExampleScore() {
	counts := surveys.Counts{6: 10, 8: 20, 9: 30, 10: 40}
	e, err := analysis.Score(surveys.NPS, counts, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("NPS %.0f from %d answers, %.1f to %.1f\n", e.Score, e.N, e.Interval.Low, e.Interval.High)
	// Output: NPS 60 from 100 answers, 45.3 to 71.2
}

func ExampleScore_effort() {
	e, _ := analysis.Score(surveys.CES, surveys.Counts{2: 3, 4: 5, 5: 10, 6: 20, 7: 12}, 0.95)
	fmt.Printf("%.0f %% found it easy (%s); mean %.2f; index %.0f\n", e.Score, e.Interval.Method, e.Mean, e.Index.Score)
	// Output: 84 % found it easy (wilson); mean 5.60; index 58
}

func ExampleIntervalBy() {
	counts := surveys.Counts{9: 10} // ten promoters, nobody else
	for _, method := range []analysis.Method{analysis.AdjustedWald, analysis.ScoreMethod, analysis.Wald} {
		interval, _ := analysis.IntervalBy(method, surveys.NPS, counts, 0.95)
		fmt.Printf("%s: %.0f to %.0f\n", method, interval.Low, interval.High)
	}
	// Output:
	// adjusted-wald: 48 to 106
	// score: 44 to 100
	// wald: 100 to 100
}

func ExampleDisplay() {
	e, _ := analysis.Score(surveys.NPS, surveys.Counts{5: 83, 8: 136, 10: 267}, 0.95)
	f := analysis.Display(surveys.NPS, e.Score, e.Interval)
	fmt.Printf("NPS %.0f ± %.0f", f.Score, f.Margin)
	// Output: NPS 38 ± 7
}

func ExampleCompare() {
	spring := surveys.Counts{4: 20, 7: 30, 9: 50}
	summer := surveys.Counts{4: 25, 7: 30, 9: 45}
	d, _ := analysis.Compare(surveys.NPS, spring, summer, 0.95)
	fmt.Printf("%+.0f (%.0f to %.0f), p = %.2f", d.Difference, d.Low, d.High, d.P)
	// Output: -10 (-31 to 12), p = 0.38
}

func ExampleTestGroups() {
	test, _ := analysis.TestGroups(surveys.NPS, []surveys.Counts{{3: 10, 8: 20, 10: 70}, {3: 40, 8: 30, 10: 30}})
	fmt.Printf("χ² = %.1f with %d degrees of freedom, p = %.1g", test.ChiSquare, test.DF, test.P)
	// Output: χ² = 36.0 with 2 degrees of freedom, p = 2e-08
}

func ExampleBenjaminiHochberg() {
	adjusted, _ := analysis.BenjaminiHochberg([]float64{0.01, 0.04, 0.03})
	fmt.Printf("%.3f", adjusted)
	// Output: [0.030 0.040 0.040]
}

func ExampleHolm() {
	adjusted, _ := analysis.Holm([]float64{0.01, 0.04, 0.03})
	fmt.Printf("%.3f", adjusted)
	// Output: [0.030 0.060 0.060]
}

func ExampleShrink() {
	agents := []surveys.Counts{{3: 60, 8: 60, 10: 180}, {3: 150, 8: 60, 10: 90}, {10: 5}}
	s, _ := analysis.Shrink(surveys.NPS, agents)
	fmt.Printf("mean %.0f; five promoters count as %.0f, not 100", s.Mean, s.Values[2])
	// Output: mean 24; five promoters count as 53, not 100
}

func ExampleStandardise() {
	groups := []analysis.Group{
		{Value: "regular", Before: surveys.Counts{4: 10, 8: 20, 10: 70}, After: surveys.Counts{4: 10, 8: 20, 10: 70}},
		{Value: "new", Before: surveys.Counts{4: 10, 8: 5, 10: 5}, After: surveys.Counts{4: 100, 8: 50, 10: 50}},
	}
	check, _ := analysis.Standardise(surveys.NPS, groups, 0.95)
	fmt.Printf("%.0f by opinion, %.0f by who answered", check.Difference, check.Mix)
	// Output: 0 by opinion, -42 by who answered
}

func ExampleSuppress() {
	sizes := []int64{120, 40, 3}
	fmt.Println(analysis.Suppress(sizes, 163, 5))
	// Output: [false true true]
}

func ExampleSampleForMargin() {
	n, _ := analysis.SampleForMargin(6700, 5, 0.95)
	fmt.Println(n)
	// Output: 1027
}

func ExampleSampleForDifference() {
	n, _ := analysis.SampleForDifference(6700, 10, 0.95, 0.8)
	fmt.Println(n)
	// Output: 1049
}

func ExampleDayOf() {
	zone := time.FixedZone("Kathmandu", 5*3600+45*60)
	at := time.Date(2026, 3, 31, 18, 15, 0, 0, time.UTC)
	day := analysis.DayOf(at, zone)
	fmt.Println(day, analysis.ByWeek.Start(day), analysis.ByQuarter.Start(day))
	// Output: 2026-04-01 2026-03-30 2026-04-01
}

func ExampleFitLevel() {
	weeks := []analysis.Observation{{Value: 40, Variance: 25}, {Value: 34, Variance: 25}, {Missing: true}, {Value: 41, Variance: 25}}
	level, _ := analysis.FitLevel(weeks)
	fmt.Printf("q = %.0f: the level is %.1f throughout", level.Q, level.Smooth[2])
	// Output: q = 0: the level is 38.3 throughout
}

func ExampleSmoothLevel() {
	days := []analysis.Observation{{Value: 10, Variance: 4}, {Missing: true}, {Value: 20, Variance: 4}}
	level, _ := analysis.SmoothLevel(days, 2)
	fmt.Printf("%.1f", level.Smooth)
	// Output: [13.3 15.0 16.7]
}

func ExampleChangePoints() {
	good, bad := surveys.Counts{3: 10, 8: 20, 10: 30}, surveys.Counts{3: 25, 8: 20, 10: 15}
	weeks := []surveys.Counts{good, good, good, good, good, bad, bad, bad}
	at, _ := analysis.ChangePoints(surveys.NPS, weeks, analysis.DefaultPenalty(len(weeks)))
	fmt.Println(at)
	// Output: [5]
}

func ExampleControl() {
	weeks := make([]surveys.Counts, 30)
	for i := range weeks {
		weeks[i] = surveys.Counts{3: 20, 8: 30, 10: 50}
		if i >= 26 {
			weeks[i] = surveys.Counts{3: 30, 8: 30, 10: 40}
		}
	}
	chart, _ := analysis.Control(surveys.NPS, weeks, analysis.DefaultControl())
	for i, p := range chart.Points {
		if p.Alarm != 0 {
			fmt.Printf("week %d: %.0f is outside %.0f to %.0f", i+1, p.EWMA, p.EWMALow, p.EWMAHigh)
			break
		}
	}
	// Output: week 29: 20 is outside 22 to 38
}

func ExampleBuild() {
	from := analysis.DateDay(2026, time.October, 1)
	report, _ := analysis.Build(analysis.Input{
		Metric: surveys.NPS, From: from, To: from + 31,
		Days: []analysis.DayCounts{
			{Day: from - 20, Counts: surveys.Counts{3: 60, 8: 90, 10: 150}},
			{Day: from + 5, Counts: surveys.Counts{3: 58, 8: 90, 10: 152}},
		},
	})
	fmt.Printf("NPS %.1f. %s", *report.Score, report.Verdict.Text)
	// Output: NPS 31.3. Up 1 on the 31 days before: within normal variation.
}
