package analysis

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestCompareNPSMatchesReference(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "nps_diff.csv") {
		t.Run(r["case"], func(t *testing.T) {
			t.Parallel()
			d, err := Compare(surveys.NPS, npsRow(t, r, "1"), npsRow(t, r, "2"), r.Num(t, "conf"))
			if err != nil {
				t.Fatal(err)
			}
			golden.Near(t, "difference", d.Difference, r.Num(t, "diff"), 1e-9)
			golden.Near(t, "z", d.Z, r.Num(t, "aw_z"), 1e-9)
			golden.Near(t, "low", d.Low, r.Num(t, "aw_lo"), 1e-9)
			golden.Near(t, "high", d.High, r.Num(t, "aw_hi"), 1e-9)
			golden.Near(t, "middle", (d.Low+d.High)/2, r.Num(t, "aw_diff"), 1e-9)
			z := dist.Z(r.Num(t, "conf"))
			golden.Near(t, "error", (d.High-d.Low)/2/z, r.Num(t, "aw_se"), 1e-9)
			for side, column := range map[string]string{"1": "nps1", "2": "nps2"} {
				golden.Near(t, column, golden.Must(Score(surveys.NPS, npsRow(t, r, side), 0.95)).Score, r.Num(t, column), 1e-9)
			}
			want := r.Num(t, "aw_p")
			if math.Abs(d.P-want) > 1e-9*want {
				t.Errorf("p = %g, want %g", d.P, want)
			}
			mover := golden.Must(CompareBy(Mover, surveys.NPS, npsRow(t, r, "1"), npsRow(t, r, "2"), r.Num(t, "conf")))
			golden.Near(t, "mover low", mover.Low, r.Num(t, "mover_lo"), 1e-5)
			golden.Near(t, "mover high", mover.High, r.Num(t, "mover_hi"), 1e-5)
			plain, err := CompareBy(Wald, surveys.NPS, npsRow(t, r, "1"), npsRow(t, r, "2"), r.Num(t, "conf"))
			if math.IsNaN(r.Num(t, "z")) {
				if err == nil && plain.P != 1 {
					t.Errorf("no variance at all, but %+v", plain)
				}
				return
			}
			golden.Near(t, "plain z", plain.Z, r.Num(t, "z"), 1e-9)
			golden.Near(t, "plain p", plain.P, r.Num(t, "p"), 1e-9)
			golden.Near(t, "plain low", plain.Low, r.Num(t, "lo"), 1e-9)
			golden.Near(t, "plain high", plain.High, r.Num(t, "hi"), 1e-9)
			golden.Near(t, "plain error", (plain.High-plain.Low)/2/z, r.Num(t, "se"), 1e-9)
		})
	}
}

func TestCompareSharesMatchesReference(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "prop_diff.csv") {
		t.Run(r["case"], func(t *testing.T) {
			t.Parallel()
			// The file has p1 − p2; Compare is b − a.
			first := surveys.Counts{5: r.Int(t, "x1"), 1: r.Int(t, "n1") - r.Int(t, "x1")}
			second := surveys.Counts{5: r.Int(t, "x2"), 1: r.Int(t, "n2") - r.Int(t, "x2")}
			d, err := Compare(surveys.CSAT, second, first, r.Num(t, "conf"))
			if err != nil {
				t.Fatal(err)
			}
			golden.Near(t, "difference", d.Difference, 100*r.Num(t, "diff"), 1e-9)
			golden.Near(t, "low", d.Low, 100*r.Num(t, "newcombe_lo"), 1e-9)
			golden.Near(t, "high", d.High, 100*r.Num(t, "newcombe_hi"), 1e-9)
			if z := r.Num(t, "z_pooled"); math.IsNaN(z) {
				if d.P != 1 || d.Z != 0 {
					t.Errorf("no variance at all, but z = %v, p = %v", d.Z, d.P)
				}
			} else {
				golden.Near(t, "z", d.Z, z, 1e-9)
				want := r.Num(t, "p_pooled")
				golden.Near(t, "pooled p", dist.TwoSided(d.Z), want, 1e-9)
				if small(bandsOf(surveys.CSAT.Scale(), first), bandsOf(surveys.CSAT.Scale(), second)) {
					want = r.Num(t, "p_fisher")
				}
				golden.Near(t, "p", d.P, want, 1e-9)
			}
			golden.Near(t, "exact p", golden.Must(FisherExact(surveys.CSAT, second, first)), r.Num(t, "p_fisher"), 1e-9)
			for method, column := range map[Method]string{Wald: "wald", Newcombe: "newcombe", AgrestiCaffo: "agresti_caffo"} {
				by := golden.Must(CompareBy(method, surveys.CSAT, second, first, r.Num(t, "conf")))
				golden.Near(t, column+" low", by.Low, 100*r.Num(t, column+"_lo"), 1e-9)
				golden.Near(t, column+" high", by.High, 100*r.Num(t, column+"_hi"), 1e-9)
				if by.Method != method || by.Difference != d.Difference {
					t.Errorf("%+v", by)
				}
			}
		})
	}
}

