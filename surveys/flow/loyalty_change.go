package flow

import (
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/surveys"
)

// StepChange is how a rate moved from one whole step to the next.
type StepChange struct {
	analysis.Difference
	// Real says that so large a move comes about by chance in fewer than 1 of 100
	// cases, since somebody looks at every step, and that the step lies beyond what
	// the whole steps before it varied by, where there are enough of them to tell.
	Real bool `json:"real"`
}

const (
	realP      = 0.01 // the greatest p of a move that is called real
	usualSteps = 5    // so many whole steps say how much a rate usually varies
)

// stepChange tests whether a rate of people differs between the last two whole
// steps; nil where there are none to compare. Whoever stays decides anew in each
// step, so that the two shares are independent.
func stepChange(points []loyalty.Point) (*StepChange, error) {
	var whole []loyalty.Point
	for _, p := range points {
		if !p.Partial && p.Value != nil {
			whole = append(whole, p)
		}
	}
	if len(whole) < 2 {
		return nil, nil
	}
	before, now := whole[len(whole)-2], whole[len(whole)-1]
	d, err := analysis.Compare(surveys.CSAT, shareCounts(before), shareCounts(now), confidence)
	if err != nil {
		return nil, err
	}
	change := &StepChange{Difference: d, Real: d.P < realP}
	if change.Real && len(whole) > usualSteps {
		change.Real, err = unusual(whole, d.Difference)
	}
	return change, err
}

// unusual reports whether the last step lies beyond the limits of those before
// it, on the side to which it moved. The limits know how many people each step
// has, and how much more than chance the steps varied (Laney 2002).
func unusual(whole []loyalty.Point, moved float64) (bool, error) {
	counts := make([]surveys.Counts, len(whole))
	for i, p := range whole {
		counts[i] = shareCounts(p)
	}
	options := analysis.DefaultControl()
	options.Baseline = len(whole) - 1
	chart, err := analysis.Control(surveys.CSAT, counts, options)
	if err != nil {
		return false, err
	}
	last, share := chart.Points[len(whole)-1], *whole[len(whole)-1].Value
	return moved > 0 && share > last.FunnelHigh || moved < 0 && share < last.FunnelLow, nil
}

// shareCounts writes a share as answers that are good or bad, in which form
// package analysis compares shares.
func shareCounts(p loyalty.Point) surveys.Counts { return surveys.Counts{1: p.Of - p.N, 5: p.N} }

// endless reports whether a plan counts contracts of which none can end.
func endless(plan surveys.LoyaltyPlan) bool {
	return plan.Basis == surveys.LoyaltyByContract && !slices.ContainsFunc(plan.Meanings, func(m surveys.EventMeaning) bool { return m.Kind == surveys.LoyaltyEnded })
}

// needsEnd reports whether a rate of contracts takes knowing which of them ended.
func needsEnd(rate loyalty.Rate) bool {
	switch rate {
	case loyalty.RetentionRate, loyalty.ChurnRate, loyalty.GrossChurn, loyalty.NetChurn, loyalty.RenewalRate, loyalty.Lifespan:
		return true
	}
	return false
}

// needsStepBefore reports whether a rate is one of the customers of the step
// before. Who has a contract is known on any day; who buys or acts takes all
// events of a step.
func needsStepBefore(rate loyalty.Rate) bool {
	return needsEnd(rate) && rate != loyalty.RenewalRate
}

// unsay takes the numbers out of points, and leaves the steps.
func unsay(points []loyalty.Point) {
	for i := range points {
		points[i].Ratio = loyalty.Ratio{}
	}
}
