package surveys_test

import (
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

// TestLeaveLooksOnceMore has a letter due on Monday morning, with other asks before
// and behind it. The rule's own cap is three days.
func TestLeaveLooksOnceMore(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	ask := func(at time.Duration) []surveys.Ask { return []surveys.Ask{{SurveyID: "other", At: monday().Add(at)}} }
	page := func(survey string, at time.Duration) []surveys.Ask {
		return []surveys.Ask{{SurveyID: survey, At: monday().Add(at), Answered: true}}
	}
	deferring := func(r *surveys.Rule) { r.WhenCapped = surveys.CapDefer }
	for _, c := range []struct {
		name          string
		letter        surveys.LetterKind
		rule          func(*surveys.Rule)
		left, planned []surveys.Ask
		until         time.Duration // from monday; 0 for now, −1 for never
		why           string
	}{
		{"nothing stands in its way", surveys.LetterInvitation, nil, ask(-3 * day), ask(time.Hour), 0, ""},
		{"another one has left", surveys.LetterInvitation, nil, ask(-2 * day), nil, -1, "cap_by_rule?days=3"},
		{"it waits, if its rule lets it", surveys.LetterInvitation, deferring, ask(-2 * day), nil, day, "cap_by_rule?days=3"},
		{"away from what is planned", surveys.LetterInvitation, deferring, ask(-2 * day), ask(2 * day), 5 * day, "cap_by_rule?days=3"},
		{"no longer than makes sense", surveys.LetterInvitation, func(r *surveys.Rule) { r.WhenCapped, r.CapDays = surveys.CapDefer, 60 }, ask(-2 * day), nil, -1, "cap_by_rule?days=60"},
		{"no longer than that in all, also after it waited before", surveys.LetterInvitation, func(r *surveys.Rule) { r.WhenCapped, r.CapDays = surveys.CapDefer, 10 }, page("other", -2*day), append(ask(8*day), ask(18*day)...), -1, "cap_by_rule?days=10"},
		{"counted from its delay, not from the event", surveys.LetterInvitation, func(r *surveys.Rule) { r.WhenCapped, r.CapDays, r.Delay = surveys.CapDefer, 10, 10*day }, page("other", -2*day), append(ask(8*day), ask(18*day)...), 28 * day, "cap_by_rule?days=10"},
		{"a series as long as it must", surveys.LetterInvitation, func(r *surveys.Rule) {
			r.WhenCapped, r.CapDays, r.Trigger = surveys.CapDefer, 60, surveys.TriggerSeries
		}, ask(-2 * day), nil, 58 * day, "cap_by_rule?days=60"},
		{"one that left a little late is waited for", surveys.LetterInvitation, nil, ask(-3*day + time.Minute), nil, time.Minute, "cap_by_rule?days=3"},
		{"who answered on a page", surveys.LetterInvitation, nil, page("other", -day), nil, -1, "cap_by_rule?days=3"},
		{"a reminder keeps to the floor alone", surveys.LetterReminder, nil, ask(-day), nil, 0, ""},
		{"a reminder waits for the floor", surveys.LetterReminder, nil, ask(-20 * time.Hour), nil, 4 * time.Hour, "cap_by_floor?"},
		{"a reminder that would be too late", surveys.LetterReminder, nil, append(ask(-20*time.Hour), ask(20*time.Hour)...), nil, -1, "cap_by_floor?"},
		{"a reminder of what was answered on a page", surveys.LetterReminder, nil, page("nps", -day), nil, -1, "reminder_answered?"},
		{"a reminder of what was answered before it was asked", surveys.LetterReminder, nil, page("nps", -4*day), nil, 0, ""},
		{"a thank-you always may", surveys.LetterThanks, nil, ask(-time.Minute), nil, 0, ""},
	} {
		rule, facts := asking()
		rule.CapDays, rule.Window, facts.Survey = 3, surveys.AnyTime(), surveys.Survey{ID: "nps"}
		if c.rule != nil {
			c.rule(&rule)
		}
		facts.Asks = c.left
		facts.Event.OccurredAt = monday().Add(-8 * day)
		letter := surveys.Invitation{Letter: c.letter, SurveyID: "nps", CreatedAt: monday().Add(-3 * day), ExpiresAt: monday().Add(day)}
		got := rule.Leave(letter, facts, c.planned, monday())
		want := surveys.Leaving{Why: c.why, Drop: c.until < 0}
		if c.until > 0 {
			want.Until = monday().Add(c.until)
		}
		if got.Drop != want.Drop || got.Why != want.Why || !got.Until.Equal(want.Until) {
			t.Errorf("%s: %+v, want %+v", c.name, got, want)
		}
	}
}
