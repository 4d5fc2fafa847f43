package flow

import (
	"math"

	"github.com/harkhq/hark/surveys"
)

// InDays is a reason with its numbers as people know them: days, where the model
// reckons with their logarithms.
func InDays(r surveys.RiskReason) surveys.RiskReason {
	switch r.Feature {
	case featureTenure, featureSilence, featureActivity:
		r.Value, r.Usual = math.Round(math.Expm1(r.Value)), math.Expm1(r.Usual)
	}
	return r
}
