package drivers

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/harkhq/hark/analysis"
)

// rated draws rows of k ratings from 1 to 5 and a score that follows them.
func rated(t *testing.T, r *rand.Rand, k, rows int) *Products {
	t.Helper()
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o"}[:k]
	p, err := NewProducts(names)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, k)
	for range rows {
		var y float64
		for i := range x {
			x[i] = float64(1 + r.IntN(5))
			y += x[i] / float64(i+1)
		}
		if err := p.Add(x, math.Round(y)+float64(r.IntN(3))); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// TestProductsComeBack writes products, reads them, and compares the results.
func TestProductsComeBack(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	for _, c := range []struct{ columns, rows int }{{1, 100}, {2, 30}, {4, 500}, {4, 20_000}, {15, 400}} {
		p := rated(t, r, c.columns, c.rows)
		raw, err := p.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		back, err := ReadProducts(p.names, raw)
		if err != nil {
			t.Fatal(err)
		}
		want, err := Importance(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := Importance(back, Options{})
		if err != nil {
			t.Fatal(err)
		}
		near := func(what string, got, want float64) {
			if math.Abs(got-want) > 1e-9 {
				t.Errorf("%d columns, %d rows: %s is %v, want %v", c.columns, c.rows, what, got, want)
			}
		}
		near("R²", got.R2, want.R2)
		for i, d := range want.Drivers {
			near("share", got.Drivers[i].Share, d.Share)
			near("low", got.Drivers[i].Interval.Low, d.Interval.Low)
			near("high", got.Drivers[i].Interval.High, d.Interval.High)
		}
		t.Logf("%d columns, %d rows: %d bytes", c.columns, c.rows, len(raw))
	}
}

// TestDaysMergeLikeOne deals the rows of many days apart, writes each, and
// merges what is read: the estimates are those of one pass.
func TestDaysMergeLikeOne(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 1))
	whole, _ := NewProducts([]string{"a", "b", "c"})
	merged, _ := NewProducts([]string{"a", "b", "c"})
	for range 90 {
		day := rated(t, r, 3, r.IntN(6))
		raw, err := day.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		back, err := ReadProducts(day.names, raw)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(merged.Merge(back), whole.Merge(day)); err != nil {
			t.Fatal(err)
		}
	}
	a, err := Importance(merged, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Importance(whole, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if a.N != b.N || math.Abs(a.R2-b.R2) > 1e-12 {
		t.Errorf("n %d and R² %v, want %d and %v", a.N, a.R2, b.N, b.R2)
	}
}

func TestWhatIsNotWholeIsRefused(t *testing.T) {
	t.Parallel()
	good := rated(t, rand.New(rand.NewPCG(1, 1)), 2, 40)
	raw, err := good.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"a", "b"}
	var input *analysis.InputError
	for name, c := range map[string]struct {
		names []string
		raw   []byte
	}{
		"nothing":         {names, nil},
		"another format":  {names, append([]byte{9}, raw[1:]...)},
		"cut":             {names, raw[:len(raw)-3]},
		"longer":          {names, append(append([]byte{}, raw...), 0)},
		"another columns": {[]string{"a", "b", "c"}, raw},
	} {
		if _, err := ReadProducts(c.names, c.raw); !errors.As(err, &input) {
			t.Errorf("%s: %v", name, err)
		}
	}
	half, _ := NewProducts(names)
	if err := half.Add([]float64{1.5, 2}, 3); err != nil {
		t.Fatal(err)
	}
	if _, err := half.MarshalBinary(); !errors.As(err, &input) {
		t.Errorf("a rating of 1.5: %v", err)
	}
}

func BenchmarkReadAndMergeAYear(b *testing.B) {
	for _, k := range []int{4, 15} {
		p, _ := NewProducts([]string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o"}[:k])
		r := rand.New(rand.NewPCG(1, 1))
		x := make([]float64, k)
		for range 1000 {
			for i := range x {
				x[i] = float64(1 + r.IntN(5))
			}
			if err := p.Add(x, float64(r.IntN(11))); err != nil {
				b.Fatal(err)
			}
		}
		raw, err := p.MarshalBinary()
		if err != nil {
			b.Fatal(err)
		}
		b.Run(map[int]string{4: "4drivers", 15: "15drivers"}[k], func(b *testing.B) {
			b.ReportMetric(float64(len(raw)), "B/day")
			for b.Loop() {
				all, _ := NewProducts(p.names)
				for range 365 {
					day, err := ReadProducts(p.names, raw)
					if err != nil {
						b.Fatal(err)
					}
					if err := all.Merge(day); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
