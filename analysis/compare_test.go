package analysis

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/surveys"
)

func TestCompareNPSMatchesReference(t *testing.T) {
	t.Parallel()
	for _, r := range reference(t, "nps_diff.csv") {
		t.Run(r["case"], func(t *testing.T) {
			t.Parallel()
			d, err := Compare(surveys.NPS, npsRow(t, r, "1"), npsRow(t, r, "2"), r.num(t, "conf"))
			if err != nil {
				t.Fatal(err)
			}
			near(t, "difference", d.Difference, r.num(t, "diff"), 1e-9)
			near(t, "z", d.Z, r.num(t, "aw_z"), 1e-9)
			near(t, "low", d.Low, r.num(t, "aw_lo"), 1e-9)
			near(t, "high", d.High, r.num(t, "aw_hi"), 1e-9)
			want := r.num(t, "aw_p")
			if math.Abs(d.P-want) > 1e-9*want {
				t.Errorf("p = %g, want %g", d.P, want)
			}
		})
	}
}

func TestCompareSharesMatchesReference(t *testing.T) {
	t.Parallel()
	for _, r := range reference(t, "prop_diff.csv") {
		t.Run(r["case"], func(t *testing.T) {
			t.Parallel()
			// The file has p1 − p2; Compare is b − a.
			first := surveys.Counts{5: r.int(t, "x1"), 1: r.int(t, "n1") - r.int(t, "x1")}
			second := surveys.Counts{5: r.int(t, "x2"), 1: r.int(t, "n2") - r.int(t, "x2")}
			d, err := Compare(surveys.CSAT, second, first, r.num(t, "conf"))
			if err != nil {
				t.Fatal(err)
			}
			near(t, "difference", d.Difference, 100*r.num(t, "diff"), 1e-9)
			near(t, "low", d.Low, 100*r.num(t, "newcombe_lo"), 1e-9)
			near(t, "high", d.High, 100*r.num(t, "newcombe_hi"), 1e-9)
			if z := r.num(t, "z_pooled"); math.IsNaN(z) {
				if d.P != 1 || d.Z != 0 {
					t.Errorf("no variance at all, but z = %v, p = %v", d.Z, d.P)
				}
			} else {
				near(t, "z", d.Z, z, 1e-9)
				near(t, "p", d.P, r.num(t, "p_pooled"), 1e-9)
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
		there, back := must(Compare(m, a, b, 0.95)), must(Compare(m, b, a, 0.95))
		if math.Abs(there.Difference+back.Difference) > 1e-9 || math.Abs(there.Low+back.High) > 1e-9 || math.Abs(there.P-back.P) > 1e-12 {
			t.Fatalf("%+v is not the mirror of %+v", there, back)
		}
		if same := must(Compare(m, a, a, 0.95)); same.P < 1-1e-12 || same.Significant() {
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

func TestGlobalTestMatchesReference(t *testing.T) {
	t.Parallel()
	for _, r := range reference(t, "segments_global_test.csv") {
		t.Run(r["set"], func(t *testing.T) {
			t.Parallel()
			test, err := TestGroups(surveys.NPS, segmentSet(t, r["set"], "DL"))
			if err != nil {
				t.Fatal(err)
			}
			near(t, "χ²", test.ChiSquare, r.num(t, "chisq"), 1e-9)
			near(t, "p", test.P, r.num(t, "p"), 1e-9)
			if test.DF != int(r.int(t, "df")) {
				t.Errorf("df = %d, want %s", test.DF, r["df"])
			}
		})
	}
}

// segmentSet returns the groups of a set in segments_eb.csv.
func segmentSet(t *testing.T, set, method string) []surveys.Counts {
	t.Helper()
	var groups []surveys.Counts
	for _, r := range reference(t, "segments_eb.csv") {
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
		if test := must(TestGroups(surveys.NPS, groups)); test.P != 1 || test.ChiSquare != 0 {
			t.Errorf("%s: %+v", name, test)
		}
	}
}
