package analysis

import (
	"github.com/harkhq/hark/analysis/internal/dist"
)

import "math"

// Needed is how many answers it would take to be sure.
type Needed struct {
	Points float64 `json:"points"` // to confirm a difference of this size …
	N      int64   `json:"n"`      // … each of the two groups needs so many answers
}

// SampleForMargin returns how many answers give a margin of ± points:
// n = z²·v/d² − 3, from the adjusted Wald interval; at least 1. Variance is that
// of one answer in points²: 10⁴ is the worst case of NPS, 6700 a good guess.
func SampleForMargin(variance, points, confidence float64) (int64, error) {
	if err := checkSample(variance, points, confidence); err != nil {
		return 0, err
	}
	z := dist.Z(confidence)
	return sampleSize(z * z * variance / (points * points)), nil
}

// SampleForDifference returns how many answers each of two groups needs so that
// a true difference of points is found with the given power (0.8 is usual):
// n = 2v·(z_{α/2}+z_β)²/d² − 3, at least 1.
func SampleForDifference(variance, points, confidence, power float64) (int64, error) {
	if err := checkSample(variance, points, confidence); err != nil {
		return 0, err
	}
	if !(power > 0 && power < 1) {
		return 0, refuse("power", "%v is not between 0 and 1", power)
	}
	z := dist.Z(confidence) + dist.ZPower(power)
	return sampleSize(2 * variance * z * z / (points * points)), nil
}

func checkSample(variance, points, confidence float64) error {
	if !(variance >= 0) || math.IsInf(variance, 0) {
		return refuse("variance", "%v is not a variance", variance)
	}
	if !(math.Abs(points) >= 1e-6) || math.IsInf(points, 0) {
		return refuse("points", "%v is no difference to find", points)
	}
	return checkConfidence(confidence)
}

// sampleSize takes off the three answers that the adjustment adds.
func sampleSize(n float64) int64 { return int64(math.Max(1, math.Ceil(n-3))) }
