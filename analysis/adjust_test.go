package analysis

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
)

func TestAdjustedPMatchesR(t *testing.T) {
	t.Parallel()
	sets := map[string][]golden.Row{}
	for _, r := range golden.Read(t, "bh.csv") {
		sets[r["set"]] = append(sets[r["set"]], r)
	}
	for name, rows := range sets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := make([]float64, len(rows))
			for i, r := range rows {
				p[i] = r.Num(t, "p")
			}
			bh, holm := golden.Must(BenjaminiHochberg(p)), golden.Must(Holm(p))
			for i, r := range rows {
				golden.Near(t, "BH", bh[i], r.Num(t, "BH"), 1e-12)
				golden.Near(t, "Holm", holm[i], r.Num(t, "holm"), 1e-12)
			}
		})
	}
}

// TestBH1995 is the paper's own example: four rejections, where Bonferroni has
// three.
func TestBH1995(t *testing.T) {
	t.Parallel()
	p := []float64{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1}
	rejected := 0
	for _, adjusted := range golden.Must(BenjaminiHochberg(p)) {
		if adjusted <= 0.05 {
			rejected++
		}
	}
	if rejected != 4 {
		t.Errorf("%d rejections, want 4", rejected)
	}
}

func TestAdjustProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOf(rapid.Float64Range(0, 1)).Draw(t, "p")
		bh, holm := golden.Must(BenjaminiHochberg(p)), golden.Must(Holm(p))
		for i := range p {
			if bh[i] < p[i] || holm[i] < bh[i]-1e-15 || holm[i] > 1 {
				t.Fatalf("p %v, BH %v, Holm %v", p[i], bh[i], holm[i])
			}
		}
		turned := slices.Clone(p)
		slices.Reverse(turned)
		again := golden.Must(BenjaminiHochberg(turned))
		for i := range p {
			if again[len(p)-1-i] != bh[i] {
				t.Fatal("the order of the input matters")
			}
		}
	})
}

func TestAdjustRefuses(t *testing.T) {
	t.Parallel()
	for _, bad := range []float64{-0.1, 1.1, math.NaN()} {
		_, err := BenjaminiHochberg([]float64{0.5, bad})
		refusedFor(t, err, "p")
		_, err = Holm([]float64{0.5, bad})
		refusedFor(t, err, "p")
	}
}
