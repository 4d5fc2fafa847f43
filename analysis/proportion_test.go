package analysis

import (
	"errors"
	"math"
	"testing"
)

// The figures are those of Newcombe (1998), Statistics in Medicine 17:857, table I.
func TestProportionAsPublished(t *testing.T) {
	t.Parallel()
	cases := []struct {
		x, n      int64
		low, high float64
	}{
		{81, 263, 25.53, 36.62},
		{15, 148, 6.24, 16.05},
		{0, 20, 0, 16.11},
		{1, 29, 0.61, 17.18},
	}
	for _, c := range cases {
		got, err := Proportion(c.x, c.n, 0.95)
		if err != nil || math.Abs(got.Low-c.low) > 0.005 || math.Abs(got.High-c.high) > 0.005 || got.Method != Wilson {
			t.Errorf("%d of %d: %+v (%v), want %v to %v", c.x, c.n, got, err, c.low, c.high)
		}
	}
}

func TestProportionRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name       string
		x, n       int64
		confidence float64
	}{
		{"nobody", 0, 0, 0.95}, {"more than all", 3, 2, 0.95}, {"less than none", -1, 2, 0.95}, {"certainty", 1, 2, 1},
	}
	for _, c := range cases {
		var refused *InputError
		if _, err := Proportion(c.x, c.n, c.confidence); !errors.As(err, &refused) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
