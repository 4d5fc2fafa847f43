package analysis

import (
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestXmRMatchesReference(t *testing.T) {
	t.Parallel()
	series := weeklySeries(t)
	for _, r := range golden.Read(t, "trend_xmr.csv") {
		t.Run(r["series"], func(t *testing.T) {
			t.Parallel()
			chart, err := XmR(surveys.NPS, series[r["series"]])
			if err != nil {
				t.Fatal(err)
			}
			golden.Near(t, "mean", chart.Mean, r.Num(t, "mean"), 1e-8)
			golden.Near(t, "mR̄", chart.Range, r.Num(t, "mrbar"), 1e-8)
			golden.Near(t, "low", chart.Low, r.Num(t, "lnpl"), 1e-8)
			golden.Near(t, "high", chart.High, r.Num(t, "unpl"), 1e-8)
			golden.Near(t, "limit of a step", chart.RangeHigh, r.Num(t, "ucl_mr"), 1e-8)
			golden.Near(t, "median step", chart.MedianRange, r.Num(t, "median_mr"), 1e-8)
		})
	}
}

func TestXmRSignals(t *testing.T) {
	t.Parallel()
	// Hundreds of answers of which so many more recommend than not.
	weeks := func(scores ...int64) (series []surveys.Counts) {
		for _, s := range scores {
			if s == 0 {
				series = append(series, surveys.Counts{})
				continue
			}
			series = append(series, npsCounts(0, 100-s, s))
		}
		return series
	}
	cases := []struct {
		name  string
		weeks []surveys.Counts
		want  map[int]Signal
	}{
		{"quiet", weeks(50, 52, 48, 51, 49, 50, 52, 48), nil},
		{"one that breaks out", weeks(49, 52, 49, 52, 49, 56, 49, 99, 49, 56, 49, 60, 49, 60, 49, 60), map[int]Signal{7: Beyond}},
		{"eight in a row, over a gap", weeks(40, 60, 40, 60, 40, 52, 55, 52, 0, 55, 52, 55, 52, 55), map[int]Signal{13: Run}},
		{"never a step", weeks(50, 50, 50, 50, 50, 50, 50, 50, 50, 50), nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for i, p := range golden.Must(XmR(surveys.NPS, c.weeks)).Points {
				if p.Signal != c.want[i] {
					t.Errorf("bucket %d (%v): %q, want %q", i, p.Score, p.Signal, c.want[i])
				}
			}
		})
	}
}

func TestXmRKnowsWhenItDoesNotApply(t *testing.T) {
	t.Parallel()
	even := golden.Must(XmR(surveys.NPS, []surveys.Counts{npsCounts(10, 10, 20), {}, npsCounts(9, 12, 22)}))
	uneven := golden.Must(XmR(surveys.NPS, []surveys.Counts{npsCounts(10, 10, 20), npsCounts(1, 2, 2)}))
	if !even.Even || uneven.Even {
		t.Errorf("even %v, uneven %v", even.Even, uneven.Even)
	}
}

func TestXmRRefuses(t *testing.T) {
	t.Parallel()
	for _, weeks := range [][]surveys.Counts{nil, make([]surveys.Counts, 9), {npsCounts(1, 2, 3), {}}} {
		_, err := XmR(surveys.NPS, weeks)
		refusedFor(t, err, "buckets")
	}
	_, err := XmR(surveys.NPS, []surveys.Counts{npsCounts(-1, 2, 3)})
	refusedFor(t, err, "counts")
}
