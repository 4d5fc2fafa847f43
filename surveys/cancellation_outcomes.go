package surveys

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Times within which events speak of the same thing.
const (
	// CancelMemory is how long after somebody went on to cancel the end of their
	// subscription belongs to it: many are cancelled to the end of a year.
	CancelMemory = 400 * 24 * time.Hour
	// stayMemory is the same for who did not: it was measured for how long they stay, and
	// whoever leaves later has left anew.
	stayMemory = 100 * 24 * time.Hour
	// paymentMemory is for how long after a failed payment the end of a subscription, which
	// nobody asked for, is taken to follow from it: providers try again for weeks.
	paymentMemory = 60 * 24 * time.Hour
	sameLoss      = 3 * 24 * time.Hour  // two systems tell that a subscription ended
	revokeLoss    = 30 * 24 * time.Hour // what ended goes on after all; later it is a new subscription
)

// CancellationOutcomes says what became of one person's ways through flows, by what events told of
// their subscriptions; the ends of those about which nobody was asked follow, without an
// id. Events count in the order in which things happened, whenever they came.
func CancellationOutcomes(ways []Cancellation, events []Event) []Cancellation {
	var o outcomes
	for _, way := range ways {
		if way.FlowID != "" {
			way.KeptAt, way.Lost, way.LostAt, way.Amount, way.Currency = nil, NotLost, nil, nil, ""
			o.list = append(o.list, way)
		}
	}
	slices.SortFunc(o.list, func(a, b Cancellation) int {
		return cmp.Or(a.StartedAt.Compare(b.StartedAt), cmp.Compare(a.ID, b.ID))
	})
	for _, e := range slices.SortedFunc(slices.Values(events), func(a, b Event) int {
		return cmp.Or(a.OccurredAt.Compare(b.OccurredAt), cmp.Compare(a.ID, b.ID))
	}) {
		switch e.Type {
		case EventPaymentFailed:
			o.failed = append(o.failed, e)
		case EventKept:
			o.keep(e)
		case EventCancelled:
			o.end(e)
		}
	}
	return o.list
}

// outcomes are what is known until an event.
type outcomes struct {
	list   []Cancellation // the latest last
	failed []Event        // payments that failed, while none succeeded since
}

// named is the way that an event names; -1 for none.
func (o *outcomes) named(e Event) int {
	id := e.CancellationNamed()
	return slices.IndexFunc(o.list, func(c Cancellation) bool { return id != "" && c.ID == id })
}

// end is told that a subscription ended. Where no way led to it, it is one of its own.
func (o *outcomes) end(e Event) {
	if at := o.known(e); at >= 0 {
		if c := &o.list[at]; c.Amount == nil {
			c.worth(e)
		}
		return
	}
	at := o.named(e)
	for _, lead := range []time.Duration{0, EventLead} { // for clocks that run fast
		if at < 0 {
			at = o.latest(func(c Cancellation) bool { return c.leadsTo(e) && c.StartedAt.Sub(e.OccurredAt) <= lead })
		}
	}
	if at < 0 {
		at = len(o.list)
		o.list = append(o.list, endOf(e))
	}
	how := o.how(e)
	c := &o.list[at]
	c.Lost, c.LostAt = how, &e.OccurredAt
	c.worth(e)
	o.settle(e)
}

// endOf is that a subscription ended about which nobody was asked.
func endOf(e Event) Cancellation {
	c := Cancellation{WorkspaceID: e.WorkspaceID, PersonID: e.PersonID, StartedAt: e.OccurredAt}
	if subscription := e.subscription(); subscription != "" {
		c.Fields = map[string]string{FieldSubscription: subscription}
	}
	return c
}

// settle forgets the failed payments of a subscription that ended or goes on.
func (o *outcomes) settle(e Event) {
	o.failed = slices.DeleteFunc(o.failed, func(f Event) bool { return SameSubscription(f.subscription(), e.subscription()) })
}

