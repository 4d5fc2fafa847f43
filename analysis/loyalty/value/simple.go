package value

import (
	"math"

	"github.com/harkhq/hark/analysis"
)

// Variant names a simple formula of lifetime value. They differ by when the
// first margin falls and where the counting stops, which may double the result:
// print the name beside the number.
type Variant string

// The variants, with m the margin of a period, r the share retained from one to
// the next, d the discount of a period, N the number of periods.
const (
	// NextMargin counts from the next period on: m·r/(1+d−r). For a customer who
	// has just paid (Gupta & Lehmann 2003).
	NextMargin Variant = "next_margin"
	// FirstNow counts the margin of this period too: m·(1+d)/(1+d−r).
	FirstNow Variant = "first_now"
	// Finite is FirstNow for N periods: Σ_{t<N} m·(r/(1+d))^t.
	Finite Variant = "finite"
	// Undiscounted is m/(1−r) = m/churn: FirstNow at d = 0.
	Undiscounted Variant = "undiscounted"
)

// Variants lists them.
func Variants() []Variant { return []Variant{NextMargin, FirstNow, Finite, Undiscounted} }

// Terms are what the simple formulas take.
type Terms struct {
	Margin    float64 // m, of one period, in any currency; may be negative
	Retention float64 // r, 0…1 of each period
	Discount  float64 // d, 0 or more of each period; 0.01 is 1 %
	Periods   int     // N, for Finite
}

// Simple is the lifetime value by a variant. All assume that margin and
// retention are the same for everybody and forever; retention in fact rises with
// age, so that they understate what loyal customers bring. Refused are numbers
// out of their range, an unknown variant, and a retention at which the sum has
// no end (r = 1 without a discount).
func Simple(v Variant, t Terms) (float64, error) {
	if err := t.check(); err != nil {
		return 0, err
	}
	left := 1 + t.Discount - t.Retention // of a margin, that a period takes off
	switch v {
	case NextMargin, FirstNow:
		if left <= 0 {
			return 0, analysis.Refuse("retention", "%v without a discount never ends", t.Retention)
		}
		if v == NextMargin {
			return t.Margin * t.Retention / left, nil
		}
		return t.Margin * (1 + t.Discount) / left, nil
	case Finite:
		if t.Periods < 1 || t.Periods > 1e6 {
			return 0, analysis.Refuse("periods", "%d is not between 1 and 10⁶", t.Periods)
		}
		sum, factor := 0.0, 1.0
		for range t.Periods {
			sum += t.Margin * factor
			factor *= t.Retention / (1 + t.Discount)
		}
		return sum, nil
	case Undiscounted:
		if t.Retention >= 1 {
			return 0, analysis.Refuse("retention", "%v without a discount never ends", t.Retention)
		}
		return t.Margin / (1 - t.Retention), nil
	}
	return 0, analysis.Refuse("variant", "%q is not one of %v", string(v), Variants())
}

func (t Terms) check() error {
	if math.IsNaN(t.Margin) || math.Abs(t.Margin) > 1e15 {
		return analysis.Refuse("margin", "%v is no amount", t.Margin)
	}
	if !(t.Retention >= 0 && t.Retention <= 1) {
		return analysis.Refuse("retention", "%v is not between 0 and 1", t.Retention)
	}
	if !(t.Discount >= 0 && t.Discount <= 10) {
		return analysis.Refuse("discount", "%v is not between 0 and 10 a period (0.01 is 1 %%)", t.Discount)
	}
	return nil
}
