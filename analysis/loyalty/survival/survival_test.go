package survival

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
)

// lives draws lifetimes with many ties, so that every formula meets them.
func lives() *rapid.Generator[[]Subject] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Subject {
		return Subject{
			Time:    float64(rapid.IntRange(0, 12).Draw(t, "time")),
			Outcome: rapid.SampledFrom([]Outcome{Left, Staying}).Draw(t, "outcome"),
		}
	}), 1, 40)
}

func lifetimes(t testing.TB, subjects []Subject) Lifetimes {
	t.Helper()
	var l Lifetimes
	for _, s := range subjects {
		if err := l.Add(s.Time, s.Outcome); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func TestCurveFallsWithinBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c, err := Estimate(lifetimes(t, lives().Draw(rt, "lives")), 0.9)
		if err != nil {
			rt.Fatal(err)
		}
		before, time := 1.0, -1.0
		for _, s := range c.Steps {
			if !(s.Share <= before && s.Share >= 0 && s.Time > time && s.Left > 0 && s.AtRisk >= s.Left) {
				rt.Fatalf("step %+v after share %v", s, before)
			}
			if b := s.Bounds; b == nil && s.Share > 1e-12 {
				rt.Fatalf("no bounds at share %v", s.Share)
			} else if b != nil && !(0 <= b.Low && b.Low <= s.Share && s.Share <= b.High && b.High <= 1 && b.Error >= 0) {
				rt.Fatalf("bounds %+v of share %v", *b, s.Share)
			}
			before, time = s.Share, s.Time
		}
	})
}

func TestCurveWithoutCensoringIsTheShareLeft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		subjects := lives().Draw(rt, "lives")
		var sum float64
		for i := range subjects {
			subjects[i].Outcome = Left
			sum += subjects[i].Time
		}
		c, _ := Estimate(lifetimes(t, subjects), 0.95)
		at := float64(rapid.IntRange(0, int(c.Until)).Draw(rt, "at"))
		still := 0
		for _, s := range subjects {
			if s.Time > at {
				still++
			}
		}
		share, _, ok := c.At(at)
		golden.Near(t, "share", share, float64(still)/float64(len(subjects)), 1e-12)
		if !ok {
			rt.Fatalf("nothing known at %v of %v", at, c.Until)
		}
		if c.Until > 0 {
			// The restricted mean up to the last is then the plain mean.
			golden.Near(t, "mean", golden.Must(c.MeanUntil(c.Until)).Value, sum/float64(len(subjects)), 1e-12)
		}
	})
}

func TestLifetimesMergeInAnyParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		subjects := lives().Draw(rt, "lives")
		cut := rapid.IntRange(0, len(subjects)).Draw(rt, "cut")
		var merged Lifetimes
		merged.Merge(lifetimes(t, subjects[cut:])) // the later part first: order is irrelevant
		merged.Merge(lifetimes(t, subjects[:cut]))
		whole := lifetimes(t, subjects)
		a, _ := Estimate(merged, 0.95)
		b, _ := Estimate(whole, 0.95)
		if len(a.Steps) != len(b.Steps) || a.N != b.N || a.Events != whole.Events() {
			rt.Fatalf("%+v is not %+v", a, b)
		}
		for i := range a.Steps {
			if a.Steps[i].Share != b.Steps[i].Share {
				rt.Fatalf("step %d: %v is not %v", i, a.Steps[i], b.Steps[i])
			}
		}
	})
}

func TestLogRankIsSymmetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		a := lifetimes(t, lives().Draw(rt, "a"))
		b := lifetimes(t, lives().Draw(rt, "b"))
		c := lifetimes(t, lives().Draw(rt, "c"))
		first, err1 := TestCurves([]Lifetimes{a, b, c, {}})
		second, err2 := TestCurves([]Lifetimes{c, {}, b, a})
		if (err1 == nil) != (err2 == nil) {
			rt.Fatalf("%v, but turned round %v", err1, err2)
		}
		if err1 == nil {
			golden.Near(t, "χ²", first.ChiSquare, second.ChiSquare, 1e-8)
			golden.Near(t, "expected", first.Expected[0]+first.Expected[1]+first.Expected[2],
				float64(a.Events()+b.Events()+c.Events()), 1e-9)
		}
	})
}

func TestLogRankOfOneGroupTwiceIsNothing(t *testing.T) {
	t.Parallel()
	l := lifetimes(t, []Subject{{Time: 1, Outcome: Left}, {Time: 2, Outcome: Left}, {Time: 3}})
	test := golden.Must(TestCurves([]Lifetimes{l, l}))
	golden.Near(t, "χ²", test.ChiSquare, 0, 1e-12)
	golden.Near(t, "p", test.P, 1, 1e-12)
}

func second[T any](_ T, err error) error { return err }

