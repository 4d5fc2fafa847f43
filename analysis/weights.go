package analysis

import (
	"math"

	"github.com/harkhq/hark/surveys"
)

// The reasons for no weights.
const (
	// EmptyCell: nobody answered of a group that the population has, so that no
	// weight makes up for it. Name is "key=value".
	EmptyCell Reason = "empty_cell"
	// NotConverged: the margins cannot all be met with these answers. Have is how
	// far a weighted share stayed from its margin, Need what would have done.
	NotConverged Reason = "not_converged"
)

// Margin is what is known of the whole population by one key.
type Margin struct {
	Key    string
	Shares map[string]float64 // by value, over 0; they add up to 1
}

// Cell holds the answers of one combination of the margins' values.
type Cell struct {
	Values []string // one for each margin, in their order
	Counts surveys.Counts
}

// Trim bounds weights, in multiples of their mean: a few heavy answers would make
// the score as uncertain as they are few. Zero fields mean 0.3 and 3.
type Trim struct{ Low, High float64 }

// Weights are what answers count, so that those who answered look like the
// population they stand for.
type Weights struct {
	Values       []float64 // for each cell; their mean over the answers is 1
	Effective    float64   // (Σw)²/Σw², the answers that the weighted ones are worth (Kish 1965)
	DesignEffect float64   // n/Effective, at least 1
	Trimmed      int64     // answers whose weight stands at a bound
	Missed       float64   // how far the worst weighted share is from its margin, 0…1; over 0 only after trimming
}

// maxRounds bounds raking. Margins that can be met are met in a few dozen.
const maxRounds = 1000

// settled is the change of every weight in one round under which raking ends,
// closeEnough how far a weighted share may be from its margin.
const (
	settled     = 1e-13
	closeEnough = 1e-9
)

// Rake makes weights by iterative proportional fitting (Deming & Stephan 1940,
// Annals of Mathematical Statistics 11:427): margin after margin, the weights of
// each value's answers are scaled to its share, and trimmed, until nothing moves.
// Where the bounds keep a margin from being met, Missed says by how much.
//
// A value of a margin without an answer is refused with [EmptyCell], margins that
// contradict each other with [NotConverged]; an answer whose value no margin has
// is an [InputError], as are shares that do not add up to 1.
func Rake(margins []Margin, cells []Cell, trim Trim) (Weights, error) {
	trim, err := trim.normalised()
	if err != nil {
		return Weights{}, err
	}
	r, err := newRaking(margins, cells)
	if err != nil {
		return Weights{}, err
	}
	// Without bounds first: what is missed then, no answers could meet.
	r.fit(Trim{Low: 0, High: math.Inf(1)})
	if missed := r.missed(); !(missed <= closeEnough) {
		return Weights{}, &Refusal{Reason: NotConverged, Have: missed, Need: closeEnough}
	}
	r.fit(trim)
	return r.weights(trim), nil
}

// normalised fills the default bounds in and checks them.
func (t Trim) normalised() (Trim, error) {
	if t.Low == 0 {
		t.Low = 0.3
	}
	if t.High == 0 {
		t.High = 3
	}
	if !(t.Low > 0 && t.Low <= 1 && t.High >= 1) || math.IsInf(t.High, 0) {
		return t, Refuse("trim", "%v–%v are not bounds around the mean weight, 1", t.Low, t.High)
	}
	return t, nil
}

// raking is the state of fitting: margin by margin, which group each cell is of.
type raking struct {
	answers []float64   // of each cell
	total   float64     // of all
	weight  []float64   // of each cell
	group   [][]int     // by margin and cell
	target  [][]float64 // by margin and group: weighted answers that there should be
}

