package leaving

import (
	"cmp"
	"maps"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// Money is a sum in a currency; "" where events named none.
type Money struct {
	Currency string
	Amount   float64
	N        int64 // of how many people
	Hidden   bool  // of too few to show; neither is set then
}

// worth says which of a person's cancellations a sum is made of.
type worth = func(person) []surveys.Cancellation

// tally adds up what people's subscriptions were worth, by currency.
func tally(list []person, of worth) map[string]Money {
	by := make(map[string]Money)
	for _, p := range list {
		met := make(map[string]bool)
		for _, c := range of(p) {
			if c.Amount == nil {
				continue
			}
			m := by[c.Currency]
			m.Currency, m.Amount = c.Currency, m.Amount+*c.Amount
			if !met[c.Currency] {
				m.N++
			}
			met[c.Currency], by[c.Currency] = true, m
		}
	}
	return by
}

// sums are those that are not of too few, the largest first.
func (in *reckoning) sums(list []person, of worth) []Money {
	by := tally(list, of)
	for currency, m := range by {
		if m.N < in.Least {
			by[currency] = Money{Currency: currency, Hidden: true}
		}
	}
	return slices.SortedFunc(maps.Values(by), func(a, b Money) int {
		return cmp.Or(cmp.Compare(b.Amount, a.Amount), cmp.Compare(a.Currency, b.Currency))
	})
}

// hideSums hides what groups are worth where it would tell, by subtracting them from the
// whole, what too few are.
func (in *reckoning) hideSums(groups []Group, field func(*Group) *[]Money, of worth) {
	for currency, whole := range tally(in.people, of) {
		rest, smallest := whole.N, make([]*Money, 0, len(groups)) // who is in no shown sum
		for g := range groups {
			for i := range *field(&groups[g]) {
				if m := &(*field(&groups[g]))[i]; m.Currency == currency && !m.Hidden {
					rest, smallest = rest-m.N, append(smallest, m)
				}
			}
		}
		slices.SortStableFunc(smallest, func(a, b *Money) int { return cmp.Compare(a.N, b.N) })
		for _, m := range smallest {
			if !analysis.Differencing(whole.N-rest, whole.N, in.Least) {
				break
			}
			rest += m.N
			*m = Money{Currency: currency, Hidden: true}
		}
	}
}

// set is some people, by their ids.
type set map[int]bool

// minus is who is in one set and not in another.
func (s set) minus(other set) set {
	rest := maps.Clone(s)
	maps.DeleteFunc(rest, func(id int, _ bool) bool { return other[id] })
	return rest
}

// priced is of whom a sum in a currency is made.
func priced(list []person, of worth, currency string) set {
	s := make(set)
	for _, p := range list {
		if slices.ContainsFunc(of(p), func(c surveys.Cancellation) bool { return c.Amount != nil && c.Currency == currency }) {
			s[p.id] = true
		}
	}
	return s
}

// tells reports whether a sum over some people would tell what too few are worth, beside
// sums over parts that do not overlap: by subtracting the parts within it, or itself from
// all parts that it touches.
func (in *reckoning) tells(sum set, parts []set) bool {
	within, touched := maps.Clone(sum), make(set)
	for _, part := range parts {
		outside := part.minus(sum)
		if len(outside) == 0 {
			within = within.minus(part)
		}
		if len(outside) < len(part) {
			maps.Copy(touched, outside)
		}
	}
	few := func(s set) bool { return 0 < len(s) && int64(len(s)) < in.Least }
	return few(within) || few(touched)
}

// division is the groups by one key, as far as sums over them are shown.
type division struct {
	groups  []Group
	members map[string][]person
}

// parts are the groups whose sums in a currency are shown, and those of nobody else's.
func (d division) parts(whole set, field func(*Group) *[]Money, of worth, currency string) []set {
	rest := maps.Clone(whole)
	var parts []set
	for i := range d.groups {
		g := &d.groups[i]
		if slices.ContainsFunc(*field(g), func(m Money) bool { return m.Currency == currency && !m.Hidden }) {
			part := priced(d.members[g.Key], of, currency)
			rest, parts = rest.minus(part), append(parts, part)
		}
	}
	return append(parts, rest)
}

// hideOffered hides the offers' sums that would tell what too few are worth: unlike groups,
// offers are made to some of a group, and to several groups.
func (in *reckoning) hideOffered(offers []Offer, made map[string][]person, field func(*Offer) *[]Money, groupField func(*Group) *[]Money, of worth) {
	for currency := range tally(in.people, of) {
		whole := priced(in.people, of, currency)
		divisions := [][]set{{whole}}
		for _, d := range in.divisions {
			divisions = append(divisions, d.parts(whole, groupField, of, currency))
		}
		for i := range offers {
			at := slices.IndexFunc(*field(&offers[i]), func(m Money) bool { return m.Currency == currency && !m.Hidden })
			if at < 0 {
				continue
			}
			sum := priced(made[offers[i].ID], of, currency)
			if slices.ContainsFunc(divisions, func(parts []set) bool { return in.tells(sum, parts) }) {
				(*field(&offers[i]))[at] = Money{Currency: currency, Hidden: true}
				continue
			}
			divisions = append(divisions, []set{sum})
		}
	}
}
