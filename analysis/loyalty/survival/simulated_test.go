package survival

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
)

// drawLives draws n people who leave at rate 1 and are watched for up to two
// units of time.
func drawLives(t testing.TB, r *rand.Rand, n int) Lifetimes {
	t.Helper()
	var l Lifetimes
	for range n {
		leaves, watched := r.ExpFloat64(), 2*r.Float64()
		outcome := Staying
		if leaves <= watched {
			outcome = Left
		}
		if err := l.Add(min(leaves, watched), outcome); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// TestBandCovers: the truth e^−t lies within the 95 % band as often as it says,
// and within the restricted mean's interval.
func TestBandCovers(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 9))
	const runs = 800
	band, mean := 0, 0
	for range runs {
		c := golden.Must(Estimate(drawLives(t, r, 60), 0.95))
		if _, b, ok := c.At(0.7); ok && b != nil && b.Low <= math.Exp(-0.7) && math.Exp(-0.7) <= b.High {
			band++
		}
		if m := golden.Must(c.MeanUntil(1)); m.Low <= 1-math.Exp(-1) && 1-math.Exp(-1) <= m.High {
			mean++
		}
	}
	for what, inside := range map[string]int{"band": band, "mean": mean} {
		if share := float64(inside) / runs; share < 0.92 || share > 0.975 {
			t.Errorf("the %s holds the truth in %.3f", what, share)
		}
	}
}

// TestLogRankRarelyCriesWolf: of groups that are alike, one in twenty is called
// different at 0.05.
func TestLogRankRarelyCriesWolf(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 9))
	const runs = 800
	alarms := 0
	for range runs {
		groups := []Lifetimes{drawLives(t, r, 30), drawLives(t, r, 50), drawLives(t, r, 40)}
		if golden.Must(TestCurves(groups)).P < 0.05 {
			alarms++
		}
	}
	if share := float64(alarms) / runs; share < 0.03 || share > 0.075 {
		t.Errorf("called different in %.3f", share)
	}
}

// TestTiesDoNotMatterWithoutTies: Efron and Breslow differ only in them.
func TestTiesDoNotMatterWithoutTies(t *testing.T) {
	t.Parallel()
	names := []string{"score", "tickets"}
	rapid.Check(t, func(rt *rapid.T) {
		subjects := people(120)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		for i := range subjects {
			subjects[i].Time += r.Float64() // no two alike
		}
		efron := golden.Must(FitCox(names, subjects, Efron, 0.95))
		breslow := golden.Must(FitCox(names, subjects, Breslow, 0.95))
		golden.Near(t, "log-likelihood", efron.LogLikelihood, breslow.LogLikelihood, 1e-12)
		r.Shuffle(len(subjects), func(i, j int) { subjects[i], subjects[j] = subjects[j], subjects[i] })
		shuffled := golden.Must(FitCox(names, subjects, Efron, 0.95))
		golden.Near(t, "in another order", shuffled.Terms[0].Coefficient, efron.Terms[0].Coefficient, 1e-9)
		golden.Near(t, "concordance", shuffled.Concordance, efron.Concordance, 1e-9)
	})
}

// TestCoxOfTwoGroupsAgreesWithLogRank: the score test of a single yes or no is
// the log-rank test, so that at a small difference the two z² are close.
func TestCoxOfTwoGroupsAgreesWithLogRank(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 9))
	var groups [2]Lifetimes
	var subjects []Subject
	for i := range 2000 {
		leaves, watched := r.ExpFloat64()*(1+0.1*float64(i%2)), 2*r.Float64()
		s := Subject{Time: min(leaves, watched), X: []float64{float64(i % 2)}}
		if leaves <= watched {
			s.Outcome = Left
		}
		subjects = append(subjects, s)
		if err := groups[i%2].Add(s.Time, s.Outcome); err != nil {
			t.Fatal(err)
		}
	}
	m := golden.Must(FitCox([]string{"group"}, subjects, Efron, 0.95))
	test := golden.Must(TestCurves(groups[:]))
	if z := m.Terms[0].Z; math.Abs(z*z/test.ChiSquare-1) > 0.02 {
		t.Errorf("Cox has z² = %.4f, the log-rank test χ² = %.4f", z*z, test.ChiSquare)
	}
}
