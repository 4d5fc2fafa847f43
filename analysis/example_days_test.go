package analysis_test

import (
	"fmt"
	"time"

	"github.com/harkhq/hark/analysis"
)

func ExampleDateDay() {
	day := analysis.DateDay(2026, time.March, 1)
	fmt.Println(day-1, int(day))
	// Output: 2026-02-28 20513
}

func ExampleParseDay() {
	day, err := analysis.ParseDay("2026-03-01")
	fmt.Println(day+7, err)
	_, err = analysis.ParseDay("1 March")
	fmt.Println(err)
	// Output:
	// 2026-03-08 <nil>
	// analysis: day: "1 March" is not a date like 2026-03-01
}

func ExampleBucketings() {
	day := analysis.DateDay(2026, time.May, 14)
	for _, width := range analysis.Bucketings() {
		fmt.Printf("%s from %s to before %s\n", width, width.Start(day), width.Next(day))
	}
	// Output:
	// day from 2026-05-14 to before 2026-05-15
	// week from 2026-05-11 to before 2026-05-18
	// month from 2026-05-01 to before 2026-06-01
	// quarter from 2026-04-01 to before 2026-07-01
}

func ExampleBucketingFor() {
	from := analysis.DateDay(2025, time.January, 1)
	for _, days := range []analysis.Day{28, 365, 3 * 365, 10 * 365} {
		fmt.Println(int(days), analysis.BucketingFor(from, from+days))
	}
	// Output:
	// 28 day
	// 365 week
	// 1095 month
	// 3650 quarter
}

func ExampleDefaultControl() {
	o := analysis.DefaultControl()
	o.Limit = 2.7 // finds a shift a week sooner, and alarms twice as often at nothing
	fmt.Printf("baseline of %d buckets, λ %g, limits at %g σ, single buckets at %g σ\n", o.Baseline, o.Lambda, o.Limit, o.Funnel)
	// Output: baseline of 26 buckets, λ 0.2, limits at 2.7 σ, single buckets at 3 σ
}

func ExampleCheckPeriod() {
	from := analysis.DateDay(2026, 1, 1)
	fmt.Println(analysis.CheckPeriod(from, from+90))
	fmt.Println(analysis.CheckPeriod(from, from))
	// Output:
	// <nil>
	// analysis: from: 2026-01-01 is not before 2026-01-01
}
