package surveys_test

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

// monday is the now of these tests.
func monday() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// asking is a rule and facts under which somebody is asked.
func asking() (surveys.Rule, surveys.Facts) {
	rule := surveys.Rule{ID: "rule", Name: "After each order", SurveyID: "survey", EventType: "order_completed", Delay: time.Hour, CapDays: 30, Status: surveys.RuleActive}
	facts := surveys.Facts{
		Event:   surveys.Event{Type: "order_completed", OccurredAt: monday()},
		Person:  surveys.Person{Email: "ada@example.com"},
		Survey:  surveys.Survey{Status: surveys.SurveyActive},
		Matched: true,
	}
	return rule, facts
}

// asked is a person asked once by another survey; never at time zero.
func asked(at time.Time) []surveys.Ask {
	if at.IsZero() {
		return nil
	}
	return []surveys.Ask{{SurveyID: "another", Kind: surveys.Transactional, At: at}}
}

// drawn is an id whose lot under the rule of these tests lies from low to high.
func drawn(purpose string, low, high float64) string {
	for n := 0; ; n++ {
		id := strconv.Itoa(n)
		if lot := surveys.Lot(purpose, "rule", id); lot >= low && lot < high {
			return id
		}
	}
}

// reasons lists what stands in the way of asking, in the order in which it is
// told.
func reasons() []struct {
	outcome surveys.Outcome
	apply   func(r *surveys.Rule, f *surveys.Facts)
} {
	return []struct {
		outcome surveys.Outcome
		apply   func(r *surveys.Rule, f *surveys.Facts)
	}{
		{surveys.RuleIsPaused, func(r *surveys.Rule, _ *surveys.Facts) { r.Status = surveys.RulePaused }},
		{surveys.SurveyNotOpen, func(_ *surveys.Rule, f *surveys.Facts) { f.Survey.Status = surveys.SurveyPaused }},
		{surveys.ConditionFailed, func(_ *surveys.Rule, f *surveys.Facts) { f.MatchProblem = "total is text" }},
		{surveys.NotMatched, func(_ *surveys.Rule, f *surveys.Facts) { f.Matched = false }},
		{surveys.TooOld, func(_ *surveys.Rule, f *surveys.Facts) {
			f.Event.OccurredAt = monday().Add(-surveys.EventMaxAge - time.Second)
		}},
		{surveys.NoTime, func(r *surveys.Rule, _ *surveys.Facts) { r.DelayFrom = "event.properties.delivered_at" }},
		{surveys.NoAddress, func(_ *surveys.Rule, f *surveys.Facts) { f.Person.Email = "" }},
		{surveys.Bounced, func(_ *surveys.Rule, f *surveys.Facts) { f.Suppressed = surveys.SuppressedBounced }},
		{surveys.Unsubscribed, func(_ *surveys.Rule, f *surveys.Facts) {
			if f.Suppressed == "" {
				f.Suppressed = surveys.SuppressedUnsubscribed
			}
		}},
		{surveys.HeldOut, func(r *surveys.Rule, f *surveys.Facts) { r.HoldOut, f.Person.ID = 50, drawn("hold out", 0, 0.5) }},
		{surveys.SampledOut, func(r *surveys.Rule, f *surveys.Facts) { r.Sample, f.Event.ID = 50, drawn("sample", 0.5, 1) }},
		{surveys.Withdrawn, func(r *surveys.Rule, f *surveys.Facts) {
			r.Withdraw.Events, f.Later = []string{"order_refunded"}, []surveys.Event{{Type: "order_refunded", OccurredAt: monday().Add(time.Minute)}}
		}},
		{surveys.Capped, func(_ *surveys.Rule, f *surveys.Facts) { f.Asks = asked(monday().AddDate(0, 0, -29)) }},
	}
}

// TestDecideTellsTheFirstReason puts each reason alone, and then together with
// all that come after it.
func TestDecideTellsTheFirstReason(t *testing.T) {
	t.Parallel()
	for i, reason := range reasons() {
		rule, facts := asking()
		reason.apply(&rule, &facts)
		if got := rule.Decide(facts, monday()); got.Outcome != reason.outcome || got.SendAt != nil {
			t.Errorf("alone: %+v, want %s", got, reason.outcome)
		}
		rule, facts = asking()
		for _, later := range reasons()[i:] {
			later.apply(&rule, &facts)
		}
		got := rule.Decide(facts, monday())
		if got.Outcome != reason.outcome {
			t.Errorf("with the later reasons: %s, want %s", got.Outcome, reason.outcome)
		}
		if got.RuleID != "rule" || got.RuleName != rule.Name || got.SurveyID != "survey" {
			t.Errorf("the decision does not name its rule: %+v", got)
		}
		explained := []surveys.Outcome{surveys.ConditionFailed, surveys.NoTime, surveys.Withdrawn, surveys.Capped}
		if detail := got.Detail; (detail != "") != slices.Contains(explained, reason.outcome) {
			t.Errorf("%s with the detail %q", reason.outcome, detail)
		}
		if (got.Until != nil) != (reason.outcome == surveys.Capped) {
			t.Errorf("%s until %v", reason.outcome, got.Until)
		}
	}
}

