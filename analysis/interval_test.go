package analysis

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestNPSIntervalsMatchReference(t *testing.T) {
	t.Parallel()
	methods := []struct {
		method    Method
		column    string
		tolerance float64
	}{
		{AdjustedWald, "aw", 1e-9}, {Wald, "wald", 1e-9}, {ScoreMethod, "score", 1e-5},
		{Goodman, "goodman", 1e-9}, {Bayes, "bayes", 1e-5},
	}
	for _, r := range golden.Read(t, "nps_ci.csv") {
		t.Run(r["case"], func(t *testing.T) {
			t.Parallel()
			counts, confidence := npsRow(t, r, ""), r.Num(t, "conf")
			e, err := Score(surveys.NPS, counts, confidence)
			if err != nil {
				t.Fatal(err)
			}
			golden.Near(t, "score", e.Score, r.Num(t, "nps"), 1e-9)
			for _, m := range methods {
				interval, err := IntervalBy(m.method, surveys.NPS, counts, confidence)
				if err != nil {
					t.Fatal(err)
				}
				low, high := r.Num(t, m.column+"_lo"), r.Num(t, m.column+"_hi")
				if m.method == Bayes && math.IsNaN(low) && r.Int(t, "n") > 20000 {
					low, high = interval.Low, interval.High // no reference; see TestBayesOfMany
				}
				// The tolerance is in points where it is not of floats only.
				golden.Near(t, m.column+" low", interval.Low-low, 0, m.tolerance)
				golden.Near(t, m.column+" high", interval.High-high, 0, m.tolerance)
			}
			if e.Interval != golden.Must(IntervalBy(AdjustedWald, surveys.NPS, counts, confidence)) {
				t.Errorf("the default interval is %+v, not the adjusted Wald", e.Interval)
			}
		})
	}
}

func TestShareIntervalsMatchReference(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "wilson.csv") {
		t.Run(r["case"], func(t *testing.T) {
			t.Parallel()
			x, n := r.Int(t, "x"), r.Int(t, "n")
			counts := surveys.Counts{2: n - x, 5: x}
			for method, column := range map[Method]string{
				Wilson: "wilson", WilsonCorrected: "wilsoncc", Wald: "wald", AgrestiCoull: "ac",
				Jeffreys: "jeffreys", ClopperPearson: "cp",
			} {
				interval, err := IntervalBy(method, surveys.CSAT, counts, r.Num(t, "conf"))
				if err != nil {
					t.Fatal(err)
				}
				golden.Near(t, column+" low", interval.Low, 100*r.Num(t, column+"_lo"), 1e-9)
				golden.Near(t, column+" high", interval.High, 100*r.Num(t, column+"_hi"), 1e-9)
			}
		})
	}
}

// TestStudentTMatchesReference: the t interval of −1, 0, +1 is the one of the
// choices 0, 1, 2, less one.
func TestStudentTMatchesReference(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "nps_ci.csv") {
		c := surveys.Counts{r.Int(t, "det"), r.Int(t, "pas"), r.Int(t, "pro")}
		a := average(c, r.Num(t, "conf"))
		if low := r.Num(t, "t_lo"); math.IsNaN(low) {
			if a.Interval != nil {
				t.Errorf("%s: one answer has the interval %+v", r["case"], *a.Interval)
			}
			continue
		}
		// The reference's quantile is good to 1e-8: see checkMeanInterval.
		golden.Near(t, r["case"]+" low", 100*(a.Interval.Low-1), r.Num(t, "t_lo"), 1e-8)
		golden.Near(t, r["case"]+" high", 100*(a.Interval.High-1), r.Num(t, "t_hi"), 1e-8)
	}
}

// TestMomentsMatchReference checks what the intervals are made of.
func TestMomentsMatchReference(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "nps_ci.csv") {
		b := bands{bad: r.Int(t, "det"), mid: r.Int(t, "pas"), good: r.Int(t, "pro"), net: true}
		if b.n() != r.Int(t, "n") {
			t.Errorf("%s: n = %d, want %s", r["case"], b.n(), r["n"])
		}
		golden.Near(t, r["case"]+" variance", b.variance()/1e4, r.Num(t, "var"), 1e-9)
		golden.Near(t, r["case"]+" error", math.Sqrt(b.variance()/float64(b.n())), r.Num(t, "se"), 1e-9)
		centre, v := b.adjusted()
		golden.Near(t, r["case"]+" adjusted centre", centre, r.Num(t, "aw_center"), 1e-9)
		golden.Near(t, r["case"]+" adjusted error", math.Sqrt(v), r.Num(t, "aw_se"), 1e-9)
	}
	for _, r := range golden.Read(t, "wilson.csv") {
		golden.Near(t, r["case"]+" share", mass{good: r.Num(t, "x"), mid: r.Num(t, "n") - r.Num(t, "x")}.score(), 100*r.Num(t, "p"), 1e-9)
	}
}

