package analysis_test

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

func ExampleMethods() {
	counts := surveys.Counts{2: 1, 5: 9} // nine of ten satisfied
	for _, method := range analysis.Methods(surveys.CSAT) {
		i, _ := analysis.IntervalBy(method, surveys.CSAT, counts, 0.95)
		fmt.Printf("%s: %.1f to %.1f\n", method, i.Low, i.High)
	}
	// Output:
	// wilson: 59.6 to 98.2
	// jeffreys: 61.9 to 98.9
	// agresti-coull: 57.4 to 100.4
	// clopper-pearson: 55.5 to 99.7
	// wilson-cc: 54.1 to 99.5
	// wald: 71.4 to 108.6
}

func ExampleMean() {
	a, _ := analysis.Mean(surveys.CES, surveys.Counts{2: 3, 4: 5, 5: 10, 6: 20, 7: 12}, 0.95)
	fmt.Printf("%.2f (%.2f to %.2f), half of them %.0f or more", a.Mean, a.Interval.Low, a.Interval.High, a.Median)
	// Output: 5.60 (5.23 to 5.97), half of them 6 or more
}

func ExampleBootstrap() {
	counts := surveys.Counts{2: 3, 4: 5, 5: 10, 6: 20, 7: 12}
	chance := rand.New(rand.NewPCG(1, 2))
	for _, of := range []analysis.Statistic{analysis.Headline, analysis.MeanChoice, analysis.EffortIndex} {
		i, _ := analysis.Bootstrap(of, surveys.CES, counts, analysis.Resampling{Confidence: 0.95, Rand: chance})
		fmt.Printf("%s: %.1f to %.1f\n", of, i.Low, i.High)
	}
	// Output:
	// headline: 74.0 to 94.0
	// mean: 5.2 to 5.9
	// index: 40.0 to 74.0
}

func ExamplePool() {
	agreement := analysis.Answers{Metric: surveys.CES, Counts: surveys.Counts{5: 3, 7: 9}}
	effort := analysis.Answers{Metric: surveys.CES5, Counts: surveys.Counts{1: 8, 2: 4}}
	_, err := analysis.Pool(agreement, effort)
	fmt.Println(err)
	// Output: analysis: metric: answers of ces and ces5 make no score together
}

func ExampleRepeats_Score() {
	orders := analysis.Repeats{Metric: surveys.NPS} // one survey after each order
	for i := range 100 {
		switch i % 4 {
		case 0:
			_ = orders.Add(surveys.Counts{5: 3}) // a detractor, three times
		case 1:
			_ = orders.Add(surveys.Counts{8: 1})
		default:
			_ = orders.Add(surveys.Counts{10: 3})
		}
	}
	c, _ := orders.Score(0.95)
	fmt.Printf("%d answers of %d people: NPS %.0f (%.0f to %.0f), as of %.0f",
		c.N, c.People, c.Score, c.Interval.Low, c.Interval.High, c.Effective)
	// Output: 250 answers of 100 people: NPS 30 (10 to 48), as of 82
}

func ExampleRepeats_Merge() {
	monday, tuesday := analysis.Repeats{Metric: surveys.CSAT}, analysis.Repeats{Metric: surveys.CSAT}
	_ = monday.Add(surveys.Counts{4: 2, 5: 1}) // all answers of one person
	_ = tuesday.Add(surveys.Counts{1: 1})      // of another
	_ = monday.Merge(tuesday)
	fmt.Println(monday.People, "people,", monday.Answers, "answers,", monday.Good, "of them good")
	// Output: 2 people, 4 answers, 3 of them good
}

// customers are the answers of a shop where the regulars like to answer.
func customers() []analysis.Cell {
	return []analysis.Cell{
		{Values: []string{"regular"}, Counts: surveys.Counts{3: 10, 8: 30, 10: 60}},
		{Values: []string{"new"}, Counts: surveys.Counts{3: 20, 8: 20, 10: 10}},
	}
}

func ExampleRake() {
	half := analysis.Margin{Key: "customer", Shares: map[string]float64{"regular": 0.5, "new": 0.5}}
	w, _ := analysis.Rake([]analysis.Margin{half}, customers(), analysis.Trim{})
	fmt.Printf("weights %.2f; 150 answers are worth %.0f\n", w.Values, w.Effective)

	noNew := customers()[:1]
	_, err := analysis.Rake([]analysis.Margin{half}, noNew, analysis.Trim{})
	var refusal *analysis.Refusal
	fmt.Println(errors.As(err, &refusal), refusal.Reason, refusal.Name)
	// Output:
	// weights [0.75 1.50]; 150 answers are worth 133
	// true empty_cell customer=new
}

func ExampleWeigh() {
	s, _ := analysis.Weigh(surveys.NPS, customers(), []float64{0.75, 1.5}, 0.95)
	fmt.Printf("NPS %.0f (%.0f to %.0f), without weights %.0f", s.Score, s.Interval.Low, s.Interval.High, s.Unweighted.Score)
	// Output: NPS 15 (1 to 28), without weights 27
}

func ExampleWorstVariance() {
	for _, m := range []surveys.Metric{surveys.NPS, surveys.CSAT} {
		n, _ := analysis.SampleForMargin(analysis.WorstVariance(m), 5, 0.95)
		fmt.Println(m, n)
	}
	// Output:
	// nps 1534
	// csat 382
}

func ExamplePilotVariance() {
	pilot := surveys.Counts{2: 2, 4: 10, 5: 28}
	v, _ := analysis.PilotVariance(surveys.CSAT, pilot)
	n, _ := analysis.SampleForMargin(v, 5, 0.95)
	fmt.Println(n)
	// Output: 124
}

func ExampleRefuse() {
	err := analysis.Refuse("from", "%s is not before %s", "2026-05", "2026-04")
	var bad *analysis.InputError
	fmt.Println(errors.As(err, &bad), bad.Field)
	// Output: true from
}

func ExampleCheckConfidence() {
	fmt.Println(analysis.CheckConfidence(0.95))
	fmt.Println(analysis.CheckConfidence(95))
	// Output:
	// <nil>
	// analysis: confidence: 95 is not between 0.5 and 0.9999 (0.95 is usual)
}