func TestDecideWhenToAsk(t *testing.T) {
	t.Parallel()
	now, day := monday(), 24*time.Hour
	for _, c := range []struct {
		name      string
		occurred  time.Duration // from now
		delay     time.Duration
		lastAsked time.Time
		capDays   int
		sendAt    time.Duration // from now; −1 for capped
	}{
		{name: "at once", capDays: 30},
		{name: "after the delay", delay: time.Hour, sendAt: time.Hour},
		{name: "the delay is partly over", occurred: -20 * time.Minute, delay: time.Hour, sendAt: 40 * time.Minute},
		{name: "the delay is over", occurred: -2 * time.Hour, delay: time.Hour},
		{name: "a clock that runs fast", occurred: 5 * time.Minute, sendAt: 5 * time.Minute},
		{name: "as old as it may be", occurred: -surveys.EventMaxAge},
		{name: "asked long ago", lastAsked: now.Add(-30 * day), capDays: 30},
		{name: "asked a moment too lately", lastAsked: now.Add(-30*day + time.Microsecond), capDays: 30, sendAt: -1},
		{name: "the cap is over by the send time", lastAsked: now.Add(-30*day + time.Hour), capDays: 30, delay: time.Hour, sendAt: time.Hour},
		{name: "an ask to come", lastAsked: now.Add(day / 2), capDays: 1, sendAt: -1},
		{name: "an ask to come that is far enough", lastAsked: now.Add(2 * day), capDays: 1},
		{name: "no cap but the floor", lastAsked: now.Add(-day + time.Microsecond), capDays: 1, sendAt: -1},
		{name: "no cap", lastAsked: now.Add(-day), capDays: 0},
	} {
		rule, facts := asking()
		rule.Delay, rule.CapDays = c.delay, c.capDays
		facts.Event.OccurredAt, facts.Asks = now.Add(c.occurred), asked(c.lastAsked)
		got := rule.Decide(facts, now)
		if c.sendAt < 0 {
			if until := c.lastAsked.AddDate(0, 0, c.capDays); got.Outcome != surveys.Capped || got.Until == nil || !got.Until.Equal(until) {
				t.Errorf("%s: %+v, want capped until %s", c.name, got, until)
			}
			continue
		}
		if got.Outcome != surveys.Scheduled || got.SendAt == nil || !got.SendAt.Equal(now.Add(c.sendAt)) {
			t.Errorf("%s: %s at %v, want scheduled at %s", c.name, got.Outcome, got.SendAt, now.Add(c.sendAt))
		}
	}
}

// paths lists the fields that are wrong, as "path code".
func paths(wrong []surveys.FieldError) []string {
	var list []string
	for _, f := range wrong {
		list = append(list, f.Path+" "+f.Code)
	}
	return list
}

// fieldsOf are the fields of an Invalid error.
func fieldsOf(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	invalid, ok := err.(*surveys.Error)
	if !ok || invalid.Kind != surveys.Invalid {
		t.Fatalf("%v is not Invalid", err)
	}
	return paths(invalid.Fields)
}

func TestRuleCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		edit  func(r *surveys.Rule)
		wrong []string
	}{
		{"fine", func(*surveys.Rule) {}, nil},
		{"spaces", func(r *surveys.Rule) { r.Name, r.EventType = "  A ", " order_completed\n" }, nil},
		{"no name", func(r *surveys.Rule) { r.Name = " " }, []string{"name required"}},
		{"a long name", func(r *surveys.Rule) { r.Name = strings.Repeat("é", 81) }, []string{"name too_long"}},
		{"a long condition", func(r *surveys.Rule) { r.Condition = strings.Repeat("x", surveys.MaxCondition+1) }, []string{"condition too_long"}},
		{"a type in words", func(r *surveys.Rule) { r.EventType = "Order Completed" }, []string{"event_type event_type"}},
		{"no type", func(r *surveys.Rule) { r.EventType = "" }, []string{"event_type event_type"}},
		{"before the event", func(r *surveys.Rule) { r.Delay = -time.Second }, []string{"delay delay"}},
		{"the longest delay", func(r *surveys.Rule) { r.Delay = surveys.MaxDelay }, nil},
		{"a longer delay", func(r *surveys.Rule) { r.Delay = surveys.MaxDelay + time.Second }, []string{"delay delay"}},
		{"a delay before a field's time", func(r *surveys.Rule) { r.DelayFrom, r.Delay = "person.traits.renewal_date", -7*24*time.Hour }, nil},
		{"a field of nothing", func(r *surveys.Rule) { r.DelayFrom = "renewal_date" }, []string{"delay_from delay_from"}},
		{"a field's inside", func(r *surveys.Rule) { r.DelayFrom = "event.properties." }, []string{"delay_from delay_from"}},
		{"a trigger that is none", func(r *surveys.Rule) { r.Trigger = "moon" }, []string{"trigger trigger"}},
		{"a series", func(r *surveys.Rule) { r.Trigger, r.EventType, r.Every = surveys.TriggerSeries, "", 3 }, nil},
		{"a series of no period", func(r *surveys.Rule) { r.Trigger, r.Every = surveys.TriggerSeries, 0 }, []string{"every every"}},
		{"a list", func(r *surveys.Rule) { r.Trigger, r.EventType = surveys.TriggerList, "" }, nil},
		{"hours over midnight", func(r *surveys.Rule) {
			r.Window = surveys.Window{Days: surveys.AllWeek, From: 1200, To: 300}
		}, []string{"window.to window_order"}},
		{"nobody sampled is everybody", func(r *surveys.Rule) { r.Sample = 0 }, nil},
		{"more than everybody", func(r *surveys.Rule) { r.Sample = 101 }, []string{"sample range"}},
		{"most held out", func(r *surveys.Rule) { r.HoldOut = 51 }, []string{"hold_out range"}},
		{"a link for ever", func(r *surveys.Rule) { r.ExpiryDays = 91 }, []string{"expiry_days range"}},
		{"neither dropped nor deferred", func(r *surveys.Rule) { r.WhenCapped = "wait" }, []string{"when_capped when_capped"}},
		{"a reminder on the same day", func(r *surveys.Rule) { r.Reminders = []surveys.Reminder{{After: time.Hour}} }, []string{"reminders.0.after reminder_after"}},
		{"a reminder by the minute", func(r *surveys.Rule) {
			r.Reminders = []surveys.Reminder{{After: 24*time.Hour + time.Minute}}
		}, []string{"reminders.0.after reminder_after"}},
		{"reminders after the link's end", func(r *surveys.Rule) {
			r.ExpiryDays, r.Reminders = 10, []surveys.Reminder{{After: 5 * 24 * time.Hour}, {After: 5 * 24 * time.Hour}}
		}, []string{"reminders.1.after reminder_late"}},
		{"six reminders", func(r *surveys.Rule) { r.Reminders = make([]surveys.Reminder, 6) }, []string{"reminders reminders_many"}},
		{"the type that turns have", func(r *surveys.Rule) { r.EventType = surveys.TurnEvent }, []string{"event_type event_type_turn"}},
		{"withdrawn by itself", func(r *surveys.Rule) { r.Withdraw.Events = []string{r.EventType} }, []string{"withdraw withdraw_itself"}},
		{"withdrawn by words", func(r *surveys.Rule) { r.Withdraw.Events = []string{"Order refunded"} }, []string{"withdraw event_type"}},
		{"a cap below zero", func(r *surveys.Rule) { r.CapDays = -1 }, []string{"cap_days cap"}},
		{"a cap of more than a year", func(r *surveys.Rule) { r.CapDays = 366 }, []string{"cap_days cap"}},
		{"no survey", func(r *surveys.Rule) { r.SurveyID = "" }, []string{"survey_id required"}},
		{"a status of surveys", func(r *surveys.Rule) { r.Status = "archived" }, []string{"status status"}},
		{"everything", func(r *surveys.Rule) { *r = surveys.Rule{} }, []string{"name required", "event_type event_type", "survey_id required", "status status"}},
	} {
		rule, _ := asking()
		c.edit(&rule)
		checked, wrong := rule.Check()
		if got := paths(wrong); !reflect.DeepEqual(got, c.wrong) {
			t.Errorf("%s: %v, want %v", c.name, got, c.wrong)
		}
		if checked.Name != strings.TrimSpace(checked.Name) || checked.EventType != strings.TrimSpace(checked.EventType) {
			t.Errorf("%s: not trimmed: %+v", c.name, checked)
		}
	}
}