// people draws subjects whose risk falls with the score, from a fixed seed.
func people(n int) []Subject {
	r := rand.New(rand.NewPCG(1, 2))
	subjects := make([]Subject, n)
	for i := range subjects {
		x := []float64{float64(r.IntN(11)), float64(r.IntN(4))}
		time := math.Ceil(r.ExpFloat64() * 100 * math.Exp(0.2*x[0]-0.3*x[1]))
		watched := math.Ceil(r.Float64() * 365)
		subjects[i] = Subject{Time: min(time, watched), X: x}
		if time <= watched {
			subjects[i].Outcome = Left
		}
	}
	return subjects
}

func TestCoxFindsWhatWasPlanted(t *testing.T) {
	t.Parallel()
	m := golden.Must(FitCox([]string{"score", "tickets"}, people(5000), Efron, 0.999))
	for j, want := range []float64{math.Exp(-0.2), math.Exp(0.3)} {
		if h := m.Terms[j]; h.Low > want || h.High < want {
			t.Errorf("%s: %.3f to %.3f, planted %.3f", h.Name, h.Low, h.High, want)
		}
	}
}

func TestCoxDoesNotDependOnUnits(t *testing.T) {
	t.Parallel()
	names := []string{"score", "tickets"}
	plain := golden.Must(FitCox(names, people(300), Efron, 0.95))
	rapid.Check(t, func(rt *rapid.T) {
		shift := rapid.Float64Range(-1e3, 1e3).Draw(rt, "shift")
		scale := rapid.Float64Range(1e-3, 1e3).Draw(rt, "scale")
		scaled := people(300)
		for i := range scaled {
			scaled[i].X[0] = shift + scale*scaled[i].X[0]
		}
		m := golden.Must(FitCox(names, scaled, Efron, 0.95))
		golden.Near(t, "log-likelihood", m.LogLikelihood, plain.LogLikelihood, 1e-9)
		golden.Near(t, "coefficient", m.Terms[0].Coefficient*scale, plain.Terms[0].Coefficient, 1e-6)
		golden.Near(t, "z", m.Terms[0].Z, plain.Terms[0].Z, 1e-6)
		golden.Near(t, "other", m.Terms[1].Coefficient, plain.Terms[1].Coefficient, 1e-6)
	})
}

// TestConcordanceByPairs counts every pair, as the definition says.
func TestConcordanceByPairs(t *testing.T) {
	t.Parallel()
	subjects := people(150)
	m := golden.Must(FitCox([]string{"score", "tickets"}, subjects, Efron, 0.95))
	risk := func(s Subject) float64 {
		return math.Round(1e9*(m.Terms[0].Coefficient*s.X[0]+m.Terms[1].Coefficient*s.X[1])) / 1e9
	}
	var good, pairs float64
	for i, a := range subjects {
		for j, b := range subjects {
			if i == j || a.Outcome != Left || a.Time > b.Time || a.Time == b.Time && b.Outcome == Left {
				continue
			}
			pairs++
			if risk(a) > risk(b) {
				good++
			} else if risk(a) == risk(b) {
				good += 0.5
			}
		}
	}
	golden.Near(t, "concordance", m.Concordance, good/pairs, 1e-9)
}

func TestQuantileAndMeanOfAML(t *testing.T) {
	t.Parallel()
	groups := groupsOf(t, "aml")
	maintained := golden.Must(Estimate(*groups["g=Maintained"], 0.95))
	other := golden.Must(Estimate(*groups["g=Nonmaintained"], 0.95))
	// print(survfit(Surv(time, status) ~ x, aml), rmean = 161): medians 31 and 23,
	// restricted means 52.6 (se 19.83) and 22.7 (se 4.18).
	for _, c := range []struct {
		curve            Curve
		median, mean, se float64
	}{{maintained, 31, 52.6, 19.83}, {other, 23, 22.7, 4.18}} {
		if got, ok := c.curve.Quantile(0.5); !ok || got != c.median {
			t.Errorf("median %v, want %v", got, c.median)
		}
		m := golden.Must(c.curve.MeanUntil(c.curve.Until))
		if math.Abs(m.Value-c.mean) > 0.06 || math.Abs(m.Error-c.se) > 0.006 {
			t.Errorf("mean %.3f (%.3f), want %.1f (%.2f)", m.Value, m.Error, c.mean, c.se)
		}
	}
	if _, ok := maintained.Quantile(0.9); ok {
		t.Error("nine in ten never left, but a time was given")
	}
	if _, _, ok := maintained.At(162); ok {
		t.Error("a share was given beyond the longest watch")
	}
}

func BenchmarkCox10000(b *testing.B) {
	subjects := people(10000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FitCox([]string{"score", "tickets"}, subjects, Efron, 0.95); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCurve(b *testing.B) {
	l := lifetimes(b, people(100000))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Estimate(l, 0.95); err != nil {
			b.Fatal(err)
		}
	}
}
