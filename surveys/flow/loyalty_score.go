package flow

import (
	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/analysis/loyalty/survival"
	"github.com/harkhq/hark/surveys"
)

// Days of the view that goes from a score to what followed.
const (
	watchDays = 182 // how long customers are watched after the day on which the score is looked at
	scoreAge  = 366 // an older score says nothing of that day any more
)

// StayingByScore is how long customers of a day stayed from that day on, by the
// band of their last score before it. To start the watch on one day for
// everybody, after the scores, is what keeps the view honest: who stays longer
// has more occasions to answer, and would otherwise look loyal for answering.
type StayingByScore struct {
	Day     analysis.Day      `json:"day"`
	Bands   []StayingBand     `json:"bands"` // the good band first; those who did not answer last
	Test    *survival.LogRank `json:"test,omitempty"`
	Refused *Refused          `json:"refused,omitempty"` // why there is no test
	Caveats []loyalty.Caveat  `json:"caveats"`
}

// StayingBand is one band's customers.
type StayingBand struct {
	Band   surveys.Band   `json:"band"`
	N      int64          `json:"n"`
	Left   int64          `json:"left"`
	Hidden bool           `json:"hidden,omitempty"` // too few to show
	Curve  survival.Curve `json:"curve"`            // days since Day; nothing of hidden bands
}

// bandStays counts the customers of one day by band.
type bandStays struct {
	day, to analysis.Day
	bands   map[surveys.Band]*survival.Lifetimes
}

func newBandStays(to analysis.Day) *bandStays {
	return &bandStays{day: to - watchDays, to: to, bands: make(map[surveys.Band]*survival.Lifetimes)}
}

// add counts a person who was a customer on the day.
func (b *bandStays) add(stay loyalty.Stay, band surveys.Band) error {
	if !atDay(stay, b.day) {
		return nil
	}
	if b.bands[band] == nil {
		b.bands[band] = new(survival.Lifetimes)
	}
	return b.bands[band].Add(float64(stay.From-b.day)+stay.Days, stay.Outcome)
}

// atDay reports whether somebody was a customer on a day.
func atDay(stay loyalty.Stay, day analysis.Day) bool {
	return stay.From <= day && float64(day) < float64(stay.From)+stay.Days
}

// leastShown is how many people must stand behind what is shown.
const leastShown = 5

// confidence is that of all intervals of the loyalty report.
const confidence = 0.95

// finish draws the bands' curves and tests them against one another; nil when
// nobody was a customer on the day.
func (b *bandStays) finish(scale surveys.Scale) (*StayingByScore, error) {
	if len(b.bands) == 0 {
		return nil, nil
	}
	s := &StayingByScore{Day: b.day, Caveats: []loyalty.Caveat{loyalty.Association, loyalty.Unanswered}}
	var groups []survival.Lifetimes
	for _, band := range append(scale.Bands(), loyalty.NoAnswer) {
		lifetimes := b.bands[band]
		if lifetimes == nil {
			continue
		}
		shown := StayingBand{Band: band, N: lifetimes.People(), Left: lifetimes.Events(), Hidden: lifetimes.People() < leastShown}
		if shown.Hidden {
			shown.Left = 0
		} else {
			curve, err := survival.Estimate(*lifetimes, confidence)
			if err != nil {
				return nil, err
			}
			shown.Curve = curve
		}
		groups = append(groups, *lifetimes)
		s.Bands = append(s.Bands, shown)
	}
	if len(groups) < 2 {
		return s, nil
	}
	test, err := survival.TestCurves(groups)
	if s.Refused = refusal(err); err != nil && s.Refused == nil {
		return nil, err
	}
	if err == nil {
		s.Test = &test
	}
	return s, nil
}

// staying draws the curve of all customers.
func staying(l survival.Lifetimes) (*Staying, error) {
	curve, err := survival.Estimate(l, confidence)
	if err != nil {
		return nil, err
	}
	s := &Staying{Curve: curve}
	if median, ok := curve.Quantile(0.5); ok {
		s.Median = &median
	}
	if horizon := min(curve.Until, 365); horizon > 0 {
		mean, err := curve.MeanUntil(horizon)
		if err != nil {
			return nil, err
		}
		s.Mean = &mean
	}
	return s, nil
}
