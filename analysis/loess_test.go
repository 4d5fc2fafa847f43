package analysis

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
)

func TestLoessMatchesR(t *testing.T) {
	t.Parallel()
	runs := map[string][]golden.Row{}
	for _, r := range golden.Read(t, "trend_loess.csv") {
		name := r["series"] + " span " + r["span"] + " degree " + r["degree"]
		runs[name] = append(runs[name], r)
	}
	for name, rows := range runs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			points := make([]LoessPoint, len(rows))
			for i, r := range rows {
				points[i] = LoessPoint{X: r.Num(t, "week"), Y: r.Num(t, "y"), Weight: r.Num(t, "weight")}
			}
			fit, err := Loess(points, rows[0].Num(t, "span"), int(rows[0].Int(t, "degree")))
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range rows {
				golden.Near(t, "week "+r["week"], fit[i], r.Num(t, "fit"), 1e-8)
			}
		})
	}
}

// TestLoessKeepsPolynomials: what is a polynomial already is not changed, and a
// shift of the values shifts the smooth.
func TestLoessKeepsPolynomials(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		degree := rapid.IntRange(0, 2).Draw(t, "degree")
		var c [3]float64
		for i := range degree + 1 {
			c[i] = rapid.Float64Range(-3, 3).Draw(t, "c")
		}
		points := make([]LoessPoint, rapid.IntRange(12, 30).Draw(t, "n"))
		for i := range points {
			x := float64(i)
			points[i] = LoessPoint{X: x, Y: c[0] + c[1]*x + c[2]*x*x, Weight: rapid.Float64Range(1, 50).Draw(t, "w")}
		}
		fit := golden.Must(Loess(points, rapid.Float64Range(0.5, 2).Draw(t, "span"), degree))
		for i, p := range points {
			if math.Abs(fit[i]-p.Y) > 1e-8*math.Max(1, math.Abs(p.Y)) {
				t.Fatalf("at %v: %v, want %v", p.X, fit[i], p.Y)
			}
		}
	})
}

func TestLoessRefuses(t *testing.T) {
	t.Parallel()
	line := []LoessPoint{{1, 1, 1}, {2, 2, 1}, {3, 3, 1}, {4, 4, 1}}
	cases := []struct {
		name, field string
		points      []LoessPoint
		span        float64
		degree      int
	}{
		{"nothing", "span", nil, 0.5, 1},
		{"a span of zero", "span", line, 0, 1},
		{"a span of NaN", "span", line, math.NaN(), 1},
		{"too small a span", "span", line, 0.3, 1},
		{"a cubic", "degree", line, 1, 3},
		{"a value of NaN", "points", []LoessPoint{{1, math.NaN(), 1}}, 1, 0},
		{"no weight", "points", []LoessPoint{{1, 1, 0}}, 1, 0},
		{"all at one place", "span", []LoessPoint{{1, 1, 1}, {1, 2, 1}, {1, 3, 1}}, 1, 1},
		{"a line through one place and the edge", "span", line, 0.5, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Loess(c.points, c.span, c.degree)
			refusedFor(t, err, c.field)
		})
	}
}
