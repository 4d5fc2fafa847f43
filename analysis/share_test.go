package analysis

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// TestSharesMirror: the share that is not good has the mirrored interval, by
// every method.
func TestSharesMirror(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, rest := rapid.Int64Range(0, 1e6).Draw(t, "good"), rapid.Int64Range(0, 1e6).Draw(t, "not")
		n := float64(max(1, x+rest))
		confidence := rapid.Float64Range(0.5, 0.9999).Draw(t, "confidence")
		for _, method := range Methods(surveys.CSAT) {
			a := mass{good: float64(x), mid: n - float64(x)}.interval(method, confidence)
			b := mass{good: n - float64(x), mid: float64(x)}.interval(method, confidence)
			if math.Abs(a.Low+b.High-100) > 1e-7 || math.Abs(a.High+b.Low-100) > 1e-7 {
				t.Fatalf("%s: %+v is not the mirror of %+v", method, a, b)
			}
		}
	})
}

// TestExactIntervalsInvertTheirTails: the ends are what they are defined as.
func TestExactIntervalsInvertTheirTails(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(2, 1e5).Draw(t, "n")
		x := rapid.Int64Range(1, n-1).Draw(t, "x")
		confidence := rapid.Float64Range(0.5, 0.9999).Draw(t, "confidence")
		tail := (1 - confidence) / 2
		for method, c := range map[Method]float64{ClopperPearson: 0, Jeffreys: 0.5} {
			low, high := shareInterval(method, float64(x), float64(n), confidence)
			below := mathext.RegIncBeta(float64(x)+c, float64(n-x)+1-c, low)
			above := mathext.RegIncBeta(float64(n-x)+c, float64(x)+1-c, 1-high)
			if math.Abs(below-tail) > 1e-9 || math.Abs(above-tail) > 1e-9 {
				t.Fatalf("%s of %d/%d: tails %g and %g, want %g", method, x, n, below, above, tail)
			}
		}
	})
}

// TestIntervalsByWidth: exact covers Jeffreys', and the corrected one Wilson's.
func TestIntervalsByWidth(t *testing.T) {
	t.Parallel()
	for n := int64(1); n <= 60; n++ {
		for x := int64(0); x <= n; x++ {
			by := func(method Method) Interval {
				return golden.Must(IntervalBy(method, surveys.CSAT, surveys.Counts{1: n - x, 5: x}, 0.95))
			}
			for outer, inner := range map[Method]Method{ClopperPearson: Jeffreys, WilsonCorrected: Wilson} {
				if o, i := by(outer), by(inner); o.Low > i.Low+1e-9 || o.High < i.High-1e-9 {
					t.Errorf("%d/%d: %+v does not cover %+v", x, n, o, i)
				}
			}
		}
	}
}
