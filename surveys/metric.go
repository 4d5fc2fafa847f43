package surveys

import "fmt"

// Metric names one of the scales that Hark asks on. Two metrics are never
// mixed in one score, not even the two forms of customer effort, whose
// directions are opposite.
type Metric string

// The metrics. Their questions and headlines are described at [Metric.Scale].
const (
	// NPS is the likelihood to recommend, 0–10; its headline is the share of
	// promoters (9–10) minus the share of detractors (0–6), in points.
	NPS Metric = "nps"
	// CES is the 2013 customer effort score: agreement, 1–7, higher is better;
	// its headline is the share of 5–7, in percent.
	CES Metric = "ces"
	// CES5 is the classic 2010 effort score: effort, 1–5, lower is better;
	// its headline is the share of 1–2, in percent.
	CES5 Metric = "ces5"
	// CSAT is satisfaction, 1–5; its headline is the share of 4–5, in percent.
	CSAT Metric = "csat"
)

// Metrics lists every metric in the order in which pages offer them.
func Metrics() []Metric { return []Metric{NPS, CES, CES5, CSAT} }

// Band says what a single score means.
type Band string

// The bands, by metric: promoter, passive, detractor for NPS; easy, neutral,
// hard for both efforts; satisfied, neutral, dissatisfied for CSAT.
const (
	Promoter     Band = "promoter"
	Passive      Band = "passive"
	Detractor    Band = "detractor"
	Easy         Band = "easy"
	Neutral      Band = "neutral"
	Hard         Band = "hard"
	Satisfied    Band = "satisfied"
	Dissatisfied Band = "dissatisfied"
)

// Scale describes a metric's choices and the meaning of each.
type Scale struct {
	Min, Max int  // the lowest and the highest choice
	Good     Band // the band that the headline counts
	Middle   Band
	Bad      Band
	GoodFrom int  // the first choice of the good band, counted from Min
	GoodTo   int  // the last one
	BadFrom  int  // the first choice of the bad band
	BadTo    int  // the last one
	Net      bool // the headline is good minus bad (points), not the share of good (percent)
}

// Scale returns the metric's scale. It panics on a metric that is not one of
// [Metrics]: metrics are checked with [Metric.Valid] where they come in.
func (m Metric) Scale() Scale {
	switch m {
	case NPS:
		return Scale{Min: 0, Max: 10, Good: Promoter, Middle: Passive, Bad: Detractor, GoodFrom: 9, GoodTo: 10, BadFrom: 0, BadTo: 6, Net: true}
	case CES:
		return Scale{Min: 1, Max: 7, Good: Easy, Middle: Neutral, Bad: Hard, GoodFrom: 5, GoodTo: 7, BadFrom: 1, BadTo: 3}
	case CES5:
		return Scale{Min: 1, Max: 5, Good: Easy, Middle: Neutral, Bad: Hard, GoodFrom: 1, GoodTo: 2, BadFrom: 4, BadTo: 5}
	case CSAT:
		return Scale{Min: 1, Max: 5, Good: Satisfied, Middle: Neutral, Bad: Dissatisfied, GoodFrom: 4, GoodTo: 5, BadFrom: 1, BadTo: 2}
	}
	panic(fmt.Sprintf("surveys: unknown metric %q", string(m)))
}

// Valid reports whether m is one of [Metrics].
func (m Metric) Valid() bool {
	return m == NPS || m == CES || m == CES5 || m == CSAT
}

// Choices lists the scores that a person can give, lowest first.
func (s Scale) Choices() []int {
	choices := make([]int, 0, s.Max-s.Min+1)
	for score := s.Min; score <= s.Max; score++ {
		choices = append(choices, score)
	}
	return choices
}

// Contains reports whether score is one of the scale's choices.
func (s Scale) Contains(score int) bool { return score >= s.Min && score <= s.Max }

// Band returns the band of a score that the scale contains.
func (s Scale) Band(score int) Band {
	switch {
	case score >= s.GoodFrom && score <= s.GoodTo:
		return s.Good
	case score >= s.BadFrom && score <= s.BadTo:
		return s.Bad
	default:
		return s.Middle
	}
}

// Bands lists the scale's bands, the good one first.
func (s Scale) Bands() []Band { return []Band{s.Good, s.Middle, s.Bad} }

// Counts holds how often each score was given: Counts[score]. Scores of every
// metric fit its eleven places; places outside the metric's scale stay zero.
type Counts [11]int64

// Add adds o to c, place by place.
func (c *Counts) Add(o Counts) {
	for i := range c {
		c[i] += o[i]
	}
}

// N is the number of answers counted.
func (c Counts) N() int64 {
	var n int64
	for _, k := range c {
		n += k
	}
	return n
}
