package loyalty

import (
	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty/survival"
	"github.com/harkhq/hark/analysis/loyalty/value"
)

// Span is a stretch of time over which people who were customers at its
// beginning are followed.
type Span struct {
	Basis Basis
	From  analysis.Day // what is known before it decides who is followed, and in which group
	To    analysis.Day // exclusive
	Lapse int          // days of silence that make somebody gone; 0 means 90; see [Watch]
}

// Fate is what became of somebody within a span.
type Fate struct {
	Kept  bool  // a customer still: by contract at To, else by a purchase (or action) within the span
	Spent int64 // within the span, minor units, refunds taken off
	// Stay is how long they stayed, from From on. Left within the span, or Staying
	// at its end.
	Stay Stay
}

func (s Span) check() (Span, error) {
	if s.To <= s.From {
		return s, analysis.Refuse("to", "%s is not after %s", s.To, s.From)
	}
	if err := analysis.CheckPeriod(s.From, s.To); err != nil {
		return s, err
	}
	var err error
	s.Lapse, err = s.Basis.lapse(s.Lapse)
	return s, err
}

// Fate follows a person through a span; false for who was no customer when it
// began: by contract, without one that ran; else, silent for more than Lapse
// days. Only what came before From decides that, so that nobody is counted
// because they stayed.
func (h *History) Fate(s Span) (Fate, bool, error) {
	s, err := s.check()
	if err != nil {
		return Fate{}, false, err
	}
	w := walk{basis: s.Basis}
	f := Fate{Stay: Stay{From: s.From, Days: float64(s.To - s.From)}}
	last, seen, customer := analysis.Day(0), false, false
	leave := func(d analysis.Day) {
		if f.Stay.Outcome == survival.Staying {
			f.Stay.Days, f.Stay.Outcome = float64(d-s.From), survival.Left
		}
	}
	lapse := analysis.Day(s.Lapse)
	for _, r := range h.until(s.To) {
		day := analysis.Day(r.day)
		if day >= s.From && !customer {
			if customer = s.customer(&w, last, seen); !customer {
				return Fate{}, false, nil
			}
			w.open()
		}
		w.take(r)
		if s.Basis == ByContract {
			if customer && r.kind == ended {
				leave(day)
			}
		} else if r.kind == bought || s.Basis == ByActivity && r.kind.acts() {
			if customer && day-last > lapse {
				leave(last + lapse)
			}
			last, seen = day, true
		}
	}
	if !customer {
		if !s.customer(&w, last, seen) {
			return Fate{}, false, nil
		}
		w.open() // nothing happened within the span
	}
	f.Kept, _ = w.customer()
	f.Spent = w.spell.spent
	if s.Basis != ByContract && s.To-last > lapse {
		leave(last + lapse)
	}
	return f, true, nil
}

// customer reports whether somebody is one when the span begins, given their
// state and their last purchase (or action) before it.
func (s Span) customer(w *walk, last analysis.Day, seen bool) bool {
	if s.Basis == ByContract {
		return w.contract
	}
	return seen && int(s.From-last) <= s.Lapse
}

// Snapshot is what was known of a person before a day: features for package
// risk.
type Snapshot struct {
	Member  bool  // of the programme
	Tenure  int   // days since their first event
	Silence int   // days since they last did anything; Tenure if they never did
	Acts    int   // days with an action in the 90 before
	Orders  int64 // in the 90 days before
	Spent   int64 // in the 90 days before, refunds taken off, minor units
	Ever    int64 // orders ever
}

// recently is how far back a snapshot counts.
const recently = 90

// At is the person as known before a day; false without an event before it.
func (h *History) At(day analysis.Day) (Snapshot, bool) {
	records := h.until(day)
	if len(records) == 0 {
		return Snapshot{}, false
	}
	w := walk{}
	snapshot := Snapshot{Tenure: int(day) - int(records[0].day)}
	snapshot.Silence = snapshot.Tenure
	cut := false
	for _, r := range records {
		if !cut && analysis.Day(r.day) >= day-recently {
			cut = true
			w.open()
		}
		w.take(r)
		if r.kind.acts() {
			snapshot.Silence = int(day) - int(r.day)
		}
	}
	snapshot.Member, snapshot.Ever = w.member, w.orders
	if cut {
		snapshot.Acts, snapshot.Orders, snapshot.Spent = w.spell.days, w.spell.orders, w.spell.spent
	}
	return snapshot, true
}

// Purchases are the person's orders before a day as package value takes them, in
// weeks and minor units: orders of one day are one purchase, the first purchase
// starts the clock and is no repeat, refunds are taken off what a day brought.
// False for who never bought.
func (h *History) Purchases(until analysis.Day) (value.Customer, bool) {
	var first, last analysis.Day
	var c value.Customer
	var spent int64
	found := false
	for _, r := range h.until(until) {
		if r.kind != bought && r.kind != refunded {
			continue
		}
		day := analysis.Day(r.day)
		if r.kind == refunded {
			if found && day > first {
				spent -= r.amount
			}
			continue
		}
		if !found {
			first, last, found = day, day, true
		}
		if day > last {
			c.Repeat++
			last = day
		}
		if day > first {
			spent += r.amount
		}
	}
	if !found {
		return value.Customer{}, false
	}
	c.Recency, c.Age = float64(last-first)/7, float64(until-first)/7
	if c.Repeat > 0 {
		c.Spend = float64(max(0, spent)) / float64(c.Repeat)
	}
	return c, true
}
