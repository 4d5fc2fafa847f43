package drivers

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mathext"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
)

// TestImportanceRefuses: what the rows cannot carry, by reason and name.
func TestImportanceRefuses(t *testing.T) {
	t.Parallel()
	noise := func(chance *rand.Rand) float64 { return chance.NormFloat64() }
	for _, c := range []struct {
		name   string
		n      int
		row    func(a, b, noise float64) ([]float64, float64)
		reason analysis.Reason
		about  string
	}{
		{"in order", 30, func(a, b, e float64) ([]float64, float64) { return []float64{a, b, e}, a + e }, "", ""},
		{"29 rows for three", 29, func(a, b, e float64) ([]float64, float64) { return []float64{a, b, e}, a + e }, analysis.TooFewAnswers, ""},
		{"no rows", 0, func(a, b, e float64) ([]float64, float64) { return nil, 0 }, analysis.TooFewAnswers, ""},
		{"nothing explained", 2000, func(a, b, e float64) ([]float64, float64) { return []float64{a, b, a * b}, e }, NothingExplained, ""},
		{"explained by chance", 50, func(a, b, e float64) ([]float64, float64) { return []float64{a, b, a * b}, e }, NothingExplained, ""},
		{"a constant driver", 50, func(a, b, e float64) ([]float64, float64) { return []float64{a, 0.1, b}, a + e }, ConstantColumn, "y"},
		{"a constant but for rounding", 50, func(a, b, e float64) ([]float64, float64) { return []float64{a, 1e9 + 1e-7*math.Trunc(b), b}, a + e }, ConstantColumn, "y"},
		{"a constant outcome", 50, func(a, b, e float64) ([]float64, float64) { return []float64{a, b, e}, 10 }, ConstantOutcome, ""},
		{"the same twice", 50, func(a, b, e float64) ([]float64, float64) { return []float64{a, b, a}, a + e }, Collinear, "x, z"},
		{"the same in other units", 50, func(a, b, e float64) ([]float64, float64) { return []float64{a, 32 - 1.8*a, b}, a + e }, Collinear, "x, y"},
		{"a sum", 50, func(a, b, e float64) ([]float64, float64) { return []float64{a, b, a + b}, a + e }, Collinear, "x, y, z"},
		{"nearly a sum", 50, func(a, b, e float64) ([]float64, float64) { return []float64{a, b, a + b + 1e-6*e}, a + e }, Collinear, "x, y, z"},
		{"far from a sum", 50, func(a, b, e float64) ([]float64, float64) { return []float64{a, b, a + b + 0.1*e}, a + e }, "", ""},
		{"enormous", 50, func(a, b, e float64) ([]float64, float64) { return []float64{1e99 * a, b, e}, 1e99 * (a + e) }, "", ""},
		{"too small for squares", 50, func(a, b, e float64) ([]float64, float64) { return []float64{1e-170 * a, b, e}, b }, ConstantColumn, "x"},
		{"without any error", 50, func(a, b, e float64) ([]float64, float64) { return []float64{a, b, e}, a + b + e }, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			chance := rand.New(rand.NewPCG(5, 5))
			p := golden.Must(NewProducts([]string{"x", "y", "z"}))
			for range c.n {
				x, y := c.row(noise(chance), noise(chance), noise(chance))
				if err := p.Add(x, y); err != nil {
					t.Fatal(err)
				}
			}
			for _, method := range []Method{LMG, Johnson} {
				r, err := Importance(p, Options{Method: method})
				var refusal *analysis.Refusal
				switch {
				case c.reason == "" && err != nil:
					t.Errorf("refused: %v", err)
				case c.reason == "":
					if _, err := json.Marshal(r); err != nil { // which refuses NaN and infinity
						t.Error(err)
					}
				case !errors.As(err, &refusal):
					t.Errorf("not refused: %+v, %v", r, err)
				case refusal.Reason != c.reason || refusal.Name != c.about:
					t.Errorf("refused for %q of %q, want %q of %q", refusal.Reason, refusal.Name, c.reason, c.about)
				}
			}
		})
	}
}

