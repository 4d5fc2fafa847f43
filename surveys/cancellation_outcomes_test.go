package surveys_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

var leftOn = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// on is an event so many days later, with its properties as name=value.
func on(day int, kind string, properties ...any) surveys.Event {
	e := surveys.Event{ID: fmt.Sprint(day, kind, properties), Type: kind, PersonID: "p", OccurredAt: leftOn.AddDate(0, 0, day), Properties: map[string]any{}}
	for i := 0; i < len(properties); i += 2 {
		e.Properties[properties[i].(string)] = properties[i+1]
	}
	return e
}

// named is the id of a cancellation, of which tests read the end.
func named(id string) string { return "00000000-0000-0000-0000-00000000000" + id }

// way is somebody's way through a flow so many days later.
func way(day int, id string, choice surveys.CancelChoice) surveys.Cancellation {
	at := leftOn.AddDate(0, 0, day)
	c := surveys.Cancellation{FlowID: "f", ID: named(id), PersonID: "p", Choice: choice, StartedAt: at}
	if choice != surveys.CancelOpen {
		c.ChosenAt = &at
	}
	return c
}

func later(t time.Time, d time.Duration) *time.Time {
	t = t.Add(d)
	return &t
}

// became is what became of it, in short: "a left, lost by wish on day 1 (29 EUR)".
func became(c surveys.Cancellation) string {
	choice, since := c.Chose()
	text := fmt.Sprintf("%s %s", strings.TrimLeft(c.ID, "0-"), choice)
	if c.KeptAt != nil {
		text += fmt.Sprintf(" on day %.0f", since.Sub(leftOn).Hours()/24)
	}
	if c.Lost != surveys.NotLost {
		text += fmt.Sprintf(", lost by %s on day %.0f", c.Lost, c.LostAt.Sub(leftOn).Hours()/24)
	}
	if c.Amount != nil {
		text += fmt.Sprintf(" (%g %s)", *c.Amount, c.Currency)
	}
	return strings.TrimSpace(text)
}

