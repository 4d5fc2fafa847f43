package loyalty

import (
	"github.com/harkhq/hark/analysis"
)

// Rate names one of the rates of a step.
type Rate string

// The rates: numerator / denominator, in percent. All but [NetChurn],
// [GrossChurn], [Redemption] and [Lifespan] are shares of people.
const (
	// RetentionRate is customers kept / customers of the step before.
	RetentionRate Rate = "retention"
	// ChurnRate is customers lost / customers of the step before: 100 − retention.
	ChurnRate Rate = "churn"
	// GrossChurn is (amount lost + contracted) / amount of the step before.
	GrossChurn Rate = "gross_churn"
	// NetChurn is (lost + contracted − expanded) / amount of the step before.
	// Below zero, those who stay bring more than those who left took away:
	// net negative churn. What new and returned customers bring is not in it.
	NetChurn Rate = "net_churn"
	// RenewalRate is people whose last decision was to renew / who renewed or ended.
	RenewalRate Rate = "renewal"
	// RepeatRate is buyers who had bought before, or twice / buyers.
	RepeatRate Rate = "repeat"
	// Lifespan is 1/churn: so many steps a customer stays, if churn stays as it is
	// and is the same for everybody, which it never is: it falls with the time that
	// somebody has been there. [Lifetime] and a survival curve tell what was seen.
	Lifespan Rate = "lifespan"
	// Recommending is people who sent somebody / who did anything.
	Recommending Rate = "recommending"
	// ReferralRate is new customers who were sent by somebody / new customers.
	ReferralRate Rate = "referral"
	// Participation is members who did anything / members.
	Participation Rate = "participation"
	// Engagement is who acted on Frame.Engaged days or more / who acted at all.
	Engagement Rate = "engagement"
	// Redemption is points redeemed / points issued within the step. Points issued
	// before count where they are redeemed, so that it may exceed 100.
	Redemption Rate = "redemption"
)

// Rates lists every rate.
func Rates() []Rate {
	return []Rate{
		RetentionRate, ChurnRate, GrossChurn, NetChurn, RenewalRate, RepeatRate, Lifespan,
		Recommending, ReferralRate, Participation, Engagement, Redemption,
	}
}

// Point is a rate in one step.
type Point struct {
	Start   analysis.Day `json:"start"`
	Partial bool         `json:"partial,omitempty"` // the step was not over: its rates are not comparable
	Ratio
}

// Series returns a rate for each step of the frame, in order. An unknown rate is
// refused.
func (t *Tally) Series(rate Rate) ([]Point, error) {
	steps := t.Steps()
	points := make([]Point, 0, len(steps))
	for _, s := range steps {
		ratio, ok := t.frame.ratio(rate, s)
		if !ok {
			return nil, analysis.Refuse("rate", "%q is not one of %v", string(rate), Rates())
		}
		points = append(points, Point{Start: s.Start, Partial: s.Partial, Ratio: ratio})
	}
	return points, nil
}

// ratio is the rate of a step; false for an unknown one.
func (f Frame) ratio(rate Rate, s Step) (Ratio, bool) {
	switch rate {
	case RetentionRate:
		return f.share(s.Kept, s.Customers), true
	case ChurnRate:
		return f.share(s.Kept, s.Customers).rest(), true
	case GrossChurn:
		return f.quotient(s.Lost+s.Contracted, s.Amount, s.Customers), true
	case NetChurn:
		return f.quotient(s.Lost+s.Contracted-s.Expanded, s.Amount, s.Customers), true
	case RenewalRate:
		return f.share(s.Renewed, s.Decided), true
	case RepeatRate:
		return f.share(s.Repeat, s.Buyers), true
	case Lifespan:
		return f.lifespan(s), true
	case Recommending:
		return f.share(s.Recommending, s.Acting), true
	case ReferralRate:
		return f.share(s.ReferredNew, s.New), true
	case Participation:
		return f.share(s.Taking, s.Members), true
	case Engagement:
		return f.share(s.Engaged, s.Acting), true
	case Redemption:
		return f.quotient(s.Redeemed, s.Issued, s.Holders), true
	}
	return Ratio{}, false
}

// lifespan turns churn round: customers / lost, in steps. Where nobody left there
// is no number, and where the interval of churn reaches down to nobody, no upper
// end.
func (f Frame) lifespan(s Step) Ratio {
	churn := f.share(s.Customers-s.Kept, s.Customers)
	r := Ratio{N: s.Customers, Of: s.Customers - s.Kept, People: s.Customers, Hidden: churn.Hidden}
	if churn.Hidden {
		r.N, r.Of = 0, 0 // one of the two is public, so neither may tell the other
	}
	if churn.Value == nil {
		return r
	}
	if *churn.Value > 0 {
		r.Value = inverse(*churn.Value)
	}
	r.Low = inverse(*churn.High)
	if *churn.Low > 0 {
		r.High = inverse(*churn.Low)
	}
	return r
}

// inverse of a percentage, in steps.
func inverse(percent float64) *float64 {
	steps := 100 / percent
	return &steps
}
