package themes

import (
	"math"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"pgregory.net/rapid"
)

func draws(t *rapid.T) []judged {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) judged {
		return judged{class(rapid.IntRange(0, 2).Draw(t, "class")), float64(rapid.IntRange(-5, 5).Draw(t, "margin"))}
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
				if a.class == isGood && b.class == isBad {
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

// Four classes' worth of arithmetic by hand: of 4 bad 3 are found, of 3 middle 1, of
// 3 good 2.
func TestMeasure(t *testing.T) {
	t.Parallel()
	c := &classifier{classes: []class{isBad, isMiddle, isGood}, scale: 1}
	says := map[class][]float64{isBad: {2, 0, -1}, isMiddle: {0, 2, 0.5}, isGood: {-1, 0, 2}}
	var truth []class
	var scores []float64
	for _, pair := range [][2]class{
		{isBad, isBad}, {isBad, isBad}, {isBad, isBad}, {isBad, isMiddle},
		{isMiddle, isMiddle}, {isMiddle, isGood}, {isMiddle, isBad},
		{isGood, isGood}, {isGood, isGood}, {isGood, isBad},
	} {
		truth = append(truth, pair[0])
		scores = append(scores, says[pair[1]]...)
	}
	var q Quality
	q.measure(c, truth, scores)
	golden.Near(t, "base", q.Base, 0.4, 1e-12)
	golden.Near(t, "accuracy", q.Accuracy, 0.6, 1e-12)
	golden.Near(t, "macro F1", q.MacroF1, (6.0/9+2.0/5+4.0/6)/3, 1e-12)
	golden.Near(t, "sides", q.Sides, 5.0/7, 1e-12) // a middle that leans to good is on the good side
	golden.Near(t, "AUC", q.AUC, 9.5/12, 1e-12)
	golden.Near(t, "decided", q.Decided, 0.8, 1e-12)
	golden.Near(t, "right of decided", q.Right, 5.0/8, 1e-12)
	if q.N != 10 || q.Bad != 4 || q.Middle != 3 {
		t.Errorf("%+v", q)
	}
}

func TestColdQuality(t *testing.T) {
	t.Parallel()
	c := coldQuality([]float64{0.5, 0, -0.5, 0.2, 0.9}, []class{isGood, isGood, isBad, isBad, isMiddle})
	golden.Near(t, "sides", c.Sides, 2.5/4, 1e-12)
	golden.Near(t, "AUC", c.AUC, 0.75, 1e-12)
}

// Held-out scores three times too sure come out as sure as they are right.
func TestCalibrate(t *testing.T) {
	t.Parallel()
	var y []int
	var scores []float64
	for i := range 1000 {
		right := 1 // four times of five
		if i%5 == 0 {
			right = 0
		}
		y = append(y, right, 1-right)
		scores = append(scores, -1.5, 1.5, 1.5, -1.5)
	}
	scale := calibrate(y, scores, 2)
	golden.Near(t, "chance at 3", 1/(1+math.Exp(-3*scale)), 0.8, 1e-6)
	rapid.Check(t, func(t *rapid.T) {
		var y []int
		var scores []float64
		for _, one := range draws(t) {
			y = append(y, int(one.class))
			scores = append(scores, -one.margin, 0, one.margin)
		}
		if scale := calibrate(y, scores, 3); !(scale >= 0.05 && scale <= 20) {
			t.Fatalf("scale %v", scale)
		}
	})
}
