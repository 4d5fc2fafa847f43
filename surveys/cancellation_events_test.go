package surveys_test

import (
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

// TestCancellationHearsOfItsEnd: what is told twice is one loss, what comes late says less
// than what happened since, and a new subscription is another one.
func TestCancellationHearsOfItsEnd(t *testing.T) {
	t.Parallel()
	day, chosen, amount := 24*time.Hour, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), 29.0
	event := func(after time.Duration, properties map[string]any) surveys.Event {
		return surveys.Event{OccurredAt: chosen.Add(after), Properties: properties}
	}
	left := surveys.Cancellation{ID: "c1", Choice: surveys.CancelLeft, ChosenAt: &chosen}
	kept := surveys.Cancellation{ID: "c2", Choice: surveys.CancelKept, ChosenAt: &chosen}
	lost := left.Lose(event(day, map[string]any{"amount": amount, "currency": "EUR"}), surveys.LostByWish)
	for name, c := range map[string]struct {
		of              surveys.Cancellation
		e               surveys.Event
		tells, concerns bool
	}{
		"the first":                 {left, event(day, nil), false, true},
		"a year later":              {left, event(365*day, nil), false, true},
		"by another system":         {lost, event(2*day, map[string]any{"amount": amount}), true, false},
		"without an amount":         {lost, event(0, nil), true, false},
		"of another amount":         {lost, event(2*day, map[string]any{"amount": 5.0}), false, false},
		"weeks later":               {lost, event(20*day, nil), false, false},
		"by name, weeks later":      {lost, event(20*day, map[string]any{"cancellation": "c1"}), true, false},
		"of somebody who stayed":    {kept, event(60*day, nil), false, true},
		"long after they stayed":    {kept, event(300*day, nil), false, false},
		"of nobody's chosen answer": {surveys.Cancellation{}, event(0, nil), false, true},
	} {
		if tells, concerns := c.of.Tells(c.e), c.of.Concerns(c.e); tells != c.tells || concerns != c.concerns {
			t.Errorf("%s: tells %t, concerns %t", name, tells, concerns)
		}
	}
	for name, c := range map[string]struct {
		of    surveys.Cancellation
		after time.Duration
		keeps bool
	}{
		"who left stays":         {left, day, true},
		"said before they left":  {left, -time.Hour, false},
		"the loss is taken back": {lost, 3 * day, true},
		"said before the loss":   {lost, time.Hour, false},
		"a new subscription":     {lost, 200 * day, false},
		"who stayed, once more":  {kept, 30 * day, false},
		"who chose nothing":      {surveys.Cancellation{}, day, false},
	} {
		got := c.of.Keep(event(c.after, nil))
		if changed := got.ChosenAt != c.of.ChosenAt || got.Choice != c.of.Choice || got.Lost != c.of.Lost; changed != c.keeps {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
