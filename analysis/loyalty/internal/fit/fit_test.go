package fit

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

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

// TestMaximiseOfQuadratic: the top of −½(β−c)'A(β−c) is c, with covariance A⁻¹,
// wherever it lies.
func TestMaximiseOfQuadratic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := []float64{rapid.Float64Range(-5, 5).Draw(rt, "c0"), rapid.Float64Range(-5, 5).Draw(rt, "c1")}
		p := rapid.Float64Range(0.1, 100).Draw(rt, "p")
		q := rapid.Float64Range(0.1, 100).Draw(rt, "q")
		cross := rapid.Float64Range(-0.9, 0.9).Draw(rt, "r") * math.Sqrt(p*q)
		m := golden.Must(Maximise(2, func(beta []float64) Point {
			d0, d1 := beta[0]-c[0], beta[1]-c[1]
			g0, g1 := p*d0+cross*d1, cross*d0+q*d1
			return Point{
				LogLikelihood: -(d0*g0 + d1*g1) / 2, Gradient: []float64{-g0, -g1},
				Information: mat.NewSymDense(2, []float64{p, cross, cross, q}),
			}
		}))
		determinant := p*q - cross*cross
		for j := range c {
			golden.Near(t, "top", m.Beta[j], c[j], 1e-6)
		}
		golden.Near(t, "variance", m.Covariance.At(0, 0)*determinant/q, 1, 1e-9)
		golden.Near(t, "covariance", m.Covariance.At(0, 1)*determinant, -cross, 1e-6)
	})
}

// TestMaximiseRefusesWhatSaysNothing: flat within rounding is no top.
func TestMaximiseRefusesWhatSaysNothing(t *testing.T) {
	t.Parallel()
	for name, information := range map[string]float64{"flat": 1e-9, "a saddle": -1} {
		_, err := Maximise(1, func([]float64) Point {
			return Point{Gradient: []float64{0}, Information: mat.NewSymDense(1, []float64{information})}
		})
		var refusal *analysis.Refusal
		if !errors.As(err, &refusal) || refusal.Reason != Separated {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMaximiseHalvesTooLongSteps: from zero, Newton's step for ln cosh's mirror
// overshoots far from its top.
func TestMaximiseHalvesTooLongSteps(t *testing.T) {
	t.Parallel()
	for _, c := range []float64{-4, 1.5, 8} {
		m := golden.Must(Maximise(1, func(beta []float64) Point {
			d := beta[0] - c
			tanh := math.Tanh(d)
			return Point{
				LogLikelihood: -math.Log(math.Cosh(d)), Gradient: []float64{-tanh},
				Information: mat.NewSymDense(1, []float64{max(1e-3, 1-tanh*tanh)}),
			}
		}))
		golden.Near(t, "top", m.Beta[0], c, 1e-8)
	}
}
