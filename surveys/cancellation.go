package surveys

import (
	"regexp"
	"slices"
	"strconv"
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

	// What events told since; see [CancellationOutcomes].
	KeptAt   *time.Time // when the subscription of somebody who had left went on after all
	Lost     Loss
	LostAt   *time.Time
	Amount   *float64 // what the subscription was worth, such as a month's price; nil where no event said it
	Currency string   // ISO 4217; "" where no event said it
}

// Chose is how somebody left the flow in the end, and when: who had left and was kept
// after all has stayed.
func (c Cancellation) Chose() (CancelChoice, time.Time) {
	chosen := c.StartedAt
	if c.ChosenAt != nil {
		chosen = *c.ChosenAt
	}
	if c.KeptAt != nil && !c.KeptAt.Before(chosen) {
		return CancelKept, *c.KeptAt
	}
	return c.Choice, chosen
}

// FieldSubscription is the hidden field of a flow, and the property of an event, that tells
// two subscriptions of one person apart.
const FieldSubscription = "subscription"

// concerns reports whether an event may be about the cancelled subscription: neither or
// only one of them says which it is, or both say the same.
func (c Cancellation) concerns(e Event) bool {
	return SameSubscription(c.Fields[FieldSubscription], e.subscription())
}

// SameSubscription reports whether two may be the same; "" for one that nobody named.
func SameSubscription(a, b string) bool { return a == "" || b == "" || a == b }

func (e Event) subscription() string { return TraitText(e.Properties[FieldSubscription]) }

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

// SubscriptionEvents are those types.
func SubscriptionEvents() []string { return []string{EventCancelled, EventPaymentFailed, EventKept} }

// TellsOfSubscription reports whether an event says what became of a subscription.
func (e Event) TellsOfSubscription() bool {
	return slices.Contains(SubscriptionEvents(), e.Type)
}

// cancellationID is how ids are written: a UUID.
var cancellationID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// CancellationNamed is the id of the cancellation that an event names; "" for none.
func (e Event) CancellationNamed() string {
	text, _ := e.Properties["cancellation"].(string)
	if text = strings.ToLower(text); !cancellationID.MatchString(text) {
		return ""
	}
	return text
}

var amountPattern = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

// Amount is what an event says that the subscription was worth; false where it says
// nothing. Text is read as a number, since some systems send all numbers so.
func (e Event) Amount() (amount float64, said bool) {
	switch v := e.Properties["amount"].(type) {
	case float64:
		amount, said = v, true
	case string:
		parsed, err := strconv.ParseFloat(v, 64)
		amount, said = parsed, err == nil && amountPattern.MatchString(v)
	}
	return amount, said && amount >= 0 && amount < 1e12
}

// checkSubscription refuses what an event tells of a subscription and would be lost.
func (e Event) checkSubscription() (wrong []FieldError) {
	if !e.TellsOfSubscription() {
		return nil
	}
	_, priced := e.Amount()
	text := func(name string) string { s, _ := e.Properties[name].(string); return s }
	_, voluntary := e.Properties["voluntary"].(bool)
	for name, check := range map[string]struct {
		unread   FieldError
		readable bool
	}{
		"amount":          {FieldError{Code: "amount"}, priced},
		"currency":        {FieldError{Code: "currency"}, currencyPattern.MatchString(strings.ToUpper(text("currency")))},
		"voluntary":       {FieldError{Code: "boolean"}, voluntary},
		"reason":          {FieldError{Code: "reason_word"}, text("reason") != ""},
		"cancellation":    {FieldError{Code: "cancellation_id"}, e.CancellationNamed() != ""},
		FieldSubscription: {FieldError{Code: "subscription_word"}, e.subscription() != ""},
	} {
		if value := e.Properties[name]; value != nil && value != "" && !check.readable {
			check.unread.Path = "properties." + name
			wrong = append(wrong, check.unread)
		}
	}
	slices.SortFunc(wrong, func(a, b FieldError) int { return strings.Compare(a.Path, b.Path) })
	return wrong
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
