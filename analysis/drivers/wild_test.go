package drivers

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
)

// wild draws values of every size, often the same ones again.
func wild() *rapid.Generator[float64] {
	return rapid.OneOf(
		rapid.SampledFrom([]float64{0, 1, -1, 2, 0.1, 1e100, -1e100, 1e99, 1e-100, 1e-300, 5e-324, 1e15, 1e15 + 1, math.Copysign(0, -1)}),
		rapid.Float64Range(-1e100, 1e100),
		rapid.Float64Range(-10, 10),
		rapid.Map(rapid.IntRange(1, 7), func(i int) float64 { return float64(i) }),
	)
}

// answered fails unless a result is finite throughout (JSON has no other
// numbers) or is refused in one of the two ways.
func answered(t *rapid.T, result any, err error) {
	t.Helper()
	var input *analysis.InputError
	var refusal *analysis.Refusal
	if err != nil {
		if !errors.As(err, &input) && !errors.As(err, &refusal) {
			t.Fatalf("%v is neither an input error nor a refusal", err)
		}
		if refusal != nil && (math.IsNaN(refusal.Have) || math.IsNaN(refusal.Need)) {
			t.Fatalf("%v", refusal)
		}
		return
	}
	if _, err := json.Marshal(result); err != nil {
		t.Fatalf("%v in %+v", err, result)
	}
}

// TestWildInput: whatever finite numbers come, there is no panic, and no NaN.
func TestWildInput(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(1, 4).Draw(t, "k")
		names := make([]string, k)
		for i := range names {
			names[i] = fmt.Sprint("driver ", i)
		}
		products, patterns := golden.Must(NewProducts(names)), golden.Must(NewPatterns(names, three()))
		other := golden.Must(NewProducts(names))
		value := wild()
		for i := range rapid.IntRange(10*k, 10*k+20).Draw(t, "n") {
			x := make([]float64, k)
			for j := range x {
				x[j] = value.Draw(t, "x")
			}
			y := value.Draw(t, "y")
			if rapid.Bool().Draw(t, "follows") {
				y = x[0]
			}
			p := products
			if i%3 == 0 {
				p = other
			}
			if err := errors.Join(p.Add(x, y), patterns.Add(x, 1+i%3, 1)); err != nil {
				t.Fatal(err)
			}
		}
		if err := products.Merge(other); err != nil {
			t.Fatal(err)
		}
		for _, method := range []Method{LMG, Johnson} {
			r, err := Importance(products, Options{Method: method})
			answered(t, r, err)
			for _, d := range r.Drivers {
				if d.Share < -1e-9 || d.Share > 1+1e-6 || d.Interval.Low > d.Interval.High {
					t.Fatalf("%+v", d)
				}
			}
		}
		o, err := ProportionalOdds(patterns, 0)
		answered(t, o, err)
	})
}
