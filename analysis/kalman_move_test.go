package analysis

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
)

// levelCovariance is the covariance of all levels given the observations, by inverting
// their whole precision matrix at once: 1/v on the diagonal where something was
// observed, and 1/q for each step between neighbours.
func levelCovariance(observations []Observation, q float64) *mat.SymDense {
	n := len(observations)
	precision := mat.NewSymDense(n, nil)
	for i, o := range observations {
		if !o.Missing {
			precision.SetSym(i, i, precision.At(i, i)+1/o.Variance)
		}
		if i > 0 {
			precision.SetSym(i, i, precision.At(i, i)+1/q)
			precision.SetSym(i-1, i-1, precision.At(i-1, i-1)+1/q)
			precision.SetSym(i-1, i, -1/q)
		}
	}
	var chol mat.Cholesky
	chol.Factorize(precision)
	var covariance mat.SymDense
	if err := chol.InverseTo(&covariance); err != nil {
		panic(err)
	}
	return &covariance
}

// TestMoveMatchesThePosterior: the variance of the difference of any two levels is
// that of the whole covariance matrix, gaps at either end included.
func TestMoveMatchesThePosterior(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		observations := make([]Observation, rapid.IntRange(1, 15).Draw(t, "n"))
		seen := rapid.IntRange(0, len(observations)-1).Draw(t, "seen")
		for i := range observations {
			observations[i] = Observation{Value: rapid.Float64Range(-100, 100).Draw(t, "y"), Variance: rapid.Float64Range(1, 400).Draw(t, "v"),
				Missing: i != seen && rapid.Bool().Draw(t, "missing")}
		}
		q := rapid.Float64Range(0.1, 100).Draw(t, "q")
		level, covariance := golden.Must(SmoothLevel(observations, q)), levelCovariance(observations, q)
		for i := range observations {
			for j := range observations {
				move := golden.Must(level.Between(i, j))
				want := covariance.At(i, i) + covariance.At(j, j) - 2*covariance.At(i, j)
				if math.Abs(move.Variance-want) > 1e-6*math.Max(1, want) {
					t.Fatalf("%d to %d: variance %v, want %v", i, j, move.Variance, want)
				}
				if back := golden.Must(level.Between(j, i)); back.Difference != -move.Difference || back.Variance != move.Variance {
					t.Fatalf("%d to %d is not the way back", j, i)
				}
			}
		}
	})
}

func TestDropOver(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		move   Move
		points float64
		want   float64
	}{
		{"as likely as not", Move{Difference: -5, Variance: 9}, 5, 0.5},
		{"1.96 errors beyond", Move{Difference: -10, Variance: 1}, 8.04, 0.975},
		{"a rise", Move{Difference: 10, Variance: 25}, 0, 0.02275},
		{"surely", Move{Difference: -6}, 5, 1},
		{"surely not", Move{}, 0, 0},
	}
	for _, c := range cases {
		golden.Near(t, c.name, golden.Must(c.move.DropOver(c.points)), c.want, 1e-5)
	}
	_, err := Move{}.DropOver(math.NaN())
	refusedFor(t, err, "points")
}

// TestDropOfAReferenceSeries: the level of a series that lost 25 points most
// likely lost over 10, one without a change did not.
func TestDropOfAReferenceSeries(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]float64{"W3_drop25_at_wk31_n20_60": 1, "W1_stable_n20_60": 0} {
		weeks := weeklySeries(t)[name]
		move := golden.Must(golden.Must(FitLevel(observe(weeks))).Between(20, len(weeks)-1))
		if p := golden.Must(move.DropOver(10)); math.Abs(p-want) > 0.25 {
			t.Errorf("%s: P(drop over 10) = %v", name, p)
		}
	}
}

func TestMoveRefuses(t *testing.T) {
	t.Parallel()
	level := golden.Must(SmoothLevel([]Observation{{Value: 1, Variance: 1}}, 1))
	for _, steps := range [][2]int{{-1, 0}, {0, 1}} {
		_, err := level.Between(steps[0], steps[1])
		refusedFor(t, err, "step")
	}
}