// TestCancellationOutcomes: what events tell of subscriptions, in whichever order they come.
func TestCancellationOutcomes(t *testing.T) {
	t.Parallel()
	const cancelled, failed, kept = surveys.EventCancelled, surveys.EventPaymentFailed, surveys.EventKept
	type ways = []surveys.Cancellation
	type events = []surveys.Event
	left, stayed, open := way(0, "a", surveys.CancelLeft), way(0, "a", surveys.CancelKept), way(0, "a", surveys.CancelOpen)
	at := func(after time.Duration) surveys.Event {
		return surveys.Event{Type: cancelled, OccurredAt: leftOn.Add(after)}
	}
	of := func(c surveys.Cancellation, subscription string) surveys.Cancellation {
		c.Fields = map[string]string{surveys.FieldSubscription: subscription}
		return c
	}
	second := func(e surveys.Event) surveys.Event { // of a system that does not know fractions
		e.OccurredAt = e.OccurredAt.Truncate(time.Second)
		return e
	}
	fraction := left
	fraction.ChosenAt = later(leftOn, 700*time.Millisecond)
	soon := way(0, "b", surveys.CancelKept)
	soon.StartedAt, soon.ChosenAt = leftOn.Add(5*time.Minute), nil
	for name, c := range map[string]struct {
		ways   ways
		events events
		want   string
	}{
		"nothing was told":                       {ways{left}, nil, "a left"},
		"it ended":                               {ways{left}, events{on(1, cancelled, "amount", 29.0, "currency", "eur")}, "a left, lost by wish on day 1 (29 EUR)"},
		"to the end of a year":                   {ways{left}, events{on(365, cancelled)}, "a left, lost by wish on day 365"},
		"two systems tell it":                    {ways{left}, events{on(1, cancelled, "amount", 29.0), on(3, cancelled)}, "a left, lost by wish on day 1 (29 )"},
		"the second one knows what it was worth": {ways{left}, events{on(1, cancelled), on(2, cancelled, "amount", 29.0, "currency", "EUR")}, "a left, lost by wish on day 1 (29 EUR)"},
		"by name, with the amount":               {ways{left}, events{on(1, cancelled), on(2, cancelled, "cancellation", named("a"), "amount", 29.0, "currency", "EUR")}, "a left, lost by wish on day 1 (29 EUR)"},
		"the first amount stands":                {ways{left}, events{on(1, cancelled, "amount", 29.0), on(2, cancelled, "cancellation", named("a"), "amount", 30.0)}, "a left, lost by wish on day 1 (29 )"},
		"of another currency":                    {ways{left}, events{on(1, cancelled, "amount", 29.0, "currency", "EUR"), on(1, cancelled, "amount", 29.0, "currency", "USD")}, "a left, lost by wish on day 1 (29 EUR); , lost by wish on day 1 (29 USD)"},
		"by name, weeks later":                   {ways{left}, events{on(1, cancelled), on(20, cancelled, "cancellation", named("a"))}, "a left, lost by wish on day 1"},
		"of another amount":                      {ways{left}, events{on(1, cancelled, "amount", 29.0), on(1, cancelled, "amount", 5.0)}, "a left, lost by wish on day 1 (29 ); , lost by wish on day 1 (5 )"},
		"two subscriptions":                      {ways{left, way(1, "b", surveys.CancelLeft)}, events{on(2, cancelled, "amount", 5.0), on(2, cancelled, "amount", 29.0)}, "a left, lost by wish on day 2 (5 ); b left, lost by wish on day 2 (29 )"},
		"two subscriptions by name":              {ways{left, way(1, "b", surveys.CancelLeft)}, events{on(2, cancelled, "cancellation", named("a")), on(2, cancelled, "cancellation", named("b"))}, "a left, lost by wish on day 2; b left, lost by wish on day 2"},
		"two subscriptions by their own name":    {ways{of(left, "coffee"), of(way(1, "b", surveys.CancelLeft), "tea")}, events{on(2, cancelled, "subscription", "coffee"), on(3, cancelled, "subscription", "tea")}, "a left, lost by wish on day 2; b left, lost by wish on day 3"},
		"of a subscription that nobody left":     {ways{of(left, "coffee")}, events{on(2, cancelled, "subscription", "tea")}, "a left; , lost by wish on day 2"},
		"of subscriptions with numbers":          {ways{of(left, "17"), of(way(1, "b", surveys.CancelLeft), "18")}, events{on(2, cancelled, "subscription", 17.0)}, "a left, lost by wish on day 2; b left"},
		"before they were asked":                 {ways{left}, events{on(-3, cancelled)}, "a left; , lost by wish on day -3"},
		"by a clock that runs slow":              {ways{left}, events{at(-time.Minute)}, "a left, lost by wish on day -0"},
		"who is asked again after the end":       {ways{left, soon}, events{at(2 * time.Minute)}, "a left, lost by wish on day 0; b kept"},
		"nobody was asked":                       {nil, events{on(0, cancelled)}, ", lost by wish on day 0"},
		"who chose nothing leaves":               {ways{open}, events{on(2, cancelled)}, "a , lost by wish on day 2"},
		"who chose nothing leaves another time":  {ways{open}, events{on(200, cancelled)}, "a; , lost by wish on day 200"},
		"who stayed leaves":                      {ways{stayed}, events{on(60, cancelled)}, "a kept, lost by wish on day 60"},
		"who stayed leaves another time":         {ways{stayed}, events{on(200, cancelled)}, "a kept; , lost by wish on day 200"},

		"a payment failed":               {nil, events{on(-20, failed), on(0, cancelled)}, ", lost by payment on day 0"},
		"a payment failed and succeeded": {nil, events{on(-20, failed), on(-10, kept), on(0, cancelled)}, ", lost by wish on day 0"},
		"a payment failed long ago":      {nil, events{on(-70, failed), on(0, cancelled)}, ", lost by wish on day 0"},
		"of another end":                 {nil, events{on(-20, failed), on(-15, cancelled), on(0, cancelled)}, ", lost by payment on day -15; , lost by wish on day 0"},
		"who left could not pay before":  {ways{left}, events{on(-5, failed), on(1, cancelled)}, "a left, lost by wish on day 1"},
		"who left looks in again":        {ways{left, way(2, "b", surveys.CancelOpen)}, events{on(-5, failed), on(3, cancelled)}, "a left; b , lost by wish on day 3"},
		"of another subscription":        {ways{of(left, "coffee")}, events{on(-5, failed, "subscription", "tea"), on(3, cancelled, "subscription", "tea")}, "a left; , lost by payment on day 3"},
		"of the one that is paid":        {nil, events{on(-5, failed, "subscription", "tea"), on(3, cancelled, "subscription", "coffee")}, ", lost by wish on day 3"},
		"paid is the other one":          {nil, events{on(-5, failed, "subscription", "tea"), on(-4, kept, "subscription", "coffee"), on(3, cancelled, "subscription", "tea")}, ", lost by payment on day 3"},
		"what ended before is no wish":   {ways{left}, events{on(1, cancelled), on(20, failed), on(40, cancelled)}, "a left, lost by wish on day 1; , lost by payment on day 40"},
		"who left pays on, and then not": {ways{left}, events{on(195, failed), on(200, cancelled)}, "a left, lost by payment on day 200"},
		"the event says so":              {ways{left}, events{on(1, cancelled, "voluntary", false)}, "a left, lost by payment on day 1"},
		"the event says the opposite":    {nil, events{on(-5, failed), on(1, cancelled, "voluntary", true)}, ", lost by wish on day 1"},

		"who left stays after all":              {ways{left}, events{on(3, kept, "amount", 29.0, "currency", "EUR")}, "a kept on day 3 (29 EUR)"},
		"and leaves after that":                 {ways{left}, events{on(3, kept), on(60, cancelled)}, "a kept on day 3, lost by wish on day 60"},
		"kept before they left":                 {ways{left}, events{on(-1, kept)}, "a left"},
		"kept in the same second":               {ways{fraction}, events{second(on(0, kept))}, "a kept on day 0"},
		"kept is the other subscription":        {ways{of(left, "coffee"), of(way(1, "b", surveys.CancelLeft), "tea")}, events{on(2, kept, "subscription", "coffee")}, "a kept on day 2; b left"},
		"kept once more":                        {ways{left}, events{on(3, kept), on(33, kept)}, "a kept on day 3"},
		"who stayed pays on":                    {ways{stayed}, events{on(30, kept, "amount", 29.0)}, "a kept (29 )"},
		"who chose nothing pays on":             {ways{open}, events{on(30, kept)}, "a"},
		"what ended goes on":                    {ways{left}, events{on(1, cancelled, "amount", 29.0), on(20, kept)}, "a kept on day 20 (29 )"},
		"a new subscription":                    {ways{left}, events{on(1, cancelled), on(100, kept)}, "a left, lost by wish on day 1"},
		"what ended goes on, nobody was asked":  {nil, events{on(1, cancelled), on(20, kept)}, ""},
		"what ended goes on and ends":           {ways{left}, events{on(1, cancelled), on(20, kept), on(40, cancelled)}, "a kept on day 20, lost by wish on day 40"},
		"who was kept and came again":           {ways{left, way(10, "b", surveys.CancelLeft)}, events{on(3, kept), on(11, cancelled)}, "a kept on day 3; b left, lost by wish on day 11"},
		"of the other subscription, by name":    {ways{left, way(1, "b", surveys.CancelLeft)}, events{on(2, kept, "cancellation", named("a"))}, "a kept on day 2; b left"},
		"a cancellation that is somebody elses": {ways{left}, events{on(1, cancelled, "cancellation", "00000000-0000-0000-0000-0000000000ff")}, "a left, lost by wish on day 1"},
	} {
		for range 20 {
			rand.Shuffle(len(c.events), func(i, j int) { c.events[i], c.events[j] = c.events[j], c.events[i] })
			rand.Shuffle(len(c.ways), func(i, j int) { c.ways[i], c.ways[j] = c.ways[j], c.ways[i] })
			var got []string
			list := surveys.CancellationOutcomes(c.ways, c.events)
			for _, o := range list {
				got = append(got, became(o))
			}
			if text := strings.Join(got, "; "); text != c.want {
				t.Errorf("%s: %q, want %q", name, text, c.want)
			}
			c.ways = list // what was known before changes nothing
		}
	}
}
