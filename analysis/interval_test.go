package analysis

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis/internal/dist"
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

// TestWilsonMatchesNewcombe1998 checks the values printed in the paper.
func TestWilsonMatchesNewcombe1998(t *testing.T) {
	t.Parallel()
	tested := 0
	for _, r := range golden.Read(t, "published_proportion.csv") {
		if !strings.HasPrefix(r["quantity"], "wilson") || strings.Contains(r["quantity"], "cc") {
			continue
		}
		var x, n, low, high float64
		from := r["source"][strings.Index(r["source"], "("):]
		if _, err := fmt.Sscanf(from, "(%f/%f)", &x, &n); err != nil {
			t.Fatalf("%q: %v", r["source"], err)
		}
		ends := strings.Split(r["published"], ",")
		low, high = golden.Must(strconv.ParseFloat(ends[0], 64)), golden.Must(strconv.ParseFloat(ends[1], 64))
		gotLow, gotHigh := wilson(x, n, dist.Z(0.95))
		golden.Near(t, r["source"]+" low", gotLow, low, 5.1e-5)
		golden.Near(t, r["source"]+" high", gotHigh, high, 5.1e-5)
		tested++
	}
	if tested != 4 {
		t.Errorf("tested %d published intervals, want 4", tested)
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

// refusedFor fails unless err is an InputError about the field.
func refusedFor(t *testing.T, err error, field string) {
	t.Helper()
	var bad *InputError
	if !errors.As(err, &bad) || bad.Field != field {
		t.Errorf("error = %v, want one about %q", err, field)
	}
}
