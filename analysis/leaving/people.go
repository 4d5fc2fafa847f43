package leaving

import (
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
)

// person is somebody who was asked, perhaps several times. Each counts once.
type person struct {
	surveys.Cancellation                        // the way through the flow by which they count
	ways                 []surveys.Cancellation // all of them, the first first
	id                   int                    // among those of the report
}

// people are who went ways through the flow. Where nobody knows who it was, each way counts.
func people(list []surveys.Cancellation) []person {
	var all []person
	known := make(map[string]int)
	for _, c := range slices.SortedStableFunc(slices.Values(list), func(a, b surveys.Cancellation) int { return a.StartedAt.Compare(b.StartedAt) }) {
		if at, met := known[c.PersonID]; met && c.PersonID != "" {
			all[at].ways = append(all[at].ways, c)
			continue
		}
		known[c.PersonID] = len(all)
		all = append(all, person{id: len(all), ways: []surveys.Cancellation{c}})
	}
	for i := range all {
		all[i].Cancellation = counted(all[i].ways)
	}
	return all
}

// counted is the way by which somebody counts: the first in which they chose, else whoever
// was kept for a while would not be among those who chose to stay; while they have not
// chosen, the last.
func counted(ways []surveys.Cancellation) surveys.Cancellation {
	for _, c := range ways {
		if choice, _ := c.Chose(); choice != surveys.CancelOpen {
			return c
		}
	}
	return ways[len(ways)-1]
}

// chose are those who made a choice.
func chose(list []person, meant surveys.CancelChoice) []person {
	return slices.DeleteFunc(slices.Clone(list), func(p person) bool {
		choice, _ := p.Chose()
		return choice != meant
	})
}

// lost are the subscriptions of somebody that ended in one way.
func lost(how surveys.Loss) func(person) []surveys.Cancellation {
	return func(p person) []surveys.Cancellation {
		return slices.DeleteFunc(slices.Clone(p.ways), func(c surveys.Cancellation) bool { return c.Lost != how })
	}
}

// saved are the subscriptions, as far as anybody said what they are worth, of somebody who
// chose to stay and is still there; one that they thought of cancelling twice is one.
func (in *reckoning) saved(p person) (saved []surveys.Cancellation) {
	if choice, _ := p.Chose(); choice != surveys.CancelKept {
		return nil
	}
	for _, c := range slices.Backward(p.ways) {
		choice, _ := c.Chose()
		again := func(s surveys.Cancellation) bool { return surveys.SameSubscription(subscription(s), subscription(c)) }
		if choice == surveys.CancelKept && c.Amount != nil && !slices.ContainsFunc(saved, again) && !in.goneBefore(c, in.Now) {
			saved = append(saved, c)
		}
	}
	return saved
}

// end is when somebody left, and which subscription; "" where nobody said.
type end struct {
	at           time.Time
	subscription string
}

// ends are when people left, by person: whoever stayed once may have come again.
func (in Input) ends() map[string][]end {
	ends := make(map[string][]end)
	for _, c := range slices.Concat(in.Asked, in.Unasked, in.Elsewhere) {
		choice, since := c.Chose()
		switch {
		case c.PersonID == "":
		case c.LostAt != nil:
			ends[c.PersonID] = append(ends[c.PersonID], end{*c.LostAt, subscription(c)})
		case choice == surveys.CancelLeft:
			ends[c.PersonID] = append(ends[c.PersonID], end{since, subscription(c)})
		}
	}
	return ends
}

// goneBefore reports whether somebody has left after a way through the flow and before a time.
func (in *reckoning) goneBefore(c surveys.Cancellation, until time.Time) bool {
	if choice, _ := c.Chose(); choice == surveys.CancelLeft || c.LostAt != nil && c.LostAt.Before(until) {
		return true
	}
	return c.PersonID != "" && slices.ContainsFunc(in.gone[c.PersonID], func(e end) bool {
		return surveys.SameSubscription(e.subscription, subscription(c)) && e.at.After(c.StartedAt) && e.at.Before(until)
	})
}

// stayed counts who was still there some days later, of those whose days are over. Whose
// subscription ended within them are known before that, and wait for the others of their
// day: else those who leave would be counted sooner than those who stay.
func (in *reckoning) stayed(days int, list []person) (x, n int64) {
	for _, p := range list {
		_, since := p.Chose()
		until := since.AddDate(0, 0, days)
		if in.Now.Before(until) {
			continue
		}
		if n++; !in.goneBefore(p.Cancellation, until) {
			x++
		}
	}
	return x, n
}

func subscription(c surveys.Cancellation) string { return c.Fields[surveys.FieldSubscription] }
