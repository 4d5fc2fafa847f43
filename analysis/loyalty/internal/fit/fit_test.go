package fit

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
)

func TestDesignScales(t *testing.T) {
	t.Parallel()
	rows := [][]float64{{1, 1e6}, {2, 3e6}, {3, 2e6}, {6, 2e6}}
	d := golden.Must(NewDesign([]string{"a", "b"}, 4, func(i int) []float64 { return rows[i] }))
	golden.Near(t, "mean", d.Mean[0], 3, 1e-15)
	golden.Near(t, "sd", d.SD[0], math.Sqrt(3.5), 1e-15)
	for j := range 2 {
		var sum, squares float64
		for i := range 4 {
			sum += d.Row(i)[j]
			squares += d.Row(i)[j] * d.Row(i)[j]
		}
		golden.Near(t, "sum", sum, 0, 1e-14)
		golden.Near(t, "squares", squares, 4, 1e-14)
	}
}

func TestDesignRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		names  []string
		rows   [][]float64
		reason analysis.Reason // "" is an input error
		about  string
	}{
		{"no features", nil, [][]float64{{}}, "", ""},
		{"short row", []string{"a"}, [][]float64{{1}, {}}, "", ""},
		{"NaN", []string{"a"}, [][]float64{{1}, {math.NaN()}}, "", ""},
		{"infinite", []string{"a"}, [][]float64{{1}, {math.Inf(1)}}, "", ""},
		{"too large to square", []string{"a"}, [][]float64{{1}, {1e200}}, "", ""},
		{"constant", []string{"a", "b"}, [][]float64{{1, 0.1}, {2, 0.1}, {3, 0.1}}, Constant, "b"},
		{"twice the same", []string{"a", "b"}, [][]float64{{1, 5}, {2, 3}, {3, 1}}, Collinear, "b"},
		{"a sum", []string{"a", "b", "c"}, [][]float64{{1, 5, 6}, {2, 2, 4}, {3, 4, 7}, {9, 0, 9}}, Collinear, "c"},
		{"more features than rows", []string{"a", "b", "c"}, [][]float64{{1, 2, 4}, {2, 3, 1}}, Collinear, "b"},
	}
	for _, c := range cases {
		_, err := NewDesign(c.names, len(c.rows), func(i int) []float64 { return c.rows[i] })
		var input *analysis.InputError
		var refusal *analysis.Refusal
		if c.reason == "" && !errors.As(err, &input) ||
			c.reason != "" && (!errors.As(err, &refusal) || refusal.Reason != c.reason || refusal.Name != c.about) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestMaximise climbs a likelihood whose top is known: Poisson counts, ln λ = β.
func TestMaximise(t *testing.T) {
	t.Parallel()
	poisson := func(n, sum float64) Likelihood {
		return func(beta []float64) Point {
			rate := n * math.Exp(beta[0])
			return Point{
				LogLikelihood: sum*beta[0] - rate, Gradient: []float64{sum - rate},
				Information: mat.NewSymDense(1, []float64{rate}),
			}
		}
	}
	m := golden.Must(Maximise(1, poisson(10, 200)))
	golden.Near(t, "top", m.Beta[0], math.Log(20), 1e-12)
	golden.Near(t, "variance", m.Covariance.At(0, 0), 1.0/200, 1e-12)
	golden.Near(t, "start", m.Start, -10, 1e-12)
	_, err := Maximise(1, poisson(10, 0)) // the top is at minus infinity
	var refusal *analysis.Refusal
	if !errors.As(err, &refusal) || refusal.Reason != Separated {
		t.Errorf("got %v", err)
	}
	_, err = Maximise(1, func([]float64) Point {
		return Point{LogLikelihood: math.NaN(), Gradient: []float64{1}, Information: mat.NewSymDense(1, []float64{0})}
	})
	if !errors.As(err, &refusal) {
		t.Errorf("got %v", err)
	}
}

func TestCheckEvents(t *testing.T) {
	t.Parallel()
	if err := CheckEvents(10, 2); err != nil {
		t.Errorf("got %v", err)
	}
	var refusal *analysis.Refusal
	if err := CheckEvents(9, 2); !errors.As(err, &refusal) || refusal.Have != 9 || refusal.Need != 10 {
		t.Errorf("got %v", err)
	}
}
