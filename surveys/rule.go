package surveys

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// RuleStatus says whether a rule decides anything.
type RuleStatus string

// The statuses of a rule.
const (
	RuleActive   RuleStatus = "active"
	RulePaused   RuleStatus = "paused"
	RuleArchived RuleStatus = "archived" // it decides nothing, and is no choice; what it did can be read
)

// WithArchivedRule says of a letter that it was taken back with its rule.
func WithArchivedRule() Problem { return Problem{Code: "rule_archived"} }

// Trigger is what sets a rule off.
type Trigger string

// The triggers.
const (
	TriggerEvent  Trigger = "event"  // each event of a type
	TriggerSeries Trigger = "series" // each person's turn, every so many months
	TriggerList   Trigger = "list"   // the people of an uploaded list, a few at a time
)

// CapPolicy is what a rule does about somebody whom a cap protects.
type CapPolicy string

// The policies.
const (
	CapDrop  CapPolicy = "drop"  // they are not asked
	CapDefer CapPolicy = "defer" // they are asked as soon as every cap allows it
)

// Limits of a rule.
const (
	MaxDelay      = 90 * 24 * time.Hour
	MaxCondition  = 500 // characters
	MaxEvery      = 24  // months
	MaxHoldOut    = 50  // percent
	MaxExpiryDays = 90
	MaxReminders  = 5
	MaxWithdraw   = 10 // types of events
)

// Reminder is one more letter to whoever has not answered.
type Reminder struct {
	After time.Duration `json:"after"` // the letter before it; whole hours, a day at least
	Key   int           `json:"key"`   // tells it from the rule's others, whichever of them are taken out: its texts and letters have it as their number
}

// Thanks is the letter to whoever has answered.
type Thanks struct {
	On    bool            `json:"on,omitempty"`
	Links map[Band]string `json:"links,omitempty"` // where each band is sent on, such as promoters to a review site; https
}

// ThanksDelay is how long after an answer it is thanked for: who is still
// writing their comment is left in peace.
const ThanksDelay = 15 * time.Minute

// Limits of a reminder's delay.
const (
	MinReminder = 24 * time.Hour
	MaxReminder = 30 * 24 * time.Hour
)

// Withdrawal says which later events of the same person take an invitation
// back that has not left yet.
type Withdrawal struct {
	Events []string `json:"events,omitempty"` // types, such as ticket_reopened
	Same   string   `json:"same,omitempty"`   // a property that must be equal in both, such as ticket_id; "" for none
}

