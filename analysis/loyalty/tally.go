package loyalty

import (
	"slices"

	"github.com/harkhq/hark/analysis"
)

// Step is what happened in one step of a frame, in people unless it says
// otherwise. Steps of parts of the people add up.
type Step struct {
	Start   analysis.Day `json:"start"`
	Partial bool         `json:"partial,omitempty"` // the step was not over at the frame's To

	Customers int64 `json:"customers"` // of the step before: CS
	Kept      int64 `json:"kept"`      // of them, customers of this one
	New       int64 `json:"new"`       // customers for the first time
	Returned  int64 `json:"returned"`  // customers again, after a step or more without

	// What customers of the step before brought then, in minor units, and how that
	// has changed. By contract it is what the contract brings each period; else
	// what was spent within the step.
	Amount     int64 `json:"amount"`
	Lost       int64 `json:"lost"`       // of customers who left
	Contracted int64 `json:"contracted"` // less from those who stayed
	Expanded   int64 `json:"expanded"`   // more from those who stayed
	Gained     int64 `json:"gained"`     // from new and returned ones

	Decided int64 `json:"decided"` // renewed a contract or ended it
	Renewed int64 `json:"renewed"` // of them, did the former last

	Buyers  int64 `json:"buyers"`
	Repeat  int64 `json:"repeat"` // of them, had bought before, or did so twice
	Orders  int64 `json:"orders"`
	Revenue int64 `json:"revenue"` // minor units, refunds taken off

	Acting       int64 `json:"acting"`       // did anything themselves
	Engaged      int64 `json:"engaged"`      // of them, on Frame.Engaged days or more
	Recommending int64 `json:"recommending"` // of them, sent somebody
	ReferredNew  int64 `json:"referred_new"` // of the new, were sent by somebody

	Members int64 `json:"members"` // of the programme, on any day of the step
	Taking  int64 `json:"taking"`  // of them, did anything

	Holders  int64 `json:"holders"`  // were given or used points
	Issued   int64 `json:"issued"`   // points
	Redeemed int64 `json:"redeemed"` // points
}

// End is the customers of the step: CE.
func (s Step) End() int64 { return s.Kept + s.New + s.Returned }

// add sums everything but the dates.
func (s *Step) add(o Step) {
	s.Customers += o.Customers
	s.Kept += o.Kept
	s.New += o.New
	s.Returned += o.Returned
	s.Amount += o.Amount
	s.Lost += o.Lost
	s.Contracted += o.Contracted
	s.Expanded += o.Expanded
	s.Gained += o.Gained
	s.Decided += o.Decided
	s.Renewed += o.Renewed
	s.Buyers += o.Buyers
	s.Repeat += o.Repeat
	s.Orders += o.Orders
	s.Revenue += o.Revenue
	s.Acting += o.Acting
	s.Engaged += o.Engaged
	s.Recommending += o.Recommending
	s.ReferredNew += o.ReferredNew
	s.Members += o.Members
	s.Taking += o.Taking
	s.Holders += o.Holders
	s.Issued += o.Issued
	s.Redeemed += o.Redeemed
}

// Tally counts people within a frame. Each person's whole history is added once;
// tallies of other people add up by [Tally.Merge].
type Tally struct {
	frame     Frame
	starts    []analysis.Day // with the step before the first, and the day after the last
	steps     []Step         // one for each start but the last
	cohorts   [][]int64      // first step × later steps: customers then
	sizes     []int64        // by first step
	purchases Purchases
}

// NewTally starts a tally; see [Frame] for what is refused.
func NewTally(f Frame) (*Tally, error) {
	f, err := f.withDefaults()
	if err != nil {
		return nil, err
	}
	starts, err := f.starts()
	if err != nil {
		return nil, err
	}
	n := len(starts) - 1
	t := &Tally{frame: f, starts: starts, steps: make([]Step, n), sizes: make([]int64, n)}
	t.cohorts = make([][]int64, n)
	for i := range t.steps {
		t.steps[i].Start = starts[i]
		t.steps[i].Partial = starts[i+1] > f.To
		t.cohorts[i] = make([]int64, n-i)
	}
	return t, nil
}

