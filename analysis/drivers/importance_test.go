package drivers

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
)

// answers are drawn rows that a regression can be made of.
type answers struct {
	names []string
	x     [][]float64
	y     []float64
}

// drawExplained draws answers whose score the drivers explain well enough for a
// result; what is refused has tests of its own.
func drawExplained(t *rapid.T, o Options) answers {
	return rapid.Custom(drawAnswers).Filter(func(a answers) bool {
		_, err := Importance(a.products(inOrder(len(a.names)), same), o)
		return err == nil
	}).Draw(t, "answers")
}

// drawAnswers draws up to five related drivers and a score that follows them.
func drawAnswers(t *rapid.T) answers {
	k := rapid.IntRange(1, 5).Draw(t, "k")
	n := rapid.IntRange(10*k, 10*k+60).Draw(t, "n")
	chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	a := answers{}
	for i := range k {
		a.names = append(a.names, fmt.Sprintf("driver %d", i))
	}
	for range n {
		mood, y := chance.NormFloat64(), chance.NormFloat64()
		x := make([]float64, k)
		for i := range x {
			x[i] = mood + chance.NormFloat64()*float64(1+i)
			y += x[i] * (1 - 0.6*float64(i))
		}
		a.x, a.y = append(a.x, x), append(a.y, y)
	}
	return a
}

// products adds the rows, columns in the given order, changed by with.
func (a answers) products(order []int, with func(i int, v float64) float64) *Products {
	names := make([]string, len(order))
	for i, column := range order {
		names[i] = a.names[column]
	}
	p := golden.Must(NewProducts(names))
	for r, x := range a.x {
		row := make([]float64, len(order))
		for i, column := range order {
			row[i] = with(column, x[column])
		}
		if err := p.Add(row, with(-1, a.y[r])); err != nil {
			panic(err)
		}
	}
	return p
}

func same(_ int, v float64) float64 { return v }

func inOrder(k int) []int {
	order := make([]int, k)
	for i := range order {
		order[i] = i
	}
	return order
}

// near is for rapid's T, which is not a testing.TB.
func near(t *rapid.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Fatalf("%s = %.15g, want %.15g ± %g", what, got, want, tolerance)
	}
}

// nearResult compares what does not depend on the units of the columns; order
// says which driver of want each of got is, sign whether the outcome is turned.
func nearResult(t *rapid.T, got, want Result, order []int) {
	t.Helper()
	near(t, "R²", got.R2, want.R2, 1e-8)
	for i, at := range order {
		d, w := got.Drivers[i], want.Drivers[at]
		near(t, "share", d.Share, w.Share, 1e-8)
		near(t, "low", d.Interval.Low, w.Interval.Low, 1e-6)
		near(t, "high", d.Interval.High, w.Interval.High, 1e-6)
		near(t, "first", d.First, w.First, 1e-8)
		near(t, "last", d.Last, w.Last, 1e-8)
		near(t, "p", d.Columns[0].P, w.Columns[0].P, 1e-6)
	}
}

// TestImportanceInvariants: parts sum to R², the order and the units of columns
// do not matter, and the outcome's neither.
func TestImportanceInvariants(t *testing.T) {
	t.Parallel()
	for _, method := range []Method{LMG, Johnson} {
		t.Run(string(method), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				o := Options{Method: method}
				a := drawExplained(t, o)
				order := inOrder(len(a.names))
				want := golden.Must(Importance(a.products(order, same), o))
				var weights, shares float64
				for _, d := range want.Drivers {
					weights, shares = weights+d.Weight, shares+d.Share
					if d.Weight < 0 || d.Interval.Low > d.Share || d.Interval.High < d.Share || d.Columns[0].P < 0 || d.Columns[0].P > 1 {
						t.Fatalf("%+v", d)
					}
				}
				near(t, "sum of weights", weights, want.R2, 1e-12)
				near(t, "sum of shares", shares, 1, 1e-12)
				turned := rapid.Permutation(order).Draw(t, "order")
				nearResult(t, golden.Must(Importance(a.products(turned, same), o)), want, turned)
				scaled := golden.Must(Importance(a.products(order, func(i int, v float64) float64 { return v * math.Pow(10, float64(3*i)) }), o))
				nearResult(t, scaled, want, order)
				moved := golden.Must(Importance(a.products(order, func(i int, v float64) float64 { return v + 1e5*float64(i+2) }), o))
				nearResult(t, moved, want, order)
				mirrored := golden.Must(Importance(a.products(order, func(_ int, v float64) float64 { return -v }), o))
				nearResult(t, mirrored, want, order)
			})
		})
	}
}

