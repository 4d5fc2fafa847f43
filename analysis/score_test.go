package analysis

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestShareMetricsMatchReference(t *testing.T) {
	t.Parallel()
	files := []struct {
		file   string
		metric surveys.Metric
	}{{"csat.csv", surveys.CSAT}, {"ces.csv", surveys.CES}}
	for _, f := range files {
		for _, r := range golden.Read(t, f.file) {
			t.Run(string(f.metric)+" "+r["case"], func(t *testing.T) {
				t.Parallel()
				e, err := Score(f.metric, choiceCounts(t, f.metric, r), r.Num(t, "conf"))
				if err != nil {
					t.Fatal(err)
				}
				if e.N != r.Int(t, "n") {
					t.Errorf("n = %d, want %s", e.N, r["n"])
				}
				golden.Near(t, "share", e.Score, r.Num(t, "top_pct"), 1e-9)
				golden.Near(t, "low", e.Interval.Low, r.Num(t, "top_wilson_lo"), 1e-9)
				golden.Near(t, "high", e.Interval.High, r.Num(t, "top_wilson_hi"), 1e-9)
				golden.Near(t, "mean", e.Mean, r.Num(t, "mean"), 1e-9)
				checkMeanInterval(t, e.MeanIn, r)
				checkShares(t, f.metric, choiceCounts(t, f.metric, r), r)
			})
		}
	}
}

// checkShares compares what is told beside the headline.
func checkShares(t *testing.T, m surveys.Metric, c surveys.Counts, r golden.Row) {
	t.Helper()
	b := bandsOf(m.Scale(), c)
	if b.good != r.Int(t, "top_n") {
		t.Errorf("top n = %d, want %s", b.good, r["top_n"])
	}
	golden.Near(t, "bottom", 100*float64(b.bad)/float64(b.n()), r.Num(t, "bottom_pct"), 1e-9)
	ac := golden.Must(IntervalBy(AgrestiCoull, m, c, r.Num(t, "conf")))
	golden.Near(t, "Agresti–Coull low", ac.Low, r.Num(t, "top_ac_lo"), 1e-9)
	golden.Near(t, "Agresti–Coull high", ac.High, r.Num(t, "top_ac_hi"), 1e-9)
}

func choiceCounts(t *testing.T, m surveys.Metric, r golden.Row) surveys.Counts {
	t.Helper()
	var counts surveys.Counts
	for _, score := range m.Scale().Choices() {
		counts[score] = r.Int(t, fmt.Sprintf("c%d", score))
	}
	return counts
}

func checkMeanInterval(t *testing.T, got *Interval, r golden.Row) {
	t.Helper()
	low := r.Num(t, "t_lo")
	switch {
	case math.IsNaN(low) && got != nil:
		t.Errorf("one answer has the mean interval %+v", *got)
	case math.IsNaN(low):
	case got == nil:
		t.Error("no mean interval")
	default:
		// The reference's own t quantile is good to 3e-9 at four degrees of freedom
		// (2.1318467813 for 2.1318467863: see TestQuantiles), so it is asked no closer.
		golden.Near(t, "t low", got.Low, low, 5e-9)
		golden.Near(t, "t high", got.High, r.Num(t, "t_hi"), 5e-9)
	}
}

func TestScoreByHand(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		metric surveys.Metric
		counts surveys.Counts
		score  float64
		mean   float64
	}{
		{"NPS takes 9–10 minus 0–6", surveys.NPS, surveys.Counts{0: 1, 6: 1, 7: 1, 8: 1, 9: 2, 10: 4}, 40, 7.9},
		{"CES takes 5–7", surveys.CES, surveys.Counts{1: 1, 4: 1, 5: 1, 7: 1}, 50, 4.25},
		{"classic effort takes 1–2: low is good", surveys.CES5, surveys.Counts{1: 2, 2: 1, 5: 1}, 75, 2.25},
		{"CSAT takes 4–5", surveys.CSAT, surveys.Counts{3: 1, 4: 1, 5: 2}, 75, 4.25},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := golden.Must(Score(c.metric, c.counts, 0.95))
			golden.Near(t, "score", e.Score, c.score, 1e-12)
			golden.Near(t, "mean", e.Mean, c.mean, 1e-12)
			if hasIndex := e.Index != nil; hasIndex != (c.metric == surveys.CES) {
				t.Errorf("an effort index for %s: %v", c.metric, hasIndex)
			}
		})
	}
	e := golden.Must(Score(surveys.CES, surveys.Counts{1: 1, 3: 1, 5: 3, 6: 2, 7: 3}, 0.95))
	golden.Near(t, "index", e.Index.Score, 30, 1e-12)
}

