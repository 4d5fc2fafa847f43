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

// bands are the counts that a headline needs. Good minus bad when net, good
// alone otherwise. One type serves both kinds, so that every later step (trend,
// segments, verdict) is written once.
type bands struct {
	bad, mid, good int64
	net            bool
}

// bandsOf sums the counts of checked input by the scale's bands.
func bandsOf(s surveys.Scale, c surveys.Counts) bands {
	b := bands{net: s.Net}
	for score := s.Min; score <= s.Max; score++ {
		switch {
		case score >= s.GoodFrom && score <= s.GoodTo:
			b.good += c[score]
		case score >= s.BadFrom && score <= s.BadTo:
			b.bad += c[score]
		default:
			b.mid += c[score]
		}
	}
	return b
}

func (b bands) n() int64 { return b.bad + b.mid + b.good }

func (b bands) add(o bands) bands {
	return bands{bad: b.bad + o.bad, mid: b.mid + o.mid, good: b.good + o.good, net: b.net}
}

func (b bands) minus(o bands) bands {
	return bands{bad: b.bad - o.bad, mid: b.mid - o.mid, good: b.good - o.good, net: b.net}
}

// score is the headline in points or percent; n must not be 0.
func (b bands) score() float64 {
	n := float64(b.n())
	if b.net {
		return 100 * float64(b.good-b.bad) / n
	}
	return 100 * float64(b.good) / n
}

// variance is that of one answer, in points²: 10⁴·(P+D−(P−D)²) for a net score
// (the covariance of P and D is in it), 10⁴·p(1−p) for a share.
func (b bands) variance() float64 { return b.mass().variance() }

// adjusted returns a score and the variance of that score that stay sensible
// for few or unanimous answers: see [mass.adjusted].
func (b bands) adjusted() (score, variance float64) { return b.mass().adjusted() }

// pseudo is how many answers the adjustment adds: ¾, 1½ and ¾ to the bands of a
// net score, two good and two not good to a share.
func (b bands) pseudo() float64 {
	if b.net {
		return 3
	}
	return 4
}

// adjusted is AW(3,T) for a net score; for a share two successes and two failures
// are added (Agresti & Coull 1998 at 95 %).
func (a mass) adjusted() (score, variance float64) {
	if a.net {
		n := a.n() + 3
		good, bad := (a.good+0.75)/n, (a.bad+0.75)/n
		e := good - bad
		return 100 * e, 1e4 * (good + bad - e*e) / n
	}
	n := a.n() + 4
	p := (a.good + 2) / n
	return 100 * p, 1e4 * p * (1 - p) / n
}
