package drivers

import (
	"cmp"
	"math"

	"gonum.org/v1/gonum/mathext"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/dist"
)

// Method names how R² was split among the drivers. It is part of the JSON
// contract.
type Method string

// The methods. Both parts sum to R², and in practice rank alike.
const (
	LMG     Method = "lmg"     // the mean gain in R² over all orders: Lindeman, Merenda & Gold (1980), Shapley
	Johnson Method = "johnson" // relative weights: Johnson (2000), for more than 15 drivers
)

// Why there is no result, beside [analysis.TooFewAnswers], whose need is ten
// rows a column.
const (
	NothingExplained analysis.Reason = "nothing_explained" // R² is below 0.05, or no more than as many columns of noise reach
	ConstantColumn   analysis.Reason = "constant_driver"   // all values of Name are the same
	ConstantOutcome  analysis.Reason = "constant_outcome"  // all scores are the same
	Collinear        analysis.Reason = "collinear"         // the columns in Name, "a, b, c", are mixtures of each other
)

const (
	rowsPerColumn = 10   // the least
	leastR2       = 0.05 // below it, shares are shares of noise
)

// Jackknife names the intervals of [Importance].
const Jackknife analysis.Method = "jackknife"

// Options of an [Importance].
type Options struct {
	Confidence float64 // of every interval, 0.5…0.9999; 0 means 0.95
	Method     Method  // "" means LMG up to 15 drivers, Johnson beyond
	Groups     []Group // columns that are one driver together; see [Categories]
}

// Group is a driver of several columns. Only [LMG] splits among groups: unlike
// relative weights it does not depend on which level the columns leave out.
type Group struct {
	Name    string
	Columns []string
}

// Result says how much of a score's variation each driver accounts for. It
// describes who scores high; it is not causal, and improving a driver need not
// move the score: see the package's comment. Never show it without R² and N.
type Result struct {
	N          int64             `json:"n"`
	Method     Method            `json:"method"`
	R2         float64           `json:"r2"`          // the share of the outcome's variance that all drivers account for in these rows
	AdjustedR2 float64           `json:"r2_adjusted"` // among everybody: 1 − (1−R²)(n−1)/(n−k−1)
	R2Interval analysis.Interval `json:"r2_interval"` // of AdjustedR2; where rows are few R2 may lie above it
	Drivers    []Driver          `json:"drivers"`     // in the order of the columns
}

// Driver is one driver's part.
type Driver struct {
	Name     string            `json:"name"`
	Sign     int               `json:"sign"`     // of β: 1 the outcome rises with it, −1 it falls; 0 for several columns
	Weight   float64           `json:"weight"`   // its part of R²; the parts sum to R²
	Share    float64           `json:"share"`    // Weight/R²; the shares sum to 1
	Interval analysis.Interval `json:"interval"` // of Share
	First    float64           `json:"first"`    // R² of this driver alone
	Last     float64           `json:"last"`     // what R² loses without it
	Columns  []Column          `json:"columns"`
}

// Column is a driver's column in the linear regression on all of them.
type Column struct {
	Name        string  `json:"name"`
	Correlation float64 `json:"correlation"` // with the outcome, alone
	Beta        float64 `json:"beta"`        // standardised: outcome's standard deviations by one of the column's
	Slope       float64 `json:"slope"`       // outcome's steps by one step of the column
	P           float64 `json:"p"`           // two-sided, that the slope is zero: t with n−k−1 degrees of freedom
}

