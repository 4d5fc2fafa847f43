package analysis

import (
	"fmt"

	"github.com/harkhq/hark/surveys"
)

// InputError refuses input that cannot be meant: a negative count, an unknown
// metric, a confidence of 95. It is the only kind of error that this
// package returns, so that a caller may show Field to whoever sent it.
type InputError struct {
	Field   string // what was wrong, in the words of [Input]: "confidence", "days", …
	Problem string // what is wrong with it
}

// Error says which field was refused and why.
func (e *InputError) Error() string { return "analysis: " + e.Field + ": " + e.Problem }

// refuse makes an InputError.
func refuse(field, format string, args ...any) error {
	return &InputError{Field: field, Problem: fmt.Sprintf(format, args...)}
}

// checkConfidence refuses a level outside 0.5…0.9999. Below lies the mistake of
// giving the error (0.05) for the confidence (0.95); above, quantiles lose their
// meaning in the last digits of a float.
func checkConfidence(confidence float64) error {
	if !(confidence >= 0.5 && confidence <= 0.9999) {
		return refuse("confidence", "%v is not between 0.5 and 0.9999 (0.95 is usual)", confidence)
	}
	return nil
}

// maxAnswers is the most that is counted: beyond it a float has no ones.
const maxAnswers = 1 << 53

// checkCounts refuses an unknown metric, a negative count, and an answer that
// the metric's scale does not have. The last is a mixed-up series, which must
// never become a score.
func checkCounts(m surveys.Metric, counts ...surveys.Counts) error {
	if !m.Valid() {
		return refuse("metric", "%q is not one of %v", string(m), surveys.Metrics())
	}
	scale := m.Scale()
	for i := range counts {
		var n float64
		for score, k := range counts[i] {
			if k < 0 {
				return refuse("counts", "%d answers of %d", k, score)
			}
			if k > 0 && !scale.Contains(score) {
				return refuse("counts", "score %d is outside the scale %d–%d of %s", score, scale.Min, scale.Max, m)
			}
			n += float64(k)
		}
		if n > maxAnswers {
			return refuse("counts", "%g answers are more than can be counted", n)
		}
	}
	return nil
}
