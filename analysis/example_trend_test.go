package analysis_test

import (
	"fmt"
	"math"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// slipping are 26 ordinary weeks and 14 that are ten points worse.
func slipping() []surveys.Counts {
	weeks := make([]surveys.Counts, 40)
	for i := range weeks {
		weeks[i] = surveys.Counts{3: 20, 8: 30, 10: 50}
		if i >= 26 {
			weeks[i] = surveys.Counts{3: 25, 8: 30, 10: 45}
		}
	}
	return weeks
}

func ExampleCUSUM() {
	chart, _ := analysis.CUSUM(surveys.NPS, slipping(), analysis.DefaultCUSUM())
	for i, p := range chart.Points {
		if p.Alarm != 0 {
			fmt.Printf("a fall, seen in week %d, began in week %d", i+1, p.Since+1)
			break
		}
	}
	// Output: a fall, seen in week 33, began in week 27
}

func ExampleDefaultCUSUM() {
	o := analysis.DefaultCUSUM()
	fmt.Println(o.Baseline, o.Allowance, o.Decision)
	// Output: 26 0.5 5
}

func ExampleXmR() {
	weeks := []surveys.Counts{{3: 20, 10: 60}, {3: 22, 10: 58}, {3: 18, 10: 62}, {3: 21, 10: 59}, {3: 60, 10: 20}}
	chart, _ := analysis.XmR(surveys.NPS, weeks)
	fmt.Printf("%.0f, usually %.0f to %.0f", chart.Mean, chart.Low, chart.High)
	// Output: 30, usually -50 to 109
}

func ExampleLoess() {
	points := []analysis.LoessPoint{{X: 1, Y: 30, Weight: 40}, {X: 2, Y: 50, Weight: 5}, {X: 3, Y: 34, Weight: 40}, {X: 4, Y: 36, Weight: 40}}
	smooth, _ := analysis.Loess(points, 1, 1)
	fmt.Printf("%.1f", smooth)
	// Output: [30.9 33.5 36.1 35.4]
}

func ExampleSTL() {
	quarters := []float64{30, 32, 36, 22, 32, 34, 38, 24, 34, 36, 40, 26}
	season, _ := analysis.STL(quarters, analysis.SeasonOptions{Period: 4})
	fmt.Printf("the last quarter of a year is worth %.0f, the trend rises from %.0f to %.0f\n", season.Seasonal[3], season.Trend[0], season.Trend[11])

	_, err := analysis.STL(quarters[:7], analysis.SeasonOptions{Period: 4})
	fmt.Println(err)
	// Output:
	// the last quarter of a year is worth -9, the trend rises from 29 to 35
	// analysis: refused: too_short: have 7, need 8
}

func ExampleCompareYearAgo() {
	monday, _ := analysis.ParseDay("2026-12-14")
	days := []analysis.DayCounts{
		{Day: monday - 364, Counts: surveys.Counts{3: 20, 8: 30, 10: 50}},
		{Day: monday, Counts: surveys.Counts{3: 22, 8: 30, 10: 48}},
	}
	d, _ := analysis.CompareYearAgo(surveys.NPS, days, monday, monday+7, 0.95)
	fmt.Printf("%+.0f on the same week a year ago (%.0f to %.0f)", d.Difference, d.Low, d.High)
	// Output: -4 on the same week a year ago (-25 to 18)
}

func ExampleLevel_Between() {
	weeks := []analysis.Observation{{Value: 40, Variance: 25}, {Value: 42, Variance: 25}, {Value: 27, Variance: 25}, {Value: 25, Variance: 25}}
	level, _ := analysis.SmoothLevel(weeks, 50)
	move, _ := level.Between(0, 3)
	fmt.Printf("%+.0f ± %.0f", move.Difference, 1.96*math.Sqrt(move.Variance))
	// Output: -13 ± 12
}

func ExampleMove_DropOver() {
	p, _ := analysis.Move{Difference: -8, Variance: 9}.DropOver(5)
	fmt.Printf("%.2f", p)
	// Output: 0.84
}

func ExampleLevelChanges() {
	rates := []float64{0.31, 0.29, 0.30, 0.32, 0.21, 0.20, 0.22}
	var observations []analysis.Observation
	for _, r := range rates {
		observations = append(observations, analysis.Observation{Value: r, Variance: r * (1 - r) / 500})
	}
	at, _ := analysis.LevelChanges(observations, analysis.DefaultLevelPenalty(len(rates)))
	fmt.Println(at)
	// Output: [4]
}

func ExampleDefaultPenalty() {
	fmt.Printf("%.1f", analysis.DefaultPenalty(52))
	// Output: 15.8
}

func ExampleDefaultLevelPenalty() {
	fmt.Printf("%.1f", analysis.DefaultLevelPenalty(52))
	// Output: 11.9
}

func ExampleChanges() {
	monday, _ := analysis.ParseDay("2026-01-05")
	var weeks []analysis.DayCounts
	for i, counts := range slipping() {
		counts[10] -= counts[10] * int64(i/26) / 4 // the slip is larger
		weeks = append(weeks, analysis.DayCounts{Day: monday + analysis.Day(7*i), Counts: counts})
	}
	changes, _ := analysis.Changes(surveys.NPS, weeks, analysis.ChangeOptions{})
	for _, c := range changes {
		fmt.Printf("%s (%s to %s): from %.0f to %.0f, %.0f to %.0f points", c.At, c.Earliest, c.Latest, c.Before, c.After, c.Low, c.High)
	}
	// Output: 2026-07-06 (2026-06-29 to 2026-07-13): from 30 to 10, -25 to -14 points
}

func ExampleBucketing_Cut() {
	day, _ := analysis.ParseDay("2026-03-31")
	days := []analysis.DayCounts{{Day: day + 1, Counts: surveys.Counts{9: 3}}, {Day: day, Counts: surveys.Counts{2: 4}}, {Day: day - 60, Counts: surveys.Counts{9: 1}}}
	months, _ := analysis.ByMonth.Cut(days, day-60, day+2)
	for _, m := range months {
		fmt.Print(m.Day, ": ", m.Counts.N(), " ")
	}
	// Output: 2026-01-01: 1 2026-02-01: 0 2026-03-01: 4 2026-04-01: 3
}
