package value

import (
	"math"

	"github.com/harkhq/hark/analysis"
)

// Horizon is how far a value is counted, and how the later part is discounted.
type Horizon struct {
	Steps    int     // 1…1200
	Width    float64 // of a step, in the customers' unit of time: 4.345 weeks are a month
	Discount float64 // of a step, 0 or more: 0.01 is 1 %
}

// Worth is what a customer is expected to bring.
type Worth struct {
	Alive     float64 `json:"alive"`     // the chance that they still buy, 0…1
	Purchases float64 `json:"purchases"` // within the horizon
	Spend     float64 `json:"spend"`     // of a purchase
	Value     float64 `json:"value"`     // discounted, of what they spend: multiply by the margin's share
}

// Of predicts one customer's worth within a horizon,
//
//	Σ_k (E[Y(k·w)] − E[Y((k−1)·w)]) · E[M] / (1+d)^k
//
// the purchases of each step by [BGNBD.Expected], each of [GammaGamma.Mean].
func Of(often BGNBD, much GammaGamma, c Customer, h Horizon) (Worth, error) {
	if h.Steps < 1 || h.Steps > 1200 {
		return Worth{}, analysis.Refuse("horizon", "%d steps are not between 1 and 1200", h.Steps)
	}
	if !(h.Width > 0) || h.Width*float64(h.Steps) > maxTime {
		return Worth{}, analysis.Refuse("horizon", "%d steps of %v are no time", h.Steps, h.Width)
	}
	if !(h.Discount >= 0 && h.Discount <= 10) {
		return Worth{}, analysis.Refuse("discount", "%v is not between 0 and 10 a step (0.01 is 1 %%)", h.Discount)
	}
	alive, err := often.Alive(c)
	if err != nil {
		return Worth{}, err
	}
	spend, err := much.Mean(c)
	if err != nil {
		return Worth{}, err
	}
	w := Worth{Alive: alive, Spend: spend}
	for k := 1; k <= h.Steps; k++ {
		until := often.expected(c, float64(k)*h.Width)
		w.Value += (until - w.Purchases) * spend / math.Pow(1+h.Discount, float64(k))
		w.Purchases = until
	}
	return w, nil
}

// Later is a customer as known at some day, and what they bought in the time
// after it.
type Later struct {
	Customer
	Purchases int64
}

// Judgement compares what a model foretold with what came.
type Judgement struct {
	Customers int64   `json:"customers"`
	Foretold  float64 `json:"foretold"` // purchases of all
	Came      int64   `json:"came"`
	Ratio     float64 `json:"ratio"` // foretold / came; 0 when nothing came
	Error     float64 `json:"error"` // mean absolute, by customer
	// Plain is the same error of the plain guess: everybody goes on as before,
	// Repeat/Age. A model that does not beat it is not worth its trouble.
	Plain float64 `json:"plain"`
}

// Judge holds a model, fitted on what was known at some day, against the
// purchases of the t units of time after it. No customers are refused.
func Judge(m BGNBD, customers []Later, t float64) (Judgement, error) {
	if len(customers) == 0 {
		return Judgement{}, analysis.Refuse("customers", "nobody to judge by")
	}
	j := Judgement{Customers: int64(len(customers))}
	n := float64(len(customers))
	for i, c := range customers {
		if c.Purchases < 0 || c.Purchases > maxRepeat {
			return Judgement{}, analysis.Refuse("purchases", "%d of customer %d is out of range", c.Purchases, i)
		}
		expected, err := m.Expected(c.Customer, t)
		if err != nil {
			return Judgement{}, err
		}
		plain := 0.0
		if c.Age > 0 {
			plain = float64(c.Repeat) / c.Age * t
		}
		j.Foretold += expected
		j.Came += c.Purchases
		j.Error += math.Abs(expected-float64(c.Purchases)) / n
		j.Plain += math.Abs(plain-float64(c.Purchases)) / n
	}
	if j.Came > 0 {
		j.Ratio = j.Foretold / float64(j.Came)
	}
	return j, nil
}
