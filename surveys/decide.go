package surveys

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Outcome is what a rule made of an event.
type Outcome string

// The outcomes. All but Scheduled and Deferred are a reason not to ask.
const (
	Scheduled       Outcome = "scheduled"        // SendAt says when
	Deferred        Outcome = "deferred"         // as Scheduled, but a cap moved it; Detail says which
	RuleIsPaused    Outcome = "rule_paused"      // somebody paused the rule
	SurveyNotOpen   Outcome = "survey_not_open"  // paused, archived or closed
	NotMatched      Outcome = "condition_false"  // the condition is not true of this event
	ConditionFailed Outcome = "condition_failed" // the condition could not be computed; Detail says why
	TooOld          Outcome = "too_old"          // it happened more than EventMaxAge ago
	NoTime          Outcome = "no_time"          // the field that the delay counts from has no time; Detail says why
	NoAddress       Outcome = "no_address"       // the person has no mail address
	Unsubscribed    Outcome = "unsubscribed"     // they asked not to be asked; or Detail says who else said so
	Bounced         Outcome = "bounced"          // their address does not take mail
	HeldOut         Outcome = "held_out"         // among those whom the rule never asks
	SampledOut      Outcome = "sampled_out"      // left out by lot
	Withdrawn       Outcome = "withdrawn"        // a later event came first that takes it back; Detail names it
	Capped          Outcome = "capped"           // asked lately; Until says when it may be again, Detail which cap
	Withdrew        Outcome = "withdrew"         // asked nothing, but took back the invitation of an earlier event
)

// Outcomes lists them all, from those asked to those not, in the order in which
// the reasons are tried.
func Outcomes() []Outcome {
	return []Outcome{
		Scheduled, Deferred, RuleIsPaused, SurveyNotOpen, ConditionFailed, NotMatched, TooOld, NoTime,
		NoAddress, Bounced, Unsubscribed, HeldOut, SampledOut, Withdrawn, Capped, Withdrew,
	}
}

// Asks reports whether an invitation follows from the outcome.
func (o Outcome) Asks() bool { return o == Scheduled || o == Deferred }

// Suppression says why an address gets no mail; "" when it does.
type Suppression string

// The reasons of suppression.
const (
	SuppressedUnsubscribed Suppression = "unsubscribed"
	SuppressedBounced      Suppression = "bounced"
	SuppressedComplained   Suppression = "complained" // the person called a mail spam
	SuppressedByTeam       Suppression = "stopped"    // the team said so; only the team lifts it
)

// Facts are what a rule needs to know to decide about an event.
type Facts struct {
	Event        Event
	Person       Person
	Survey       Survey
	Zone         *time.Location // the person's, see [ZoneOf]; UTC when nil
	Holidays     Holidays
	Caps         Caps
	Matched      bool   // the condition's result
	MatchProblem string // why the condition has none, a stored [Problem]; "" when it has
	Suppressed   Suppression
	Asks         []Ask   // of the last [MaxCapDays] days and to come
	Later        []Event // the person's events since this one, of the types that withdraw
}

// Decision is the fate of an event under one rule. It is kept with the event,
// so that anybody can ask later why somebody was or was not asked.
type Decision struct {
	RuleID       string
	RuleName     string
	SurveyID     string
	Outcome      Outcome
	SendAt       *time.Time // set when an invitation follows
	Until        *time.Time // set when Capped
	InvitationID string     // set when an invitation follows
	Detail       string     // a stored [Problem]; see the outcomes
}

// Decide says what the rule makes of an event at now. The reasons are tried in
// an order in which the first one told is the one to act on: what the team set
// up, then what happened, then what the person wants, then chance and caps.
func (r Rule) Decide(f Facts, now time.Time) Decision {
	r = r.Filled()
	d := Decision{RuleID: r.ID, RuleName: r.Name, SurveyID: r.SurveyID}
	var base time.Time
	if d.Outcome, d.Detail = r.refuse(f, now); d.Outcome != "" {
		return d
	}
	if base, d.Detail = r.base(f, now); d.Detail != "" {
		d.Outcome = NoTime
		return d
	}
	if d.Outcome, d.Detail = r.spare(f, base, now); d.Outcome != "" {
		return d
	}
	return r.schedule(d, f, later(base, now))
}

