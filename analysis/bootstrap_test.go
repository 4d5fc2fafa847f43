package analysis

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func seeded(seed uint64) Resampling {
	return Resampling{Confidence: 0.95, Rand: rand.New(rand.NewPCG(seed, 1))}
}

// TestBootstrapAgreesWithTheory: of many answers it is the normal interval, to
// within what 4000 draws can tell.
func TestBootstrapAgreesWithTheory(t *testing.T) {
	t.Parallel()
	nps, ces := npsCounts(300, 300, 400), surveys.Counts{1: 50, 3: 100, 4: 150, 5: 250, 6: 300, 7: 150}
	index := indexBands(ces)
	cases := []struct {
		name   string
		of     Statistic
		metric surveys.Metric
		counts surveys.Counts
		want   Interval
	}{
		{"NPS", Headline, surveys.NPS, nps, golden.Must(IntervalBy(Wald, surveys.NPS, nps, 0.95))},
		{"easy", Headline, surveys.CES, ces, golden.Must(IntervalBy(Wilson, surveys.CES, ces, 0.95))},
		{"mean", MeanChoice, surveys.CES, ces, *golden.Must(Mean(surveys.CES, ces, 0.95)).Interval},
		{"index", EffortIndex, surveys.CES, ces, index.interval(AdjustedWald, 0.95)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := seeded(7)
			r.Draws = 4000
			got, err := Bootstrap(c.of, c.metric, c.counts, r)
			if err != nil {
				t.Fatal(err)
			}
			width := c.want.High - c.want.Low
			golden.Near(t, "low", (got.Low-c.want.Low)/width, 0, 0.03)
			golden.Near(t, "high", (got.High-c.want.High)/width, 0, 0.03)
			if got.Method != Percentile || got.Confidence != 0.95 {
				t.Errorf("interval %+v", got)
			}
		})
	}
}

// TestRedrawIsMultinomial compares redrawn counts with redrawn rows: both have
// mean k and variance k(n−k)/n, place by place, and always n answers.
func TestRedrawIsMultinomial(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	c := surveys.Counts{0: 1, 4: 30, 8: 60, 9: 9}
	const draws = 20_000
	var sum, squares [11]float64
	for range draws {
		d := redraw(c, random)
		if d.N() != c.N() {
			t.Fatalf("%d answers became %d", c.N(), d.N())
		}
		for i, k := range d {
			if k < 0 || k > 0 && c[i] == 0 {
				t.Fatalf("%v was drawn from %v", d, c)
			}
			sum[i] += float64(k)
			squares[i] += (float64(k) - float64(c[i])) * (float64(k) - float64(c[i]))
		}
	}
	for i, k := range c {
		want := float64(k) * float64(c.N()-k) / float64(c.N())
		golden.Near(t, "mean", sum[i]/draws, float64(k), 5*math.Sqrt(want/draws))
		golden.Near(t, "variance", squares[i]/draws, want, 0.06)
	}
}

// TestBootstrapOfRows: redrawing single rows gives the same interval.
func TestBootstrapOfRows(t *testing.T) {
	t.Parallel()
	c := surveys.Counts{1: 3, 2: 5, 5: 20, 6: 9, 7: 13}
	var rows []int
	for score, k := range c {
		for range k {
			rows = append(rows, score)
		}
	}
	random := rand.New(rand.NewPCG(5, 6))
	means := make([]float64, 4000)
	for i := range means {
		for range rows {
			means[i] += float64(rows[random.IntN(len(rows))]) / float64(len(rows))
		}
	}
	slices.Sort(means)
	r := seeded(8)
	r.Draws = 4000
	got := golden.Must(Bootstrap(MeanChoice, surveys.CES, c, r))
	golden.Near(t, "low", got.Low, quantile(means, 0.025), 0.02)
	golden.Near(t, "high", got.High, quantile(means, 0.975), 0.02)
}

func TestBootstrapProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		c := drawCounts(t, m, 2)
		of := rapid.SampledFrom([]Statistic{Headline, MeanChoice, MedianChoice}).Draw(t, "of")
		seed := rapid.Uint64().Draw(t, "seed")
		draw := func() Interval {
			r := seeded(seed)
			r.Draws = 200
			return golden.Must(Bootstrap(of, m, c, r))
		}
		a := draw()
		if a != draw() {
			t.Fatal("the same seed gave another interval")
		}
		lowest, highest := float64(m.Scale().Min), float64(m.Scale().Max)
		if of == Headline {
			lowest, highest = -100, 100
		}
		if !(lowest <= a.Low && a.Low <= a.High && a.High <= highest) {
			t.Fatalf("%s of %s: %+v", of, m, a)
		}
	})
}

func TestBootstrapRefuses(t *testing.T) {
	t.Parallel()
	some := surveys.Counts{1: 3, 5: 4}
	_, err := Bootstrap(EffortIndex, surveys.CES5, some, seeded(1))
	refusedFor(t, err, "statistic")
	_, err = Bootstrap("mode", surveys.CES, some, seeded(1))
	refusedFor(t, err, "statistic")
	_, err = Bootstrap(MeanChoice, surveys.CES, some, Resampling{Confidence: 0.95})
	refusedFor(t, err, "rand")
	_, err = Bootstrap(MeanChoice, surveys.CES, some, Resampling{Confidence: 0.95, Draws: 3, Rand: seeded(1).Rand})
	refusedFor(t, err, "draws")
	_, err = Bootstrap(MeanChoice, surveys.CES, some, Resampling{Confidence: 95, Rand: seeded(1).Rand})
	refusedFor(t, err, "confidence")
	_, err = Bootstrap(MeanChoice, surveys.CES, surveys.Counts{9: 1}, seeded(1))
	refusedFor(t, err, "counts")
	_, err = Bootstrap(MeanChoice, surveys.CES, surveys.Counts{5: 1 << 50}, seeded(1))
	refusedFor(t, err, "counts")
	for _, c := range []surveys.Counts{{}, {5: 1}} {
		var no *Refusal
		if _, err := Bootstrap(MeanChoice, surveys.CES, c, seeded(1)); !errors.As(err, &no) || no.Reason != TooFewAnswers || no.Have != float64(c.N()) {
			t.Errorf("%d answers: %v", c.N(), err)
		}
	}
}
