package analysis

import (
	"github.com/harkhq/hark/surveys"
)

// Estimate is a score and how sure it is.
type Estimate struct {
	Metric   surveys.Metric
	N        int64     // answers counted: the denominator
	Score    float64   // points for NPS, percent for shares; 0 when Empty
	Interval Interval  // of Score: adjusted Wald for NPS, Wilson for shares
	Mean     float64   // of the raw choices, in steps of the scale
	MeanIn   *Interval // t interval of Mean; nil under two answers
	Index    *Index    // the effort index, for CES only
}

// Empty reports that there was no answer; the numbers then mean nothing.
func (e Estimate) Empty() bool { return e.N == 0 }

// Index is CES's second headline in use: % of 6–7 minus % of 1–3, in points.
// Its interval is adjusted Wald, as for NPS.
type Index struct {
	Score float64 `json:"score"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Score estimates a metric's headline from counts. For NPS that is
// 100·(promoters − detractors)/n, for the other metrics 100·good/n, where good
// is the scale's good band. Counts without an answer give an Empty estimate,
// not an error; see [InputError] for what is refused.
func Score(m surveys.Metric, c surveys.Counts, confidence float64) (Estimate, error) {
	if err := checkCounts(m, c); err != nil {
		return Estimate{}, err
	}
	if err := CheckConfidence(confidence); err != nil {
		return Estimate{}, err
	}
	return estimate(m, c, confidence), nil
}

// estimate is Score for counts that have been checked.
func estimate(m surveys.Metric, c surveys.Counts, confidence float64) Estimate {
	b := bandsOf(m.Scale(), c)
	e := Estimate{Metric: m, N: b.n()}
	if e.N == 0 {
		return e
	}
	e.Score = b.score()
	e.Interval = b.defaultInterval(confidence)
	a := average(c, confidence)
	e.Mean, e.MeanIn = a.Mean, a.Interval
	if m == surveys.CES {
		e.Index = effortIndex(c, confidence)
	}
	return e
}

// effortIndex is the index with its interval.
func effortIndex(c surveys.Counts, confidence float64) *Index {
	b := indexBands(c)
	interval := b.defaultInterval(confidence)
	return &Index{Score: b.score(), Low: interval.Low, High: interval.High}
}

// indexBands are 1–3, 4–5 and 6–7 of the seven-point scale.
func indexBands(c surveys.Counts) bands {
	return bands{bad: c[1] + c[2] + c[3], mid: c[4] + c[5], good: c[6] + c[7], net: true}
}
