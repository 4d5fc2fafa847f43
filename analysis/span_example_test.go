package analysis_test

import (
	"fmt"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

func ExampleCompareSpans() {
	day := func(text string) analysis.Day { d, _ := analysis.ParseDay(text); return d }
	q1 := analysis.Span{From: day("2025-01-01"), To: day("2025-04-01")}
	q1After := analysis.Span{From: day("2026-01-01"), To: day("2026-04-01")}
	c, err := analysis.CompareSpans(analysis.Input{Metric: surveys.NPS, Days: []analysis.DayCounts{
		{Day: day("2025-02-03"), Counts: surveys.Counts{3: 60, 8: 80, 9: 260}},
		{Day: day("2026-02-02"), Counts: surveys.Counts{3: 120, 8: 80, 9: 200}},
	}}, q1, q1After)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Verdict.Text)
	// Output: Down 30 on Q1 2025: a real change.
}

func ExampleSpan_String() {
	day := func(text string) analysis.Day { d, _ := analysis.ParseDay(text); return d }
	fmt.Println(analysis.Span{From: day("2026-04-01"), To: day("2026-07-01")})
	fmt.Println(analysis.Span{From: day("2026-03-02"), To: day("2026-03-09")})
	// Output:
	// Q2 2026
	// 2 to 8 March 2026
}
