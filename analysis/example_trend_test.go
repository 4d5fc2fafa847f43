package analysis_test

import (
	"fmt"

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
	// Output: a fall, seen in week 35, began in week 27
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
	// Output: 29, usually -56 to 114
}
