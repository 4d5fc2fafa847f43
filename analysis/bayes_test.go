package analysis

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// TestBayesOfMany: over 20,000 answers the prior is nothing, and the posterior is
// normal about the adjusted score.
func TestBayesOfMany(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name           string
		bad, mid, good int64
	}{
		{"a million", 300_000, 200_000, 500_000},
		{"no passives", 4_000_000, 0, 6_000_000},
		{"a billion", 3e8, 1e8, 6e8},
		{"as many as there may be", 1 << 51, 1 << 51, 1 << 52},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bayes := golden.Must(IntervalBy(Bayes, surveys.NPS, npsCounts(c.bad, c.mid, c.good), 0.95))
			score := golden.Must(IntervalBy(ScoreMethod, surveys.NPS, npsCounts(c.bad, c.mid, c.good), 0.95))
			width := score.High - score.Low
			golden.Near(t, "low", (bayes.Low-score.Low)/width, 0, 1e-3)
			golden.Near(t, "high", (bayes.High-score.High)/width, 0, 1e-3)
		})
	}
}

// TestBayesAgainstDraws compares the integral with draws from the posterior.
func TestBayesAgainstDraws(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	gamma := func(shape float64) float64 { return distuv.Gamma{Alpha: shape, Beta: 1, Src: random}.Rand() }
	for _, c := range [][3]int64{{0, 0, 0}, {1, 0, 0}, {0, 5, 0}, {0, 0, 40}, {3, 1, 0}, {40, 1, 2}, {9, 200, 14}} {
		p := newPosterior(bands{bad: c[0], mid: c[1], good: c[2], net: true}.mass())
		draws := make([]float64, 40_000)
		for i := range draws {
			bad, mid, good := gamma(p.bad), gamma(p.mid), gamma(p.good)
			draws[i] = (good - bad) / (good + mid + bad)
		}
		slices.Sort(draws)
		for _, q := range []float64{0.01, 0.2, 0.5, 0.9, 0.999} {
			// Five standard errors of a share of 40,000.
			if got := p.below(draws[int(q*40_000)]); math.Abs(got-q) > 5*math.Sqrt(q*(1-q)/40_000) {
				t.Errorf("%v: P(≤ %.4f) = %.4f, of the draws %.4f", c, draws[int(q*40_000)], got, q)
			}
		}
	}
}

// TestPosteriorProperties: a distribution function rises from 0 to 1, and the
// quantile is its inverse.
func TestPosteriorProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(0, 500), rapid.Int64Range(0, 1e6))
		p := newPosterior(bands{bad: count.Draw(t, "bad"), mid: count.Draw(t, "mid"), good: count.Draw(t, "good"), net: true}.mass())
		a, b := rapid.Float64Range(-1, 1).Draw(t, "a"), rapid.Float64Range(-1, 1).Draw(t, "b")
		fa, fb := p.below(min(a, b)), p.below(max(a, b))
		if fa < -1e-8 || fb > 1+1e-8 || fb < fa-1e-8 {
			t.Fatalf("P(≤ %v) = %v, P(≤ %v) = %v", min(a, b), fa, max(a, b), fb)
		}
		confidence := rapid.Float64Range(0.5, 0.9999).Draw(t, "confidence")
		if start, end := p.below(-1), p.below(1); start > 1e-8 || end < 1-1e-8 {
			t.Fatalf("P(≤ −1) = %v, P(≤ 1) = %v", start, end)
		}
		q, tail := p.lower(confidence), (1-confidence)/2
		if p.below(q-1e-8) > tail+1e-8 || p.below(q+1e-8) < tail-1e-8 {
			t.Fatalf("P(≤ %v) = %v, want %v", q, p.below(q), tail)
		}
	})
}

func BenchmarkBayes(b *testing.B) {
	counts := npsCounts(300, 300, 400)
	for b.Loop() {
		golden.Must(IntervalBy(Bayes, surveys.NPS, counts, 0.95))
	}
}
