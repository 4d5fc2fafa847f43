package loyalty

import (
	"math"

	"github.com/harkhq/hark/analysis/loyalty/survival"
)

// Group counts what became of some people within one span. Groups of parts of
// the people add up; the zero value is ready for use.
type Group struct {
	people int64
	kept   int64
	spent  moments
	stays  survival.Lifetimes
}

// Add follows one person; who was no customer when the span began is not
// counted. All groups that are compared must have the same span, and who belongs
// to which must be decided by what was known before it, as [History.At] tells:
// somebody who joined a programme later had to stay a customer until then.
func (g *Group) Add(h *History, s Span) error {
	f, ok, err := h.Fate(s)
	if err != nil || !ok {
		return err
	}
	g.people++
	g.kept += one(f.Kept)
	g.spent.add(float64(f.Spent))
	return g.stays.Add(f.Stay.Days, f.Stay.Outcome)
}

// Merge adds the people of another group.
func (g *Group) Merge(other Group) {
	g.people += other.people
	g.kept += other.kept
	g.spent.merge(other.spent)
	g.stays.Merge(other.stays)
}

// People is how many were counted.
func (g *Group) People() int64 { return g.people }

// Stays are how long they stayed, in days from the span's beginning, for
// [survival.Estimate].
func (g *Group) Stays() survival.Lifetimes {
	var copied survival.Lifetimes
	copied.Merge(g.stays)
	return copied
}

// moments are a mean and the sum of squares about it, after Welford; merged after
// Chan, Golub & LeVeque (1983).
type moments struct{ n, mean, squares float64 }

func (m *moments) add(v float64) {
	m.n++
	d := v - m.mean
	m.mean += d / m.n
	m.squares += d * (v - m.mean)
}

func (m *moments) merge(o moments) {
	if o.n == 0 {
		return
	}
	n := m.n + o.n
	d := o.mean - m.mean
	m.squares += o.squares + d*d*m.n*o.n/n
	m.mean += d * o.n / n
	m.n = n
}

// variance of the mean.
func (m moments) ofMean() float64 {
	if m.n < 2 {
		return math.Inf(1)
	}
	return m.squares / (m.n - 1) / m.n
}
