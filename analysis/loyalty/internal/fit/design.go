// Package fit finds the maximum likelihood of regressions whose likelihood is
// concave: the logit of analysis/loyalty/risk and Cox's model of
// analysis/loyalty/survival. It holds what the two share: columns brought to one
// scale, the refusal of columns that say the same, and Newton's method.
package fit

import (
	"math"

	"github.com/harkhq/hark/analysis"
)

// Why a regression is refused.
const (
	// Constant: everybody has the same value of the feature Name.
	Constant analysis.Reason = "constant_feature"
	// Collinear: the feature Name follows from those before it. Have is how much
	// of it does (R²), Need the most that is accepted.
	Collinear analysis.Reason = "collinear"
	// TooFewEvents: Have events of Need.
	TooFewEvents analysis.Reason = "too_few_events"
	// Separated: the likelihood grows without end, since the features tell the
	// two outcomes apart without an error.
	Separated analysis.Reason = "separated"
)

const (
	// maxR2 is where a feature counts as told by the others: beyond it a
	// coefficient's error is over a thousand times what it would be alone.
	maxR2 = 1 - 1e-8
	// eventsPerFeature is the least that a coefficient may rest on (Vittinghoff &
	// McCulloch 2007 find 5–9 bearable where 10 is the rule).
	eventsPerFeature = 5
)

// Design is the features of N rows, each brought to mean 0 and variance 1, so
// that the result does not depend on their units.
type Design struct {
	Names    []string
	N        int
	Mean, SD []float64 // of the features as given
	x        []float64 // row by row
}

// Row is row i as scaled; the caller must not change it.
func (d *Design) Row(i int) []float64 {
	p := len(d.Names)
	return d.x[i*p : (i+1)*p]
}

// NewDesign scales n rows. It refuses with an [analysis.InputError] rows of
// another length and values that are not finite, and with an [analysis.Refusal]
// constant and collinear features.
func NewDesign(names []string, n int, row func(int) []float64) (*Design, error) {
	p := len(names)
	if p == 0 {
		return nil, analysis.Refuse("features", "none given")
	}
	d := &Design{
		Names: names, N: n, x: make([]float64, 0, n*p),
		Mean: make([]float64, p), SD: make([]float64, p),
	}
	for i := range n {
		r := row(i)
		if len(r) != p {
			return nil, analysis.Refuse("features", "row %d has %d values for %d names", i, len(r), p)
		}
		for j, v := range r {
			// Squares of larger values would overflow.
			if math.IsNaN(v) || math.Abs(v) > 1e150 {
				return nil, analysis.Refuse("features", "%s of row %d is %v", names[j], i, v)
			}
			d.Mean[j] += v
		}
		d.x = append(d.x, r...)
	}
	for j := range d.Mean {
		d.Mean[j] /= float64(n)
	}
	d.scale()
	for j, sd := range d.SD {
		if sd <= 1e-12*math.Abs(d.Mean[j]) || sd == 0 {
			return nil, &analysis.Refusal{Reason: Constant, Name: names[j], Have: 1, Need: 2}
		}
	}
	return d, d.checkRank()
}

// scale brings the columns to mean 0 and variance 1; a constant one is left at 0.
func (d *Design) scale() {
	for i := range d.N {
		for j, v := range d.Row(i) {
			c := v - d.Mean[j]
			d.SD[j] += c * c / float64(d.N)
		}
	}
	for j := range d.SD {
		d.SD[j] = math.Sqrt(d.SD[j])
	}
	for i := range d.N {
		r := d.Row(i)
		for j := range r {
			if d.SD[j] > 0 {
				r[j] = (r[j] - d.Mean[j]) / d.SD[j]
			}
		}
	}
}

// checkRank takes the Cholesky factor of the correlations column by column: the
// square of a pivot is the part of the column that those before it do not tell.
func (d *Design) checkRank() error {
	p := len(d.Names)
	l := d.correlations()
	for j := range p {
		left := l[j*p+j]
		for k := range j {
			left -= l[j*p+k] * l[j*p+k]
		}
		if !(left > 1-maxR2) {
			return &analysis.Refusal{Reason: Collinear, Name: d.Names[j], Have: 1 - left, Need: maxR2}
		}
		pivot := math.Sqrt(left)
		l[j*p+j] = pivot
		for i := j + 1; i < p; i++ {
			for k := range j {
				l[i*p+j] -= l[i*p+k] * l[j*p+k]
			}
			l[i*p+j] /= pivot
		}
	}
	return nil
}

// correlations of the scaled columns, row by row.
func (d *Design) correlations() []float64 {
	p := len(d.Names)
	r := make([]float64, p*p)
	for i := range d.N {
		x := d.Row(i)
		for j := range p {
			for k := range p {
				r[j*p+k] += x[j] * x[k] / float64(d.N)
			}
		}
	}
	return r
}

// CheckEvents refuses fewer events than a regression on so many features can
// rest on.
func CheckEvents(events, features int) error {
	if need := eventsPerFeature * features; events < need {
		return &analysis.Refusal{Reason: TooFewEvents, Have: float64(events), Need: float64(need)}
	}
	return nil
}
