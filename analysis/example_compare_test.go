package analysis_test

import (
	"fmt"
	"math"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

func ExampleCompareBy() {
	before, after := surveys.Counts{4: 20, 7: 30, 9: 50}, surveys.Counts{4: 25, 7: 30, 9: 45}
	for _, method := range analysis.CompareMethods(surveys.NPS) {
		d, _ := analysis.CompareBy(method, surveys.NPS, before, after, 0.95)
		fmt.Printf("%s: %.1f to %.1f\n", d.Method, d.Low, d.High)
	}
	// Output:
	// adjusted-wald: -31.4 to 12.0
	// mover: -31.7 to 12.1
	// wald: -32.1 to 12.1
}

func ExampleCompareMethods() {
	fmt.Println(analysis.CompareMethods(surveys.CSAT))
	// Output: [newcombe agresti-caffo wald]
}

func ExampleFisherExact() {
	p, _ := analysis.FisherExact(surveys.CSAT, surveys.Counts{2: 1, 5: 6}, surveys.Counts{2: 5, 5: 2})
	fmt.Printf("%.2f", p)
	// Output: 0.10
}

func ExampleCompareMeans() {
	d, _ := analysis.CompareMeans(surveys.CES, surveys.Counts{4: 10, 6: 20, 7: 10}, surveys.Counts{4: 4, 6: 20, 7: 16}, 0.95)
	fmt.Printf("%+.2f (%.2f to %.2f), p = %.2f", d.Difference, d.Low, d.High, d.P)
	// Output: +0.45 (0.00 to 0.90), p = 0.05
}

func ExampleMannWhitney() {
	test, _ := analysis.MannWhitney(surveys.CSAT, surveys.Counts{2: 10, 4: 20, 5: 10}, surveys.Counts{2: 5, 4: 15, 5: 25})
	fmt.Printf("%.0f %% of pairs are won by the second group, p = %.3f", 100*test.Superiority, test.P)
	// Output: 67 % of pairs are won by the second group, p = 0.004
}

func ExampleTestRanks() {
	regions := []surveys.Counts{{2: 10, 4: 20, 5: 10}, {2: 8, 4: 20, 5: 14}, {2: 5, 4: 15, 5: 25}}
	test, _ := analysis.TestRanks(surveys.CSAT, regions)
	fmt.Printf("H = %.1f with %d degrees of freedom, p = %.2f", test.ChiSquare, test.DF, test.P)
	// Output: H = 8.8 with 2 degrees of freedom, p = 0.01
}

func ExampleKolmogorovSmirnov() {
	test, _ := analysis.KolmogorovSmirnov(surveys.CSAT, surveys.Counts{1: 10, 3: 80, 5: 10}, surveys.Counts{1: 45, 3: 10, 5: 45})
	fmt.Printf("the shapes part at %d by %.2f, p = %.1g", test.At, test.Gap, test.P)
	// Output: the shapes part at 1 by 0.35, p = 1e-05
}

func ExampleComparePaired() {
	var people analysis.Transitions
	people[10][10], people[10][4], people[8][8], people[8][10], people[4][4], people[4][8] = 90, 12, 50, 5, 40, 3
	p, _ := analysis.ComparePaired(analysis.AdjustedWald, surveys.NPS, people, 0.95)
	fmt.Printf("%+.0f (%.0f to %.0f); had they been strangers, %.0f to %.0f",
		p.Difference.Difference, p.Low, p.High, p.Independent.Low, p.Independent.High)
	// Output: -8 (-15 to -1); had they been strangers, -24 to 8
}

func ExamplePairedDifference_Gain() {
	var people analysis.Transitions
	people[10][10], people[10][4], people[8][8], people[8][10], people[4][4], people[4][8] = 90, 12, 50, 5, 40, 3
	p, _ := analysis.ComparePaired(analysis.AdjustedWald, surveys.NPS, people, 0.95)
	fmt.Printf("%.0f %% of the width", 100*p.Gain())
	// Output: 46 % of the width
}

func ExampleShrinkBy() {
	agents := []surveys.Counts{{3: 60, 8: 60, 10: 180}, {3: 150, 8: 60, 10: 90}, {10: 5}}
	for _, by := range []analysis.Estimator{analysis.PauleMandel, analysis.DerSimonianLaird, analysis.REML} {
		s, _ := analysis.ShrinkBy(by, surveys.NPS, agents)
		fmt.Printf("%s: agents differ by ± %.0f; the third counts as %.0f\n", by, math.Sqrt(s.Between), s.Values[2])
	}
	// Output:
	// paule-mandel: agents differ by ± 40; the third counts as 53
	// dersimonian-laird: agents differ by ± 41; the third counts as 54
	// reml: agents differ by ± 40; the third counts as 53
}

func ExampleDifferencing() {
	fmt.Println(analysis.Differencing(60, 100, 5), analysis.Differencing(97, 100, 5))
	// Output: false true
}