func newRaking(margins []Margin, cells []Cell) (*raking, error) {
	if len(margins) == 0 {
		return nil, Refuse("margins", "there are none to weigh by")
	}
	r := &raking{weight: make([]float64, len(cells))}
	var err error
	if r.answers, r.total, err = cellSizes(cells, len(margins)); err != nil {
		return nil, err
	}
	for i := range r.weight {
		r.weight[i] = 1
	}
	for k, margin := range margins {
		if err := r.add(margin, cells, k); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// cellSizes counts the answers of cells that have so many values each.
func cellSizes(cells []Cell, values int) (sizes []float64, total float64, err error) {
	sizes = make([]float64, len(cells))
	for i, cell := range cells {
		if len(cell.Values) != values {
			return nil, 0, Refuse("cells", "cell %d has %d values for %d margins", i, len(cell.Values), values)
		}
		for score, k := range cell.Counts {
			if k < 0 {
				return nil, 0, Refuse("cells", "%d answers of %d in cell %d", k, score, i)
			}
			sizes[i] += float64(k)
		}
		total += sizes[i]
	}
	if total > maxAnswers {
		return nil, 0, Refuse("cells", "%g answers are more than can be counted", total)
	}
	return sizes, total, nil
}

// add takes one more margin in, the k-th of each cell's values.
func (r *raking) add(margin Margin, cells []Cell, k int) error {
	values := sorted(margin.Shares)
	index := make(map[string]int, len(values))
	var sum float64
	for i, value := range values {
		share := margin.Shares[value]
		if !(share > 0 && share <= 1) {
			return Refuse("margins", "%s=%s has the share %v", margin.Key, value, share)
		}
		index[value] = i
		sum += share
	}
	if !(math.Abs(sum-1) <= 1e-6) {
		return Refuse("margins", "the shares of %s add up to %v, not to 1", margin.Key, sum)
	}
	group, found := make([]int, len(cells)), make([]float64, len(values))
	for i, cell := range cells {
		at, ok := index[cell.Values[k]]
		if !ok {
			return Refuse("cells", "no margin has %s=%s", margin.Key, cell.Values[k])
		}
		group[i] = at
		found[at] += r.answers[i]
	}
	target := make([]float64, len(values))
	for i, value := range values {
		if found[i] == 0 {
			return &Refusal{Reason: EmptyCell, Need: 1, Name: margin.Key + "=" + value}
		}
		target[i] = margin.Shares[value] / sum * r.total
	}
	r.group, r.target = append(r.group, group), append(r.target, target)
	return nil
}

// fit goes round until no weight moves.
func (r *raking) fit(trim Trim) {
	for range maxRounds {
		if r.round(trim) <= settled {
			return
		}
	}
}

// round fits every margin once and trims; it returns the greatest change of a
// weight.
func (r *raking) round(trim Trim) float64 {
	before := append([]float64(nil), r.weight...)
	for k, group := range r.group {
		have := r.have(k)
		for i, at := range group {
			if r.answers[i] > 0 {
				r.weight[i] *= r.target[k][at] / have[at]
			}
		}
	}
	var change float64
	for i, w := range r.weight {
		r.weight[i] = math.Min(trim.High, math.Max(trim.Low, w))
		change = math.Max(change, math.Abs(r.weight[i]-before[i]))
	}
	return change
}

// have sums the weighted answers by the groups of a margin.
func (r *raking) have(k int) []float64 {
	sums := make([]float64, len(r.target[k]))
	for i, at := range r.group[k] {
		sums[at] += r.weight[i] * r.answers[i]
	}
	return sums
}

// weights describes what the fit ended with.
func (r *raking) weights(trim Trim) Weights {
	var sum, squares float64
	w := Weights{Values: make([]float64, len(r.weight))}
	for i, weight := range r.weight {
		sum += weight * r.answers[i]
		squares += weight * weight * r.answers[i]
		if weight == trim.Low || weight == trim.High {
			w.Trimmed += int64(r.answers[i])
		}
	}
	w.Effective = sum * sum / squares
	w.DesignEffect = r.total / w.Effective
	w.Missed = r.missed()
	for i, weight := range r.weight {
		w.Values[i] = weight * r.total / sum
	}
	return w
}

// missed is how far the worst weighted share is from its margin.
func (r *raking) missed() float64 {
	var worst float64
	for k := range r.group {
		shares, sum := r.have(k), 0.0
		for _, have := range shares {
			sum += have
		}
		for at, have := range shares {
			worst = math.Max(worst, math.Abs(have/sum-r.target[k][at]/r.total))
		}
	}
	return worst
}
