package surveys

import (
	"regexp"
	"strings"
	"time"
)

// Event is something that happened to a person: an order, a ticket solved, a
// renewal. Rules decide what follows from it.
type Event struct {
	WorkspaceID WorkspaceID
	ID          string
	ExternalID  string // the sender's own id; the same id and type twice is the same event
	Type        string // order_completed, ticket_solved, …
	PersonID    string
	OccurredAt  time.Time
	ReceivedAt  time.Time
	Properties  map[string]any
}

// How far an event's time may lie from now.
const (
	EventLead   = 10 * time.Minute          // ahead of now, for clocks that run fast
	EventMaxAge = 30 * 24 * time.Hour       // older events are kept, and ask nobody
	EventOldest = 30 * 366 * 24 * time.Hour // older than this is a mistake of units
)

var eventTypePattern = regexp.MustCompile(`^[a-z][a-z0-9_.]{0,63}$`)

// Check returns the event with its texts trimmed, or what is wrong with it.
func (e Event) Check(now time.Time) (Event, []FieldError) {
	e.Type, e.ExternalID = strings.TrimSpace(e.Type), strings.TrimSpace(e.ExternalID)
	var wrong []FieldError
	switch {
	case e.Type == "":
		wrong = append(wrong, FieldError{Path: "type", Code: "required"})
	case !eventTypePattern.MatchString(e.Type):
		wrong = append(wrong, FieldError{Path: "type", Code: "event_type"})
	}
	wrong = append(wrong, checkLength("id", e.ExternalID, 0, 200)...)
	switch {
	case e.OccurredAt.After(now.Add(EventLead)):
		wrong = append(wrong, FieldError{Path: "occurred_at", Code: "future"})
	case now.Sub(e.OccurredAt) > EventOldest:
		wrong = append(wrong, FieldError{Path: "occurred_at", Code: "ancient"})
	}
	wrong = append(wrong, checkJSON("properties", e.Properties)...)
	wrong = append(wrong, e.checkSubscription()...)
	return e, wrong
}
