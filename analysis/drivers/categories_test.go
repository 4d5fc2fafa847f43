package drivers

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
)

func TestCategoriesCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		counts    map[string]int64
		reference string
		columns   []string
	}{
		{"two values", map[string]int64{"free": 60, "pro": 40}, "free", []string{"plan: pro"}},
		{"a tie goes by name", map[string]int64{"b": 50, "c": 50, "a": 50}, "a", []string{"plan: b", "plan: c"}},
		{"rare values together", map[string]int64{"free": 60, "tin": 2, "pro": 40, "gold": 3}, "free", []string{"plan: pro", "plan: gold, tin"}},
		{"one rare value", map[string]int64{"free": 60, "tin": 2}, "free", []string{"plan: tin"}},
		{"what does not occur", map[string]int64{"free": 60, "pro": 40, "old": 0}, "free", []string{"plan: pro"}},
		{"no name of its own", map[string]int64{"": 60, "pro": 40}, "", []string{"plan: pro"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := NewCategories("plan", c.counts, 30)
			if err != nil {
				t.Fatal(err)
			}
			if got.Reference != c.reference || !slices.Equal(got.Columns, c.columns) || got.Group().Name != "plan" {
				t.Errorf("%+v", got)
			}
			row := make([]float64, len(got.Columns))
			sums := make([]float64, len(got.Columns))
			for value, n := range c.counts {
				if got.Mark(row, value) != (n > 0) {
					t.Errorf("%q: known is %v", value, n == 0)
				}
				for i, v := range row {
					if n > 0 {
						sums[i] += v
					}
				}
			}
			if slices.Contains(sums, 0) {
				t.Errorf("a column is never set: %v", sums)
			}
		})
	}
}

func TestCategoriesRefuse(t *testing.T) {
	t.Parallel()
	many := map[string]int64{}
	for i := range MaxColumns + 2 {
		many[string(rune('一'+i))] = 50
	}
	var refusal *analysis.Refusal
	for _, counts := range []map[string]int64{nil, {"pro": 10}, {"pro": 10, "free": 0}} {
		if _, err := NewCategories("plan", counts, 1); !errors.As(err, &refusal) || refusal.Reason != ConstantColumn || refusal.Name != "plan" {
			t.Errorf("%v: %v", counts, err)
		}
	}
	var input *analysis.InputError
	for name, counts := range map[string]map[string]int64{"": {"a": 1, "b": 1}, "negative": {"a": 1, "b": -1}, "many": many} {
		if _, err := NewCategories(name, counts, 1); !errors.As(err, &input) {
			t.Errorf("%q: %v", name, err)
		}
	}
	c := golden.Must(NewCategories("plan", map[string]int64{"a": 2, "b": 1}, 1))
	row := []float64{7}
	if c.Mark(row, "unheard of") || row[0] != 7 || c.Mark(nil, "b") {
		t.Error("an unknown value or a short row is marked")
	}
}

// TestGroupIgnoresTheReference: whichever plan is the one that others are
// compared with, the plan's part of R² and all others' stay the same.
func TestGroupIgnoresTheReference(t *testing.T) {
	t.Parallel()
	plans := []string{"free", "pro", "team"}
	effect := map[string]float64{"free": 0, "pro": 1.5, "team": -1}
	var first Result
	for i, reference := range plans {
		counts := map[string]int64{"free": 1, "pro": 1, "team": 1}
		counts[reference] = 2
		c := golden.Must(NewCategories("plan", counts, 1))
		// The plan stands in the middle, its columns apart from each other.
		p := golden.Must(NewProducts([]string{"speed", c.Columns[0], "price", c.Columns[1]}))
		chance := rand.New(rand.NewPCG(3, 4))
		row := make([]float64, 2)
		for range 400 {
			plan := plans[chance.IntN(3)]
			speed, price := chance.NormFloat64()+effect[plan], chance.NormFloat64()
			c.Mark(row, plan)
			if err := p.Add([]float64{speed, row[0], price, row[1]}, speed+0.5*price+effect[plan]+chance.NormFloat64()); err != nil {
				t.Fatal(err)
			}
		}
		r := golden.Must(Importance(p, Options{Groups: []Group{c.Group()}}))
		if i == 0 {
			first = r
		}
		if names := []string{r.Drivers[0].Name, r.Drivers[1].Name, r.Drivers[2].Name}; !slices.Equal(names, []string{"speed", "plan", "price"}) {
			t.Fatalf("the drivers are %v", names)
		}
		for j, d := range r.Drivers {
			golden.Near(t, reference+" "+d.Name, d.Weight, first.Drivers[j].Weight, 1e-10)
			golden.Near(t, reference+" low "+d.Name, d.Interval.Low, first.Drivers[j].Interval.Low, 1e-9)
			golden.Near(t, reference+" last "+d.Name, d.Last, first.Drivers[j].Last, 1e-10)
		}
		if d := r.Drivers[1]; d.Sign != 0 || len(d.Columns) != 2 || d.Columns[0].Name != c.Columns[0] {
			t.Errorf("the plan is %+v", d)
		}
	}
}
