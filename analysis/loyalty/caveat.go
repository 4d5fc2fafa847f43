package loyalty

import (
	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// Caveat is something that must be said beside a number, lest it be read for
// more than it is. It is a key: pages word it.
type Caveat string

// The caveats.
const (
	// Association: who scores low leaves more often; that does not say that a
	// better score would have kept them.
	Association Caveat = "association"
	// SelfSelection: who joins a programme may have been more loyal before. The
	// difference is between the people; what the programme makes of it is not known.
	SelfSelection Caveat = "self_selection"
	// Unanswered: people who did not answer are in no class of their own here, and
	// they need not be like those who did.
	Unanswered Caveat = "unanswered"
	// FewEvents: under ten people left for each feature (or under a hundred in
	// all, where a model is put to the test): the numbers will move.
	FewEvents Caveat = "few_events"
	// Silence: nobody says when they leave, so that silence stands for it.
	Silence Caveat = "silence"
)

// NoAnswer is the class of people who were asked, or could have been, and did
// not answer. It stands beside the bands of the scale: they are a group of their own.
const NoAnswer surveys.Band = "no_answer"

// BandOf is the class of a score for curves and features; nil is [NoAnswer]. A
// score that the metric's scale does not have is refused.
func BandOf(m surveys.Metric, score *int) (surveys.Band, error) {
	if !m.Valid() {
		return "", analysis.Refuse("metric", "%q is not one of %v", string(m), surveys.Metrics())
	}
	if score == nil {
		return NoAnswer, nil
	}
	scale := m.Scale()
	if !scale.Contains(*score) {
		return "", analysis.Refuse("score", "%d is outside the scale %d–%d of %s", *score, scale.Min, scale.Max, m)
	}
	return scale.Band(*score), nil
}
