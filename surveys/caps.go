package surveys

import (
	"slices"
	"strings"
	"time"
)

// SurveyKind is how a survey relates to what a person did, which decides how
// often one may be asked.
type SurveyKind string

// The kinds of a survey.
const (
	Relational    SurveyKind = "relational"    // about the company as a whole, such as a yearly NPS
	Transactional SurveyKind = "transactional" // about one order, ticket or visit
)

// AskFloor is the least time between two asks of one person, whatever the caps
// say.
const AskFloor = 24 * time.Hour

// Caps are a workspace's promise to its people: how many days lie at least
// between two asks, by mail or on a page. 0 is no cap; [AskFloor] always holds.
type Caps struct {
	AllDays           int `json:"all_days"`           // between any two
	RelationalDays    int `json:"relational_days"`    // between two relational surveys
	TransactionalDays int `json:"transactional_days"` // between two transactional ones of one topic
	Reminders         int `json:"reminders"`          // to one person in 30 days, all surveys together
}

// ReminderSpan is the time over which a person's reminders are counted.
const ReminderSpan = 30 * 24 * time.Hour

// UsualCaps are those of a new workspace: 30 days between any two asks, 90
// between relational ones, 14 between transactional ones of a topic.
func UsualCaps() Caps {
	return Caps{AllDays: 30, RelationalDays: 90, TransactionalDays: 14, Reminders: 3}
}

// Limits of the caps.
const (
	MaxCapDays     = 365
	MaxReminderCap = 30
)

// Check reports what is wrong with the caps.
func (c Caps) Check() []FieldError {
	var wrong []FieldError
	for _, field := range []struct {
		path  string
		value int
	}{{"cap_all", c.AllDays}, {"cap_relational", c.RelationalDays}, {"cap_transactional", c.TransactionalDays}} {
		wrong = append(wrong, checkCap(field.path, field.value)...)
	}
	if c.Reminders < 0 || c.Reminders > MaxReminderCap {
		wrong = append(wrong, FieldError{Path: "cap_reminders", Code: "cap_reminders", Args: map[string]any{"max": MaxReminderCap}})
	}
	return wrong
}

func checkCap(path string, days int) []FieldError {
	if days < 0 || days > MaxCapDays {
		return []FieldError{{Path: path, Code: "cap", Args: map[string]any{"max": MaxCapDays}}}
	}
	return nil
}

// Ask is one time at which a person was asked or will be: an invitation that
// left or waits, or an answer that came without one.
type Ask struct {
	SurveyID string
	Kind     SurveyKind
	Topic    string
	At       time.Time
	Reminder bool // of an earlier ask: only the floor keeps others away from it
	Answered bool // an answer that came without an invitation
}

// CapName is which cap stood in the way.
type CapName string

// The caps, from the one that every ask must keep to that of one rule.
const (
	CapFloor         CapName = "floor"
	CapAll           CapName = "all"
	CapRelational    CapName = "relational"
	CapTransactional CapName = "transactional"
	CapSurvey        CapName = "survey"
	CapRule          CapName = "rule"
)

// limits are all caps that an ask of one survey by one rule has to keep.
type limits struct {
	caps   Caps
	survey Survey
	rule   Rule
}

// between is how far the survey has to stay from another ask, and which cap
// says so: the longest one.
func (l limits) between(other Ask) (time.Duration, CapName) {
	longest, name := AskFloor, CapFloor
	if other.Reminder {
		return longest, name
	}
	keep := func(days int, by CapName) {
		if span := time.Duration(days) * 24 * time.Hour; span > longest {
			longest, name = span, by
		}
	}
	keep(l.caps.AllDays, CapAll)
	if l.survey.Kind == Relational && other.Kind == Relational {
		keep(l.caps.RelationalDays, CapRelational)
	}
	if l.survey.Kind == Transactional && other.Kind == Transactional && sameTopic(l.survey, other) {
		keep(l.caps.TransactionalDays, CapTransactional)
	}
	if l.survey.ID == other.SurveyID {
		keep(l.survey.CapDays, CapSurvey)
	}
	keep(l.rule.CapDays, CapRule)
	return longest, name
}

// problem says which cap stood in the way, and how long it is.
func (l limits) problem(name CapName) Problem {
	days := func(n int) map[string]any { return map[string]any{"days": n} }
	return map[CapName]Problem{
		CapFloor:         {Code: "cap_by_floor"},
		CapAll:           {Code: "cap_by_all", Args: days(l.caps.AllDays)},
		CapRelational:    {Code: "cap_by_relational", Args: days(l.caps.RelationalDays)},
		CapTransactional: {Code: "cap_by_transactional", Args: days(l.caps.TransactionalDays)},
		CapSurvey:        {Code: "cap_by_survey", Args: days(l.survey.CapDays)},
		CapRule:          {Code: "cap_by_rule", Args: days(l.rule.CapDays)},
	}[name]
}

// sameTopic reports whether two transactional surveys ask about the same thing:
// they name the same topic, or are one survey.
func sameTopic(s Survey, other Ask) bool {
	if s.ID == other.SurveyID {
		return true
	}
	return s.Topic != "" && strings.EqualFold(s.Topic, other.Topic)
}

// MayAsk reports whether a survey may come up by itself before somebody at now, as far
// as the caps go, who was asked and will be at some other times.
func (s Survey) MayAsk(caps Caps, asks []Ask, now time.Time) bool {
	_, moved := limits{caps: caps, survey: s}.free(now, asks)
	return moved == ""
}

// free is the first moment from t on that keeps every cap towards every ask,
// past or planned, and the cap that moved it last; "" when t itself does.
func (l limits) free(t time.Time, asks []Ask) (time.Time, CapName) {
	var moved CapName
	asks = slices.SortedFunc(slices.Values(asks), func(a, b Ask) int { return a.At.Compare(b.At) })
	for again := true; again; {
		again = false
		for _, ask := range asks {
			span, name := l.between(ask)
			if t.After(ask.At.Add(-span)) && t.Before(ask.At.Add(span)) {
				t, moved, again = ask.At.Add(span), name, true
			}
		}
	}
	return t, moved
}
