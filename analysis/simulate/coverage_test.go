package simulate

import (
	"math"
	"testing"

	"github.com/harkhq/hark/analysis"
)

func TestChancesAddUpToOne(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 10, 50} {
		list := outcomes(n)
		if len(list) != (n+1)*(n+2)/2 {
			t.Fatalf("%d outcomes of %d answers", len(list), n)
		}
		for _, p := range append(typical(), extreme()...) {
			var sum, score float64
			for i, chance := range p.chances(list, n) {
				sum += chance
				score += chance * 100 * float64(list[i].promoters-list[i].detractors) / float64(n)
			}
			if math.Abs(sum-1) > 1e-12 || math.Abs(score-p.nps()) > 1e-9 {
				t.Errorf("n = %d, %+v: chances add up to %v, the expected score is %v", n, p, sum, score)
			}
		}
	}
}

func TestChancesKnowNobody(t *testing.T) {
	t.Parallel()
	list := outcomes(3)
	for i, chance := range (population{promoters: 1}).chances(list, 3) {
		if want := map[bool]float64{true: 1}[list[i].promoters == 3]; chance != want {
			t.Errorf("%+v has the chance %v, want %v", list[i], chance, want)
		}
	}
}

// TestIntervalsHoldTheTruth keeps what docs/methods.md says of the methods. These
// numbers are exact: no chance is in them.
func TestIntervalsHoldTheTruth(t *testing.T) {
	t.Parallel()
	cases := []struct {
		method analysis.Method
		n      int
		truths []population
		mean   [2]float64 // where the mean must lie
		least  [2]float64 // where the worst population must lie
	}{
		{analysis.AdjustedWald, 10, typical(), [2]float64{0.945, 0.955}, [2]float64{0.92, 0.94}},
		{analysis.AdjustedWald, 20, typical(), [2]float64{0.945, 0.955}, [2]float64{0.935, 0.945}},
		{analysis.AdjustedWald, 50, typical(), [2]float64{0.945, 0.955}, [2]float64{0.94, 0.95}},
		{analysis.AdjustedWald, 20, extreme(), [2]float64{0.94, 0.98}, [2]float64{0.94, 0.97}},
		{analysis.ScoreMethod, 10, typical(), [2]float64{0.955, 0.965}, [2]float64{0.93, 0.95}},
		{analysis.ScoreMethod, 50, typical(), [2]float64{0.945, 0.955}, [2]float64{0.94, 0.95}},
		{analysis.Wald, 10, typical(), [2]float64{0.85, 0.90}, [2]float64{0.6, 0.85}},
		{analysis.Wald, 20, extreme(), [2]float64{0.7, 0.9}, [2]float64{0.5, 0.8}},
		{students, 20, typical(), [2]float64{0.93, 0.95}, [2]float64{0.88, 0.93}},
		{analysis.Goodman, 50, typical(), [2]float64{0.97, 0.99}, [2]float64{0.96, 0.98}},
		{analysis.Bayes, 20, typical(), [2]float64{0.94, 0.955}, [2]float64{0.93, 0.95}},
	}
	for _, c := range cases {
		t.Run(string(c.method), func(t *testing.T) {
			t.Parallel()
			got, err := covered(c.method, c.n, c.truths)
			if err != nil {
				t.Fatal(err)
			}
			if got.mean < c.mean[0] || got.mean > c.mean[1] || got.least < c.least[0] || got.least > c.least[1] {
				t.Errorf("%d answers: held %.4f on average, %.4f at worst; want %v and %v", c.n, got.mean, got.least, c.mean, c.least)
			}
		})
	}
}

func TestFalseDifferences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		test        test
		a, b        int
		least, most float64 // of the mean over typical populations
		worst       float64 // of any population
	}{
		{"plain, few", plain, 10, 10, 0.07, 0.09, 0.10},
		{"adjusted, few", adjusted, 10, 10, 0.025, 0.04, 0.055},
		{"plain, few against many", plain, 10, 60, 0.07, 0.12, 0.60},
		{"adjusted, few against many", adjusted, 10, 60, 0.04, 0.055, 0.075},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			found, err := falselyDifferent(c.test, c.a, c.b, typical(), extreme())
			if err != nil {
				t.Fatal(err)
			}
			if found[0].mean < c.least || found[0].mean > c.most || max(found[0].most, found[1].most) > c.worst {
				t.Errorf("%+v, want a mean of %v to %v and at most %v", found, c.least, c.most, c.worst)
			}
		})
	}
}

func TestPlainIsTheTextbooks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a, b outcome
		want bool
	}{
		"the same":             {outcome{2, 3, 5}, outcome{2, 3, 5}, false},
		"opposite":             {outcome{10, 0, 0}, outcome{0, 0, 10}, true},
		"unanimous and alike":  {outcome{0, 0, 10}, outcome{0, 0, 10}, false},
		"z of 1.90":            {outcome{20, 30, 50}, outcome{31, 30, 39}, false}, // 22/√(61+69.36)·√100/10
		"z of 2.08":            {outcome{20, 30, 50}, outcome{32, 30, 38}, true},
		"few against the same": {outcome{1, 0, 0}, outcome{0, 1, 0}, true},
	} {
		if got, err := plain(c.a, c.b); err != nil || got != c.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