// Merge adds the counts of other people within the same frame.
func (t *Tally) Merge(other *Tally) error {
	if t.frame != other.frame {
		return analysis.Refuse("frame", "%+v and %+v do not add up", t.frame, other.frame)
	}
	for i := range t.steps {
		t.steps[i].add(other.steps[i])
		t.sizes[i] += other.sizes[i]
		for k, n := range other.cohorts[i] {
			t.cohorts[i][k] += n
		}
	}
	t.purchases.add(other.purchases)
	return nil
}

// Steps returns the counts of each step of the frame, in order; none of a tally
// that [NewTally] did not make.
func (t *Tally) Steps() []Step { return slices.Clone(t.steps[min(1, len(t.steps)):]) }

// Add counts one person. A person without an event before the frame's To counts
// nowhere.
func (t *Tally) Add(h *History) {
	records := h.until(t.frame.To)
	if len(records) == 0 || len(t.steps) == 0 {
		return
	}
	w := walk{basis: t.frame.Basis, cohort: -1}
	i := 0
	for ; i < len(records) && analysis.Day(records[i].day) < t.starts[0]; i++ {
		w.take(records[i])
	}
	w.here, w.amount = w.customer()
	w.everCustomer = w.here || w.spell.started
	for b := range t.steps {
		if i == len(records) && w.idle() {
			break // nothing can happen any more
		}
		w.open()
		for ; i < len(records) && analysis.Day(records[i].day) < t.starts[b+1]; i++ {
			w.take(records[i])
		}
		t.count(b, &w)
	}
	t.purchases.count(records, t.frame.From)
}

// count books what one person did in step b.
func (t *Tally) count(b int, w *walk) {
	s := &t.steps[b]
	wasHere, wasAmount := w.here, w.amount
	w.here, w.amount = w.customer()
	switch {
	case wasHere && w.here:
		s.Kept++
		s.Expanded += max(0, w.amount-wasAmount)
		s.Contracted += max(0, wasAmount-w.amount)
	case wasHere:
		s.Lost += wasAmount
	case w.here && w.everCustomer:
		s.Returned++
	case w.here:
		s.New++
	}
	if wasHere {
		s.Customers++
		s.Amount += wasAmount
	} else if w.here {
		s.Gained += w.amount
	}
	t.countCohort(b, w)
	w.everCustomer = w.everCustomer || w.here || w.spell.started
	s.countDeeds(w, t.frame.Engaged)
}

// countCohort books the person under the step in which they became a customer.
func (t *Tally) countCohort(b int, w *walk) {
	if !w.everCustomer && (w.here || w.spell.started) {
		w.cohort = b
		t.sizes[b]++
		if w.referred && w.here {
			t.steps[b].ReferredNew++
		}
	}
	if w.cohort >= 0 && w.here {
		t.cohorts[w.cohort][b-w.cohort]++
	}
}

// countDeeds books what does not depend on being a customer.
func (s *Step) countDeeds(w *walk, engaged int) {
	d := &w.spell
	s.Decided += one(d.decision != 0)
	s.Renewed += one(d.decision > 0)
	s.Buyers += one(d.orders > 0)
	s.Repeat += one(d.orders > 0 && w.orders > 1)
	s.Orders += d.orders
	s.Revenue += d.spent
	s.Acting += one(d.days > 0)
	s.Engaged += one(d.days >= engaged)
	s.Recommending += one(d.recommended)
	s.Members += one(d.member)
	s.Taking += one(d.member && d.days > 0)
	s.Holders += one(d.issued+d.redeemed > 0)
	s.Issued += d.issued
	s.Redeemed += d.redeemed
}

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