// refuse gives the reasons that lie with the team and with what happened.
func (r Rule) refuse(f Facts, now time.Time) (Outcome, string) {
	switch {
	case r.Status != RuleActive:
		return RuleIsPaused, ""
	case f.Survey.Open(now) != nil:
		return SurveyNotOpen, ""
	case f.MatchProblem != "":
		return ConditionFailed, f.MatchProblem
	case !f.Matched:
		return NotMatched, ""
	case now.Sub(f.Event.OccurredAt) > EventMaxAge:
		return TooOld, ""
	}
	return "", ""
}

// spare gives the reasons that lie with the person, and chance.
func (r Rule) spare(f Facts, base, now time.Time) (Outcome, string) {
	switch {
	case now.Sub(base) > EventMaxAge:
		return TooOld, ""
	case f.Person.Email == "":
		return NoAddress, ""
	case f.Suppressed == SuppressedBounced:
		return Bounced, ""
	case f.Suppressed == SuppressedByTeam:
		return Unsubscribed, Problem{Code: "stopped_by_team"}.String()
	case f.Suppressed == SuppressedComplained:
		return Unsubscribed, Problem{Code: "complained"}.String()
	case f.Suppressed != "":
		return Unsubscribed, ""
	case r.HoldOut > 0 && 100*Lot("hold out", r.ID, f.Person.ID) < float64(r.HoldOut):
		return HeldOut, ""
	case r.Sample < 100 && 100*Lot("sample", r.ID, f.Event.ID) >= float64(r.Sample):
		return SampledOut, ""
	}
	if by, withdrawn := r.withdrawn(f); withdrawn {
		return Withdrawn, WithdrawnBy(by).String()
	}
	return "", ""
}

// withdrawn finds the first of the later events that takes back what follows
// from the event.
func (r Rule) withdrawn(f Facts) (Event, bool) {
	i := slices.IndexFunc(f.Later, func(later Event) bool { return r.Withdraws(f.Event, later) })
	if i < 0 {
		return Event{}, false
	}
	return f.Later[i], true
}

// WithdrawnBy says which event took an invitation back.
func WithdrawnBy(e Event) Problem {
	return Problem{Code: "withdrawn_by", Args: map[string]any{"event": e.Type}}
}

// MaxDefer is how long a cap may put off what follows from an event; later it
// would ask about something long forgotten. Turns of series and lists wait as
// long as they must.
const MaxDefer = 30 * 24 * time.Hour

// schedule finds the first moment from t on at which the window is open and no
// cap stands in the way.
func (r Rule) schedule(d Decision, f Facts, t time.Time) Decision {
	if planned, waits := r.waiting(f, t); waits {
		d.Outcome, d.Until, d.Detail = Capped, &planned, Problem{Code: "series_waits"}.String()
		return d
	}
	limit := limits{caps: f.Caps, survey: f.Survey, rule: r}
	first, _ := r.Window.Next(t, cmp.Or(f.Zone, time.UTC), f.Holidays)
	at, by, open := r.earliest(t, limit, f)
	if by != "" {
		d.Detail = limit.problem(by).String()
	}
	switch {
	case !open:
		d.Outcome, d.Detail = NoTime, Problem{Code: "window_never"}.String()
	case by == "":
		d.Outcome, d.SendAt = Scheduled, &at
	case r.WhenCapped == CapDefer && (r.Trigger != TriggerEvent || at.Sub(first) <= MaxDefer):
		d.Outcome, d.SendAt = Deferred, &at
	default:
		d.Outcome, d.Until = Capped, &at
	}
	return d
}

// waiting is when the survey of a series is planned to be asked already: a limit that
// is longer than the series is quick would have turns wait for years.
func (r Rule) waiting(f Facts, t time.Time) (time.Time, bool) {
	i := slices.IndexFunc(f.Asks, func(ask Ask) bool { return ask.SurveyID == r.SurveyID && !ask.Reminder && ask.At.After(t) })
	if r.Trigger != TriggerSeries || i < 0 {
		return time.Time{}, false
	}
	return f.Asks[i].At, true
}

// earliest is the first moment from t on that lies in the window and keeps the
// limits, with the cap that moved it last; false when the window never opens.
func (r Rule) earliest(t time.Time, limit limits, f Facts) (time.Time, CapName, bool) {
	zone := cmp.Or(f.Zone, time.UTC)
	at, open := r.Window.Next(t, zone, f.Holidays)
	var by CapName
	for open {
		free, moved := limit.free(at, f.Asks)
		if moved == "" {
			break
		}
		by = moved
		at, open = r.Window.Next(free, zone, f.Holidays)
	}
	return at, by, open
}

