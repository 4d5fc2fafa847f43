package flow

import (
	"github.com/harkhq/hark/analysis"
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

// orders are one person's purchases so far: what the models know of them.
type orders struct {
	first, last analysis.Day
	days        int64 // with a purchase
	spent       int64 // on all days but the first
	found       bool
}

// add takes a purchase; they come in the order of time.
func (o *orders) add(day analysis.Day, amount int64) {
	switch {
	case !o.found:
		*o = orders{first: day, last: day, days: 1, found: true}
	case day > o.last:
		o.last = day
		o.days++
		o.spent += amount
	case day > o.first:
		o.spent += amount // another order on the same day is the same visit
	}
}

func (o *orders) reset() { *o = orders{} }

// customer is the purchases in weeks, as of a day; false without any.
func (o *orders) customer(to analysis.Day) (value.Customer, bool) {
	if !o.found {
		return value.Customer{}, false
	}
	c := value.Customer{Repeat: o.days - 1, Recency: float64(o.last-o.first) / 7, Age: float64(to-o.first) / 7}
	if c.Repeat > 0 {
		c.Spend = float64(o.spent) / float64(c.Repeat)
	}
	return c, true
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
	if v.Refused = refusal(err); err != nil {
		return v, unless(v.Refused, err)
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
	if v.Refused = refusal(err); err != nil {
		return v, unless(v.Refused, err)
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

// unless is the error, unless it was a refusal, which is a finding as well.
func unless(r *Refused, err error) error {
	if r != nil {
		return nil
	}
	return err
}