// TestCompareKeepsTheSign: one published package returns |d|.
func TestCompareKeepsTheSign(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		a, b := drawCounts(t, m, 1), drawCounts(t, m, 1)
		there, back := golden.Must(Compare(m, a, b, 0.95)), golden.Must(Compare(m, b, a, 0.95))
		if math.Abs(there.Difference+back.Difference) > 1e-9 || math.Abs(there.Low+back.High) > 1e-9 || math.Abs(there.P-back.P) > 1e-12 {
			t.Fatalf("%+v is not the mirror of %+v", there, back)
		}
		if same := golden.Must(Compare(m, a, a, 0.95)); same.P < 1-1e-12 || same.Significant() {
			t.Fatalf("a group differs from itself: %+v", same)
		}
	})
}

func TestCompareRefuses(t *testing.T) {
	t.Parallel()
	_, err := Compare(surveys.NPS, surveys.Counts{}, npsCounts(1, 1, 1), 0.95)
	refusedFor(t, err, "counts")
	_, err = Compare(surveys.NPS, npsCounts(1, 1, 1), npsCounts(1, 1, -1), 0.95)
	refusedFor(t, err, "counts")
	_, err = Compare(surveys.NPS, npsCounts(1, 1, 1), npsCounts(1, 1, 1), 0)
	refusedFor(t, err, "confidence")
}

func TestCompareByRefuses(t *testing.T) {
	t.Parallel()
	_, err := CompareBy(Newcombe, surveys.NPS, npsCounts(1, 1, 1), npsCounts(1, 1, 1), 0.95)
	refusedFor(t, err, "method")
	_, err = CompareBy(Mover, surveys.CSAT, surveys.Counts{5: 1}, surveys.Counts{5: 1}, 0.95)
	refusedFor(t, err, "method")
	_, err = CompareBy(Wald, surveys.NPS, surveys.Counts{}, npsCounts(1, 1, 1), 0.95)
	refusedFor(t, err, "counts")
	_, err = CompareBy(Wald, surveys.NPS, npsCounts(0, 0, 9), npsCounts(9, 0, 0), 0.95)
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Reason != NoVariation {
		t.Errorf("two unanimous groups: %v", err)
	}
	if same := golden.Must(CompareBy(Wald, surveys.NPS, npsCounts(0, 0, 9), npsCounts(0, 0, 5), 0.95)); same.P != 1 || same.Z != 0 {
		t.Errorf("unanimous alike: %+v", same)
	}
	if got := CompareMethods("joy"); got != nil {
		t.Errorf("methods of joy: %v", got)
	}
}

func TestFisherExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		a, b := drawCounts(t, m, 1), drawCounts(t, m, 1)
		there, back := golden.Must(FisherExact(m, a, b)), golden.Must(FisherExact(m, b, a))
		if math.Abs(there-back) > 1e-9 || !(there >= 0) || there > 1 {
			t.Fatalf("p = %v, and %v the other way round", there, back)
		}
	})
	// A tea taster who knows three of four cups: 34/70.
	golden.Near(t, "tea", golden.Must(FisherExact(surveys.CSAT, surveys.Counts{5: 3, 1: 1}, surveys.Counts{5: 1, 1: 3})), 34.0/70, 1e-12)
	for name, counts := range map[string]surveys.Counts{"nobody": {}, "ten million": {5: maxExact}} {
		_, err := FisherExact(surveys.CSAT, counts, surveys.Counts{5: 1})
		t.Log(name)
		refusedFor(t, err, "counts")
	}
}

func TestGlobalTestMatchesReference(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "segments_global_test.csv") {
		t.Run(r["set"], func(t *testing.T) {
			t.Parallel()
			test, err := TestGroups(surveys.NPS, segmentSet(t, r["set"], "DL"))
			if err != nil {
				t.Fatal(err)
			}
			golden.Near(t, "χ²", test.ChiSquare, r.Num(t, "chisq"), 1e-9)
			golden.Near(t, "p", test.P, r.Num(t, "p"), 1e-9)
			if test.DF != int(r.Int(t, "df")) {
				t.Errorf("df = %d, want %s", test.DF, r["df"])
			}
		})
	}
}

// segmentSet returns the groups of a set in segments_eb.csv.
func segmentSet(t *testing.T, set, method string) []surveys.Counts {
	t.Helper()
	var groups []surveys.Counts
	for _, r := range golden.Read(t, "segments_eb.csv") {
		if r["set"] == set && r["method"] == method {
			groups = append(groups, npsRow(t, r, ""))
		}
	}
	return groups
}

func TestGlobalTestOfNothing(t *testing.T) {
	t.Parallel()
	cases := map[string][]surveys.Counts{
		"no group":         nil,
		"one group":        {npsCounts(1, 2, 3)},
		"one with answers": {npsCounts(1, 2, 3), {}},
		"one band only":    {npsCounts(0, 0, 3), npsCounts(0, 0, 9)},
	}
	for name, groups := range cases {
		if test := golden.Must(TestGroups(surveys.NPS, groups)); test.P != 1 || test.ChiSquare != 0 {
			t.Errorf("%s: %+v", name, test)
		}
	}
}
