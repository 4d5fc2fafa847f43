package surveys

import (
	"slices"
	"strings"
	"time"
)

// Cancellation is one person's way through a flow, and what became of it; or that they
// cancelled without one.
type Cancellation struct {
	WorkspaceID WorkspaceID
	ID          string
	FlowID      string // "" when an event alone told of it
	PersonID    string // "" where nobody has said who it is
	Reason      string // the id of a [CancelReason]; "" for none
	Comment     string
	OfferID     string // that fitted; "" for none
	Offer       OfferState
	Choice      CancelChoice
	Locale      string
	Segments    map[string]string // what it is counted under
	Fields      map[string]string // what the page's address carried of the flow's hidden fields
	StartedAt   time.Time
	ChosenAt    *time.Time // when they chose to leave or to stay
	UpdatedAt   time.Time

	// What events told since.
	Lost     Loss
	LostAt   *time.Time
	Amount   *float64 // what was lost, as the event has it, such as a month's price; nil where it says nothing
	Currency string   // ISO 4217; "" where the event says nothing
}

// OfferState is what became of the offer that fitted.
type OfferState string

// The states.
const (
	OfferNone     OfferState = ""
	OfferMade     OfferState = "made"
	OfferHeld     OfferState = "held" // not made, to compare with
	OfferAccepted OfferState = "accepted"
	OfferDeclined OfferState = "declined"
)

// CancelChoice is how somebody left a flow.
type CancelChoice string

// The choices.
const (
	CancelOpen CancelChoice = ""     // none: they closed the page
	CancelLeft CancelChoice = "left" // they went on to cancel
	CancelKept CancelChoice = "kept" // they stay, with or without an offer
)

// Loss is how a subscription ended.
type Loss string

// The ways.
const (
	NotLost     Loss = ""
	LostByWish  Loss = "wish"    // somebody cancelled
	LostPayment Loss = "payment" // a payment failed, and nobody meant to go
)

// The types of events that say what became of subscriptions.
const (
	EventCancelled     = "subscription_cancelled"
	EventPaymentFailed = "payment_failed"
	EventKept          = "subscription_kept"
)

// CancelMemory is how long after somebody went through a flow an event about their
// subscription belongs to it: many are cancelled to the end of a year.
const CancelMemory = 400 * 24 * time.Hour

// PaymentMemory is for how long after a failed payment the end of a subscription, which
// nobody asked for, is taken to follow from it: providers try again for weeks.
const PaymentMemory = 60 * 24 * time.Hour

// TellsOfSubscription reports whether an event says what became of a subscription.
func (e Event) TellsOfSubscription() bool {
	return slices.Contains([]string{EventCancelled, EventPaymentFailed, EventKept}, e.Type)
}

// CancellationNamed is the id of the cancellation that an event names; "" for none.
func (e Event) CancellationNamed() string {
	id, _ := e.Properties["cancellation"].(string)
	return id
}

// Loss is how an event says that a subscription ended: by its "voluntary" or its
// "reason", where "payment_failed" is Stripe's word (cancellation_details.reason). False
// when it says neither.
func (e Event) Loss() (Loss, bool) {
	if voluntary, ok := e.Properties["voluntary"].(bool); ok {
		if voluntary {
			return LostByWish, true
		}
		return LostPayment, true
	}
	switch reason, _ := e.Properties["reason"].(string); reason {
	case "":
		return NotLost, false
	case EventPaymentFailed, "payment_disputed":
		return LostPayment, true
	}
	return LostByWish, true
}

// Lose is the cancellation once an event says that the subscription ended.
func (c Cancellation) Lose(e Event, how Loss) Cancellation {
	at := e.OccurredAt
	c.Lost, c.LostAt = how, &at
	if amount, ok := e.Properties["amount"].(float64); ok && amount >= 0 && amount < 1e12 {
		c.Amount = &amount
	}
	if currency, ok := e.Properties["currency"].(string); ok && len(currency) == 3 {
		c.Currency = strings.ToUpper(currency)
	}
	return c
}

// Times within which events speak of the same thing.
const (
	sameLoss   = 3 * 24 * time.Hour   // two systems tell that a subscription ended
	revokeLoss = 30 * 24 * time.Hour  // what ended goes on after all; later it is a new subscription
	keptMemory = 100 * 24 * time.Hour // somebody stayed, and it was measured how long
)

// Tells reports whether an event that a subscription ended tells anew what is known: by
// name, or within days and with the same amount, as where two systems send it.
func (c Cancellation) Tells(e Event) bool {
	if c.Lost == NotLost {
		return false
	}
	if e.CancellationNamed() == c.ID {
		return true
	}
	amount, priced := e.Properties["amount"].(float64)
	return c.LostAt.Sub(e.OccurredAt).Abs() <= sameLoss && (!priced || c.Amount == nil || *c.Amount == amount)
}

// Concerns reports whether the end of a subscription is that of this cancellation, and not
// of another one long after somebody stayed.
func (c Cancellation) Concerns(e Event) bool {
	return c.Lost == NotLost && (c.Choice != CancelKept || c.ChosenAt == nil || e.OccurredAt.Sub(*c.ChosenAt) <= keptMemory)
}

// Keep is the cancellation once an event says that the subscription goes on. What happened
// since says more, somebody who stayed has stayed since then, and whoever chose nothing has
// not chosen to stay.
func (c Cancellation) Keep(e Event) Cancellation {
	at := e.OccurredAt
	switch {
	case c.Lost == NotLost && c.Choice != CancelLeft, c.ChosenAt != nil && at.Before(*c.ChosenAt):
		return c
	case c.Lost != NotLost && (at.Before(*c.LostAt) || at.Sub(*c.LostAt) > revokeLoss):
		return c
	}
	c.Choice, c.ChosenAt, c.Lost, c.LostAt, c.Amount, c.Currency = CancelKept, &at, NotLost, nil, nil, ""
	return c
}
