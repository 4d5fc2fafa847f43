package drivers

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
)

// TestSeparationAtAnySize: a level at which everybody is good is found to have
// no odds whether it has three rows or three hundred million, and has odds, with
// the error of its table, as soon as it has one row of another band.
func TestSeparationAtAnySize(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{10, 1000, 1e6, 1e8} {
		for _, rare := range []int64{3, n, 30 * n} {
			t.Run(fmt.Sprint(n, " and ", rare), func(t *testing.T) {
				t.Parallel()
				p := golden.Must(NewPatterns([]string{"speed", "country=LI"}, three()))
				add := func(speed, country float64, score int, n int64) {
					if err := p.Add([]float64{speed, country}, score, n); err != nil {
						t.Fatal(err)
					}
				}
				for score := 1; score <= 3; score++ {
					for speed := 1; speed <= 3; speed++ {
						add(float64(speed), 0, score, n*int64(1+score*speed))
					}
				}
				add(1, 1, 3, rare)
				add(3, 1, 3, rare)
				_, err := ProportionalOdds(p, 0)
				var refusal *analysis.Refusal
				if !errors.As(err, &refusal) || refusal.Reason != Separated || refusal.Name != "country=LI" {
					t.Errorf("not refused as separated: %v", err)
				}
				add(3, 1, 1, 1)
				o, err := ProportionalOdds(p, 0)
				if err != nil {
					t.Fatal(err)
				}
				// One row against many: the error of its log odds is about 1.
				if term := o.Terms[1]; term.Error < 0.5 || term.Error > 1.6 || term.Estimate < 0 {
					t.Errorf("%+v", term)
				}
			})
		}
	}
}

// TestNearlyCollinearOdds: columns that are alike but not refused have a fit,
// with errors that say how little is known of each.
func TestNearlyCollinearOdds(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(3, 3))
	p := golden.Must(NewPatterns([]string{"a", "b"}, three()))
	for range 500 {
		a := chance.NormFloat64()
		score := int(math.Round(max(1, min(3, 2+a+chance.NormFloat64()))))
		if err := p.Add([]float64{a, a + 1e-3*chance.NormFloat64()}, score, 1); err != nil {
			t.Fatal(err)
		}
	}
	o, err := ProportionalOdds(p, 0)
	if err != nil {
		t.Fatal(err)
	}
	if o.Terms[0].Error < 50 || o.Terms[0].P < 1e-4 || o.Terms[1].P < 1e-4 {
		t.Errorf("%+v", o.Terms)
	}
}

// TestOddsOfAnything: small random tables, many of which are separated or
// collinear, are refused or have a maximum, where no parameter can be moved
// without loss and no error is beyond what data can say.
func TestOddsOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := golden.Must(NewPatterns([]string{"a", "b"}, three()))
		for range rapid.IntRange(4, 30).Draw(t, "patterns") {
			x := []float64{float64(rapid.IntRange(0, 2).Draw(t, "a")), float64(rapid.IntRange(0, 1).Draw(t, "b"))}
			if err := p.Add(x, rapid.IntRange(1, 3).Draw(t, "score"), rapid.Int64Range(0, 6).Draw(t, "n")); err != nil {
				t.Fatal(err)
			}
		}
		o, err := ProportionalOdds(p, 0)
		var refusal *analysis.Refusal
		if errors.As(err, &refusal) {
			return
		}
		m := newOddsModel(p)
		top, found := climb(m, m.start())
		if err != nil || !found {
			t.Fatalf("%v", err)
		}
		best := m.logLik(top.at)
		for i := range top.at {
			for _, step := range []float64{-0.1, 0.1} {
				moved := append([]float64(nil), top.at...)
				moved[i] += step
				if m.logLik(moved) >= best {
					t.Fatalf("moving %d by %g does not lose: %v", i, step, top.at)
				}
			}
			if e := math.Sqrt(top.covariance.At(i, i)); !(e > 0 && e < 100) {
				t.Fatalf("the error of %d is %v: %+v", i, e, o)
			}
		}
	})
}
