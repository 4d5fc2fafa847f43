package survival

import (
	"maps"
	"slices"

	"github.com/harkhq/hark/analysis"
)

// Outcome says how the watching of one person ended.
type Outcome uint8

// The outcomes.
const (
	Staying Outcome = iota // still there when last seen: the duration is censored
	Left                   // gone at that duration
)

// Lifetimes counts people by how long they were watched. Two of them add up by
// [Lifetimes.Merge], whatever way the people were divided; the zero value is
// ready for use. Durations are in any one unit, from 0 to 1e100.
type Lifetimes struct {
	at map[float64]ends
}

// ends are the people whose watching ended at one duration.
type ends struct {
	left, staying int64
}

// Add counts one person. A duration that is not from 0 to 1e100 is refused: squares
// of longer ones are no numbers.
func (l *Lifetimes) Add(duration float64, outcome Outcome) error {
	if !(duration >= 0 && duration <= 1e100) {
		return analysis.Refuse("duration", "%v is not a time of 0 or more", duration)
	}
	if l.at == nil {
		l.at = map[float64]ends{}
	}
	e := l.at[duration]
	switch outcome {
	case Left:
		e.left++
	case Staying:
		e.staying++
	default:
		return analysis.Refuse("outcome", "%d is neither Staying nor Left", outcome)
	}
	l.at[duration] = e
	return nil
}

// Merge adds the people of another.
func (l *Lifetimes) Merge(other Lifetimes) {
	if l.at == nil && len(other.at) > 0 {
		l.at = make(map[float64]ends, len(other.at))
	}
	for duration, e := range other.at {
		sum := l.at[duration]
		l.at[duration] = ends{left: sum.left + e.left, staying: sum.staying + e.staying}
	}
}

// People is how many were counted.
func (l Lifetimes) People() int64 {
	var n int64
	for _, e := range l.at {
		n += e.left + e.staying
	}
	return n
}

// Events is how many of them left.
func (l Lifetimes) Events() int64 {
	var n int64
	for _, e := range l.at {
		n += e.left
	}
	return n
}

// durations are the distinct ones, in order.
func (l Lifetimes) durations() []float64 { return slices.Sorted(maps.Keys(l.at)) }
