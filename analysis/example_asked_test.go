package analysis_test

import (
	"fmt"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

func ExampleProportion() {
	i, _ := analysis.Proportion(81, 263, 0.95)
	fmt.Printf("%.1f %% to %.1f %% by %s", i.Low, i.High, i.Method)
	// Output: 25.5 % to 36.6 % by wilson
}

func ExampleResponseRate() {
	asked := func(sent, answered int64) surveys.Asked {
		return surveys.Asked{Invited: sent, Sent: sent, Answered: answered}
	}
	a, _ := analysis.ResponseRate(analysis.AskedInput{
		All: asked(2000, 455),
		Segments: map[string]map[string]surveys.Asked{
			"plan": {"free": asked(800, 200), "gift": asked(400, 52), "pro": asked(800, 203)},
		},
	})
	fmt.Printf("%.0f %% answered\n", 100**a.Rate)
	for _, s := range a.Segments {
		fmt.Printf("%s %s: %.0f %%, %q\n", s.Key, s.Value, 100**s.Rate, s.Verdict)
	}
	// Output:
	// 23 % answered
	// plan gift: 13 %, "lower"
	// plan free: 25 %, "untold"
	// plan pro: 25 %, "higher"
}

func ExampleCheckNonResponse() {
	asked := map[string]surveys.Asked{ // as many new customers as old ones
		"new": {Invited: 1000, Sent: 1000, Answered: 100},
		"old": {Invited: 1000, Sent: 1000, Answered: 300},
	}
	answers := map[string]surveys.Counts{ // but the old ones answer, and are happier
		"new": {2: 50, 9: 50},
		"old": {2: 30, 9: 270},
	}
	n, _ := analysis.CheckNonResponse(surveys.NPS, "customer", asked, answers, 0.95)
	fmt.Printf("differs: %v; %+.0f, and %+.0f had all answered alike\n", n.Differs, *n.Unweighted, *n.Score)
	// Output: differs: true; +60, and +40 had all answered alike
}

func ExampleSettleDays() {
	delays := make([]time.Duration, 100) // an answer every two hours
	for i := range delays {
		delays[i] = time.Duration(2*i) * time.Hour
	}
	fmt.Println(analysis.SettleDays(delays), "days; of few:", analysis.SettleDays(delays[:9]))
	// Output: 8 days; of few: 7
}

func ExampleCompareShares() {
	d, err := analysis.CompareShares(48, 80, 56, 70, 0.95) // Newcombe 1998, table II
	fmt.Printf("%.1f points, %.2f to %.2f, %v\n", d.Difference, d.Low, d.High, err)
	// Output: 20.0 points, 5.24 to 33.39, <nil>
}
