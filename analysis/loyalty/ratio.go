package loyalty

import (
	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/dist"
)

// Ratio is a rate with the counts behind it. Value is in percent, unless its
// [Rate] says otherwise; it is nil where there is nothing to divide by, and where
// the ratio is Hidden.
type Ratio struct {
	N      int64    `json:"n"`      // the numerator; 0 when Hidden
	Of     int64    `json:"of"`     // the denominator
	People int64    `json:"people"` // who stand behind it: too few hide it
	Value  *float64 `json:"value"`
	Low    *float64 `json:"low"` // Wilson's interval; nil where the ratio is no share of people
	High   *float64 `json:"high"`
	Hidden bool     `json:"hidden,omitempty"`
}

// share is n of so many people, with Wilson's interval. The interval treats
// people as independent of each other, which those of one household are not.
func (f Frame) share(n, of int64) Ratio {
	r := Ratio{N: n, Of: of, People: of}
	if r.hide(f.Least) || of == 0 {
		return r
	}
	low, high := dist.Wilson(float64(n), float64(of), dist.Z(f.Confidence))
	value := 100 * float64(n) / float64(of)
	low, high = 100*low, 100*high
	r.Value, r.Low, r.High = &value, &low, &high
	return r
}

// quotient is n by of where that is no share of people: no interval, for points
// and amounts of one person go together.
func (f Frame) quotient(n, of, people int64) Ratio {
	r := Ratio{N: n, Of: of, People: people}
	if r.hide(f.Least) || of <= 0 {
		return r
	}
	value := 100 * float64(n) / float64(of)
	r.Value = &value
	return r
}

// hide blanks the numerator of a ratio of too few people: 1 of 3 tells on
// somebody.
func (r *Ratio) hide(least int64) bool {
	r.Hidden = r.People > 0 && r.People < least
	if r.Hidden {
		r.N = 0
	}
	return r.Hidden
}

// rest is the share of those who are not among the n.
func (r Ratio) rest() Ratio {
	rest := r
	if r.Value == nil {
		return rest
	}
	value, low, high := 100-*r.Value, 100-*r.High, 100-*r.Low
	rest.N, rest.Value, rest.Low, rest.High = r.Of-r.N, &value, &low, &high
	return rest
}

// Retention is the share of the customers at the start of a period who are still
// there at its end,
//
//	(CE − CN)/CS · 100
//
// with CS customers at the start, CE at the end, and CN gained in between. CN
// must hold those who came back as well as the new: else who left and returned
// counts twice, and retention is overstated. Refused are CS = 0, CN > CE, and
// CE − CN > CS, of which at least one number is wrong.
func Retention(start, end, gained int64, confidence float64) (Ratio, error) {
	if err := analysis.CheckConfidence(confidence); err != nil {
		return Ratio{}, err
	}
	kept := end - gained
	switch {
	case start < 0 || end < 0 || gained < 0:
		return Ratio{}, analysis.Refuse("customers", "%d, %d and %d cannot be below zero", start, end, gained)
	case start == 0:
		return Ratio{}, analysis.Refuse("start", "without customers at the start nobody can stay")
	case gained > end:
		return Ratio{}, analysis.Refuse("gained", "%d gained is more than the %d at the end", gained, end)
	case kept > start:
		return Ratio{}, analysis.Refuse("end", "%d kept is more than the %d at the start: gained lacks those who came back", kept, start)
	}
	return Frame{Confidence: confidence}.share(kept, start), nil
}

// Churn is the share who left: 100 − [Retention], with the same refusals.
func Churn(start, end, gained int64, confidence float64) (Ratio, error) {
	r, err := Retention(start, end, gained, confidence)
	if err != nil {
		return Ratio{}, err
	}
	return r.rest(), nil
}
