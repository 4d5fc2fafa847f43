package flow

import (
	"github.com/harkhq/hark/analysis/loyalty/value"
)

// CustomerValue is what customers will buy and bring, by two models that are
// fitted on their own purchases (see analysis/loyalty/value), or why that cannot
// be told.
type CustomerValue struct {
	Customers int64             `json:"customers"`
	Often     *value.Purchasing `json:"often,omitempty"`
	Much      *value.Spending   `json:"much,omitempty"`
	// Purchases and Value are what all customers of today are expected to buy and
	// spend within the year to come, Value in minor units, without discount.
	Purchases *float64 `json:"purchases,omitempty"`
	Value     *float64 `json:"value,omitempty"`
	Alive     *float64 `json:"alive,omitempty"` // customers who are expected to buy again some day
	Refused   *Refused `json:"refused,omitempty"`
}

// buyers are customers with the same past, and how many there are of each.
type buyers map[value.Customer]int64

// weeksAhead is the year to come.
const weeksAhead = 52

// customerValue fits the models and sums up what they expect; nil when nobody
// bought anything.
func customerValue(customers *value.Customers, each buyers) (*CustomerValue, error) {
	if customers.Len() == 0 {
		return nil, nil
	}
	v := &CustomerValue{Customers: customers.Len()}
	often, err := value.FitBGNBD(customers)
	if err != nil {
		v.Refused, err = refusal(err)
		return v, err
	}
	v.Often = &often
	var alive, purchases float64
	for c, n := range each {
		p, err := often.Alive(c)
		if err != nil {
			return nil, err
		}
		expected, err := often.Expected(c, weeksAhead)
		if err != nil {
			return nil, err
		}
		alive += p * float64(n)
		purchases += expected * float64(n)
	}
	v.Alive, v.Purchases = &alive, &purchases
	much, err := value.FitGammaGamma(customers)
	if err != nil {
		v.Refused, err = refusal(err)
		return v, err
	}
	v.Much = &much
	var worth float64
	for c, n := range each {
		w, err := value.Of(often.BGNBD, much.GammaGamma, c, value.Horizon{Steps: 1, Width: weeksAhead})
		if err != nil {
			return nil, err
		}
		worth += w.Value * float64(n)
	}
	v.Value = &worth
	return v, nil
}
