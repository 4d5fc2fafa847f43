package analysis

import (
	"github.com/harkhq/hark/analysis/internal/dist"
)

// Proportion is the Wilson interval of the share x/n, in percent: of a bar, a
// response rate, or any other part of a whole. It refuses a whole of none and
// parts that are not within it.
func Proportion(x, n int64, confidence float64) (Interval, error) {
	if err := CheckConfidence(confidence); err != nil {
		return Interval{}, err
	}
	if n <= 0 || x < 0 || x > n {
		return Interval{}, Refuse("counts", "%d is no part of %d", x, n)
	}
	low, high := dist.Wilson(float64(x), float64(n), dist.Z(confidence))
	return Interval{Low: 100 * low, High: 100 * high, Confidence: confidence, Method: Wilson}, nil
}
