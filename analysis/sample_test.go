package analysis

import (
	"math"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
)

func TestSampleSizesMatchReference(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "nps_sample_size.csv") {
		variance, points, confidence := 1e4*r.Num(t, "var"), r.Num(t, "d_points"), r.Num(t, "conf")
		var got int64
		var err error
		if r["power"] == "" {
			got, err = SampleForMargin(variance, points, confidence)
		} else {
			got, err = SampleForDifference(variance, points, confidence, r.Num(t, "power"))
		}
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
	_, err = SampleForMargin(6700, 0, 0.95)
	refusedFor(t, err, "points")
	_, err = SampleForDifference(6700, 5, 0.95, 1)
	refusedFor(t, err, "power")
	_, err = SampleForDifference(6700, 5, 2, 0.8)
	refusedFor(t, err, "confidence")
}
