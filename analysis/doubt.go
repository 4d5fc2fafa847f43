package analysis

import "math"

// Doubt is why a difference that is more than chance among its answers is not called
// a real change.
type Doubt string

// The doubts.
const (
	ByChance  Doubt = ""        // it is not more than chance to begin with, or rounds to nothing
	MixMoved  Doubt = "mix"     // it came from who answered, whatever else stands in the way
	TooSmall  Doubt = "small"   // it is too little to matter
	Usual     Doubt = "usual"   // the weeks usually vary as much
	Unlearned Doubt = "unheard" // what is usual is not known yet or, against a year before, the weeks do not stand out together
	MixLeft   Doubt = "rest"    // at the same mix too little of it is left to be sure
)

// Doubt says why a Normal verdict is not called real, though the interval of its
// difference, which stands beside it, may exclude zero.
func (v Verdict) Doubt() Doubt {
	switch d := v.Difference; {
	case d == nil, !d.Significant() && v.Gates.Interval != Passed, math.Round(d.Difference) == 0:
		return ByChance
	case v.Gates.Mix == Failed && v.Mix != nil:
		return MixMoved
	case v.Gates.Size == Failed:
		return TooSmall
	case v.Gates.Interval == Failed && d.stretched(math.Max(1, v.Stretch)).Significant() && v.Mix != nil:
		return MixLeft
	case v.Gates.Interval == Failed && v.Gates.Alarm == Unknown:
		return Unlearned
	}
	return Usual
}

// Widened is the difference with the interval that had to exclude zero, and whether
// that one holds zero where its own does not: a verdict that would seem to contradict
// the difference without it.
func (v Verdict) Widened() (Difference, bool) {
	if v.Difference == nil || v.Stretch <= 1 {
		return Difference{}, false
	}
	wide := v.Difference.stretched(v.Stretch)
	return wide, v.Difference.Significant() && !wide.Significant()
}

// Within is the real change that lies within the period of a Normal verdict: what
// happened wins over what the two periods say. Nil where there is none, or the
// verdict has told it.
func (r Report) Within() *Change {
	if r.Verdict.Kind != Normal {
		return nil
	}
	return r.Recent()
}
