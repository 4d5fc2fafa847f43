package analysis

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// histogram reads eleven counts with semicolons between.
func histogram(t *testing.T, text string) surveys.Counts {
	t.Helper()
	var c surveys.Counts
	for i, field := range strings.Split(text, ";") {
		c[i] = golden.Must(strconv.ParseInt(field, 10, 64))
	}
	return c
}

func TestHistogramsMatchR(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "histogram_compare.csv") {
		t.Run(r["case"], func(t *testing.T) {
			t.Parallel()
			a, b := histogram(t, r["a"]), histogram(t, r["b"])
			for side, c := range map[string]surveys.Counts{"a": a, "b": b} {
				mean := golden.Must(Mean(surveys.NPS, c, 0.95))
				golden.Near(t, "mean "+side, mean.Mean, r.Num(t, "mean_"+side), 1e-9)
				golden.Near(t, "sd "+side, mean.Deviation, r.Num(t, "sd_"+side), 1e-9)
			}
			welch := golden.Must(CompareMeans(surveys.NPS, a, b, 0.95))
			golden.Near(t, "t", welch.T, r.Num(t, "welch_t"), 1e-9)
			golden.Near(t, "df", welch.DF, r.Num(t, "welch_df"), 1e-9)
			golden.Near(t, "Welch's p", welch.P/r.Num(t, "welch_p"), 1, 1e-9)
			ranks := golden.Must(MannWhitney(surveys.NPS, a, b))
			golden.Near(t, "W", ranks.U, r.Num(t, "mwu_W"), 1e-9)
			golden.Near(t, "rank p", ranks.P/r.Num(t, "mwu_p"), 1, 1e-9)
			chi := golden.Must(TestGroups(surveys.NPS, []surveys.Counts{a, b}))
			golden.Near(t, "χ²", chi.ChiSquare, r.Num(t, "chisq3"), 1e-9)
			golden.Near(t, "χ² p", chi.P/r.Num(t, "chisq3_p"), 1, 1e-9)
			if chi.DF != int(r.Int(t, "chisq3_df")) {
				t.Errorf("df = %d, want %s", chi.DF, r["chisq3_df"])
			}
		})
	}
}

func TestRanksMatchR(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "segments_global_test.csv") {
		groups := segmentSet(t, r["set"], "DL")
		test := golden.Must(TestRanks(surveys.NPS, groups))
		golden.Near(t, r["set"]+" H", test.ChiSquare, r.Num(t, "kw"), 1e-9)
		golden.Near(t, r["set"]+" p", test.P, r.Num(t, "kw_p"), 1e-9)
		if k := int(r.Int(t, "k")); len(groups) != k || test.DF != k-1 {
			t.Errorf("%s: df = %d of %d groups, want %d", r["set"], test.DF, len(groups), k-1)
		}
	}
}

// TestHistogramsMirror: the tests see the same difference from both sides, none
// between a group and itself, and agree with the answers one by one.
func TestHistogramsMirror(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		a, b := drawCounts(t, m, 1), drawCounts(t, m, 1)
		there, back := golden.Must(MannWhitney(m, a, b)), golden.Must(MannWhitney(m, b, a))
		if math.Abs(there.Superiority+back.Superiority-1) > 1e-9 || math.Abs(there.Z+back.Z) > 1e-6 || there.P > 1 || !(there.P >= 0) {
			t.Fatalf("%+v is not the mirror of %+v", there, back)
		}
		shape, other := golden.Must(KolmogorovSmirnov(m, a, b)), golden.Must(KolmogorovSmirnov(m, b, a))
		if math.Abs(shape.P-other.P) > 1e-9 || shape.Gap < 0 || shape.Gap > 1 || !(shape.P >= 0) || shape.P > 1 {
			t.Fatalf("%+v is not the mirror of %+v", shape, other)
		}
		if same := golden.Must(KolmogorovSmirnov(m, a, a)); same.Gap != 0 || same.P != 1 {
			t.Fatalf("a shape differs from itself: %+v", same)
		}
		two := golden.Must(TestRanks(m, []surveys.Counts{a, b}))
		if !(two.P >= 0) || two.P > 1 || math.IsInf(two.ChiSquare, 0) {
			t.Fatalf("ranks: %+v", two)
		}
		if a.N() > 1 && b.N() > 1 {
			means, err := CompareMeans(m, a, b, 0.95)
			if err == nil && (!(means.P >= 0) || means.P > 1 || means.Low > means.Difference || means.High < means.Difference) {
				t.Fatalf("means: %+v", means)
			}
		}
	})
}

func TestKolmogorovsTable(t *testing.T) {
	t.Parallel()
	// Smirnov's (1948) critical values.
	for x, want := range map[float64]float64{0.8276: 0.5, 1.2238: 0.1, 1.3581: 0.05, 1.6276: 0.01, 1.9495: 0.001, 0: 1} {
		golden.Near(t, "P(K > "+strconv.FormatFloat(x, 'f', 4, 64)+")", kolmogorovTail(x), want, 1e-4)
	}
	golden.Near(t, "both series at 1", kolmogorovTail(1), kolmogorovTail(1-1e-12), 1e-10)
	test := golden.Must(KolmogorovSmirnov(surveys.CSAT, surveys.Counts{1: 50, 5: 50}, surveys.Counts{1: 20, 5: 80}))
	if math.Abs(test.Gap-0.3) > 1e-12 || test.At != 1 {
		t.Errorf("%+v", test)
	}
}

func TestHistogramsEdges(t *testing.T) {
	t.Parallel()
	tens, nines := surveys.Counts{10: 8}, surveys.Counts{9: 8}
	if same := golden.Must(CompareMeans(surveys.NPS, tens, tens, 0.95)); same.P != 1 || same.Low != 0 || same.High != 0 {
		t.Errorf("unanimous alike: %+v", same)
	}
	_, err := CompareMeans(surveys.NPS, tens, nines, 0.95)
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Reason != NoVariation {
		t.Errorf("unanimous, each in its way: %v", err)
	}
	if same := golden.Must(MannWhitney(surveys.NPS, tens, tens)); same.P != 1 || same.Superiority != 0.5 {
		t.Errorf("all ties: %+v", same)
	}
	for name, groups := range map[string][]surveys.Counts{
		"nothing": nil, "one": {tens}, "all ties": {tens, tens}, "one answer": {{3: 1}, {}}, "nobody": {{}, {}},
	} {
		if test := golden.Must(TestRanks(surveys.NPS, groups)); test.P != 1 {
			t.Errorf("%s: %+v", name, test)
		}
	}
	_, err = CompareMeans(surveys.NPS, tens, surveys.Counts{3: 1}, 0.95)
	refusedFor(t, err, "counts")
	_, err = CompareMeans(surveys.NPS, tens, tens, 95)
	refusedFor(t, err, "confidence")
	_, err = MannWhitney(surveys.NPS, surveys.Counts{}, tens)
	refusedFor(t, err, "counts")
	_, err = KolmogorovSmirnov("joy", tens, tens)
	refusedFor(t, err, "metric")
	_, err = TestRanks(surveys.CSAT, []surveys.Counts{tens})
	refusedFor(t, err, "counts")
}
