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
	N        int64 // over how many
	Hidden   bool  // over too few to show; neither is set then
}

// sums adds up what subscriptions were worth, by currency, the largest first.
func (in Input) sums(list []surveys.Cancellation) []Money {
	by := make(map[string]Money)
	for _, c := range list {
		if c.Amount == nil {
			continue
		}
		m := by[c.Currency]
		m.Currency, m.Amount, m.N = c.Currency, m.Amount+*c.Amount, m.N+1
		by[c.Currency] = m
	}
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
func (in Input) hideSums(groups []Group, of func(*Group) *[]Money, whole []surveys.Cancellation) {
	total := make(map[string]int64)
	for _, c := range whole {
		if c.Amount != nil {
			total[c.Currency]++
		}
	}
	for currency, n := range total {
		rest, smallest := n, make([]*Money, 0, len(groups)) // what is in no shown sum
		for g := range groups {
			for i := range *of(&groups[g]) {
				if m := &(*of(&groups[g]))[i]; m.Currency == currency && !m.Hidden {
					rest, smallest = rest-m.N, append(smallest, m)
				}
			}
		}
		slices.SortStableFunc(smallest, func(a, b *Money) int { return cmp.Compare(a.N, b.N) })
		for _, m := range smallest {
			if !analysis.Differencing(n-rest, n, in.Least) {
				break
			}
			rest += m.N
			*m = Money{Currency: currency, Hidden: true}
		}
	}
}