// TestMergedIsWhole: however rows are parted, merged estimates are those of the
// whole; and each row given three times changes nothing but n and what hangs on
// it.
func TestMergedIsWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawExplained(t, Options{})
		whole := a.products(inOrder(len(a.names)), same)
		merged, other, thrice := golden.Must(NewProducts(a.names)), golden.Must(NewProducts(a.names)), golden.Must(NewProducts(a.names))
		for i, x := range a.x {
			part := merged
			if rapid.Bool().Draw(t, "side") {
				part = other
			}
			errs := []error{part.Add(x, a.y[i])}
			for range 3 {
				errs = append(errs, thrice.Add(x, a.y[i]))
			}
			if err := errors.Join(errs...); err != nil {
				t.Fatal(err)
			}
		}
		if err := merged.Merge(other); err != nil {
			t.Fatal(err)
		}
		want := golden.Must(Importance(whole, Options{}))
		for times, p := range map[int64]*Products{1: merged, 3: thrice} {
			got := golden.Must(Importance(p, Options{}))
			if got.N != times*want.N {
				t.Fatalf("n = %d, want %d", got.N, times*want.N)
			}
			near(t, "R²", got.R2, want.R2, 1e-10)
			for j, d := range got.Drivers {
				near(t, "share", d.Share, want.Drivers[j].Share, 1e-9)
				near(t, "slope", d.Columns[0].Slope, want.Drivers[j].Columns[0].Slope, 1e-9)
				near(t, "last", d.Last, want.Drivers[j].Last, 1e-9)
			}
		}
	})
}

// TestLMGIsTheMeanOverOrders goes through all orders, as the definition does.
func TestLMGIsTheMeanOverOrders(t *testing.T) {
	t.Parallel()
	p := readProducts(t, "drivers_input.csv", []string{"speed", "quality", "price", "staff", "app"}, "nps", 1)
	m := merged(p.shards, 6)
	c := m.correlate(inOrder(5))
	sums := make([]float64, 5)
	orders := 0
	var enter func(in []int, taken uint)
	enter = func(in []int, taken uint) {
		if bits.OnesCount(taken) == 5 {
			orders++
			for i, j := range in {
				sums[j] += c.explained(in[:i+1]) - c.explained(in[:i])
			}
			return
		}
		for j := range 5 {
			if taken>>j&1 == 0 {
				enter(append(in, j), taken|1<<j)
			}
		}
	}
	enter(nil, 0)
	for j, part := range lmg(c, []int{0, 1, 2, 3, 4, 5}) {
		golden.Near(t, p.names[j], part, sums[j]/float64(orders), 1e-12)
	}
	// A group that holds everything has all of R²; groups of two share as players.
	golden.Near(t, "everything", lmg(c, []int{0, 5})[0], c.explained(inOrder(5)), 1e-12)
	pair := lmg(c, []int{0, 2, 5})
	alone := c.explained([]int{0, 1})
	both, others := c.explained(inOrder(5)), c.explained([]int{2, 3, 4})
	golden.Near(t, "a pair", pair[0], (alone+both-others)/2, 1e-12)
}

// TestUncorrelatedDriversAddUp: where drivers have nothing to do with each other
// a part is the square of the correlation, whatever the method.
func TestUncorrelatedDriversAddUp(t *testing.T) {
	t.Parallel()
	p := golden.Must(NewProducts([]string{"a", "b", "c"}))
	for i := range 64 {
		x := []float64{float64(i & 1), float64(i >> 1 & 1), float64(i >> 2 & 1)}
		if err := p.Add(x, 3*x[0]-2*x[1]+x[2]+float64(i>>3&1)); err != nil {
			t.Fatal(err)
		}
	}
	for _, method := range []Method{LMG, Johnson} {
		r := golden.Must(Importance(p, Options{Method: method}))
		for i, want := range []float64{9, 4, 1} { // of 15, with the rest's 1
			golden.Near(t, string(method), r.Drivers[i].Weight, want/15, 1e-12)
			golden.Near(t, "slope", r.Drivers[i].Columns[0].Slope, []float64{3, -2, 1}[i], 1e-12)
		}
		if r.Drivers[1].Sign != -1 || r.Drivers[2].Sign != 1 {
			t.Errorf("signs %+v", r.Drivers)
		}
		golden.Near(t, "adjusted", r.AdjustedR2, 1-(1-14.0/15)*63/60, 1e-12)
		// t of c: β/se = √(1/15) / √((1−14/15)/60) = √60; its tail by Simpson's rule.
		golden.Near(t, "p", r.Drivers[2].Columns[0].P/1.3302059e-10, 1, 1e-6)
	}
}

// TestImportanceChoosesTheMethod at fifteen drivers.
func TestImportanceChoosesTheMethod(t *testing.T) {
	t.Parallel()
	for k, want := range map[int]Method{15: LMG, 16: Johnson} {
		p := many(t, k, 400)
		r := golden.Must(Importance(p, Options{}))
		if r.Method != want || len(r.Drivers) != k {
			t.Errorf("%d drivers by %s", k, r.Method)
		}
		var sum float64
		for _, d := range r.Drivers {
			sum += d.Weight
		}
		golden.Near(t, "sum", sum, r.R2, 1e-10)
	}
	_, err := Importance(many(t, 16, 400), Options{Method: LMG})
	var input *analysis.InputError
	if !errors.As(err, &input) || input.Field != "method" {
		t.Errorf("lmg of sixteen: %v", err)
	}
}

// many are n rows of k related drivers.
func many(t testing.TB, k, n int) *Products {
	t.Helper()
	names := make([]string, k)
	for i := range names {
		names[i] = fmt.Sprint("driver ", i)
	}
	p := golden.Must(NewProducts(names))
	chance := rand.New(rand.NewPCG(9, uint64(k)))
	x := make([]float64, k)
	for range n {
		mood, y := chance.NormFloat64(), chance.NormFloat64()
		for i := range x {
			x[i] = mood + chance.NormFloat64()
			y += x[i] / float64(1+i)
		}
		if err := p.Add(x, y); err != nil {
			t.Fatal(err)
		}
	}
	return p
}