func TestIntervalByRefuses(t *testing.T) {
	t.Parallel()
	some := npsCounts(1, 2, 3)
	cases := []struct {
		name       string
		method     Method
		metric     surveys.Metric
		counts     surveys.Counts
		confidence float64
		field      string
	}{
		{"a method of shares for NPS", Wilson, surveys.NPS, some, 0.95, "method"},
		{"a method of NPS for shares", AdjustedWald, surveys.CSAT, surveys.Counts{4: 2}, 0.95, "method"},
		{"an unknown method", "guess", surveys.NPS, some, 0.95, "method"},
		{"no answers", AdjustedWald, surveys.NPS, surveys.Counts{}, 0.95, "counts"},
		{"a confidence of 1", AdjustedWald, surveys.NPS, some, 1, "confidence"},
		{"a confidence of 95", AdjustedWald, surveys.NPS, some, 95, "confidence"},
		{"a confidence that is no number", AdjustedWald, surveys.NPS, some, math.NaN(), "confidence"},
		{"the error for the confidence", AdjustedWald, surveys.NPS, some, 0.05, "confidence"},
		{"more answers than can be counted", AdjustedWald, surveys.NPS, npsCounts(math.MaxInt64, 0, math.MaxInt64), 0.95, "counts"},
		{"a negative count", AdjustedWald, surveys.NPS, npsCounts(-1, 2, 3), 0.95, "counts"},
		{"a score off the scale", Wilson, surveys.CSAT, surveys.Counts{6: 1}, 0.95, "counts"},
		{"a method of differences", Newcombe, surveys.CSAT, surveys.Counts{4: 2}, 0.95, "method"},
		{"an unknown metric", Wilson, "happiness", some, 0.95, "metric"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := IntervalBy(c.method, c.metric, c.counts, c.confidence)
			refusedFor(t, err, c.field)
		})
	}
}

// TestIntervalProperties asks of every method what its intervals must be: ends in
// order, on the scale where the method promises it, narrower with less confidence
// and with k times the answers, and mirrored by the mirrored answers.
func TestIntervalProperties(t *testing.T) {
	t.Parallel()
	stay := []Method{ScoreMethod, Bayes, Wilson, WilsonCorrected, Jeffreys, ClopperPearson}
	const rounding = 1e-6
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		method := rapid.SampledFrom(Methods(m)).Draw(t, "method")
		count := rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(0, 300))
		b := bands{bad: count.Draw(t, "bad"), mid: count.Draw(t, "mid"), good: count.Draw(t, "good"), net: m.Scale().Net}
		if b.n() == 0 {
			b.mid = 1
		}
		confidence := rapid.Float64Range(0.5, 0.999).Draw(t, "confidence")
		i := b.interval(method, confidence)
		if !(i.Low <= i.High) || math.IsInf(i.Low, 0) || math.IsInf(i.High, 0) || i.Method != method || i.Confidence != confidence {
			t.Fatalf("%+v", i)
		}
		lowest := -100.0
		if !b.net {
			lowest = 0
		}
		if slices.Contains(stay, method) && (i.Low < lowest || i.High > 100) {
			t.Fatalf("%+v leaves the scale", i)
		}
		if wider := b.interval(method, (1+confidence)/2); method != AgrestiCoull && (wider.Low > i.Low+rounding || wider.High < i.High-rounding) {
			t.Fatalf("more confidence: %+v, less: %+v", wider, i)
		}
		k := rapid.Int64Range(2, 20).Draw(t, "k")
		more := bands{bad: k * b.bad, mid: k * b.mid, good: k * b.good, net: b.net}.interval(method, confidence)
		if more.High-more.Low > i.High-i.Low+rounding {
			t.Fatalf("%d times the answers: %+v, once: %+v", k, more, i)
		}
		mirror := bands{bad: b.good, mid: b.mid, good: b.bad, net: b.net}.interval(method, confidence)
		if b.net && (math.Abs(mirror.Low+i.High) > rounding || math.Abs(mirror.High+i.Low) > rounding) {
			t.Fatalf("%+v is not the mirror of %+v", mirror, i)
		}
	})
}

// TestIntervalsOfExtremes: one answer, all of one mind, and as many as there may
// be, at every level: a number, and in good time.
func TestIntervalsOfExtremes(t *testing.T) {
	t.Parallel()
	for _, m := range surveys.Metrics() {
		lowest, highest := m.Scale().Min, m.Scale().Max
		for _, n := range []int64{1, 2, 1e3, 1e6, 1e9, 1e12, 1 << 52} {
			for _, c := range []surveys.Counts{with(lowest, n), with(highest, n), with2(with(lowest, n), highest, n), with2(with(lowest, n), highest, 1)} {
				for _, method := range Methods(m) {
					for _, confidence := range []float64{0.5, 0.95, 0.9999} {
						i, err := IntervalBy(method, m, c, confidence)
						if err != nil && c.N() <= 1<<53 {
							t.Fatalf("%s of %v at %v: %v", method, c, confidence, err)
						}
						if math.IsNaN(i.Low+i.High) || i.Low > i.High+1e-9 || i.Low < -500 || i.High > 500 {
							t.Errorf("%s of %v at %v: %+v", method, c, confidence, i)
						}
					}
				}
			}
		}
	}
}

func with(score int, n int64) surveys.Counts { return with2(surveys.Counts{}, score, n) }

func with2(c surveys.Counts, score int, n int64) surveys.Counts {
	c[score] += n
	return c
}

// refusedFor fails unless err is an InputError about the field.
func refusedFor(t *testing.T, err error, field string) {
	t.Helper()
	var bad *InputError
	if !errors.As(err, &bad) || bad.Field != field {
		t.Errorf("error = %v, want one about %q", err, field)
	}
}