// TestBadInput: what cannot be meant is an input error, and changes nothing.
func TestBadInput(t *testing.T) {
	t.Parallel()
	p := golden.Must(NewProducts([]string{"a", "b"}))
	other := golden.Must(NewProducts([]string{"b", "a"}))
	importance := func(o Options) error { return second(Importance(p, o)) }
	groups := func(g ...Group) error { return importance(Options{Groups: g}) }
	for _, c := range []struct {
		name string
		err  error
	}{
		{"no columns", second(NewProducts(nil))},
		{"a name twice", second(NewProducts([]string{"a", "b", "a"}))},
		{"no name", second(NewProducts([]string{"a", ""}))},
		{"too many", second(NewProducts(make([]string, MaxColumns+1)))},
		{"not made by New", new(Products).Add(nil, 1)},
		{"merged, not made by New", new(Products).Merge(new(Products))},
		{"importance of none", second(Importance(new(Products), Options{}))},
		{"one value of two", p.Add([]float64{1}, 1)},
		{"three values of two", p.Add([]float64{1, 2, 3}, 1)},
		{"NaN", p.Add([]float64{1, math.NaN()}, 1)},
		{"+Inf", p.Add([]float64{math.Inf(1), 1}, 1)},
		{"-Inf", p.Add([]float64{1, math.Inf(-1)}, 1)},
		{"beyond squares", p.Add([]float64{1, -1e101}, 1)},
		{"a score of NaN", p.Add([]float64{1, 2}, math.NaN())},
		{"a score of Inf", p.Add([]float64{1, 2}, math.Inf(1))},
		{"other columns", p.Merge(other)},
		{"a confidence of 95", importance(Options{Confidence: 95})},
		{"a confidence of 0.05", importance(Options{Confidence: 0.05})},
		{"a confidence of NaN", importance(Options{Confidence: math.NaN()})},
		{"another method", importance(Options{Method: "shapley"})},
		{"Johnson among groups", importance(Options{Method: Johnson, Groups: []Group{{"both", []string{"a", "b"}}}})},
		{"a group without a name", groups(Group{"", []string{"a"}})},
		{"a group without columns", groups(Group{"g", nil})},
		{"a group twice", groups(Group{"g", []string{"a"}}, Group{"g", []string{"b"}})},
		{"a column in two groups", groups(Group{"g", []string{"a"}}, Group{"h", []string{"a"}})},
		{"a column twice in a group", groups(Group{"g", []string{"a", "a"}})},
		{"a column that there is not", groups(Group{"g", []string{"c"}})},
		{"a group called as a column", groups(Group{"b", []string{"a"}})},
	} {
		var input *analysis.InputError
		if !errors.As(c.err, &input) {
			t.Errorf("%s: %v is not an input error", c.name, c.err)
		}
	}
	if p.N() != 0 || p.values[0].N() != 0 {
		t.Errorf("refused rows were counted: %d, %v", p.N(), p.values)
	}
}

// TestOneDriverHasEverything: its share is 1 and sure.
func TestOneDriverHasEverything(t *testing.T) {
	t.Parallel()
	p := golden.Must(NewProducts([]string{"speed"}))
	chance := rand.New(rand.NewPCG(1, 1))
	for range 10 {
		x := chance.NormFloat64()
		if err := p.Add([]float64{x}, x+chance.NormFloat64()); err != nil {
			t.Fatal(err)
		}
	}
	r := golden.Must(Importance(p, Options{}))
	d := r.Drivers[0]
	golden.Near(t, "share", d.Share, 1, 1e-12)
	golden.Near(t, "low", d.Interval.Low, 1, 1e-8)
	golden.Near(t, "R²", r.R2, d.Columns[0].Correlation*d.Columns[0].Correlation, 1e-12)
	golden.Near(t, "first", d.First, r.R2, 1e-12)
	golden.Near(t, "last", d.Last, r.R2, 1e-12)
}

// TestIntervalsWhereAColumnHangsOnOneRow: without its shard a rare level is
// constant, and the split must still come out.
func TestIntervalsWhereAColumnHangsOnOneRow(t *testing.T) {
	t.Parallel()
	p := golden.Must(NewProducts([]string{"speed", "rare"}))
	chance := rand.New(rand.NewPCG(1, 2))
	for i := range 60 {
		x := []float64{chance.NormFloat64(), 0}
		if i == 30 {
			x[1] = 1
		}
		if err := p.Add(x, x[0]+5*x[1]+chance.NormFloat64()); err != nil {
			t.Fatal(err)
		}
	}
	for _, method := range []Method{LMG, Johnson} {
		d := golden.Must(Importance(p, Options{Method: method})).Drivers[1]
		if !(d.Interval.Low < 0.01 && d.Interval.High > d.Share && d.Interval.High <= 1) {
			t.Errorf("%s: %+v: one row is no evidence", method, d)
		}
	}
}

