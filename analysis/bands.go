package analysis

import "github.com/harkhq/hark/surveys"

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

// negative reports that more was taken away than there was: groups overlap.
func (b bands) negative() bool { return b.bad < 0 || b.mid < 0 || b.good < 0 }

// total is what the answers add up to: promoters minus detractors, or the good ones.
func (b bands) total() int64 {
	if b.net {
		return b.good - b.bad
	}
	return b.good
}

// The headline and what is known of it; n must not be 0. See [mass].
func (b bands) score() float64                           { return b.mass().score() }
func (b bands) variance() float64                        { return b.mass().variance() }
func (b bands) adjusted() (score, variance float64)      { return b.mass().adjusted() }
func (b bands) defaultInterval(conf float64) Interval    { return b.mass().defaultInterval(conf) }
func (b bands) interval(m Method, conf float64) Interval { return b.mass().interval(m, conf) }

// oneAnswer is the variance of one answer as the adjusted score has it, in
// points²: over 0 even where all agree.
func (b bands) oneAnswer() float64 {
	_, v := b.adjusted()
	return v * (float64(b.n()) + b.mass().pseudo())
}

// mass is what scores and intervals are made of: answers by band, in whole numbers
// or, where answers repeat or are weighted, scaled to what they are worth.
type mass struct {
	bad, mid, good float64
	net            bool
}

func (b bands) mass() mass {
	return mass{bad: float64(b.bad), mid: float64(b.mid), good: float64(b.good), net: b.net}
}

func (a mass) n() float64 { return a.bad + a.mid + a.good }

// times is the same answers, each worth so much.
func (a mass) times(k float64) mass {
	return mass{bad: k * a.bad, mid: k * a.mid, good: k * a.good, net: a.net}
}

func (a mass) add(o mass) mass {
	return mass{bad: a.bad + o.bad, mid: a.mid + o.mid, good: a.good + o.good, net: a.net}
}

// total is what the answers add up to: see [bands.total].
func (a mass) total() float64 {
	if a.net {
		return a.good - a.bad
	}
	return a.good
}

// score is the headline in points or percent.
func (a mass) score() float64 { return 100 * a.total() / a.n() }

// variance is that of one answer, in points²: 10⁴·(P+D−(P−D)²) for a net score
// (the covariance of P and D is in it), 10⁴·p(1−p) for a share.
func (a mass) variance() float64 {
	good, bad := a.good/a.n(), a.bad/a.n()
	if a.net {
		return 1e4 * (good + bad - (good-bad)*(good-bad))
	}
	return 1e4 * good * (1 - good)
}

// pseudo is how many answers the adjustment adds: ¾, 1½ and ¾ to the bands of a
// net score, two good and two not good to a share.
func (a mass) pseudo() float64 {
	if a.net {
		return 3
	}
	return 4
}

// adjusted returns a score and the variance of that score that stay sensible for
// few or unanimous answers: AW(3,T) for a net score (see [AdjustedWald]); for a
// share two successes and two failures are added (Agresti & Coull 1998 at 95 %).
func (a mass) adjusted() (score, variance float64) {
	n := a.n() + a.pseudo()
	if a.net {
		good, bad := (a.good+0.75)/n, (a.bad+0.75)/n
		e := good - bad
		return 100 * e, 1e4 * (good + bad - e*e) / n
	}
	p := (a.good + 2) / n
	return 100 * p, 1e4 * p * (1 - p) / n
}
