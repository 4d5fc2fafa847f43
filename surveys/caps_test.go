package surveys_test

import (
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

// TestEachCapKeepsItsDistance asks a CSAT about support at monday's time while
// one other ask lies so many days away, before or after.
func TestEachCapKeepsItsDistance(t *testing.T) {
	t.Parallel()
	support := surveys.Survey{ID: "csat", Kind: surveys.Transactional, Topic: "Support", Status: surveys.SurveyActive}
	nps := surveys.Survey{ID: "nps", Kind: surveys.Relational, Status: surveys.SurveyActive}
	capped := func(s surveys.Survey, days int) surveys.Survey { s.CapDays = days; return s }
	caps := surveys.Caps{AllDays: 5, RelationalDays: 90, TransactionalDays: 14}
	for _, c := range []struct {
		name   string
		caps   surveys.Caps
		survey surveys.Survey
		rule   int // the rule's own cap
		other  surveys.Ask
		days   int    // the distance that is kept
		detail string // and the cap that keeps it
	}{
		{"the floor", surveys.Caps{}, support, 0, surveys.Ask{SurveyID: "nps"}, 1, "cap_by_floor?"},
		{"all", caps, support, 0, surveys.Ask{SurveyID: "nps", Kind: surveys.Relational}, 5, "cap_by_all?days=5"},
		{"the same topic", caps, support, 0, surveys.Ask{SurveyID: "ces", Kind: surveys.Transactional, Topic: "support"}, 14, "cap_by_transactional?days=14"},
		{"another topic", caps, support, 0, surveys.Ask{SurveyID: "ces", Kind: surveys.Transactional, Topic: "delivery"}, 5, "cap_by_all?days=5"},
		{"the same survey without a topic", caps, surveys.Survey{ID: "csat", Kind: surveys.Transactional, Status: surveys.SurveyActive}, 0,
			surveys.Ask{SurveyID: "csat", Kind: surveys.Transactional}, 14, "cap_by_transactional?days=14"},
		{"no topic is none", caps, surveys.Survey{ID: "csat", Kind: surveys.Transactional, Status: surveys.SurveyActive}, 0,
			surveys.Ask{SurveyID: "ces", Kind: surveys.Transactional}, 5, "cap_by_all?days=5"},
		{"two relational ones", caps, nps, 0, surveys.Ask{SurveyID: "other", Kind: surveys.Relational}, 90, "cap_by_relational?days=90"},
		{"relational after transactional", caps, nps, 0, surveys.Ask{SurveyID: "csat", Kind: surveys.Transactional}, 5, "cap_by_all?days=5"},
		{"the survey's own", caps, capped(support, 60), 0, surveys.Ask{SurveyID: "csat", Kind: surveys.Transactional, Topic: "Support"}, 60, "cap_by_survey?days=60"},
		{"the survey's own is not another's", caps, capped(support, 60), 0, surveys.Ask{SurveyID: "nps", Kind: surveys.Relational}, 5, "cap_by_all?days=5"},
		{"the rule's", caps, support, 30, surveys.Ask{SurveyID: "nps", Kind: surveys.Relational}, 30, "cap_by_rule?days=30"},
		{"a rule cannot undercut the workspace", caps, support, 2, surveys.Ask{SurveyID: "nps", Kind: surveys.Relational}, 5, "cap_by_all?days=5"},
		{"a reminder keeps to the floor alone", caps, support, 30, surveys.Ask{SurveyID: "csat", Kind: surveys.Transactional, Reminder: true}, 1, "cap_by_floor?"},
	} {
		rule, facts := asking()
		rule.Delay, rule.CapDays, facts.Survey, facts.Caps = 0, c.rule, c.survey, c.caps
		span := time.Duration(c.days) * 24 * time.Hour
		for _, distance := range []time.Duration{-span, span} {
			c.other.At = monday().Add(distance)
			facts.Asks = []surveys.Ask{c.other}
			if d := rule.Decide(facts, monday()); d.Outcome != surveys.Scheduled || !d.SendAt.Equal(monday()) {
				t.Errorf("%s, %s away: %+v, want scheduled at once", c.name, distance, d)
			}
			c.other.At = monday().Add(distance - distance/time.Duration(c.days*1440))
			facts.Asks = []surveys.Ask{c.other}
			if d := rule.Decide(facts, monday()); d.Outcome != surveys.Capped || d.Detail != c.detail || !d.Until.Equal(c.other.At.Add(span)) {
				t.Errorf("%s, a minute less than %s away: %+v, want capped by %s", c.name, distance, d, c.detail)
			}
		}
	}
}

// TestDeferredFindsTheFirstGap has asks before and behind, a window and a
// holiday in the way.
func TestDeferredFindsTheFirstGap(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	for _, c := range []struct {
		name  string
		asks  []time.Duration // from monday
		every int             // days between two asks
		want  time.Duration   // from monday; −1 for capped
	}{
		{"free", nil, 3, 0},
		{"after the last", []time.Duration{-day}, 3, 2 * day},
		{"between two", []time.Duration{-day, 5 * day}, 3, 2 * day},
		{"behind two that are too near each other", []time.Duration{-day, 4 * day}, 3, 7 * day},
		{"not on the weekend", []time.Duration{2 * day}, 3, 7 * day}, // Saturday, so Monday
		{"not on the holiday", []time.Duration{0}, 1, 2 * day},       // Tuesday is one
		{"too late to make sense", []time.Duration{0}, 40, -1},
	} {
		rule, facts := asking()
		rule.Delay, rule.CapDays, rule.WhenCapped, rule.Window = 0, c.every, surveys.CapDefer, surveys.WorkingHours()
		facts.Holidays = surveys.Holidays{"03-03"}
		for _, at := range c.asks {
			facts.Asks = append(facts.Asks, surveys.Ask{At: monday().Add(at)})
		}
		d := rule.Decide(facts, monday())
		switch {
		case c.want < 0:
			if d.Outcome != surveys.Capped || d.SendAt != nil {
				t.Errorf("%s: %+v, want capped", c.name, d)
			}
			if rule.Trigger = surveys.TriggerSeries; rule.Decide(facts, monday()).Outcome != surveys.Deferred {
				t.Errorf("%s: a series does not wait as long as it must", c.name)
			}
		case d.SendAt == nil || !d.SendAt.Equal(monday().Add(c.want)):
			t.Errorf("%s: %+v, want %s", c.name, d, monday().Add(c.want))
		case (d.Outcome == surveys.Deferred) != (c.want > 0) || (d.Detail != "") != (c.want > 0):
			t.Errorf("%s: %s %q", c.name, d.Outcome, d.Detail)
		}
	}
}

// TestTheTimeOfAField reads times as programs write them.
func TestTheTimeOfAField(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		value any
		want  string // "" for none
		code  string
	}{
		{"2026-03-10T08:30:00+02:00", "2026-03-10T06:30:00Z", ""},
		{"2026-03-10", "2026-03-09T23:00:00Z", ""},
		{"2026-04-10", "2026-04-09T22:00:00Z", ""},
		{"2028-02-29", "", "time_far?name=person.traits.renewal_date"},
		{"2026-02-29", "", "time_unread?name=person.traits.renewal_date"},
		{"2026-03-10 08:30:00", "2026-03-10T07:30:00Z", ""},
		{float64(1773129600), "2026-03-10T08:00:00Z", ""},
		{float64(1773129600000), "2026-03-10T08:00:00Z", ""}, // thousandths
		{"1773129600", "2026-03-10T08:00:00Z", ""},
		{"20260310", "", "time_unread?name=person.traits.renewal_date"},
		{"2026-03-10T08:30", "2026-03-10T07:30:00Z", ""},
		{"2026-03-10 08:30", "2026-03-10T07:30:00Z", ""},
		{"2026-03-10T08:30:00+0200", "2026-03-10T06:30:00Z", ""},
		{"2026-03-10 08:30:00+00:00", "2026-03-10T08:30:00Z", ""},
		{"2026-03-10 08:30:00.25 UTC", "2026-03-10T08:30:00.25Z", ""},
		{"2026-03-10 08:30:00 EST", "", "time_unread?name=person.traits.renewal_date"},
		{"2026-10-25 02:30", "2026-10-25T00:30:00Z", ""}, // the first of two
		{"2026-03-29 02:30", "2026-03-29T01:30:00Z", ""}, // which the clocks jump over
		{"next week", "", "time_unread?name=person.traits.renewal_date"},
		{true, "", "time_unread?name=person.traits.renewal_date"},
		{"", "", "time_missing?name=person.traits.renewal_date"},
		{nil, "", "time_missing?name=person.traits.renewal_date"},
	} {
		rule, facts := asking()
		rule.Delay, rule.DelayFrom, facts.Zone = 0, "person.traits.renewal_date", berlin
		facts.Person.Traits = map[string]any{"renewal_date": c.value}
		d := rule.Decide(facts, monday())
		if c.want == "" {
			if d.Outcome != surveys.NoTime || d.Detail != c.code {
				t.Errorf("%v: %s %q, want %q", c.value, d.Outcome, d.Detail, c.code)
			}
			continue
		}
		if d.SendAt == nil || !d.SendAt.Equal(at(t, c.want)) {
			t.Errorf("%v: %+v, want %s", c.value, d, c.want)
		}
	}
	rule, facts := asking()
	rule.DelayFrom, facts.Person.Traits = "person.traits.renewal_date", map[string]any{"renewal_date": "2025-12-01"}
	if d := rule.Decide(facts, monday()); d.Outcome != surveys.TooOld {
		t.Errorf("a time long past: %+v", d)
	}
}

func TestLotIsEvenAndStays(t *testing.T) {
	t.Parallel()
	const n = 20_000
	var below [10]int
	for i := range n {
		id := string(rune('a'+i%26)) + time.Duration(i).String()
		lot := surveys.Lot("sample", "rule", id)
		if lot != surveys.Lot("sample", "rule", id) || lot < 0 || lot >= 1 {
			t.Fatalf("the lot of %s is %v", id, lot)
		}
		below[int(lot*10)]++
	}
	for tenth, count := range below {
		if count < n/10-200 || count > n/10+200 { // 4.7 standard deviations
			t.Errorf("%d of %d lots lie in tenth %d", count, n, tenth)
		}
	}
	if surveys.Lot("a", "bc") == surveys.Lot("ab", "c") || surveys.Lot("p", "a", "bc") == surveys.Lot("p", "ab", "c") {
		t.Error("two ids run into each other")
	}
}
