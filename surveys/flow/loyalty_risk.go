package flow

import (
	"math"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/analysis/loyalty/risk"
	"github.com/harkhq/hark/surveys"
)

// riskDays is how far ahead a risk looks: a quarter.
const riskDays = 91

// MaxRisks bounds the list of people at risk: nobody works off more.
const MaxRisks = 200

// Risks says how well leaving can be foretold, and whether well enough to name
// people.
type Risks struct {
	Days       int              `json:"days"` // the horizon
	Model      *risk.Logit      `json:"model,omitempty"`
	Validation *risk.Validation `json:"validation,omitempty"`
	Refused    *Refused         `json:"refused,omitempty"` // why nobody is named
	Listed     int              `json:"listed"`            // at most MaxRisks, the likeliest
	Total      int              `json:"total"`             // everybody whose chance is that high
	Caveats    []loyalty.Caveat `json:"caveats"`
}

// riskCases gathers what was known of customers on four days, a horizon apart,
// and what became of them. The first two teach, the third puts to the test, and
// the last is today, whose outcome nobody knows.
type riskCases struct {
	watch   *watch
	metric  surveys.Metric // "" without a survey
	samples [4][]risk.Case
}

// add gathers a person's case on each of the four days on which they were a
// customer.
func (r *riskCases) add(person string, h *loyalty.History, scores []scored) error {
	for i := range r.samples {
		day := r.watch.to - analysis.Day((3-i)*riskDays)
		if day < r.watch.complete {
			continue
		}
		fate, followed, err := h.Fate(loyalty.Span{Basis: r.watch.basis, From: day, To: day + riskDays, Lapse: r.watch.lapse})
		if err != nil {
			return err
		}
		if !followed {
			continue
		}
		x, err := r.features(h, day, scores)
		if err != nil {
			return err
		}
		r.samples[i] = append(r.samples[i], risk.Case{Person: person, Measured: day - 1, From: day, To: day + riskDays, X: x, Lost: !fate.Kept})
	}
	return nil
}

// The features beside those that a score makes: logarithms of one more than a
// number, so that the tenth day weighs more than the thousandth.
const (
	featureTenure   = "tenure"   // days since the first event
	featureSilence  = "silence"  // days since they last did anything
	featureActivity = "activity" // days with an action in the 90 before
)

func (r *riskCases) names() []string {
	names := []string{featureTenure, featureSilence, featureActivity}
	if r.metric != "" {
		names = append(names, risk.ScoreNames()...)
	}
	return names
}

// features are what was known of a person before a day.
func (r *riskCases) features(h *loyalty.History, day analysis.Day, scores []scored) ([]float64, error) {
	known, _ := h.At(day)
	x := []float64{math.Log1p(float64(known.Tenure)), math.Log1p(float64(known.Silence)), math.Log1p(float64(known.Acts))}
	if r.metric == "" {
		return x, nil
	}
	made, err := risk.ScoreFeatures(r.metric, scoreBefore(scores, day))
	return append(x, made...), err
}

// finish learns, puts to the test, and lists people only if that was passed.
func (r *riskCases) finish() (*Risks, []surveys.Risk, error) {
	found := &Risks{Days: riskDays}
	names := r.names()
	if len(r.samples[0])+len(r.samples[1]) == 0 || len(r.samples[2]) == 0 {
		found.Refused = &Refused{Reason: risk.TooFewEvents}
		return found, nil, nil
	}
	model, err := risk.FitLogit(risk.Sample{Features: names, Cases: append(r.samples[0], r.samples[1]...)}, confidence)
	if err != nil {
		found.Refused, err = refusal(err)
		return found, nil, err
	}
	found.Model = &model
	v, err := model.Validate(risk.Sample{Features: names, Cases: r.samples[2]}, risk.Limits{})
	if err != nil {
		found.Refused, err = refusal(err)
		return found, nil, err
	}
	found.Validation, found.Caveats = &v, v.Caveats()
	if v.Refused != nil {
		found.Refused = v.Refused
		return found, nil, nil
	}
	people, err := v.AtRisk(r.samples[3], risk.ListLimits{Most: max(1, len(r.samples[3])), Reasons: len(names)})
	if err != nil {
		return nil, nil, err
	}
	found.Total = len(people)
	people = people[:min(len(people), MaxRisks)]
	found.Listed = len(people)
	return found, risksOf(people), nil
}

// maxReasons is how many reasons are named for one person.
const maxReasons = 3

// speaks reports whether a reason says by itself why somebody may leave. That
// somebody answered only goes with what they answered, and who was active lately
// gives no cause for worry by that, whatever the model makes of it.
func speaks(why risk.Reason) bool {
	switch why.Feature {
	case risk.NoAnswerFeature:
		return why.Value > 0.5
	case featureSilence:
		return why.Value > why.Usual
	case featureActivity:
		return why.Value < why.Usual
	}
	return true
}

func risksOf(people []risk.AtRisk) []surveys.Risk {
	list := make([]surveys.Risk, len(people))
	for i, p := range people {
		list[i] = surveys.Risk{PersonID: p.Person, Chance: p.Risk, Reasons: []surveys.RiskReason{}}
		for _, why := range p.Reasons {
			if len(list[i].Reasons) < maxReasons && speaks(why) {
				list[i].Reasons = append(list[i].Reasons, surveys.RiskReason{Feature: why.Feature, Value: why.Value, Usual: why.Usual, Odds: why.Odds})
			}
		}
	}
	return list
}
