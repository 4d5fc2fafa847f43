package loyalty

import (
	"cmp"
	"slices"

	"github.com/harkhq/hark/analysis"
)

// Period is the width of a rate's step.
type Period string

// The periods. Weeks are ISO weeks: they start on Monday.
const (
	Weekly    Period = "week"
	Monthly   Period = "month"
	Quarterly Period = "quarter"
	Yearly    Period = "year"
)

// Periods lists every period, narrowest first.
func Periods() []Period { return []Period{Weekly, Monthly, Quarterly, Yearly} }

// Valid reports whether p is one of [Periods].
func (p Period) Valid() bool { return slices.Contains(Periods(), p) }

// Start is the first day of the step that holds d. It panics on a period that is
// not [Period.Valid].
func (p Period) Start(d analysis.Day) analysis.Day {
	if p == Yearly {
		return analysis.DateDay(d.Time().Year(), 1, 1)
	}
	return analysis.Bucketing(p).Start(d)
}

// Next is the first day of the step after the one that holds d.
func (p Period) Next(d analysis.Day) analysis.Day {
	if p == Yearly {
		return analysis.DateDay(d.Time().Year()+1, 1, 1)
	}
	return analysis.Bucketing(p).Next(d)
}

// Basis says what makes somebody a customer of a step.
type Basis string

// The bases. With [ByPurchase] and [ByActivity] a customer of a step is who
// bought, or did anything, within it: nobody says when they leave, so a slow
// buyer seems to go and come back. With [ByContract] it is whose contract runs
// at the step's end.
const (
	ByPurchase Basis = "purchase"
	ByActivity Basis = "activity"
	ByContract Basis = "contract"
)

// bases lists every basis.
func bases() []Basis { return []Basis{ByPurchase, ByActivity, ByContract} }

// Valid reports whether b is one of the three.
func (b Basis) Valid() bool { return slices.Contains(bases(), b) }

func (b Basis) check() error {
	if !b.Valid() {
		return analysis.Refuse("basis", "%q is not one of %v", string(b), bases())
	}
	return nil
}

// Frame says over which steps is counted, and how.
type Frame struct {
	Period Period
	Basis  Basis
	// From is within the first step. Give histories from one step earlier on,
	// better from their beginning: who was there before is not new.
	From analysis.Day
	// To is the day after the last complete one, exclusive: events from To on are
	// not looked at, and a step that reaches beyond it is incomplete.
	To         analysis.Day
	Engaged    int     // so many days with an action make somebody engaged in a step; 0 means 2
	Least      int64   // rates of fewer people are hidden; 0 means 5
	Confidence float64 // of intervals, 0.5…0.9999; 0 means 0.95
}

// maxSteps is ten years of weeks; cohorts need its square.
const maxSteps = 530

// withDefaults checks the frame and fills what is zero.
func (f Frame) withDefaults() (Frame, error) {
	if !f.Period.Valid() {
		return f, analysis.Refuse("period", "%q is not one of %v", string(f.Period), Periods())
	}
	if err := f.Basis.check(); err != nil {
		return f, err
	}
	if f.To <= f.From {
		return f, analysis.Refuse("to", "%s is not after %s", f.To, f.From)
	}
	first, last := analysis.DateDay(1971, 1, 1), analysis.DateDay(9999, 1, 1)
	if f.From < first || f.To > last {
		return f, analysis.Refuse("from", "%s to %s is out of the calendar", f.From, f.To)
	}
	if f.Engaged < 0 {
		return f, analysis.Refuse("engaged", "%d days cannot be below zero", f.Engaged)
	}
	f.Engaged = cmp.Or(f.Engaged, 2)
	var err error
	if f.Least, err = leastOf(f.Least); err != nil {
		return f, err
	}
	f.Confidence = cmp.Or(f.Confidence, 0.95)
	return f, analysis.CheckConfidence(f.Confidence)
}

// leastOf is how many people must stand behind a number; 0 means 5.
func leastOf(people int64) (int64, error) {
	if people < 0 {
		return 0, analysis.Refuse("least", "%d people cannot be below zero", people)
	}
	return cmp.Or(people, 5), nil
}

// starts are the first days of the steps, with one step before From, whose
// customers the first step begins with, and the day after the last step.
func (f Frame) starts() ([]analysis.Day, error) {
	first := f.Period.Start(f.From)
	starts := []analysis.Day{f.Period.Start(first - 1), first}
	for starts[len(starts)-1] < f.To {
		if len(starts) > maxSteps+1 {
			return nil, analysis.Refuse("from", "%s to %s is over %d steps by %s", f.From, f.To, maxSteps, f.Period)
		}
		starts = append(starts, f.Period.Next(starts[len(starts)-1]))
	}
	return starts, nil
}
