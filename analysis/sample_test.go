package analysis

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestSampleSizesMatchReference(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "nps_sample_size.csv") {
		variance, points, confidence := 1e4*r.Num(t, "var"), r.Num(t, "d_points"), r.Num(t, "conf")
		got, err := SampleForMargin(variance, points, confidence)
		raw := answersForMargin(variance, points, confidence)
		if r["power"] != "" {
			got, err = SampleForDifference(variance, points, confidence, r.Num(t, "power"))
			raw = answersForDifference(variance, points, confidence, r.Num(t, "power"))
		}
		golden.Near(t, "case "+r["case"], raw, r.Num(t, "n_raw"), 1e-9)
		if err != nil || got != r.Int(t, "n_ceil") {
			t.Errorf("case %s: %d, %v; want %s", r["case"], got, err, r["n_ceil"])
		}
	}
}

func TestSampleRefuses(t *testing.T) {
	t.Parallel()
	_, err := SampleForMargin(-1, 5, 0.95)
	refusedFor(t, err, "variance")
	_, err = SampleForMargin(math.NaN(), 5, 0.95)
	refusedFor(t, err, "variance")
	_, err = SampleForMargin(10_001, 5, 0.95)
	refusedFor(t, err, "variance")
	_, err = SampleForMargin(6700, 0, 0.95)
	refusedFor(t, err, "points")
	_, err = SampleForDifference(6700, 5, 0.95, 1)
	refusedFor(t, err, "power")
	_, err = SampleForDifference(6700, 5, 2, 0.8)
	refusedFor(t, err, "confidence")
}

func TestVariances(t *testing.T) {
	t.Parallel()
	golden.Near(t, "half and half", golden.Must(PilotVariance(surveys.NPS, npsCounts(1e9, 0, 1e9))), WorstVariance(surveys.NPS), 1e-8)
	golden.Near(t, "half of them", golden.Must(PilotVariance(surveys.CSAT, surveys.Counts{1: 1e9, 5: 1e9})), WorstVariance(surveys.CSAT), 1e-8)
	if v := golden.Must(PilotVariance(surveys.NPS, npsCounts(0, 0, 5))); v < 1000 {
		t.Errorf("five promoters promise a variance of %v", v)
	}
	if v := WorstVariance("happiness"); v != 0 {
		t.Errorf("happiness varies by %v", v)
	}
	_, err := PilotVariance(surveys.NPS, surveys.Counts{})
	refusedFor(t, err, "counts")
	_, err = PilotVariance(surveys.CSAT, surveys.Counts{9: 1})
	refusedFor(t, err, "counts")
}

// TestSampleKeepsItsPromise: so many answers, spread like the pilot's, have about
// the margin that was asked for; as many as the worst case takes always have.
func TestSampleKeepsItsPromise(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		pilot := drawCounts(t, m, 100)
		points := rapid.Float64Range(1, 5).Draw(t, "points")
		margin := func(n int64) float64 {
			b := bandsOf(m.Scale(), pilot).mass()
			k := float64(n) / b.n()
			interval := mass{bad: k * b.bad, mid: k * b.mid, good: k * b.good, net: b.net}.defaultInterval(0.95)
			return (interval.High - interval.Low) / 2
		}
		variance := golden.Must(PilotVariance(m, pilot))
		n, most := golden.Must(SampleForMargin(variance, points, 0.95)), golden.Must(SampleForMargin(WorstVariance(m), points, 0.95))
		// Where nearly all agree the few answers that it takes vary more than many.
		if variance > WorstVariance(m)/4 && margin(n) > 1.1*points {
			t.Fatalf("%d answers of %v have a margin of %v, not %v", n, pilot, margin(n), points)
		}
		if most < n || margin(most) > 1.01*points {
			t.Fatalf("the worst case takes %d answers, which have a margin of %v, not %v", most, margin(most), points)
		}
	})
}
