package analysis

import (
	"math"
	"math/big"

	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/surveys"
)

// TooFewPeople is the reason for no clustered score: Have people where it takes
// Need.
const TooFewPeople Reason = "too_few_people"

// Repeats sums up the answers of people of whom some answered more than once:
// all that a [Repeats.Score] needs, however many there are. With s the promoters
// minus the detractors among one person's n answers (of a share: the good ones),
// the last three fields are sums over people. A database can make them in one
// pass over its answers by person; [Repeats.Add] makes them person by person.
type Repeats struct {
	Metric  surveys.Metric
	People  int64 // who answered
	Answers int64
	Good    int64 // answers in the good band
	Bad     int64 // answers in the bad band
	Sizes   int64 // Σ n²
	Sums    int64 // Σ s²
	Cross   int64 // Σ n·s
}

// Add counts one more person, with all answers of theirs; one without an answer
// changes nothing. What does not fit the metric is refused, and changes nothing
// either.
func (r *Repeats) Add(person surveys.Counts) error {
	if err := checkCounts(r.Metric, person); err != nil {
		return err
	}
	b := bandsOf(r.Metric.Scale(), person)
	n, s := b.n(), b.total()
	if n > math.MaxInt32 {
		return Refuse("counts", "%d answers are too many for one person", n)
	}
	if n == 0 {
		return nil
	}
	return r.Merge(Repeats{Metric: r.Metric, People: 1, Answers: n, Good: b.good, Bad: b.bad, Sizes: n * n, Sums: s * s, Cross: n * s})
}

// Merge adds the sums over other people. Nobody may be in both: a person's answers
// must come together, in one Add. Another metric is refused.
func (r *Repeats) Merge(o Repeats) error {
	if r.Metric != o.Metric {
		return Refuse("metric", "answers of %s and %s make no score together", r.Metric, o.Metric)
	}
	sum := *r
	sum.People += o.People
	sum.Answers += o.Answers
	sum.Good += o.Good
	sum.Bad += o.Bad
	sum.Sizes += o.Sizes
	sum.Sums += o.Sums
	sum.Cross += o.Cross
	if err := sum.check(); err != nil {
		return err
	}
	*r = sum
	return nil
}

// check refuses sums that no answers have, one that has overflowed among them.
func (r Repeats) check() error {
	if err := checkCounts(r.Metric); err != nil {
		return err
	}
	counts := min(r.People, r.Good, r.Bad, r.Sums, r.Answers-r.People, r.Answers-r.Good-r.Bad) >= 0
	if !counts || r.Answers > maxAnswers || r.Sizes < r.Answers || r.Sums > r.Sizes || r.Cross > r.Sizes || r.Cross < -r.Sizes {
		return Refuse("counts", "%+v are not the sums of any answers", r)
	}
	return nil
}

// Clustered is a score that knows that people's own answers are alike.
type Clustered struct {
	People       int64
	N            int64 // answers
	Score        float64
	Error        float64  // of Score, robust against repeats: points or percentage points
	PlainError   float64  // as if every answer were another person's: √(v/n)
	DesignEffect float64  // (Error/PlainError)²: how many answers count as one
	Effective    float64  // answers that the interval takes N for
	Interval     Interval // of Score
}

// Score estimates the headline with the error of ultimate clusters,
//
//	SE = √[ C/(C−1) · Σ_c (Σ_i (x_i − e))² ] / n
//
// with C people, x = −1, 0, +1 (of a share 0, 1) and e their mean: Taylor
// linearisation of a ratio mean, as in R's survey package (Lumley 2010, Complex
// Surveys, ch. 2). The interval is the metric's default at the effective number
// of answers n/deff·(t(n−1)/t(C−1))², never over n (Korn & Graubard 1998, Survey
// Methodology 24:193, with [AdjustedWald] or [Wilson] as the formula), so that it
// has a width where everybody agrees; there deff is Σn²/n, as if people never
// changed their mind. Under two people is a [Refusal].
func (r Repeats) Score(confidence float64) (Clustered, error) {
	if err := r.check(); err != nil {
		return Clustered{}, err
	}
	if err := CheckConfidence(confidence); err != nil {
		return Clustered{}, err
	}
	if r.People < 2 {
		return Clustered{}, &Refusal{Reason: TooFewPeople, Have: float64(r.People), Need: 2}
	}
	a := r.bands().mass()
	n, people, squares := a.n(), float64(r.People), r.squares()
	c := Clustered{People: r.People, N: r.Answers, Score: a.score(),
		Error:        100 * math.Sqrt(people/(people-1)*math.Max(0, squares)) / n,
		PlainError:   math.Sqrt(a.variance() / n),
		DesignEffect: float64(r.Sizes) / n,
	}
	if c.PlainError > 0 {
		c.DesignEffect = (c.Error / c.PlainError) * (c.Error / c.PlainError)
	}
	t := dist.T(confidence, n-1) / dist.T(confidence, people-1)
	c.Effective = n
	if worth := t * t / c.DesignEffect; worth < 1 { // not so where DesignEffect is 0
		c.Effective = n * worth
	}
	c.Interval = a.times(c.Effective / n).defaultInterval(confidence)
	return c, nil
}

func (r Repeats) bands() bands {
	return bands{bad: r.Bad, mid: r.Answers - r.Good - r.Bad, good: r.Good, net: r.Metric.Scale().Net}
}

// squares is Σ_c (s − e·n)², the people's answers around the mean e of all. It is
// (N²·Σs² − 2NS·Σns + S²·Σn²)/N² with S the sum of all N answers, in whole
// numbers: where people agree the terms cancel, and floats would leave an error
// in their place.
func (r Repeats) squares() float64 {
	n, s := big.NewInt(r.Answers), big.NewInt(r.bands().total())
	product := func(a, b *big.Int, c int64) *big.Int {
		return new(big.Int).Mul(new(big.Int).Mul(a, b), big.NewInt(c))
	}
	sum := product(n, n, r.Sums)
	cross := product(n, s, r.Cross)
	sum.Sub(sum, cross.Lsh(cross, 1)) // twice, which might be beyond an int64
	sum.Add(sum, product(s, s, r.Sizes))
	ratio, _ := new(big.Rat).SetFrac(sum, new(big.Int).Mul(n, n)).Float64()
	return ratio
}