// known is the end that was told before: by the name of its way, or by another system,
// within days and with the same amount or none; -1 for none.
func (o *outcomes) known(e Event) int {
	if at := o.named(e); at >= 0 {
		if o.list[at].Lost == NotLost {
			return -1
		}
		return at
	}
	told := Cancellation{}
	told.worth(e)
	return slices.IndexFunc(o.list, func(c Cancellation) bool {
		return c.Lost != NotLost && c.concerns(e) && e.OccurredAt.Sub(*c.LostAt) <= sameLoss && c.worthAs(told)
	})
}

// worthAs reports whether two may be worth the same: one of them says nothing, or both say
// the same.
func (c Cancellation) worthAs(other Cancellation) bool {
	return c.Amount == nil || other.Amount == nil || *c.Amount == *other.Amount && (c.Currency == "" || other.Currency == "" || c.Currency == other.Currency)
}

// leadsTo reports whether the end of a subscription may be that of this way, which has not
// ended yet.
func (c Cancellation) leadsTo(e Event) bool {
	memory := stayMemory
	choice, since := c.Chose()
	if choice == CancelLeft {
		memory = CancelMemory
	}
	return c.Lost == NotLost && c.concerns(e) && e.OccurredAt.Sub(since) <= memory
}

// how a subscription ended: as the event says; by wish where somebody went on to cancel
// lately; by a payment that failed a while before; else by wish.
func (o *outcomes) how(e Event) Loss {
	if how, said := e.Loss(); said {
		return how
	}
	asked := slices.ContainsFunc(o.list, func(c Cancellation) bool {
		choice, since := c.Chose()
		return choice == CancelLeft && c.leadsTo(e) && e.OccurredAt.Sub(since) <= paymentMemory
	})
	failed := slices.ContainsFunc(o.failed, func(f Event) bool {
		return SameSubscription(f.subscription(), e.subscription()) && e.OccurredAt.Sub(f.OccurredAt) <= paymentMemory
	})
	if failed && !asked {
		return LostPayment
	}
	return LostByWish
}

// keep is told that a subscription goes on: somebody who had left stays after all, or what
// had ended has not. Whoever chose to stay has stayed since then, and whoever chose nothing
// has not chosen to stay.
func (o *outcomes) keep(e Event) {
	o.settle(e)
	before := func(c Cancellation) bool { return !c.changed().Truncate(time.Second).After(e.OccurredAt) } // many systems know no fractions
	at := o.named(e)
	if at < 0 {
		at = o.latest(func(c Cancellation) bool { return c.concerns(e) && before(c) })
	}
	if at < 0 || !before(o.list[at]) {
		return // what happened since says more
	}
	c := &o.list[at]
	switch {
	case c.Lost != NotLost && e.OccurredAt.Sub(*c.LostAt) > revokeLoss:
		return
	case c.FlowID == "":
		o.list = slices.Delete(o.list, at, at+1)
		return
	}
	c.Lost, c.LostAt = NotLost, nil
	if choice, since := c.Chose(); choice == CancelLeft {
		c.KeptAt = &e.OccurredAt
		if since.After(e.OccurredAt) {
			c.KeptAt = &since
		}
	}
	c.worth(e)
}

// changed is when something last became of a cancellation.
func (c Cancellation) changed() time.Time {
	if c.LostAt != nil {
		return *c.LostAt
	}
	_, since := c.Chose()
	return since
}

// latest is the one that changed last of those that are meant; -1 for none.
func (o *outcomes) latest(meant func(Cancellation) bool) int {
	found := -1
	for i, c := range o.list {
		if meant(c) && (found < 0 || !c.changed().Before(o.list[found].changed())) {
			found = i
		}
	}
	return found
}

// worth notes what an event says of the subscription's amount.
func (c *Cancellation) worth(e Event) {
	if amount, priced := e.Amount(); priced {
		c.Amount = &amount
	}
	currency, _ := e.Properties["currency"].(string)
	if currency = strings.ToUpper(currency); currencyPattern.MatchString(currency) {
		c.Currency = currency
	}
}