func TestSurveyOpen(t *testing.T) {
	t.Parallel()
	now := monday()
	later := now.Add(time.Microsecond)
	for _, c := range []struct {
		name   string
		survey surveys.Survey
		code   string
	}{
		{"active", surveys.Survey{Status: surveys.SurveyActive}, ""},
		{"paused", surveys.Survey{Status: surveys.SurveyPaused}, "survey_paused"},
		{"archived", surveys.Survey{Status: surveys.SurveyArchived}, "survey_archived"},
		{"before its end", surveys.Survey{Status: surveys.SurveyActive, ClosesAt: &later}, ""},
		{"at its end", surveys.Survey{Status: surveys.SurveyActive, ClosesAt: &now}, "survey_closed"},
		{"paused and over", surveys.Survey{Status: surveys.SurveyPaused, ClosesAt: &now}, "survey_paused"},
	} {
		gone(t, c.name, c.survey.Open(now), c.code)
	}
	gone(t, "an invitation in time", surveys.Invitation{ExpiresAt: later}.Open(now), "")
	gone(t, "an invitation at its end", surveys.Invitation{ExpiresAt: now}.Open(now), "invitation_expired")
}

// gone checks that err is Gone with a code, or nil without one.
func gone(t *testing.T, name string, err error, code string) {
	t.Helper()
	if code == "" {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return
	}
	if known, ok := err.(*surveys.Error); !ok || known.Kind != surveys.Gone || known.Code != code {
		t.Errorf("%s: %v, want gone (%s)", name, err, code)
	}
}

func TestInvitationMoves(t *testing.T) {
	t.Parallel()
	states := []surveys.InvitationState{
		surveys.InvitationScheduled, surveys.InvitationClaimed, surveys.InvitationSending, surveys.InvitationSent, surveys.InvitationFailed,
		surveys.InvitationUnknown, surveys.InvitationSuppressed, surveys.InvitationCancelled, surveys.InvitationExpired,
	}
	// One line a state, one letter a state to go to, in the order above.
	want := map[surveys.InvitationState]string{
		surveys.InvitationScheduled:  ".x....xxx",
		surveys.InvitationClaimed:    "x.x.x.xxx",
		surveys.InvitationSending:    "x..xxx...",
		surveys.InvitationSent:       "....x....",
		surveys.InvitationFailed:     ".........",
		surveys.InvitationUnknown:    "..xxx....",
		surveys.InvitationSuppressed: ".........",
		surveys.InvitationCancelled:  ".........",
		surveys.InvitationExpired:    ".........",
	}
	for _, from := range states {
		for i, to := range states {
			if got := from.CanMove(to); got != (want[from][i] == 'x') {
				t.Errorf("%s → %s is %v", from, to, got)
			}
		}
	}
}

func TestRetryDelay(t *testing.T) {
	t.Parallel()
	want := []time.Duration{0, 1, 5, 15, 30, 60, 120, 240, 480, 0}
	for attempts, minutes := range want {
		delay, again := surveys.RetryDelay(attempts)
		if delay != minutes*time.Minute || again != (minutes > 0) {
			t.Errorf("after %d tries: %s, %v, want %s", attempts, delay, again, minutes*time.Minute)
		}
	}
	if _, again := surveys.RetryDelay(-1); again {
		t.Error("tries below zero are tried again")
	}
}

// TestATurnWaitsForNoOtherTurn has a series come more often than a limit allows: the
// question that waits is asked once, and nothing piles up behind it.
func TestATurnWaitsForNoOtherTurn(t *testing.T) {
	t.Parallel()
	rule, facts := asking()
	rule.Trigger, rule.EventType, rule.Every, rule.Delay, rule.WhenCapped, rule.CapDays = surveys.TriggerSeries, "", 1, 0, surveys.CapDefer, 90
	day := 24 * time.Hour
	left := surveys.Ask{SurveyID: "survey", At: monday().Add(-30 * day)}
	planned := surveys.Ask{SurveyID: "survey", At: monday().Add(60 * day)}
	reminder := surveys.Ask{SurveyID: "survey", At: monday().Add(day), Reminder: true}
	cases := []struct {
		name string
		asks []surveys.Ask
		want surveys.Outcome
	}{
		{"the turn before has left", []surveys.Ask{left}, surveys.Deferred},
		{"the turn before waits", []surveys.Ask{left, planned}, surveys.Capped},
		{"only a reminder waits", []surveys.Ask{left, reminder}, surveys.Deferred},
		{"another survey waits", []surveys.Ask{{SurveyID: "another", At: monday().Add(day)}}, surveys.Deferred},
	}
	for _, c := range cases {
		facts.Asks = c.asks
		if d := rule.Decide(facts, monday()); d.Outcome != c.want || (c.want == surveys.Capped) != (d.Detail == "series_waits?") {
			t.Errorf("%s: %s (%s), want %s", c.name, d.Outcome, d.Detail, c.want)
		}
	}
}
