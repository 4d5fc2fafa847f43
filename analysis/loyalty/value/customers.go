package value

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/harkhq/hark/analysis"
)

// Customer is one person's purchases. Times are in one unit, weeks by custom.
type Customer struct {
	Repeat  int64   `json:"repeat"`  // x: days with a purchase after the first
	Recency float64 `json:"recency"` // t_x: from the first purchase to the last; 0 without a repeat
	Age     float64 `json:"age"`     // T: from the first purchase to now
	Spend   float64 `json:"spend"`   // mean of a repeat purchase; 0 without one
}

const (
	maxRepeat = 1e6 // beyond it a machine bought
	maxTime   = 1e6
	maxSpend  = 1e12
)

func (c Customer) check() error {
	if c.Repeat < 0 || c.Repeat > maxRepeat {
		return analysis.Refuse("repeat", "%d purchases are not between 0 and 10⁶", c.Repeat)
	}
	if !(c.Age >= 0 && c.Age <= maxTime) {
		return analysis.Refuse("age", "%v is not between 0 and 10⁶", c.Age)
	}
	if !(c.Recency >= 0 && c.Recency <= c.Age) {
		return analysis.Refuse("recency", "%v is not between 0 and the age of %v", c.Recency, c.Age)
	}
	if (c.Repeat == 0) != (c.Recency == 0) {
		return analysis.Refuse("recency", "%v does not go with %d repeat purchases", c.Recency, c.Repeat)
	}
	if !(c.Spend >= 0 && c.Spend <= maxSpend) {
		return analysis.Refuse("spend", "%v is no amount", c.Spend)
	}
	return nil
}

// Customers counts customers by (x, t_x, T), and by (x, spend) the ones who
// bought again: all that the two models need. Counts of parts of the customers
// add up by [Customers.Merge]; the zero value is ready for use.
type Customers struct {
	n      int64
	times  map[times]int64
	spends map[spends]int64
}

// times are what BG/NBD knows of a customer.
type times struct {
	x     int64
	tx, t float64
}

// spends are what Gamma–Gamma knows of one.
type spends struct {
	x    int64
	mean float64
}

// Add counts one customer. Refused are times that contradict each other and
// values out of range. A repeat customer without spend (all was free or given
// back) is left out of what is known of spending.
func (c *Customers) Add(customer Customer) error {
	if err := customer.check(); err != nil {
		return err
	}
	if c.times == nil {
		c.times, c.spends = map[times]int64{}, map[spends]int64{}
	}
	c.n++
	c.times[times{x: customer.Repeat, tx: customer.Recency, t: customer.Age}]++
	if customer.Repeat > 0 && customer.Spend > 0 {
		c.spends[spends{x: customer.Repeat, mean: customer.Spend}]++
	}
	return nil
}

// Merge adds other customers.
func (c *Customers) Merge(other *Customers) {
	if c.times == nil {
		c.times, c.spends = map[times]int64{}, map[spends]int64{}
	}
	c.n += other.n
	for k, n := range other.times {
		c.times[k] += n
	}
	for k, n := range other.spends {
		c.spends[k] += n
	}
}

// Len is how many customers were counted.
func (c *Customers) Len() int64 { return c.n }

// weighted is a key with how often it was counted.
type weighted[K comparable] struct {
	key K
	n   float64
}

// sorted lists a count in a fixed order, so that sums do not depend on the map's.
func sorted[K comparable](counts map[K]int64, compare func(a, b K) int) []weighted[K] {
	list := make([]weighted[K], 0, len(counts))
	for _, k := range slices.SortedFunc(maps.Keys(counts), compare) {
		list = append(list, weighted[K]{key: k, n: float64(counts[k])})
	}
	return list
}

func compareTimes(a, b times) int {
	return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.t, b.t), cmp.Compare(a.tx, b.tx))
}

func compareSpends(a, b spends) int {
	return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.mean, b.mean))
}

// correlation is Pearson's between how often and how much, over the customers
// who bought again; 0 where one of them does not vary.
func correlation(list []weighted[spends]) float64 {
	var n, mx, mm float64
	for _, s := range list {
		n += s.n
		mx += s.n * float64(s.key.x)
		mm += s.n * s.key.mean
	}
	mx, mm = mx/n, mm/n
	var xx, xm, m2 float64
	for _, s := range list {
		dx, dm := float64(s.key.x)-mx, s.key.mean-mm
		xx += s.n * dx * dx
		xm += s.n * dx * dm
		m2 += s.n * dm * dm
	}
	if xx == 0 || m2 == 0 {
		return 0
	}
	return xm / math.Sqrt(xx*m2)
}
