package drivers_test

import (
	"errors"
	"fmt"
	"math"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/drivers"
	"github.com/harkhq/hark/surveys"
)

// answer is the i-th of an invented survey: two ratings from 1 to 5 and a score
// from 0 to 10 in which the second counts three times as much.
func answer(i int) (ratings []float64, score int) {
	speed, staff := 1+i%5, 1+(i*i/7)%5
	return []float64{float64(speed), float64(staff)}, min(10, max(0, (speed+3*staff)/2+i%3))
}

func survey(n int) *drivers.Products {
	p, err := drivers.NewProducts([]string{"speed", "staff"})
	if err != nil {
		panic(err)
	}
	for i := range n {
		ratings, score := answer(i)
		if err := p.Add(ratings, float64(score)); err != nil {
			panic(err)
		}
	}
	return p
}

func ExampleImportance() {
	r, err := drivers.Importance(survey(200), drivers.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("R² %.2f of %d answers, by %s\n", r.R2, r.N, r.Method)
	for _, d := range r.Drivers {
		fmt.Printf("%s %.0f %% (%.0f–%.0f)\n", d.Name, 100*d.Share, 100*d.Interval.Low, 100*d.Interval.High)
	}
	// Output:
	// R² 0.85 of 200 answers, by lmg
	// speed 6 % (3–10)
	// staff 94 % (90–97)
}

func ExampleImportance_refused() {
	_, err := drivers.Importance(survey(15), drivers.Options{})
	var refusal *analysis.Refusal
	if errors.As(err, &refusal) {
		fmt.Printf("%s: %.0f answers, it takes %.0f", refusal.Reason, refusal.Have, refusal.Need)
	}
	// Output: too_few: 15 answers, it takes 20
}

func ExampleNewProducts() {
	p, _ := drivers.NewProducts([]string{"speed", "staff"})
	_ = p.Add([]float64{4, 5}, 9)
	_ = p.Add([]float64{2, 4}, 6)
	err := p.Add([]float64{3, math.NaN()}, 7)
	fmt.Println(p.N(), err)
	// Output: 2 analysis: staff: NaN is not a number from -1e100 to 1e100
}

func ExampleProducts_Merge() {
	january, february := survey(120), survey(80)
	if err := january.Merge(february); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(january.N())
	// Output: 200
}

func ExamplePrioritise() {
	scale := surveys.Scale{Min: 1, Max: 5, GoodFrom: 4, GoodTo: 5}
	m, err := drivers.Prioritise(survey(400), []surveys.Scale{scale, scale}, drivers.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range m.Drivers {
		fmt.Printf("%s: impact %.0f %%, rated good by %.0f %%: %s\n", d.Name, 100*d.Impact, 100*d.Performance, d.Quadrant)
	}
	// Output:
	// speed: impact 6 %, rated good by 40 %: nice_to_have
	// staff: impact 94 %, rated good by 29 %: fix_first
}

func ExampleProportionalOdds() {
	p, _ := drivers.NewPatterns([]string{"speed", "staff"}, surveys.NPS.Scale())
	for i := range 400 {
		ratings, score := answer(i)
		_ = p.Add(ratings, score, 1)
	}
	o, err := drivers.ProportionalOdds(p, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range o.Terms {
		fmt.Printf("one step of %s: odds × %.1f (%.1f–%.1f)\n", t.Name, t.Ratio, t.Interval.Low, t.Interval.High)
	}
	// Output:
	// one step of speed: odds × 3.0 (2.3–3.9)
	// one step of staff: odds × 23.6 (14.2–39.3)
}

func ExampleNewPatterns() {
	p, _ := drivers.NewPatterns([]string{"speed"}, surveys.NPS.Scale())
	_ = p.Add([]float64{5}, 10, 120) // 120 promoters gave speed a 5
	_, err := drivers.ProportionalOdds(p, 0.95)
	fmt.Println(err)
	// Output: analysis: refused: empty_band (bad): have 0, need 1
}

func ExampleNewCategories() {
	plan, _ := drivers.NewCategories("plan", map[string]int64{"free": 900, "pro": 400, "team": 12, "trial": 3}, 30)
	row := make([]float64, len(plan.Columns))
	plan.Mark(row, "pro")
	fmt.Println(plan.Reference, plan.Columns, row)
	// Output: free [plan: pro plan: team, trial] [1 0]
}
