package drivers

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/analysis/internal/golden"
)

// survey draws answers from 1 to 7 on four related drivers, of which the last
// does nothing, and the score that follows from them.
func survey(chance *rand.Rand) ([]float64, float64) {
	mood, y := chance.NormFloat64(), chance.NormFloat64()
	x := make([]float64, 4)
	for i, effect := range []float64{0.5, 0.3, 0.1, 0} {
		v := math.Sqrt(0.4)*mood + math.Sqrt(0.6)*chance.NormFloat64()
		x[i] = math.Round(max(1, min(7, 5+1.5*v)))
		y += effect * x[i]
	}
	return x, math.Round(max(0, min(10, 1+1.3*y)))
}

// estimates are the shares and R² of some rows, the outcome last in each.
func estimates(s split, m moments, rows [][]float64, pick func(int) int) []float64 {
	row := make([]float64, len(m.mean))
	for i := range rows {
		copy(row, rows[pick(i)])
		m.add(row)
	}
	return s.shares(m)
}

// hits counts how often an interval held the truth, and sums its width.
type hits struct{ held, width float64 }

func (h *hits) note(low, high, truth float64) {
	h.width += high - low
	if low <= truth && truth <= high {
		h.held++
	}
}

// TestIntervalsHoldTheTruth draws samples of a known population: the jackknife
// over shards must hold each true share, and R², about as often as it says, with
// intervals about as wide as those of a bootstrap that has all the rows.
func TestIntervalsHoldTheTruth(t *testing.T) {
	t.Parallel()
	const samples, redraws, of = 150, 200, 5
	names := []string{"strong", "middling", "weak", "nothing"}
	chance := rand.New(rand.NewPCG(11, 5))
	population := golden.Must(NewProducts(names))
	for range 300_000 {
		x, y := survey(chance)
		if err := population.Add(x, y); err != nil {
			t.Fatal(err)
		}
	}
	s := golden.Must(population.split(Options{}))
	truth := s.shares(merged(population.shards, of))
	for _, n := range []int{60, 300} {
		var jackknife, bootstrap [of]hits
		for range samples {
			p := golden.Must(NewProducts(names))
			rows := make([][]float64, n)
			for i := range rows {
				x, y := survey(chance)
				if err := p.Add(x, y); err != nil {
					t.Fatal(err)
				}
				rows[i] = append(x, y)
			}
			here := s.shares(merged(p.shards, of))
			left := s.leaveOneOut(p.shards)
			var drawn [of][]float64
			for range redraws {
				for j, v := range estimates(s, newMoments(of), rows, func(int) int { return chance.IntN(n) }) {
					drawn[j] = append(drawn[j], v)
				}
			}
			for j := range of {
				interval := left.interval(j, here[j], 0.95)
				jackknife[j].note(interval.Low, interval.High, truth[j])
				slices.Sort(drawn[j])
				bootstrap[j].note(drawn[j][redraws/40], drawn[j][redraws-1-redraws/40], truth[j])
			}
		}
		for j := range of {
			held, wider := jackknife[j].held/samples, jackknife[j].width/bootstrap[j].width
			t.Logf("n = %d, truth %.3f: jackknife %.3f, bootstrap %.3f, widths %.3f to one", n, truth[j], held, bootstrap[j].held/samples, wider)
			if held < 0.88 || (n == 300 && (wider < 0.9 || wider > 1.5)) {
				t.Errorf("n = %d, truth %.3f: held in %.3f, %.2f times as wide as a bootstrap's", n, truth[j], held, wider)
			}
		}
	}
}

// TestIntervalOfTheMean: of an estimate that the groups only shift, the variance
// has a closed form. With shards of equal size and the logit of a share, the
// jackknife of a mean is its sample variance over the shards.
func TestIntervalOfTheMean(t *testing.T) {
	t.Parallel()
	// Shard logits −0.4, −0.1, 0.2, 0.3: the mean is 0, and leaving one out gives −v/3.
	shard := []float64{-0.4, -0.1, 0.2, 0.3}
	var r replicates
	for _, v := range shard {
		r.values = append(r.values, []float64{dist.Logistic(-v / 3)})
		r.ratio = append(r.ratio, 4)
	}
	// s² = (0.16+0.01+0.04+0.09)/3 = 0.1, over 4; t(0.975; 3) = 3.18244630528371.
	half := 3.18244630528371 * math.Sqrt(0.1/4)
	got := r.interval(0, 0.5, 0.95)
	golden.Near(t, "low", got.Low, dist.Logistic(-half), 1e-12)
	golden.Near(t, "high", got.High, dist.Logistic(half), 1e-12)
	if got.Method != Jackknife || got.Confidence != 0.95 {
		t.Errorf("%+v", got)
	}
}

// TestShardsAreEqual: rows are dealt evenly, and a rhythm in the file does not
// fall into one shard.
func TestShardsAreEqual(t *testing.T) {
	t.Parallel()
	p := golden.Must(NewProducts([]string{"every fiftieth row"}))
	for i := range 10_020 {
		x := 0.0
		if i%shards == 7 {
			x = 1
		}
		if err := p.Add([]float64{x}, float64(i%11)); err != nil {
			t.Fatal(err)
		}
	}
	for i, shard := range p.shards {
		if shard.n < 200 || shard.n > 201 {
			t.Errorf("shard %d has %d rows, want 200 or 201", i, shard.n)
		}
		if shard.mean[0] > 0.1 {
			t.Errorf("shard %d got %.0f of the 200 marked rows", i, shard.mean[0]*float64(shard.n))
		}
	}
}
