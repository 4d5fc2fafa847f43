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

// CompareShares tests whether the share xb/nb differs from xa/na, as [Compare] does of
// shares of good answers: the difference is b minus a, in percentage points, with
// Newcombe's hybrid score interval (Newcombe 1998, method 10). It refuses groups of
// nobody and parts that are not within them.
func CompareShares(xa, na, xb, nb int64, confidence float64) (Difference, error) {
	if err := CheckConfidence(confidence); err != nil {
		return Difference{}, err
	}
	if na <= 0 || nb <= 0 || xa < 0 || xa > na || xb < 0 || xb > nb {
		return Difference{}, Refuse("counts", "%d of %d and %d of %d cannot be compared", xa, na, xb, nb)
	}
	return compareShares(bands{good: xa, bad: na - xa}, bands{good: xb, bad: nb - xb}, confidence), nil
}