// TestNoiseExplainsNothing: with ten rows a column noise reaches an R² of 0.05
// most of the time, and must be refused all the same in 95 of 100 samples.
func TestNoiseExplainsNothing(t *testing.T) {
	t.Parallel()
	const samples = 600
	chance := rand.New(rand.NewPCG(6, 28))
	over, shown := 0, 0
	for range samples {
		p := golden.Must(NewProducts([]string{"a", "b", "c", "d", "e"}))
		for range 50 {
			x := []float64{chance.NormFloat64(), chance.NormFloat64(), chance.NormFloat64(), chance.NormFloat64(), chance.NormFloat64()}
			if err := p.Add(x, chance.NormFloat64()); err != nil {
				t.Fatal(err)
			}
		}
		_, err := Importance(p, Options{})
		var refusal *analysis.Refusal
		switch {
		case err == nil:
			over, shown = over+1, shown+1
		case errors.As(err, &refusal) && refusal.Have >= leastR2:
			over++
		}
	}
	t.Logf("R² over %g in %d, shown in %d of %d samples", leastR2, over, shown, samples)
	if over < samples/2 || shown > samples*8/100 || shown < samples*2/100 {
		t.Errorf("R² over %g in %d, shown in %d of %d samples", leastR2, over, shown, samples)
	}
}

// TestNoiseR2 against F tables, and wherever else it may be asked, against the
// distribution whose quantile it is.
func TestNoiseR2(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n int64
		k int
		f float64 // the 0.95 quantile of F with k and n−k−1 degrees of freedom
	}{{10, 1, 5.318}, {46, 5, 2.449}, {126, 5, 2.290}, {64, 3, 2.758}} {
		kf := float64(c.k) * c.f
		golden.Near(t, "table", noiseR2(c.n, c.k), kf/(kf+float64(c.n)-float64(c.k)-1), 2e-4)
	}
	for _, k := range []int{1, 2, 5, 15, 40, 100} {
		for _, times := range []int64{10, 11, 50, 1000, 1e5, 1e8} {
			n := int64(k) * times
			below := mathext.RegIncBeta(float64(k)/2, float64(n-int64(k)-1)/2, noiseR2(n, k))
			golden.Near(t, "share of noise below", below, 0.95, 1e-6)
		}
	}
}

// TestMergeManySmall: products of one row each, as cells of a day may be, still
// spread over the shards, and merging products with themselves doubles them.
func TestMergeManySmall(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(1, 9))
	all := golden.Must(NewProducts([]string{"speed"}))
	whole := golden.Must(NewProducts([]string{"speed"}))
	for range 130 {
		x := chance.NormFloat64()
		y := x + chance.NormFloat64()
		one := golden.Must(NewProducts([]string{"speed"}))
		if err := errors.Join(one.Add([]float64{x}, y), whole.Add([]float64{x}, y), all.Merge(one)); err != nil {
			t.Fatal(err)
		}
	}
	for i, shard := range all.shards {
		if shard.n < 2 || shard.n > 3 {
			t.Errorf("shard %d has %d of 130 rows", i, shard.n)
		}
	}
	got, want := golden.Must(Importance(all, Options{})), golden.Must(Importance(whole, Options{}))
	golden.Near(t, "R²", got.R2, want.R2, 1e-12)
	golden.Near(t, "R² low", got.R2Interval.Low, want.R2Interval.Low, 0.05)
	golden.Near(t, "R² high", got.R2Interval.High, want.R2Interval.High, 0.05)
	if err := all.Merge(all); err != nil {
		t.Fatal(err)
	}
	twice := golden.Must(Importance(all, Options{}))
	golden.Near(t, "R² of both", twice.R2, want.R2, 1e-12)
	if twice.N != 260 || all.values[0].N() != 0 {
		t.Errorf("%d rows, %v", twice.N, all.values)
	}
}
