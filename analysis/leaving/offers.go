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
	Lost     []Money // of those to whom it was made
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

// Stay is how many of those who chose to stay were still there some days later.
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
	if o.Made >= in.Least {
		o.Lost = sums(ended(made, surveys.LostByWish))
	}
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

// stays are those who chose to stay, some days later.
func (in Input) stays() []Stay {
	var kept []surveys.Cancellation
	for _, c := range in.Asked {
		if c.Choice == surveys.CancelKept {
			kept = append(kept, c)
		}
	}
	var list []Stay
	for _, days := range StayDays() {
		x, n := in.stayed(days, kept)
		list = append(list, Stay{Days: days, Part: in.least(x, n)})
	}
	return list
}

// stayed counts who was still there some days later, of those whose days are over. Whose
// subscription ended within them are known before that, and wait for the others of their
// day: else those who leave would be counted sooner than those who stay.
func (in Input) stayed(days int, list []surveys.Cancellation) (x, n int64) {
	for _, c := range list {
		since := c.StartedAt
		if c.ChosenAt != nil {
			since = *c.ChosenAt
		}
		until := since.AddDate(0, 0, days)
		if in.Now.Before(until) {
			continue
		}
		gone := func(end time.Time) bool { return end.After(c.StartedAt) && end.Before(until) }
		if n++; c.Choice != surveys.CancelLeft && (c.LostAt == nil || !gone(*c.LostAt)) && (c.PersonID == "" || !slices.ContainsFunc(in.gone[c.PersonID], gone)) {
			x++
		}
	}
	return x, n
}

// ends are when people left, by person: whoever stayed once may have come again.
func (in Input) ends() map[string][]time.Time {
	ends := make(map[string][]time.Time)
	for _, list := range [][]surveys.Cancellation{in.Asked, in.Unasked} {
		for _, c := range list {
			switch {
			case c.PersonID == "":
			case c.LostAt != nil:
				ends[c.PersonID] = append(ends[c.PersonID], *c.LostAt)
			case c.Choice == surveys.CancelLeft && c.ChosenAt != nil:
				ends[c.PersonID] = append(ends[c.PersonID], *c.ChosenAt)
			}
		}
	}
	return ends
}
