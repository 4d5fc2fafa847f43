package analysis

import (
	"math"

	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/surveys"
)

// Needed is how many answers it would take to be sure.
type Needed struct {
	Points float64 `json:"points"` // to confirm a difference of this size …
	N      int64   `json:"n"`      // … each of the two groups needs so many answers
}

// WorstVariance is the greatest that the variance of one answer can be, in
// points²: 10⁴ for NPS, half promoters and half detractors; 2500 for a share of
// 50 %. Sample sizes that hold whatever comes are made with it; 0 for a metric
// that there is not.
func WorstVariance(m surveys.Metric) float64 {
	switch {
	case !m.Valid():
		return 0
	case m.Scale().Net:
		return 1e4
	}
	return 2500
}

// PilotVariance guesses the variance of one answer, in points², from answers that
// are there already. It is the one of the adjusted score, since a few answers that
// agree do not mean that the next will. No answers are refused.
func PilotVariance(m surveys.Metric, c surveys.Counts) (float64, error) {
	if err := checkCounts(m, c); err != nil {
		return 0, err
	}
	b := bandsOf(m.Scale(), c)
	if b.n() == 0 {
		return 0, Refuse("counts", "no answers")
	}
	return b.oneAnswer(), nil
}

// SampleForMargin returns how many answers give a margin of ± points:
// n = z²·v/d² − 3, from the adjusted Wald interval; at least 1. Variance is that
// of one answer in points²: [WorstVariance], [PilotVariance], or 6700 as a good
// guess for NPS. The 3 are of NPS; for a share they stand for Agresti and Coull's
// z², which is 3.8 at 95 %: within a few answers, the size is the same.
func SampleForMargin(variance, points, confidence float64) (int64, error) {
	if err := checkSample(variance, points, confidence); err != nil {
		return 0, err
	}
	return sampleSize(answersForMargin(variance, points, confidence)), nil
}

// SampleForDifference returns how many answers each of two groups needs so that
// a true difference of points is found with the given power, 0.5…0.9999 (0.8 is
// usual; under a half a search is no plan, and the formula does not hold):
// n = 2v·(z_{α/2}+z_β)²/d² − 3, at least 1.
func SampleForDifference(variance, points, confidence, power float64) (int64, error) {
	if err := checkSample(variance, points, confidence); err != nil {
		return 0, err
	}
	if !(power >= 0.5 && power <= 0.9999) {
		return 0, Refuse("power", "%v is not between 0.5 and 0.9999 (0.8 is usual)", power)
	}
	return sampleSize(answersForDifference(variance, points, confidence, power)), nil
}

func checkSample(variance, points, confidence float64) error {
	const most = 1e4 * (1 + 1e-9) // but for rounding, of scores between −100 and 100
	if !(variance >= 0 && variance <= most) {
		return Refuse("variance", "%v is not between 0 and 10000 points²", variance)
	}
	if !(math.Abs(points) >= 1e-6) || math.IsInf(points, 0) {
		return Refuse("points", "%v is no difference to find", points)
	}
	return CheckConfidence(confidence)
}

// answersForMargin is z²·v/d² − 3, not yet a whole number.
func answersForMargin(variance, points, confidence float64) float64 {
	z := dist.Z(confidence)
	return z*z*variance/(points*points) - 3
}

// answersForDifference is 2v·(z_{α/2}+z_β)²/d² − 3, not yet a whole number.
func answersForDifference(variance, points, confidence, power float64) float64 {
	z := dist.Z(confidence) + dist.ZPower(power)
	return 2*variance*z*z/(points*points) - 3
}

// sampleSize rounds up to whole answers, one at least.
func sampleSize(n float64) int64 { return int64(math.Max(1, math.Ceil(n))) }
