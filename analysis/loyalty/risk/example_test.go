package risk_test

import (
	"errors"
	"fmt"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty/risk"
	"github.com/harkhq/hark/surveys"
)

// quarter makes 990 people who were asked before a day: of those who gave score
// s, (11−s) in 22 leave within the quarter after it.
func quarter(from analysis.Day) risk.Sample {
	s := risk.Sample{Features: []string{risk.ScoreFeature}}
	for i := range 990 {
		score := i % 11
		s.Cases = append(s.Cases, risk.Case{
			Person: fmt.Sprint("person ", i), Measured: from - 1, From: from, To: from + 90,
			X: []float64{float64(score)}, Lost: i/11%22 < 11-score,
		})
	}
	return s
}

func ExampleFitLogit() {
	m, _ := risk.FitLogit(quarter(0), 0.95)
	fmt.Printf("a point more: odds of leaving × %.2f (%.2f to %.2f)", m.Terms[0].Odds, m.Terms[0].Low, m.Terms[0].High)
	// Output: a point more: odds of leaving × 0.79 (0.75 to 0.83)
}

func ExampleFitLogit_measuredTooLate() {
	s := quarter(0)
	s.Cases[0].Measured = 30 // asked when some had left already
	_, err := risk.FitLogit(s, 0.95)
	fmt.Println(err)
	// Output: analysis: measured: case 0 was measured on 1970-01-31, when its risk period from 1970-01-01 had begun
}

func ExampleLogit_Validate() {
	m, _ := risk.FitLogit(quarter(0), 0.95)
	v, _ := m.Validate(quarter(90), risk.Limits{})
	fmt.Printf("AUC %.2f (%.2f to %.2f), slope %.2f, Brier %.3f against %.3f, passed: %v",
		v.AUC, v.AUCLow, v.AUCHigh, v.Calibration.Slope, v.Brier, v.BrierBase, v.Refused == nil)
	// Output: AUC 0.70 (0.66 to 0.73), slope 1.00, Brier 0.185 against 0.205, passed: true
}

func ExampleLogit_Recalibrate() {
	m, _ := risk.FitLogit(quarter(0), 0.95)
	m, err := m.Recalibrate(quarter(90))
	v, _ := m.Validate(quarter(180), risk.Limits{})
	fmt.Printf("%v, slope %.2f", err, v.Calibration.Slope)
	// Output: <nil>, slope 1.00
}

func ExampleValidation_AtRisk() {
	m, _ := risk.FitLogit(quarter(0), 0.95)
	v, _ := m.Validate(quarter(90), risk.Limits{})
	today := []risk.Case{
		{Person: "Ada", Measured: 179, From: 180, To: 270, X: []float64{1}},
		{Person: "Bo", Measured: 179, From: 180, To: 270, X: []float64{9}},
	}
	list, _ := v.AtRisk(today, risk.ListLimits{})
	for _, p := range list {
		fmt.Printf("%s: %.0f %%, of %d like that %d left; %s %v, usually %v\n",
			p.Person, 100*p.Risk, p.Like.N, p.Like.Lost, p.Reasons[0].Feature, p.Reasons[0].Value, p.Reasons[0].Usual)
	}

	_, err := risk.Validation{}.AtRisk(today, risk.ListLimits{})
	var refusal *analysis.Refusal
	fmt.Println(errors.As(err, &refusal), refusal.Reason)
	// Output:
	// Ada: 48 %, of 90 like that 42 left; score 1, usually 5
	// true not_validated
}

func ExampleValidation_Caveats() {
	m, _ := risk.FitLogit(quarter(0), 0.95)
	v, _ := m.Validate(quarter(90), risk.Limits{})
	fmt.Println(v.Caveats())
	// Output: [association unanswered]
}

func ExampleLogit_Caveats() {
	m, _ := risk.FitLogit(quarter(0), 0.95)
	fmt.Println(m.Caveats())
	// Output: [association unanswered]
}

func ExampleCaveats() {
	fmt.Println(risk.Caveats(append(risk.ScoreNames(), "tenure"), 25))
	// Output: [association few_events]
}

func ExampleScoreNames() {
	fmt.Println(risk.ScoreNames())
	// Output: [score no_answer]
}

func ExampleScoreFeatures() {
	x, _ := risk.ScoreFeatures(surveys.NPS, nil)
	fmt.Println(x)
	// Output: [5 1]
}