// Rule says what asks which survey, of whom, and when.
type Rule struct {
	WorkspaceID WorkspaceID
	ID          string
	Name        string
	Trigger     Trigger
	EventType   string // of [TriggerEvent]; "" otherwise
	Every       int    // months between two turns of [TriggerSeries]; 0 otherwise
	Condition   string // an expression over event, person and history; "" for everybody
	DelayFrom   string // what the delay counts from: a field with a time, such as event.properties.delivered_at; "" for the event
	Delay       time.Duration
	Window      Window // in the person's own zone
	Sample      int    // of 100 such events, how many ask; 1–100
	HoldOut     int    // of 100 people, how many this rule never asks; 0–50
	SurveyID    string
	CapDays     int // no invitation to somebody who was asked by any survey in so many days; 0 for the workspace's caps alone
	WhenCapped  CapPolicy
	ExpiryDays  int // for how long the link takes answers, from the first letter's time
	Reminders   []Reminder
	Withdraw    Withdrawal
	Thanks      Thanks
	Status      RuleStatus
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Filled is the rule with the usual values in the place of missing ones: it
// waits for an event, asks everybody at any time, drops who is capped, its
// links live for [AnswerWindow], and each of its reminders has a key.
func (r Rule) Filled() Rule {
	r.Trigger, r.WhenCapped = cmp.Or(r.Trigger, TriggerEvent), cmp.Or(r.WhenCapped, CapDrop)
	r.Sample, r.ExpiryDays = cmp.Or(r.Sample, 100), cmp.Or(r.ExpiryDays, int(AnswerWindow/(24*time.Hour)))
	if r.Window == (Window{}) {
		r.Window = AnyTime()
	}
	r.Reminders = keyed(r.Reminders)
	return r
}

// Archived reports whether the rule was put away.
func (r Rule) Archived() bool { return r.Status == RuleArchived }

// AnswerWindow is how long the links of the rule's letters take answers.
func (r Rule) AnswerWindow() time.Duration { return time.Duration(r.ExpiryDays) * 24 * time.Hour }

// Check returns the rule filled and with its texts trimmed, or what is wrong
// with it. The condition's own grammar is checked where it is compiled. An archived
// rule is not to be changed.
func (r Rule) Check() (Rule, []FieldError) {
	r = r.Filled()
	for _, text := range []*string{&r.Name, &r.EventType, &r.Condition, &r.DelayFrom, &r.Withdraw.Same} {
		*text = strings.TrimSpace(*text)
	}
	var wrong []FieldError
	wrong = append(wrong, checkLength("name", r.Name, 1, 80)...)
	wrong = append(wrong, r.checkTrigger()...)
	wrong = append(wrong, checkLength("condition", r.Condition, 0, MaxCondition)...)
	wrong = append(wrong, r.checkTime()...)
	wrong = append(wrong, checkCap("cap_days", r.CapDays)...)
	if r.SurveyID == "" {
		wrong = append(wrong, FieldError{Path: "survey_id", Code: "required"})
	}
	if !slices.Contains([]CapPolicy{CapDrop, CapDefer}, r.WhenCapped) {
		wrong = append(wrong, FieldError{Path: "when_capped", Code: "when_capped"})
	}
	wrong = append(wrong, r.checkShares()...)
	wrong = append(wrong, r.checkReminders()...)
	wrong = append(wrong, r.checkWithdraw()...)
	wrong = append(wrong, r.checkThanks()...)
	if !slices.Contains([]RuleStatus{RuleActive, RulePaused}, r.Status) {
		wrong = append(wrong, FieldError{Path: "status", Code: "status"})
	}
	return r, wrong
}

func (r Rule) checkTrigger() []FieldError {
	switch r.Trigger {
	case TriggerEvent:
		if !eventTypePattern.MatchString(r.EventType) {
			return []FieldError{{Path: "event_type", Code: "event_type"}}
		}
		if r.EventType == TurnEvent {
			return []FieldError{{Path: "event_type", Code: "event_type_turn"}}
		}
	case TriggerSeries:
		if r.Every < 1 || r.Every > MaxEvery {
			return []FieldError{{Path: "every", Code: "every", Args: map[string]any{"max": MaxEvery}}}
		}
	case TriggerList:
	default:
		return []FieldError{{Path: "trigger", Code: "trigger"}}
	}
	return nil
}

var fieldPattern = regexp.MustCompile(`^(event\.properties|person\.traits)\.[^\s.].{0,99}$`)

// checkTime looks at when the rule asks. Only a field's time can lie ahead, so
// only from there a delay can count backwards.
func (r Rule) checkTime() []FieldError {
	var wrong []FieldError
	if r.DelayFrom != "" && !fieldPattern.MatchString(r.DelayFrom) {
		wrong = append(wrong, FieldError{Path: "delay_from", Code: "delay_from"})
	}
	least := time.Duration(0)
	if r.DelayFrom != "" {
		least = -MaxDelay
	}
	if r.Delay < least || r.Delay > MaxDelay {
		wrong = append(wrong, FieldError{Path: "delay", Code: "delay", Args: map[string]any{"max": int(MaxDelay.Hours() / 24)}})
	}
	return append(wrong, r.Window.Check()...)
}

func (r Rule) checkShares() []FieldError {
	var wrong []FieldError
	for _, field := range []struct {
		path             string
		value, low, high int
	}{{"sample", r.Sample, 1, 100}, {"hold_out", r.HoldOut, 0, MaxHoldOut}, {"expiry_days", r.ExpiryDays, 1, MaxExpiryDays}} {
		if field.value < field.low || field.value > field.high {
			wrong = append(wrong, FieldError{Path: field.path, Code: "range", Args: map[string]any{"min": field.low, "max": field.high}})
		}
	}
	return wrong
}

// checkReminders wants each reminder to find the link open.
func (r Rule) checkReminders() []FieldError {
	if len(r.Reminders) > MaxReminders {
		return []FieldError{{Path: "reminders", Code: "reminders_many", Args: map[string]any{"max": MaxReminders}}}
	}
	var wrong []FieldError
	var sum time.Duration
	for i, reminder := range r.Reminders {
		path := fmt.Sprintf("reminders.%d.after", i)
		sum += reminder.After
		switch {
		case reminder.After < MinReminder || reminder.After > MaxReminder || reminder.After%time.Hour != 0:
			wrong = append(wrong, FieldError{Path: path, Code: "reminder_after", Args: map[string]any{"min": int(MinReminder.Hours() / 24), "max": int(MaxReminder.Hours() / 24)}})
		case sum >= time.Duration(r.ExpiryDays)*24*time.Hour:
			wrong = append(wrong, FieldError{Path: path, Code: "reminder_late", Args: map[string]any{"days": r.ExpiryDays}})
		}
	}
	return wrong
}

func (r Rule) checkWithdraw() []FieldError {
	if len(r.Withdraw.Events) > MaxWithdraw {
		return []FieldError{{Path: "withdraw", Code: "withdraw_many", Args: map[string]any{"max": MaxWithdraw}}}
	}
	for _, kind := range r.Withdraw.Events {
		switch {
		case !eventTypePattern.MatchString(kind):
			return []FieldError{{Path: "withdraw", Code: "event_type"}}
		case r.Trigger == TriggerEvent && kind == r.EventType:
			return []FieldError{{Path: "withdraw", Code: "withdraw_itself"}}
		}
	}
	return checkLength("withdraw_same", r.Withdraw.Same, 0, 100)
}

// Withdraws reports whether a later event takes back what this rule made of an
// earlier one of the same person.
func (r Rule) Withdraws(earlier, lateEvent Event) bool {
	if !slices.Contains(r.Withdraw.Events, lateEvent.Type) || lateEvent.OccurredAt.Before(earlier.OccurredAt) {
		return false
	}
	if r.Withdraw.Same == "" {
		return true
	}
	mine, theirs := TraitText(earlier.Properties[r.Withdraw.Same]), TraitText(lateEvent.Properties[r.Withdraw.Same])
	return mine != "" && mine == theirs
}
