package themes

import (
	"math"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"pgregory.net/rapid"
)

func draws(t *rapid.T) []judged {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) judged {
		return judged{class(rapid.IntRange(0, 1).Draw(t, "class")), float64(rapid.IntRange(-5, 5).Draw(t, "margin"))}
	}), 2, 60).Draw(t, "judged")
}

// The area is the share of pairs in the right order.
func TestAUCCountsPairs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := draws(t)
		var right, pairs float64
		for _, a := range all {
			for _, b := range all {
				if a.class > b.class {
					pairs++
					switch {
					case a.margin > b.margin:
						right++
					case a.margin == b.margin:
						right += 0.5
					}
				}
			}
		}
		want := 0.5
		if pairs > 0 {
			want = right / pairs
		}
		if got := auc(all); math.Abs(got-want) > 1e-12 {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

// Hanley & McNeil (1982), table II: area .893, 51 normal and 58 abnormal, SE .0320.
func TestAUCInterval(t *testing.T) {
	t.Parallel()
	low, high := aucInterval(0.893, 58, 51, 0.95)
	golden.Near(t, "half width", (high-low)/2, 1.96*0.032, 2e-3)
	if low, high := aucInterval(1, 10, 10, 0.95); low != 1 || high != 1 {
		t.Errorf("a perfect area has %v–%v", low, high)
	}
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	// 6 bad: 4 found. 4 good: 3 found.
	all := []judged{{isBad, -2}, {isBad, -2}, {isBad, -2}, {isBad, -0.1}, {isBad, 1}, {isBad, 2}, {isGood, 2}, {isGood, 2}, {isGood, 0.1}, {isGood, -2}}
	var q Quality
	q.measure(all, 1, 0)
	golden.Near(t, "base", q.Base, 0.6, 1e-12)
	golden.Near(t, "accuracy", q.Accuracy, 0.7, 1e-12)
	golden.Near(t, "macro F1", q.MacroF1, (8.0/11+6.0/9)/2, 1e-12)
	golden.Near(t, "decided", q.Decided, 0.8, 1e-12)
	golden.Near(t, "right of decided", q.Right, 5.0/8, 1e-12)
	if q.N != 10 || q.Bad != 6 {
		t.Errorf("%+v", q)
	}
}

func TestColdQuality(t *testing.T) {
	t.Parallel()
	c := coldQuality([]float64{0.5, 0, -0.5, 0.2}, []class{isGood, isGood, isBad, isBad})
	golden.Near(t, "accuracy", c.Accuracy, 2.5/4, 1e-12)
	golden.Near(t, "AUC", c.AUC, 0.75, 1e-12)
}

// Whatever was judged, the calibration is finite, and a higher margin never means a
// lower chance of good.
func TestCalibrate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		scale, shift := calibrate(append(draws(t), judged{isGood, 1}, judged{isBad, -1}))
		if !(scale > 0) || math.IsInf(scale, 0) || math.IsNaN(shift) || math.IsInf(shift, 0) {
			t.Fatalf("scale %v, shift %v", scale, shift)
		}
	})
	// Held-out margins three times too sure come out as sure as they are right.
	var all []judged
	for i := range 1000 {
		right := isGood // of four in five
		if i%5 == 0 {
			right = isBad
		}
		all = append(all, judged{right, 3}, judged{isGood - right, -3})
	}
	scale, shift := calibrate(all)
	golden.Near(t, "chance at 3", sigmoid(3*scale+shift), 0.8, 5e-3)
	golden.Near(t, "chance at −3", sigmoid(-3*scale+shift), 0.2, 5e-3)
}
