package analysis

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestMeanMatchesReference(t *testing.T) {
	t.Parallel()
	for file, m := range map[string]surveys.Metric{"csat.csv": surveys.CSAT, "ces.csv": surveys.CES} {
		for _, r := range golden.Read(t, file) {
			t.Run(string(m)+" "+r["case"], func(t *testing.T) {
				t.Parallel()
				a, err := Mean(m, choiceCounts(t, m, r), r.Num(t, "conf"))
				if err != nil {
					t.Fatal(err)
				}
				if a.N != r.Int(t, "n") {
					t.Errorf("n = %d, want %s", a.N, r["n"])
				}
				golden.Near(t, "mean", a.Mean, r.Num(t, "mean"), 1e-9)
				golden.Near(t, "median", a.Median, r.Num(t, "median"), 1e-9)
				s := m.Scale()
				golden.Near(t, "rescaled", 100*(a.Mean-1)/float64(s.Max-1), r.Num(t, "rescaled_0_100"), 1e-9)
				checkMeanInterval(t, a.Interval, r)
				if a.N > 1 {
					golden.Near(t, "deviation", a.Deviation, r.Num(t, "sd"), 1e-9)
					golden.Near(t, "error", a.Error, r.Num(t, "se"), 1e-9)
				}
			})
		}
	}
}

func TestMeanOfRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		c := drawCounts(t, m, 2)
		var rows []float64
		for score, k := range c {
			for range k {
				rows = append(rows, float64(score))
			}
		}
		a := golden.Must(Mean(m, c, 0.95))
		var sum, squares float64
		for _, x := range rows {
			sum += x
		}
		for _, x := range rows {
			squares += (x - sum/float64(len(rows))) * (x - sum/float64(len(rows)))
		}
		slices.Sort(rows)
		middle := (rows[(len(rows)-1)/2] + rows[len(rows)/2]) / 2
		deviation := math.Sqrt(squares / float64(len(rows)-1))
		if math.Abs(a.Mean-sum/float64(len(rows))) > 1e-9 || a.Median != middle || math.Abs(a.Deviation-deviation) > 1e-9 {
			t.Fatalf("%+v of rows with mean %v, median %v, deviation %v", a, sum/float64(len(rows)), middle, deviation)
		}
		// k times the answers: the same mean, and about √k of the width.
		more := c
		more.Add(c)
		more.Add(c)
		b := golden.Must(Mean(m, more, 0.95))
		if b.Mean != a.Mean && math.Abs(b.Mean-a.Mean) > 1e-9 || b.Error > a.Error {
			t.Fatalf("three times the answers have %+v, once %+v", b, a)
		}
	})
}

func TestMeanRefuses(t *testing.T) {
	t.Parallel()
	_, err := Mean(surveys.CES, surveys.Counts{}, 0.95)
	refusedFor(t, err, "counts")
	_, err = Mean(surveys.CES5, surveys.Counts{6: 1}, 0.95)
	refusedFor(t, err, "counts")
	_, err = Mean(surveys.CES, surveys.Counts{6: 1}, math.NaN())
	refusedFor(t, err, "confidence")
}