func TestScoreOfNobody(t *testing.T) {
	t.Parallel()
	e, err := Score(surveys.NPS, surveys.Counts{}, 0.95)
	if err != nil || !e.Empty() || e.Score != 0 || e.MeanIn != nil {
		t.Errorf("Score of no answers = %+v, %v", e, err)
	}
	if _, err := Score(surveys.CES, surveys.Counts{0: 1}, 0.95); err == nil {
		t.Error("a 0 on the scale 1–7 became a score")
	}
}

// counts draws counts that fit a metric.
func drawCounts(t *rapid.T, m surveys.Metric, least int64) surveys.Counts {
	var c surveys.Counts
	for _, score := range m.Scale().Choices() {
		c[score] = rapid.Int64Range(0, 400).Draw(t, fmt.Sprintf("c%d", score))
	}
	if c.N() < least {
		c[m.Scale().Max] += least
	}
	return c
}

func drawMetric(t *rapid.T) surveys.Metric {
	return rapid.SampledFrom(surveys.Metrics()).Draw(t, "metric")
}

func TestScoreProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		c := drawCounts(t, m, 1)
		confidence := rapid.Float64Range(0.5, 0.999).Draw(t, "confidence")
		e := golden.Must(Score(m, c, confidence))
		if e.Score < -100 || e.Score > 100 || (e.Score < 0 && !m.Scale().Net) {
			t.Fatalf("score %v is off the scale", e.Score)
		}
		if e.Interval.Low > e.Interval.High || math.IsNaN(e.Interval.Low+e.Interval.High) {
			t.Fatalf("interval %+v", e.Interval)
		}
		if !m.Scale().Net && (e.Interval.Low > e.Score || e.Interval.High < e.Score || e.Interval.Low < 0 || e.Interval.High > 100) {
			t.Fatalf("Wilson %+v around %v", e.Interval, e.Score)
		}
		wider := golden.Must(Score(m, c, (1+confidence)/2)).Interval
		if wider.Low > e.Interval.Low || wider.High < e.Interval.High {
			t.Fatalf("more confidence gave a narrower interval: %+v, %+v", e.Interval, wider)
		}
		same := golden.Must(Score(m, rowsToCounts(c), confidence))
		if same.Score != e.Score || same.Mean != e.Mean || same.Interval != e.Interval {
			t.Fatal("counts and rows disagree")
		}
	})
}

// rowsToCounts counts single answers one by one, as a file would be read.
func rowsToCounts(c surveys.Counts) surveys.Counts {
	var counted surveys.Counts
	for score, k := range c {
		for range k {
			counted[score]++
		}
	}
	return counted
}

// TestScoreMirrors: swapping promoters and detractors turns score and interval
// around zero.
func TestScoreMirrors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		bad, mid, good := rapid.Int64Range(0, 99).Draw(t, "bad"), rapid.Int64Range(1, 99).Draw(t, "mid"), rapid.Int64Range(0, 99).Draw(t, "good")
		a := golden.Must(Score(surveys.NPS, npsCounts(bad, mid, good), 0.9))
		b := golden.Must(Score(surveys.NPS, npsCounts(good, mid, bad), 0.9))
		if math.Abs(a.Score+b.Score) > 1e-9 || math.Abs(a.Interval.Low+b.Interval.High) > 1e-9 {
			t.Fatalf("%+v is not the mirror of %+v", a, b)
		}
	})
}

// TestMerge: the score of two groups together is their mean, weighted by n.
func TestMerge(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		a, b := drawCounts(t, m, 1), drawCounts(t, m, 1)
		both := a
		both.Add(b)
		ea, eb, e := golden.Must(Score(m, a, 0.95)), golden.Must(Score(m, b, 0.95)), golden.Must(Score(m, both, 0.95))
		want := (ea.Score*float64(ea.N) + eb.Score*float64(eb.N)) / float64(e.N)
		if e.N != ea.N+eb.N || math.Abs(e.Score-want) > 1e-9 {
			t.Fatalf("merged score %v of %d, want %v of %d", e.Score, e.N, want, ea.N+eb.N)
		}
	})
}