// base is the moment that the rule would ask at, were there no window and no
// cap, or the stored problem of the field that it counts from.
func (r Rule) base(f Facts, now time.Time) (time.Time, string) {
	if r.DelayFrom == "" {
		return f.Event.OccurredAt.Add(r.Delay), ""
	}
	name := map[string]any{"name": r.DelayFrom}
	value := fieldValue(r.DelayFrom, f)
	if value == nil || value == "" {
		return time.Time{}, Problem{Code: "time_missing", Args: name}.String()
	}
	at, ok := timeOf(value, cmp.Or(f.Zone, time.UTC))
	if !ok {
		return time.Time{}, Problem{Code: "time_unread", Args: name}.String()
	}
	if at = at.Add(r.Delay); at.Sub(now) > maxAhead {
		return time.Time{}, Problem{Code: "time_far", Args: name}.String()
	}
	return at, ""
}

// maxAhead is how far in the future a field's time may lie.
const maxAhead = 400 * 24 * time.Hour

// fieldValue is what the event or person holds under a field's name.
func fieldValue(name string, f Facts) any {
	if key, ok := strings.CutPrefix(name, "event.properties."); ok {
		return f.Event.Properties[key]
	}
	key, _ := strings.CutPrefix(name, "person.traits.")
	return f.Person.Traits[key]
}

// timeOf reads a time as programs write it: with its distance from UTC, as the
// zone's own clock shows it, as a day, which begins at midnight in the zone, or in
// seconds or milliseconds since 1970, also as a text.
func timeOf(value any, zone *time.Location) (time.Time, bool) {
	switch v := value.(type) {
	case string:
		return timeOfText(strings.TrimSpace(v), zone)
	case float64:
		return sinceEpoch(v)
	}
	return time.Time{}, false
}

// epochPattern is a number of seconds or milliseconds of these decades: another
// one, such as 20260310, means something else.
var epochPattern = regexp.MustCompile(`^\d{10}(\d{3})?$`)

// Layouts of times in texts. Fractions of a second are read behind all of them.
var (
	zonedLayouts = []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z0700", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 MST"}
	clockLayouts = []string{"2006-01-02T15:04:05", time.DateTime, "2006-01-02T15:04", "2006-01-02 15:04"}
)

func timeOfText(text string, zone *time.Location) (time.Time, bool) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return dateOf(day).at(0, zone).UTC(), true
	}
	for _, layout := range clockLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			return firstOf(at, zone), true
		}
	}
	for _, layout := range zonedLayouts {
		at, err := time.ParseInLocation(layout, text, time.UTC)
		if name, _ := at.Zone(); err == nil && (name == "" || name == "UTC") { // other abbreviations mean several zones each
			return at.UTC(), true
		}
	}
	if !epochPattern.MatchString(text) {
		return time.Time{}, false
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return time.Time{}, false
	}
	return sinceEpoch(number)
}

// firstOf is when a zone's clock first shows a time, which is given as if it were
// UTC: where an hour comes twice, as windows do.
func firstOf(clock time.Time, zone *time.Location) time.Time {
	at := time.Date(clock.Year(), clock.Month(), clock.Day(), clock.Hour(), clock.Minute(), clock.Second(), clock.Nanosecond(), zone)
	for _, back := range []time.Duration{2 * time.Hour, time.Hour, 30 * time.Minute} {
		if earlier := at.Add(-back); earlier.Format(time.DateTime) == at.Format(time.DateTime) {
			return earlier.UTC()
		}
	}
	return at.UTC()
}

// sinceEpoch reads whole seconds since 1970, or milliseconds where seconds would
// lie thousands of years ahead.
func sinceEpoch(v float64) (time.Time, bool) {
	whole, fraction := math.Modf(v)
	switch {
	case fraction != 0 || math.Abs(whole) >= 1e14:
		return time.Time{}, false
	case math.Abs(whole) >= 1e11:
		return time.UnixMilli(int64(whole)).UTC(), true
	}
	return time.Unix(int64(whole), 0).UTC(), true
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
