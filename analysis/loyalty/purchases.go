package loyalty

import "github.com/harkhq/hark/analysis"

// Purchases sums up the orders of a whole frame.
type Purchases struct {
	Customers int64 `json:"customers"` // bought within the frame
	Repeat    int64 `json:"repeat"`    // of them, twice or more within it
	Orders    int64 `json:"orders"`
	Revenue   int64 `json:"revenue"` // minor units, refunds taken off
}

// Purchases returns the orders of the frame's days, From to To.
func (t *Tally) Purchases() Purchases { return t.purchases }

// AverageOrder is revenue by order, in minor units; false without an order.
func (p Purchases) AverageOrder() (float64, bool) {
	return float64(p.Revenue) / float64(max(1, p.Orders)), p.Orders > 0
}

// Frequency is orders by customer; false without a customer.
func (p Purchases) Frequency() (float64, bool) {
	return float64(p.Orders) / float64(max(1, p.Customers)), p.Customers > 0
}

// RepeatRate is the share of a whole frame's customers who bought twice or more
// within it. It grows with the frame's length: compare frames of equal length.
func (t *Tally) RepeatRate() Ratio {
	return t.frame.share(t.purchases.Repeat, t.purchases.Customers)
}

func (p *Purchases) add(o Purchases) {
	p.Customers += o.Customers
	p.Repeat += o.Repeat
	p.Orders += o.Orders
	p.Revenue += o.Revenue
}

// count books one person's orders from a day on.
func (p *Purchases) count(records []record, from analysis.Day) {
	orders := int64(0)
	for _, r := range records {
		if analysis.Day(r.day) < from {
			continue
		}
		switch r.kind {
		case bought:
			orders++
			p.Revenue += r.amount
		case refunded:
			p.Revenue -= r.amount
		}
	}
	p.Customers += one(orders > 0)
	p.Repeat += one(orders > 1)
	p.Orders += orders
}
