package drivers

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
)

// TestCutsOfOneBinaryColumn: with two values each cut is a fourfold table, whose
// log odds ratio, variance and covariance are known: Σ1/(n·p·q) over both values,
// and Σ1/(n·p₁·q₂).
func TestCutsOfOneBinaryColumn(t *testing.T) {
	t.Parallel()
	tables := [2][3]float64{{600, 200, 200}, {300, 100, 400}}
	p := golden.Must(NewPatterns([]string{"renewed"}, three()))
	var slope [2]float64
	var variance float64
	for x, bands := range tables {
		n := bands[0] + bands[1] + bands[2]
		for i, count := range bands {
			if err := p.Add([]float64{float64(x)}, i+1, int64(count)); err != nil {
				t.Fatal(err)
			}
		}
		above := [2]float64{(bands[1] + bands[2]) / n, bands[2] / n}
		for cut, share := range above {
			slope[cut] += float64(2*x-1) * math.Log(share/(1-share))
			variance += 1 / (n * share * (1 - share))
		}
		variance -= 2 / (n * above[0] * (1 - above[1]))
	}
	o := golden.Must(ProportionalOdds(p, 0))
	d := slope[0] - slope[1]
	golden.Near(t, "χ²", o.Proportional.ChiSquare, d*d/variance, 1e-9)
	golden.Near(t, "p", o.Proportional.P, math.Erfc(math.Sqrt(d*d/variance/2)), 1e-12)
	if o.Proportional.DF != 1 || o.Proportional.P > 0.01 {
		t.Errorf("%+v", o.Proportional)
	}
}

// TestCutsAreRarelyBlamed: where odds are proportional the test says otherwise
// in about one of twenty samples; where they are not, nearly always.
func TestCutsAreRarelyBlamed(t *testing.T) {
	t.Parallel()
	const samples = 400
	chance := rand.New(rand.NewPCG(4, 2))
	blamed := func(apart float64) (share float64) {
		for range samples {
			p := golden.Must(NewPatterns([]string{"a", "b"}, three()))
			for range 300 {
				x := []float64{float64(chance.IntN(5)), float64(chance.IntN(2))}
				u := chance.Float64()
				latent := 0.5*x[0] + 0.7*x[1] + math.Log(u/(1-u))
				score := 1
				if latent > 0.5 {
					score++
				}
				if latent > 2+apart*x[1] {
					score++
				}
				if err := p.Add(x, score, 1); err != nil {
					t.Fatal(err)
				}
			}
			if o := golden.Must(ProportionalOdds(p, 0)); o.Proportional != nil && o.Proportional.P < 0.05 {
				share += 1. / samples
			}
		}
		return share
	}
	if share := blamed(0); share < 0.02 || share > 0.08 {
		t.Errorf("proportional odds are blamed in %.3f of samples", share)
	}
	if share := blamed(2); share < 0.9 {
		t.Errorf("odds that are not proportional are blamed in %.3f of samples", share)
	}
}

// TestCutsWithoutAFit: a value with middle scores only is above one cut always
// and above the other never. The model has its maximum, the single cuts have not.
func TestCutsWithoutAFit(t *testing.T) {
	t.Parallel()
	p := golden.Must(NewPatterns([]string{"trial"}, three()))
	for i, n := range []int64{20, 20, 20} {
		if err := p.Add([]float64{0}, i+1, n); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Add([]float64{1}, 2, 10); err != nil {
		t.Fatal(err)
	}
	o := golden.Must(ProportionalOdds(p, 0))
	if o.Proportional != nil {
		t.Errorf("%+v", o.Proportional)
	}
	golden.Near(t, "ratio", o.Terms[0].Ratio, 1, 1e-6) // as many above as below
}
