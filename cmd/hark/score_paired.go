package main

import (
	"errors"
	"fmt"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// fewestShown is how many people or answers there must be for anything to be said
// of them: the default of [analysis.Limits].
const fewestShown = 5

// waves keep each person's last answer in both periods of --compare. Like people
// they grow with the file: by 16 bytes a person.
type waves struct {
	spans periods
	last  [][2]lastAnswer // by a person's place
}

// lastAnswer is the newest answer so far; of one day, the one that stands last in
// the file.
type lastAnswer struct {
	day   int32
	score int8 // one more than it was; 0 for no answer
}

// add takes an answer in.
func (w *waves) add(person int, day analysis.Day, score int) {
	if person == len(w.last) {
		w.last = append(w.last, [2]lastAnswer{})
	}
	for i, span := range w.spans {
		if kept := &w.last[person][i]; day >= span.From && day < span.To && (kept.score == 0 || day >= analysis.Day(kept.day)) {
			*kept = lastAnswer{day: int32(day), score: int8(score) + 1}
		}
	}
}

// paired is how far the score of those moved who answered in both periods.
type paired struct {
	People int64 `json:"people"`
	*analysis.PairedDifference
	Refused *refused `json:"refused"`
}

// report compares the people with themselves.
func (w *waves) report(metric surveys.Metric, confidence float64) (*paired, error) {
	var moves analysis.Transitions
	found := &paired{}
	for _, person := range w.last {
		if person[0].score > 0 && person[1].score > 0 {
			moves[person[0].score-1][person[1].score-1]++
			found.People++
		}
	}
	if found.People < fewestShown {
		found.Refused = &refused{Reason: analysis.TooFewAnswers, Have: float64(found.People), Need: fewestShown, Text: fewInBoth(found.People)}
		return found, nil
	}
	difference, err := analysis.ComparePaired(analysis.AdjustedWald, metric, moves, confidence)
	var refusal *analysis.Refusal
	switch {
	case errors.As(err, &refusal):
		found.Refused = &refused{Reason: refusal.Reason, Have: refusal.Have, Need: refusal.Need, Name: refusal.Name, Text: refusal.Error()}
	case err != nil:
		return nil, err
	default:
		found.PairedDifference = &difference
	}
	return found, nil
}

// fewInBoth says that too few people can be compared with themselves.
func fewInBoth(n int64) string {
	if n == 0 {
		return "Nobody answered in both periods, so none can be compared with themselves."
	}
	return fmt.Sprintf("Only %s answered in both periods: too few to compare with themselves.", count(n, "person"))
}
