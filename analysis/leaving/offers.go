package leaving

import (
	"maps"
	"slices"

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

// offers are what became of each. Somebody to whom one was made several times counts once.
func (in *reckoning) offers() []Offer {
	by := make(map[string][]person)
	for _, p := range in.people {
		for _, id := range offered(p.ways) {
			once := p
			once.Cancellation = counted(slices.DeleteFunc(slices.Clone(p.ways), func(c surveys.Cancellation) bool { return c.OfferID != id }))
			by[id] = append(by[id], once)
		}
	}
	var list []Offer
	made := make(map[string][]person)
	for _, id := range slices.Sorted(maps.Keys(by)) {
		held := func(p person) bool { return p.Offer == surveys.OfferHeld }
		made[id] = slices.DeleteFunc(slices.Clone(by[id]), held)
		list = append(list, in.offer(id, made[id], slices.DeleteFunc(by[id], func(p person) bool { return !held(p) })))
	}
	in.hideOffered(list, made, func(o *Offer) *[]Money { return &o.Saved }, savedOf, in.saved)
	in.hideOffered(list, made, func(o *Offer) *[]Money { return &o.Lost }, lostOf, lost(surveys.LostByWish))
	return list
}

// offered are the ids of the offers that fitted on some ways.
func offered(ways []surveys.Cancellation) (ids []string) {
	for _, c := range ways {
		if c.OfferID != "" && !slices.Contains(ids, c.OfferID) {
			ids = append(ids, c.OfferID)
		}
	}
	return ids
}

func (in *reckoning) offer(id string, made, held []person) Offer {
	o := Offer{ID: id, Made: int64(len(made)), Held: int64(len(held))}
	if o.Made+o.Held < in.Least {
		return Offer{ID: id, Hidden: true}
	}
	for _, p := range made {
		if p.Offer == surveys.OfferAccepted {
			o.Accepted++
		}
	}
	o.Saved, o.Lost = in.sums(made, in.saved), in.sums(made, lost(surveys.LostByWish))
	for _, days := range StayDays() {
		o.Stays = append(o.Stays, in.compare(days, made, held))
	}
	return o
}

// compare looks at two groups some days later.
func (in *reckoning) compare(days int, made, held []person) OfferStay {
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
func (in *reckoning) least(x, n int64) Part {
	if n < in.Least {
		return Part{Of: n}
	}
	return in.part(x, n)
}

// stays are how many are still there, some days later.
func (in *reckoning) stays(list []person) []Stay {
	var stays []Stay
	for _, days := range StayDays() {
		x, n := in.stayed(days, list)
		stays = append(stays, Stay{Days: days, Part: in.least(x, n)})
	}
	return stays
}
