package surveys

import (
	"slices"
	"strings"
	"time"
)

// RuleStatus says whether a rule decides anything.
type RuleStatus string

// The statuses of a rule.
const (
	RuleActive RuleStatus = "active"
	RulePaused RuleStatus = "paused"
)

// Limits of a rule.
const (
	MaxDelay     = 90 * 24 * time.Hour
	MaxCapDays   = 365
	MaxCondition = 500 // characters
)

// Rule says which event asks which survey, of whom, and when.
type Rule struct {
	WorkspaceID WorkspaceID
	ID          string
	Name        string
	EventType   string
	Condition   string // an expression over event and person; "" for everybody
	Delay       time.Duration
	SurveyID    string
	CapDays     int // no invitation to somebody who got one of any survey in so many days; 0 for no cap
	Status      RuleStatus
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Check returns the rule with its texts trimmed, or what is wrong with it. The
// condition's own grammar is checked where it is compiled.
func (r Rule) Check() (Rule, []FieldError) {
	r.Name, r.EventType, r.Condition = strings.TrimSpace(r.Name), strings.TrimSpace(r.EventType), strings.TrimSpace(r.Condition)
	var wrong []FieldError
	wrong = append(wrong, checkLength("name", r.Name, 1, 80)...)
	wrong = append(wrong, checkLength("condition", r.Condition, 0, MaxCondition)...)
	if !eventTypePattern.MatchString(r.EventType) {
		wrong = append(wrong, FieldError{Path: "event_type", Code: "event_type"})
	}
	if r.Delay < 0 || r.Delay > MaxDelay {
		wrong = append(wrong, FieldError{Path: "delay", Code: "delay", Args: map[string]any{"max": int(MaxDelay.Hours() / 24)}})
	}
	if r.CapDays < 0 || r.CapDays > MaxCapDays {
		wrong = append(wrong, FieldError{Path: "cap_days", Code: "cap", Args: map[string]any{"max": MaxCapDays}})
	}
	if r.SurveyID == "" {
		wrong = append(wrong, FieldError{Path: "survey_id", Code: "required"})
	}
	if !slices.Contains([]RuleStatus{RuleActive, RulePaused}, r.Status) {
		wrong = append(wrong, FieldError{Path: "status", Code: "status"})
	}
	return r, wrong
}

// Outcome is what a rule made of an event.
type Outcome string

// The outcomes. All but Scheduled are a reason not to ask.
const (
	Scheduled       Outcome = "scheduled"        // SendAt says when
	RuleIsPaused    Outcome = "rule_paused"      // somebody paused the rule
	SurveyNotOpen   Outcome = "survey_not_open"  // paused, archived or closed
	NotMatched      Outcome = "condition_false"  // the condition is not true of this event
	ConditionFailed Outcome = "condition_failed" // the condition could not be computed; Detail says why
	TooOld          Outcome = "too_old"          // it happened more than EventMaxAge ago
	NoAddress       Outcome = "no_address"       // the person has no mail address
	Unsubscribed    Outcome = "unsubscribed"     // they asked not to be asked
	Bounced         Outcome = "bounced"          // their address does not take mail
	Capped          Outcome = "capped"           // asked lately; Until says when it may be again
)

// Suppression says why an address gets no mail; "" when it does.
type Suppression string

// The reasons of suppression.
const (
	SuppressedUnsubscribed Suppression = "unsubscribed"
	SuppressedBounced      Suppression = "bounced"
	SuppressedByTeam       Suppression = "stopped" // the team said so; only the team lifts it
)

// Facts are what a rule needs to know to decide about an event.
type Facts struct {
	Event        Event
	Person       Person
	Survey       Survey
	Matched      bool   // the condition's result
	MatchProblem string // why the condition has none, a stored [Problem]; "" when it has
	Suppressed   Suppression
	LastAsked    time.Time // the latest send time of the person's invitations, sent or to come; zero for never
}

// Decision is the fate of an event under one rule. It is kept with the event,
// so that anybody can ask later why somebody was or was not asked.
type Decision struct {
	RuleID       string
	RuleName     string
	SurveyID     string
	Outcome      Outcome
	SendAt       *time.Time // set when Scheduled
	Until        *time.Time // set when Capped
	InvitationID string     // set when Scheduled
	Detail       string     // a stored [Problem]; set when ConditionFailed
}

// Decide says what the rule makes of an event at now. The reasons are tried in
// an order in which the first one told is the one to act on: what the team set
// up, then what happened, then what the person wants.
func (r Rule) Decide(f Facts, now time.Time) Decision {
	d := Decision{RuleID: r.ID, RuleName: r.Name, SurveyID: r.SurveyID}
	sendAt := later(f.Event.OccurredAt.Add(r.Delay), now)
	free := f.LastAsked.AddDate(0, 0, r.CapDays)
	switch {
	case r.Status != RuleActive:
		d.Outcome = RuleIsPaused
	case f.Survey.Open(now) != nil:
		d.Outcome = SurveyNotOpen
	case f.MatchProblem != "":
		d.Outcome, d.Detail = ConditionFailed, f.MatchProblem
	case !f.Matched:
		d.Outcome = NotMatched
	case now.Sub(f.Event.OccurredAt) > EventMaxAge:
		d.Outcome = TooOld
	case f.Person.Email == "":
		d.Outcome = NoAddress
	case f.Suppressed == SuppressedBounced:
		d.Outcome = Bounced
	case f.Suppressed != "":
		d.Outcome = Unsubscribed
	case r.CapDays > 0 && !f.LastAsked.IsZero() && sendAt.Before(free):
		d.Outcome, d.Until = Capped, &free
	default:
		d.Outcome, d.SendAt = Scheduled, &sendAt
	}
	return d
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
