package analysis

import (
	"fmt"

	"github.com/harkhq/hark/surveys"
)

// InputError refuses input that cannot be meant: a negative count, an unknown
// metric, a confidence of 95. This package and those below it return no other
// error than it and [Refusal], so that a caller may show Field to whoever sent it.
type InputError struct {
	Field   string // what was wrong, in the words of [Input]: "confidence", "days", …
	Problem string // what is wrong with it
}

// Error says which field was refused and why.
func (e *InputError) Error() string { return "analysis: " + e.Field + ": " + e.Problem }

// Reason says why there is no result. It is a key, so that each language can
// make its own sentence; packages below this one add their own.
type Reason string

// TooFewAnswers is the reason that every estimate may give: Have answers where
// it takes Need.
const TooFewAnswers Reason = "too_few"

// Refusal is an answer as well: the input is in order, but what it holds does
// not carry the result that was asked for. A page shows it in place of a number.
type Refusal struct {
	Reason Reason  `json:"reason"`
	Have   float64 `json:"have"` // in the unit of the reason: answers, a share, …
	Need   float64 `json:"need"`
	Name   string  `json:"name,omitempty"` // what it is about, where that is one of several: a driver, a group; else ""
}

// Error says the reason for programmers; pages word it themselves.
func (r *Refusal) Error() string {
	text := "analysis: refused: " + string(r.Reason)
	if r.Name != "" {
		text += fmt.Sprintf(" (%s)", r.Name)
	}
	return text + fmt.Sprintf(": have %g, need %g", r.Have, r.Need)
}

// Refuse makes an [InputError].
func Refuse(field, format string, args ...any) error {
	return &InputError{Field: field, Problem: fmt.Sprintf(format, args...)}
}

// CheckConfidence refuses a level outside 0.5…0.9999, here and in the packages
// below. Under it lies the mistake of giving the error (0.05) for the confidence
// (0.95); over it, quantiles lose their meaning in the last digits of a float.
func CheckConfidence(confidence float64) error {
	if !(confidence >= 0.5 && confidence <= 0.9999) {
		return Refuse("confidence", "%v is not between 0.5 and 0.9999 (0.95 is usual)", confidence)
	}
	return nil
}

// maxAnswers is the most that is counted: beyond it a float has no ones.
const maxAnswers = 1 << 53

// maxTotal is the most that several counts may come to: their sum is a whole number
// still.
const maxTotal = 1 << 62

// checkCounts refuses an unknown metric, a negative count, and an answer that
// the metric's scale does not have. The last is a mixed-up series, which must
// never become a score.
func checkCounts(m surveys.Metric, counts ...surveys.Counts) error {
	if !m.Valid() {
		return Refuse("metric", "%q is not one of %v", string(m), surveys.Metrics())
	}
	scale := m.Scale()
	var all float64
	for i := range counts {
		var n float64
		for score, k := range counts[i] {
			if k < 0 {
				return Refuse("counts", "%d answers of %d", k, score)
			}
			if k > 0 && !scale.Contains(score) {
				return Refuse("counts", "score %d is outside the scale %d–%d of %s", score, scale.Min, scale.Max, m)
			}
			n += float64(k)
		}
		if n > maxAnswers {
			return Refuse("counts", "%g answers are more than can be counted", n)
		}
		all += n
	}
	if all > maxTotal {
		return Refuse("counts", "%g answers in all are more than can be counted", all)
	}
	return nil
}
