package analysis

import (
	"errors"

	"github.com/harkhq/hark/surveys"
)

// NonResponse says whether those who answered are like those who were asked, by one
// segment key, and what the score would be if every group had answered as often as
// the others.
type NonResponse struct {
	Key        string   `json:"key"`
	P          float64  `json:"p"`          // of the χ² test that the groups answer equally often
	Differs    bool     `json:"differs"`    // they do not
	Score      *float64 `json:"score"`      // of the answers weighted to the mix of those asked; nil where Refused
	Unweighted *float64 `json:"unweighted"` // of the same answers as they are
	Interval   Interval `json:"interval"`   // of Score, of Effective answers
	Effective  float64  `json:"effective"`  // (Σw)²/Σw²: answers that the weighted ones are worth
	Refused    Reason   `json:"refused,omitempty"`
}

// minWeighed is the share of the answers that must be of groups that were asked.
const minWeighed = 0.95

// CheckNonResponse weighs the answers to the mix of those who were sent an
// invitation (see [Rake]): with one key that gives each group's answers the weight
// that its share of those asked has. Groups with under five answers are weighed as
// one, so that a single answer does not speak for a group. Values are those of one
// key, "" for people without one; answers by other ways than an invitation must be
// left out by the caller, or be few.
//
// Refused, with no score, are groups of which nobody answered ([EmptyCell]) and
// answers of which over a twentieth are of nobody who was asked ([NotComparable]).
func CheckNonResponse(m surveys.Metric, key string, asked map[string]surveys.Asked, answers map[string]surveys.Counts, confidence float64) (NonResponse, error) {
	if err := CheckConfidence(confidence); err != nil {
		return NonResponse{}, err
	}
	n := NonResponse{Key: key}
	var groups []bands
	for _, value := range sorted(asked) {
		if err := checkAsked(key, asked[value]); err != nil {
			return NonResponse{}, err
		}
		groups = append(groups, ratioOf(asked[value]))
	}
	n.P = testGroups(groups).P
	n.Differs = n.P < 1-confidence
	margin, cells, covered := weighingOf(key, asked, answers)
	if covered < minWeighed {
		n.Refused = NotComparable
		return n, nil
	}
	weights, err := Rake([]Margin{margin}, cells, Trim{})
	if reason := reasonOf(err); reason != "" {
		n.Refused = reason
		return n, nil
	}
	if err != nil {
		return NonResponse{}, err
	}
	w, err := Weigh(m, cells, weights.Values, confidence)
	if reason := reasonOf(err); reason != "" {
		n.Refused = reason
		return n, nil
	}
	if err != nil {
		return NonResponse{}, err
	}
	n.Score, n.Unweighted, n.Interval, n.Effective = &w.Score, &w.Unweighted.Score, w.Interval, w.Effective
	return n, nil
}

// weighingOf makes the margin and its cells, small groups as one, and says what
// share of the answers is of groups that were asked.
func weighingOf(key string, asked map[string]surveys.Asked, answers map[string]surveys.Counts) (margin Margin, cells []Cell, covered float64) {
	margin = Margin{Key: key, Shares: make(map[string]float64)}
	var sent, all, known int64
	var few surveys.Counts
	var fewSent int64
	for _, value := range sorted(answers) {
		all += answers[value].N()
	}
	for _, value := range sorted(asked) {
		of := asked[value].Sent
		if of == 0 {
			continue
		}
		counts := answers[value]
		sent, known = sent+of, known+counts.N()
		if counts.N() < minPair {
			few.Add(counts)
			fewSent += of
			continue
		}
		margin.Shares["="+value] = float64(of)
		cells = append(cells, Cell{Values: []string{"=" + value}, Counts: counts})
	}
	if fewSent > 0 {
		margin.Shares["few"] = float64(fewSent)
		cells = append(cells, Cell{Values: []string{"few"}, Counts: few})
	}
	for value := range margin.Shares {
		margin.Shares[value] /= float64(sent)
	}
	if all == 0 || len(cells) == 0 {
		return margin, cells, 0
	}
	return margin, cells, float64(known) / float64(all)
}

// reasonOf is why an error is a refusal; "" for others and for none.
func reasonOf(err error) Reason {
	var no *Refusal
	if errors.As(err, &no) {
		return no.Reason
	}
	return ""
}
