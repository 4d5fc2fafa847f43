package risk

import (
	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/surveys"
)

// Case is one person as known at some day, and what became of them.
type Case struct {
	Person   string
	Measured analysis.Day // on which the newest of the features was known
	From     analysis.Day // the risk period: From inclusive …
	To       analysis.Day // … To exclusive
	X        []float64    // the features, in the order of the sample's names
	Lost     bool         // left within the risk period; not read where people are listed
}

// Sample is cases of one horizon: all risk periods are of one length.
type Sample struct {
	Features []string
	Cases    []Case
}

// check refuses a sample without cases, risk periods of several lengths, and a
// feature measured when the risk period had begun.
func (s Sample) check() error {
	if len(s.Cases) == 0 {
		return analysis.Refuse("cases", "none given")
	}
	horizon := s.Cases[0].To - s.Cases[0].From
	for i, c := range s.Cases {
		if c.To <= c.From {
			return analysis.Refuse("to", "%s of case %d is not after %s", c.To, i, c.From)
		}
		if c.To-c.From != horizon {
			return analysis.Refuse("to", "case %d is at risk for %d days, the first for %d", i, c.To-c.From, horizon)
		}
		if c.Measured >= c.From {
			return analysis.Refuse("measured", "case %d was measured on %s, when its risk period from %s had begun", i, c.Measured, c.From)
		}
	}
	return nil
}

// lost counts the cases that left.
func (s Sample) lost() int {
	n := 0
	for _, c := range s.Cases {
		if c.Lost {
			n++
		}
	}
	return n
}

// span is the first day and the day after the last of the risk periods.
func (s Sample) span() (from, to analysis.Day) {
	from, to = s.Cases[0].From, s.Cases[0].To
	for _, c := range s.Cases {
		from, to = min(from, c.From), max(to, c.To)
	}
	return from, to
}

// Names of the two features that a score makes.
const (
	ScoreFeature    = "score"
	NoAnswerFeature = "no_answer"
)

// ScoreNames are the features of [ScoreFeatures].
func ScoreNames() []string { return []string{ScoreFeature, NoAnswerFeature} }

// ScoreFeatures writes a score as two features: the score itself, and whether
// there was none (nil), in which case the first is the middle of the scale and
// the second takes up how those who did not answer differ. A score that the
// metric's scale does not have is refused.
func ScoreFeatures(m surveys.Metric, score *int) ([]float64, error) {
	band, err := loyalty.BandOf(m, score)
	if err != nil {
		return nil, err
	}
	if band == loyalty.NoAnswer {
		scale := m.Scale()
		return []float64{float64(scale.Min+scale.Max) / 2, 1}, nil
	}
	return []float64{float64(*score), 0}, nil
}
