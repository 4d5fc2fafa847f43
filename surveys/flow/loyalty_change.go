package flow

import (
	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/surveys"
)

// stepChange tests whether a rate of people differs between the last two whole
// steps; nil where there are none to compare. Whoever stays decides anew in each
// step, so that the two shares are independent.
func stepChange(points []loyalty.Point) (*analysis.Difference, error) {
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
	return &d, nil
}

// shareCounts writes a share as answers that are good or bad, in which form
// package analysis compares shares.
func shareCounts(p loyalty.Point) surveys.Counts { return surveys.Counts{1: p.Of - p.N, 5: p.N} }
