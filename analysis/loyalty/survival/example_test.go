package survival_test

import (
	"errors"
	"fmt"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty/survival"
)

// months are lifetimes: those who left, and those who are still there.
func months(left, staying []float64) survival.Lifetimes {
	var l survival.Lifetimes
	for _, t := range left {
		_ = l.Add(t, survival.Left)
	}
	for _, t := range staying {
		_ = l.Add(t, survival.Staying)
	}
	return l
}

func ExampleLifetimes_Add() {
	var l survival.Lifetimes
	err := l.Add(-1, survival.Left)
	fmt.Println(err)
	// Output: analysis: duration: -1 is not a time of 0 or more
}

func ExampleLifetimes_Merge() {
	all := months([]float64{3}, nil)
	all.Merge(months([]float64{3, 5}, []float64{7}))
	fmt.Println(all.People(), all.Events())
	// Output: 4 3
}

func ExampleLifetimes_People() {
	fmt.Println(months([]float64{3, 5}, []float64{7}).People())
	// Output: 3
}

func ExampleLifetimes_Events() {
	fmt.Println(months([]float64{3, 5}, []float64{7}).Events())
	// Output: 2
}

func ExampleEstimate() {
	c, _ := survival.Estimate(months([]float64{1, 2, 2, 5}, []float64{3, 6}), 0.95)
	for _, s := range c.Steps {
		fmt.Printf("after %v months %.0f %% stay (%.0f to %.0f)\n", s.Time, 100*s.Share, 100*s.Bounds.Low, 100*s.Bounds.High)
	}
	// Output:
	// after 1 months 83 % stay (27 to 97)
	// after 2 months 50 % stay (11 to 80)
	// after 5 months 25 % stay (1 to 65)
}

func ExampleCurve_At() {
	c, _ := survival.Estimate(months([]float64{1, 2}, []float64{6}), 0.95)
	share, _, known := c.At(4)
	fmt.Printf("%.2f %v\n", share, known)
	_, _, known = c.At(12)
	fmt.Println(known)
	// Output:
	// 0.33 true
	// false
}

func ExampleCurve_Quantile() {
	c, _ := survival.Estimate(months([]float64{1, 2, 4}, []float64{6}), 0.95)
	median, ok := c.Quantile(0.5)
	fmt.Println(median, ok)
	// Output: 2 true
}

func ExampleCurve_MeanUntil() {
	c, _ := survival.Estimate(months([]float64{1, 2, 4}, []float64{6}), 0.95)
	m, _ := c.MeanUntil(6)
	fmt.Printf("%.2f months of the first %v; %.0f %% stay longer", m.Value, m.Horizon, 100*m.Staying)
	// Output: 3.25 months of the first 6; 25 % stay longer
}

func ExampleTestCurves() {
	detractors := months([]float64{1, 1, 2, 3, 4, 5}, []float64{6, 6})
	promoters := months([]float64{5, 6}, []float64{6, 6, 6, 6, 6, 6})
	test, _ := survival.TestCurves([]survival.Lifetimes{detractors, promoters})
	fmt.Printf("χ² = %.1f, p = %.2f; %d detractors left, %.1f would have", test.ChiSquare, test.P, test.Observed[0], test.Expected[0])
	// Output: χ² = 5.6, p = 0.02; 6 detractors left, 2.9 would have
}

func ExampleFitCox() {
	var subjects []survival.Subject
	for i := range 60 {
		score := float64(i % 11)
		subjects = append(subjects, survival.Subject{Time: 1 + score + float64(i%7), Outcome: survival.Left, X: []float64{score}})
	}
	m, _ := survival.FitCox([]string{"score"}, subjects, survival.Efron, 0.95)
	fmt.Printf("a point more: risk × %.2f (%.2f to %.2f)\n", m.Terms[0].Ratio, m.Terms[0].Low, m.Terms[0].High)

	_, err := survival.FitCox([]string{"score"}, subjects[:4], survival.Efron, 0.95)
	var refusal *analysis.Refusal
	fmt.Println(errors.As(err, &refusal), refusal.Reason)
	// Output:
	// a point more: risk × 0.61 (0.53 to 0.70)
	// true too_few_events
}
