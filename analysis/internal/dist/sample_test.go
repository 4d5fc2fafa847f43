package dist

import (
	"math"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
)

func sample(values ...float64) (s Sample) {
	for _, v := range values {
		s.Add(v, 1)
	}
	return s
}

// TestWelch checks against the formula in thirty digits.
func TestWelch(t *testing.T) {
	t.Parallel()
	a, b := sample(1, 2, 4), sample(3, 8, 9, 10)
	w, ok := Welch(a, b, 0.95)
	if !ok {
		t.Fatal("no test")
	}
	golden.Near(t, "difference", w.Difference, 7.5-7.0/3, 1e-14)
	golden.Near(t, "df", w.DF, 4.5368782161235, 1e-10)
	golden.Near(t, "t", w.T, 2.89076490554497, 1e-10)
	golden.Near(t, "p", w.P, 0.0383100175734594, 1e-10)
	golden.Near(t, "half", w.Half, 4.73911443404594, 1e-10)
	for name, pair := range map[string][2]Sample{
		"nobody":         {{}, b},
		"one value":      {sample(7), b},
		"neither varies": {sample(1, 1), sample(2, 2, 2)},
	} {
		if w, ok := Welch(pair[0], pair[1], 0.95); ok {
			t.Errorf("%s: %+v", name, w)
		}
	}
}

func TestSampleMerges(t *testing.T) {
	t.Parallel()
	whole := sample(1, 2, 2, 2, 9)
	parts := sample(1)
	parts.Merge(Sample{})
	other := Sample{}
	other.Add(2, 3)
	other.Add(9, 1)
	parts.Merge(other)
	golden.Near(t, "n", parts.N, whole.N, 0)
	golden.Near(t, "mean", parts.Mean, 3.2, 1e-15)
	golden.Near(t, "variance", parts.Variance(), 10.7, 1e-14)
	golden.Near(t, "variance at once", whole.Variance(), 10.7, 1e-14)
}

func TestLogistic(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"even odds", Logistic(0), 0.5},
		{"three to one", Logistic(1.0986122886681098), 0.75},
		{"nobody", Logistic(-800), 0},
		{"everybody", Logistic(800), 1},
		{"e", Exp(1), math.E},
		{"beyond all numbers", Exp(1e9) / math.MaxFloat64, 1},
		{"ln 2", Softplus(0), 0.6931471805599453},
		{"ln 4", Softplus(1.0986122886681098), 1.3862943611198906},
		{"a large one is itself", Softplus(800), 800},
		{"a small one is nothing", Softplus(-800), 0},
	} {
		golden.Near(t, c.name, c.got, c.want, 1e-15)
	}
}
