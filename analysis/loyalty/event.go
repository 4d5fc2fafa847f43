package loyalty

import (
	"cmp"
	"slices"
	"time"

	"github.com/harkhq/hark/analysis"
)

// Kind is what an event means for loyalty. Which of a workspace's own event
// types are of which kind is the caller's to say.
type Kind string

// The kinds. Amounts are minor units of one currency, or points; 0 or more.
const (
	Active      Kind = "active"      // a sign of life: a visit, a sign-in, an answer
	Bought      Kind = "bought"      // an order of Amount
	Refunded    Kind = "refunded"    // Amount given back
	Started     Kind = "started"     // a contract that brings Amount each period
	Changed     Kind = "changed"     // it brings Amount from now on
	Renewed     Kind = "renewed"     // it was due and goes on
	Ended       Kind = "ended"       // it is over, by the customer's will or not
	Joined      Kind = "joined"      // became a member of the programme
	Parted      Kind = "parted"      // is a member no longer
	Recommended Kind = "recommended" // sent somebody
	Referred    Kind = "referred"    // was sent by somebody
	Issued      Kind = "issued"      // was given Amount points
	Redeemed    Kind = "redeemed"    // used Amount of them
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{
		// In this order events of the same second are taken: so that whoever ends one
		// contract and starts another in one move stays a customer.
		Referred, Ended, Parted, Active, Started, Changed, Renewed, Joined,
		Bought, Refunded, Recommended, Issued, Redeemed,
	}
}

// Event is one thing that happened to a person.
type Event struct {
	Kind   Kind
	At     time.Time
	Amount int64 // see [Kind]; ignored where it has none
}

// MaxAmount is the largest amount of an event. It keeps the sum of ninety million
// events within an int64, even if all are of that size.
const MaxAmount = 1e11

// record is an event as kept: 24 bytes.
type record struct {
	at     int64 // seconds, for the order within a day
	amount int64
	day    int32
	kind   code
}

// code is a kind's place in Kinds, which is also its order within a second.
type code uint8

// The codes, in the order of [Kinds].
const (
	referred code = iota
	ended
	parted
	active
	started
	changed
	renewed
	joined
	bought
	refunded
	recommended
	issued
	redeemed
)

func (k Kind) code() (code, bool) {
	at := slices.Index(Kinds(), k)
	return code(max(0, at)), at >= 0
}

// acts reports whether the person did something themselves: what participation
// and engagement count.
func (c code) acts() bool {
	switch c {
	case active, bought, started, changed, renewed, recommended, redeemed:
		return true
	}
	return false
}

// History is what is known of one person. Events may come in any order; two
// histories of one person add up.
type History struct {
	zone    *time.Location
	records []record
	sorted  bool
}

// NewHistory starts a history whose days are those of the zone; nil means UTC.
func NewHistory(zone *time.Location) *History {
	if zone == nil {
		zone = time.UTC
	}
	return &History{zone: zone, sorted: true}
}

// Add takes one event. An unknown kind, a time out of the calendar (years
// 1970–9999) and an amount below 0 or over 10¹¹ are refused.
func (h *History) Add(e Event) error {
	kind, ok := e.Kind.code()
	if !ok {
		return analysis.Refuse("kind", "%q is not one of %v", string(e.Kind), Kinds())
	}
	if e.Amount < 0 || e.Amount > MaxAmount {
		return analysis.Refuse("amount", "%d of %s is not between 0 and 10¹¹", e.Amount, e.Kind)
	}
	// In UTC, since a zone may be a day off at either end.
	if year := e.At.UTC().Year(); year < 1970 || year > 9999 {
		return analysis.Refuse("at", "%s is out of the calendar", e.At)
	}
	r := record{
		at: e.At.Unix(), day: int32(analysis.DayOf(e.At, h.zone)), kind: kind, amount: e.Amount,
	}
	if n := len(h.records); n > 0 && compareRecords(h.records[n-1], r) > 0 {
		h.sorted = false
	}
	h.records = append(h.records, r)
	return nil
}

// Merge adds another history of the same person.
func (h *History) Merge(other *History) {
	h.records = append(h.records, other.records...)
	h.sorted = false
}

// Reset empties the history for the next person, keeping its room.
func (h *History) Reset() {
	h.records, h.sorted = h.records[:0], true
}

// until returns the events before a day, in order of time. Events of one second
// come by kind and amount, so that the order in which they were added is never
// seen.
func (h *History) until(day analysis.Day) []record {
	if !h.sorted {
		slices.SortFunc(h.records, compareRecords)
		h.sorted = true
	}
	end := len(h.records)
	for end > 0 && analysis.Day(h.records[end-1].day) >= day {
		end--
	}
	return h.records[:end]
}

func compareRecords(a, b record) int {
	return cmp.Or(
		cmp.Compare(a.day, b.day), // a zone's calendar may step back, its days must not
		cmp.Compare(a.at, b.at),
		cmp.Compare(a.kind, b.kind),
		cmp.Compare(a.amount, b.amount),
	)
}
