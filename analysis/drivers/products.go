package drivers

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// MaxColumns is the most columns that Products take; 2 MB hold them.
const MaxColumns = 100

// shards is into how many parts Products deal their rows. Leaving one part out
// at a time gives the intervals; see [Importance].
const shards = 50

// maxValue is the largest value that is taken: its square still has room for a
// sum over all the rows there are.
const maxValue = 1e100

// Products are the cross-products of some columns and an outcome: all that
// [Importance] needs of the rows. Their size depends on the columns only, a
// pass over ten million rows needs no more memory than one over ten, and parts
// that were read side by side can be merged. They cannot be subtracted: taking
// rows out of a sum of products loses digits without a sign of it.
//
// Rows are dealt into 50 shards, each set of 50 rows in a new pseudo-random
// order, so that shards are equally large and no rhythm in the file (an agent in
// every tenth row) falls into one of them. The order is the same in every run.
//
// One goroutine at a time may use a value.
type Products struct {
	names  []string
	shards []moments        // of the columns and, last, the outcome
	values []surveys.Counts // per column, how often each of 0…10 occurred
	row    []float64
	order  []int // of the shards, for the next rows
	next   int   // index into order
	deal   *rand.Rand
}

// NewProducts makes empty Products of columns with the given names. It refuses
// none, more than [MaxColumns], and names that are empty or come twice.
func NewProducts(names []string) (*Products, error) {
	if err := checkNames(names); err != nil {
		return nil, err
	}
	p := &Products{
		names:  slices.Clone(names),
		shards: make([]moments, shards),
		values: make([]surveys.Counts, len(names)),
		row:    make([]float64, len(names)+1),
		order:  make([]int, shards),
		deal:   rand.New(rand.NewPCG(1, 2)), // fixed: the same file gives the same intervals
	}
	for i := range p.shards {
		p.shards[i] = newMoments(len(names) + 1)
		p.order[i] = i
	}
	return p, nil
}

func checkNames(names []string) error {
	if len(names) == 0 {
		return analysis.Refuse("drivers", "none is given")
	}
	if len(names) > MaxColumns {
		return analysis.Refuse("drivers", "%d columns are more than %d", len(names), MaxColumns)
	}
	seen := map[string]bool{}
	for _, name := range names {
		if name == "" || seen[name] {
			return analysis.Refuse("drivers", "the name %q is empty or comes twice", name)
		}
		seen[name] = true
	}
	return nil
}

// Add takes one row in: the columns' values in the order of their names, and
// the outcome, such as a score from 0 to 10. A row with another number of
// values, or with one that is not finite or beyond ±1e100, is refused and leaves
// the products as they were. Who did not rate every driver has no row here, and
// so the result speaks for those only who did.
func (p *Products) Add(x []float64, y float64) error {
	if err := checkRow(p.names, x); err != nil {
		return err
	}
	if !(math.Abs(y) <= maxValue) {
		return analysis.Refuse("outcome", "%v is not a number from -1e100 to 1e100", y)
	}
	for i, v := range x {
		if v >= 0 && v < float64(len(p.values[i])) && v == math.Trunc(v) {
			p.values[i][int(v)]++
		}
	}
	if p.next == 0 {
		p.deal.Shuffle(len(p.order), func(i, j int) { p.order[i], p.order[j] = p.order[j], p.order[i] })
	}
	copy(p.row, x)
	p.row[len(x)] = y
	p.shards[p.order[p.next]].add(p.row)
	p.next = (p.next + 1) % len(p.order)
	return nil
}

// checkRow refuses a row that does not fit the names.
func checkRow(names []string, x []float64) error {
	if len(x) != len(names) || len(x) == 0 { // without names it was not made by New
		return analysis.Refuse("drivers", "%d values for %d columns", len(x), len(names))
	}
	for i, v := range x {
		if !(math.Abs(v) <= maxValue) { // also NaN
			return analysis.Refuse(names[i], "%v is not a number from -1e100 to 1e100", v)
		}
	}
	return nil
}

// Merge adds another's rows. Estimates are those of all the rows in one, but
// for rounding; intervals may differ in their second digit, since the rows were
// dealt otherwise. Products of other columns are refused.
func (p *Products) Merge(other *Products) error {
	if !slices.Equal(p.names, other.names) || len(p.names) == 0 {
		return analysis.Refuse("drivers", "columns %q do not merge with %q", p.names, other.names)
	}
	// All products deal alike, and those of single days may hold a row or two:
	// merged place by place, all of them would meet in the same shards. So the
	// other's largest shard goes to the smallest here, by lot where they are equal.
	lot := p.deal.Perm(len(p.shards))
	bySize := func(sign int, shards []moments) []int {
		order := slices.Clone(lot)
		slices.SortStableFunc(order, func(a, b int) int { return sign * cmp.Compare(shards[a].n, shards[b].n) })
		return order
	}
	to, from := bySize(1, p.shards), bySize(-1, other.shards)
	whole := make([]moments, len(other.shards))
	for i, at := range from {
		whole[i] = other.shards[at].clone() // other may be p
	}
	for i, at := range to {
		p.shards[at].merge(whole[i])
	}
	for i := range p.values {
		p.values[i].Add(other.values[i])
	}
	return nil
}

// N is the number of rows taken in.
func (p *Products) N() int64 {
	var n int64
	for i := range p.shards {
		n += p.shards[i].n
	}
	return n
}
