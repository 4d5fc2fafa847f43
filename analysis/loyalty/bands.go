package loyalty

import (
	"errors"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty/survival"
	"github.com/harkhq/hark/surveys"
)

// ByBand counts how long people stayed by the band of the score that they had
// given before, and of those who gave none. Counts of parts of the people add
// up.
type ByBand struct {
	metric surveys.Metric
	stays  map[surveys.Band]*survival.Lifetimes
}

// NewByBand starts counting by the bands of a metric.
func NewByBand(metric surveys.Metric) (*ByBand, error) {
	b := &ByBand{metric: metric, stays: map[surveys.Band]*survival.Lifetimes{}}
	if !metric.Valid() {
		return nil, analysis.Refuse("metric", "%q is not one of %v", string(metric), surveys.Metrics())
	}
	for _, band := range b.order() {
		b.stays[band] = &survival.Lifetimes{}
	}
	return b, nil
}

// order is the scale's bands, then those who did not answer.
func (b *ByBand) order() []surveys.Band { return append(b.metric.Scale().Bands(), NoAnswer) }

// Add counts one person by the last score they gave before the stay that is
// measured began: a score given within it is one that only those could give who
// were still there. nil is no answer.
func (b *ByBand) Add(score *int, s Stay) error {
	band, err := BandOf(b.metric, score)
	if err != nil {
		return err
	}
	return b.stays[band].Add(s.Days, s.Outcome)
}

// Merge adds the people of another count of the same metric.
func (b *ByBand) Merge(other *ByBand) error {
	if b.metric != other.metric {
		return analysis.Refuse("metric", "%s and %s do not add up", b.metric, other.metric)
	}
	for band, stays := range other.stays {
		b.stays[band].Merge(*stays)
	}
	return nil
}

// BandCurve is how long the people of one band stayed.
type BandCurve struct {
	Band   surveys.Band    `json:"band"`
	People int64           `json:"people"`
	Curve  *survival.Curve `json:"curve"` // nil where nobody is, or too few
}

// BandCurves are all bands beside each other.
type BandCurves struct {
	Curves []BandCurve `json:"curves"` // in the scale's order, no answer last
	// Test is the log-rank test over the curves that are shown; nil under two of
	// them, and where nobody left.
	Test    *survival.LogRank `json:"test"`
	Caveats []Caveat          `json:"caveats"`
}

// Curves draws a Kaplan–Meier curve for each band with at least so many people (0
// means 5), and tests whether they differ.
func (b *ByBand) Curves(least int64, confidence float64) (BandCurves, error) {
	if !b.metric.Valid() { // not made by NewByBand
		return BandCurves{}, analysis.Refuse("metric", "%q is not one of %v", string(b.metric), surveys.Metrics())
	}
	least, err := leastOf(least)
	if err != nil {
		return BandCurves{}, err
	}
	if err := analysis.CheckConfidence(confidence); err != nil {
		return BandCurves{}, err
	}
	result := BandCurves{Caveats: []Caveat{Association}}
	var shown []survival.Lifetimes
	for _, band := range b.order() {
		stays := *b.stays[band]
		c := BandCurve{Band: band, People: stays.People()}
		if c.People >= least {
			curve, err := survival.Estimate(stays, confidence)
			if err != nil {
				return BandCurves{}, err
			}
			c.Curve = &curve
			shown = append(shown, stays)
		}
		result.Curves = append(result.Curves, c)
	}
	if b.stays[NoAnswer].People() == 0 {
		result.Caveats = append(result.Caveats, Unanswered)
	}
	if len(shown) < 2 {
		return result, nil
	}
	test, err := survival.TestCurves(shown)
	var refusal *analysis.Refusal
	if err == nil {
		result.Test = &test
	} else if !errors.As(err, &refusal) {
		return BandCurves{}, err
	}
	return result, nil
}
