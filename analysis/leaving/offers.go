package leaving

import (
	"maps"
	"slices"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// StayDays are after how many days it is looked at who is still there.
func StayDays() []int { return []int{30, 60, 90} }

// Offer is what became of an offer.
type Offer struct {
	ID       string
	Made     int64 // to how many, accepted and declined included
	Accepted int64
	Held     int64   // for how many it would have fitted, who got none by lot
	Hidden   bool    // too few to show; only the id is set then
	Saved    []Money // of those to whom it was made
	Lost     []Money
	Stays    []OfferStay
}

// OfferStay compares who was made an offer with who was not, some days later. Those whose
// days are not over are not counted.
type OfferStay struct {
	Days       int
	Made, Held Part
	Difference *analysis.Difference // made minus held, in percentage points; nil while either group has under the least size
}

// Real reports whether the difference is more than chance explains.
func (s OfferStay) Real() bool { return s.Difference != nil && s.Difference.Significant() }

// Stay is how many of some were still there some days later.
type Stay struct {
	Days int
	Part Part
}

func (in Input) offers() []Offer {
	by := make(map[string][]surveys.Cancellation)
	for _, c := range in.Asked {
		if c.OfferID != "" {
			by[c.OfferID] = append(by[c.OfferID], c)
		}
	}
	var list []Offer
	for _, id := range slices.Sorted(maps.Keys(by)) {
		list = append(list, in.offer(id, by[id]))
	}
	return list
}

func (in Input) offer(id string, list []surveys.Cancellation) Offer {
	o := Offer{ID: id}
	var made, held []surveys.Cancellation
	for _, c := range list {
		switch c.Offer {
		case surveys.OfferHeld:
			held = append(held, c)
			continue
		case surveys.OfferAccepted:
			o.Accepted++
		}
		made = append(made, c)
	}
	o.Made, o.Held = int64(len(made)), int64(len(held))
	if o.Made+o.Held < in.Least {
		return Offer{ID: id, Hidden: true}
	}
	o.Saved, o.Lost = in.sums(in.saved(made)), in.sums(ended(made, surveys.LostByWish))
	for _, days := range StayDays() {
		o.Stays = append(o.Stays, in.compare(days, made, held))
	}
	return o
}

// compare looks at two groups some days later.
func (in Input) compare(days int, made, held []surveys.Cancellation) OfferStay {
	s := OfferStay{Days: days}
	xm, nm := in.stayed(days, made)
	xh, nh := in.stayed(days, held)
	s.Made, s.Held = in.least(xm, nm), in.least(xh, nh)
	if s.Made.Value == nil || s.Held.Value == nil {
		return s
	}
	if d, err := analysis.CompareShares(xh, nh, xm, nm, in.Confidence); err == nil {
		s.Difference = &d
	}
	return s
}

// least is a share of a group that is large enough to show.
func (in Input) least(x, n int64) Part {
	if n < in.Least {
		return Part{Of: n}
	}
	return in.part(x, n)
}

// kept are those who chose to stay.
func kept(list []surveys.Cancellation) []surveys.Cancellation {
	return slices.DeleteFunc(slices.Clone(list), func(c surveys.Cancellation) bool {
		choice, _ := c.Chose()
		return choice != surveys.CancelKept
	})
}

// stays are how many are still there, some days later.
func (in Input) stays(list []surveys.Cancellation) []Stay {
	var stays []Stay
	for _, days := range StayDays() {
		x, n := in.stayed(days, list)
		stays = append(stays, Stay{Days: days, Part: in.least(x, n)})
	}
	return stays
}

// saved are those who chose to stay and are still there.
func (in Input) saved(list []surveys.Cancellation) []surveys.Cancellation {
	return slices.DeleteFunc(kept(list), func(c surveys.Cancellation) bool { return in.goneBefore(c, in.Now) })
}

// goneBefore reports whether somebody has left after a way through the flow and before a time.
func (in Input) goneBefore(c surveys.Cancellation, until time.Time) bool {
	if choice, _ := c.Chose(); choice == surveys.CancelLeft || c.LostAt != nil && c.LostAt.Before(until) {
		return true
	}
	return c.PersonID != "" && slices.ContainsFunc(in.gone[c.PersonID], func(e end) bool {
		same := len(e.fields) == 0 || len(c.Fields) == 0 || maps.Equal(e.fields, c.Fields)
		return same && e.at.After(c.StartedAt) && e.at.Before(until)
	})
}

// stayed counts who was still there some days later, of those whose days are over. Whose
// subscription ended within them are known before that, and wait for the others of their
// day: else those who leave would be counted sooner than those who stay.
func (in Input) stayed(days int, list []surveys.Cancellation) (x, n int64) {
	for _, c := range list {
		_, since := c.Chose()
		until := since.AddDate(0, 0, days)
		if in.Now.Before(until) {
			continue
		}
		if n++; !in.goneBefore(c, until) {
			x++
		}
	}
	return x, n
}

// end is when somebody left, and the hidden fields by which two subscriptions are told
// apart.
type end struct {
	at     time.Time
	fields map[string]string
}

// ends are when people left, by person: whoever stayed once may have come again.
func (in Input) ends() map[string][]end {
	ends := make(map[string][]end)
	for _, c := range slices.Concat(in.Asked, in.Unasked, in.Elsewhere) {
		choice, since := c.Chose()
		switch {
		case c.PersonID == "":
		case c.LostAt != nil:
			ends[c.PersonID] = append(ends[c.PersonID], end{*c.LostAt, c.Fields})
		case choice == surveys.CancelLeft:
			ends[c.PersonID] = append(ends[c.PersonID], end{since, c.Fields})
		}
	}
	return ends
}