// Importance splits R² of the linear regression of the outcome on the drivers
// among them, by [LMG] or [Johnson].
//
// Intervals come from a delete-a-group jackknife over the 50 shards of the
// [Products] (Busing, Meijer & van der Leeden 1999), on the logit scale, so that
// they stay within 0…1, with Student's t. Rows are not kept, and so cannot be
// redrawn; shards cost 50 sums instead, merge, and are as many splits of R² where
// a bootstrap needs a thousand. In simulations of two, four and eight drivers
// with ten to five hundred rows each, 95 % intervals held the true share in
// 89–98 % of the samples, least for weak drivers at ten rows a column; a bootstrap
// of rows did no better. That of R² is about the adjusted one, and held the true
// one in 94–97 % of the samples, where one about R² itself did in 79–96 %; of
// twenty rows, of which only a high R² is shown at all, in 89 %. Answers of the
// same person count as independent, and make intervals too narrow.
//
// It refuses fewer than ten rows a column ([analysis.TooFewAnswers]), a column or
// an outcome without variance, columns that are mixtures of others (by name), and
// an R² of which there is nothing to share out: below 0.05, or below what one in
// twenty samples of pure noise reaches (the F test of the whole regression). The
// second matters where rows are few: five columns of noise have an R² over 0.05
// in 80 % of samples of 50 rows.
func Importance(p *Products, o Options) (Result, error) {
	o.Confidence = cmp.Or(o.Confidence, 0.95)
	if err := analysis.CheckConfidence(o.Confidence); err != nil {
		return Result{}, err
	}
	if err := checkNames(p.names); err != nil {
		return Result{}, err
	}
	s, err := p.split(o)
	if err != nil {
		return Result{}, err
	}
	total := merged(p.shards, len(p.names)+1)
	fit, err := p.fit(total, s.order)
	if err != nil {
		return Result{}, err
	}
	c := total.correlate(s.order)
	weights, ok := s.weigh(c)
	if !ok {
		return Result{}, &analysis.Refusal{Reason: Collinear, Have: 0, Need: singular}
	}
	r := Result{N: total.n, Method: s.method, R2: fit.r2, AdjustedR2: adjusted(fit.r2, total.n, c.k)}
	leftOut := s.leaveOneOut(p.shards)
	r.R2Interval = leftOut.interval(len(weights), r.AdjustedR2, o.Confidence)
	for j, weight := range weights {
		d := Driver{Name: s.names[j], Weight: weight, Share: weight / fit.r2}
		d.Interval = leftOut.interval(j, d.Share, o.Confidence)
		d.First, d.Last = c.alone(s.bounds, j)
		for i := s.bounds[j]; i < s.bounds[j+1]; i++ {
			d.Columns = append(d.Columns, p.column(total, fit, s.order, i))
		}
		if len(d.Columns) == 1 {
			d.Sign = cmp.Compare(d.Columns[0].Beta, 0)
		}
		r.Drivers = append(r.Drivers, d)
	}
	return r, nil
}

// fit regresses, or refuses what cannot be.
func (p *Products) fit(total moments, order []int) (regression, error) {
	if need := int64(rowsPerColumn * len(p.names)); total.n < need {
		return regression{}, &analysis.Refusal{Reason: analysis.TooFewAnswers, Have: float64(total.n), Need: float64(need)}
	}
	if total.constant(len(p.names)) {
		return regression{}, &analysis.Refusal{Reason: ConstantOutcome, Have: 1, Need: 2}
	}
	names := make([]string, len(order))
	for i, column := range order {
		if names[i] = p.names[column]; total.constant(column) {
			return regression{}, &analysis.Refusal{Reason: ConstantColumn, Have: 1, Need: 2, Name: names[i]}
		}
	}
	c := total.correlate(order)
	if err := c.collinear(names); err != nil {
		return regression{}, err
	}
	fit, ok := c.regress()
	if !ok {
		return regression{}, &analysis.Refusal{Reason: Collinear, Have: 0, Need: singular}
	}
	if need := max(leastR2, noiseR2(total.n, c.k)); fit.r2 < need {
		return regression{}, &analysis.Refusal{Reason: NothingExplained, Have: fit.r2, Need: need}
	}
	return fit, nil
}

// noiseR2 is what R² of k columns of noise exceeds in one of twenty samples of n
// rows: then it follows Beta(k/2, (n−k−1)/2).
func noiseR2(n int64, k int) float64 {
	return mathext.InvRegIncBeta(float64(k)/2, float64(n-int64(k)-1)/2, 0.95)
}

// column describes the i-th column in order.
func (p *Products) column(total moments, fit regression, order []int, i int) Column {
	n, k := float64(total.n), float64(len(order))
	at, outcome := order[i], len(p.names)
	c := Column{Name: p.names[at], Correlation: total.correlation(outcome, at), Beta: fit.beta[i]}
	c.Slope = c.Beta * math.Sqrt(total.variance(outcome)) / math.Sqrt(total.variance(at))
	left := max(1-fit.r2, 1e-15) // less is rounding, which must not make a slope of 1e-17 significant
	c.P = dist.TwoSidedT(c.Beta/math.Sqrt(left*fit.inverse[i]/(n-k-1)), n-k-1)
	return c
}

// alone returns what driver j explains by itself, and what all others lose
// without it.
func (c correlations) alone(bounds []int, j int) (first, last float64) {
	mine, others := []int{}, []int{}
	for i := range c.k {
		if bounds[j] <= i && i < bounds[j+1] {
			mine = append(mine, i)
		} else {
			others = append(others, i)
		}
	}
	return c.explained(mine), max(0, c.explained(append(others, mine...))-c.explained(others))
}

// explained is R² of some of the columns.
func (c correlations) explained(columns []int) float64 {
	if len(columns) == 0 {
		return 0
	}
	sub := correlations{k: len(columns), x: make([]float64, len(columns)*len(columns)), y: make([]float64, len(columns))}
	for i, a := range columns {
		sub.y[i] = c.y[a]
		for j, b := range columns {
			sub.x[i*sub.k+j] = c.x[a*c.k+b]
		}
	}
	fit, _ := sub.regress() // a part of columns that are not collinear is not either
	return fit.r2
}
