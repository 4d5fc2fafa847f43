package loyalty

import (
	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/analysis/loyalty/survival"
)

// Group counts what became of some people within one span. Groups of parts of
// the people add up; the zero value is ready for use.
type Group struct {
	people int64
	kept   int64
	spent  dist.Sample
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
	g.spent.Add(float64(f.Spent), 1)
	return g.stays.Add(f.Stay.Days, f.Stay.Outcome)
}

// Merge adds the people of another group.
func (g *Group) Merge(other Group) {
	g.people += other.people
	g.kept += other.kept
	g.spent.Merge(other.spent)
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
