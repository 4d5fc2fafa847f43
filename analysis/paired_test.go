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

// threeByThree spreads a table of bands over one score each.
func threeByThree(cells []int64) Transitions {
	var t Transitions
	scores := []int{3, 8, 10}
	for i, k := range cells {
		t[scores[i/3]][scores[i%3]] = k
	}
	return t
}

func TestPairedMatchesReference(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "nps_paired.csv") {
		t.Run(r["case"], func(t *testing.T) {
			t.Parallel()
			var cells []int64
			for _, field := range strings.Split(r["m"], ";") {
				cells = append(cells, golden.Must(strconv.ParseInt(field, 10, 64)))
			}
			table := threeByThree(cells)
			p, err := ComparePaired(Wald, surveys.NPS, table, 0.95)
			if err != nil {
				t.Fatal(err)
			}
			before, after := table.margins()
			golden.Near(t, "before", golden.Must(Score(surveys.NPS, before, 0.95)).Score, r.Num(t, "nps1"), 1e-9)
			golden.Near(t, "after", golden.Must(Score(surveys.NPS, after, 0.95)).Score, r.Num(t, "nps2"), 1e-9)
			golden.Near(t, "difference", p.Difference.Difference, r.Num(t, "diff"), 1e-9)
			golden.Near(t, "SE", p.Error, r.Num(t, "se"), 1e-9)
			golden.Near(t, "z", p.Z, r.Num(t, "z"), 1e-9)
			golden.Near(t, "p", p.P, r.Num(t, "p"), 1e-9)
			golden.Near(t, "SE of strangers", (p.Independent.High-p.Independent.Low)/2/1.959963984540054, r.Num(t, "se_if_treated_independent"), 1e-9)
			if p.N != r.Int(t, "n") {
				t.Errorf("n = %d, want %s", p.N, r["n"])
			}
		})
	}
}

// TestPairedMirrors: back again is minus there, the interval holds the difference,
// and a table without a tie between its waves gains nothing.
func TestPairedMirrors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		choices := m.Scale().Choices()
		var there, back Transitions
		for range rapid.IntRange(1, 12).Draw(t, "kinds") {
			i, j := rapid.SampledFrom(choices).Draw(t, "before"), rapid.SampledFrom(choices).Draw(t, "after")
			k := rapid.Int64Range(1, 50).Draw(t, "people")
			there[i][j] += k
			back[j][i] += k
		}
		a, b := golden.Must(ComparePaired(AdjustedWald, m, there, 0.9)), golden.Must(ComparePaired(AdjustedWald, m, back, 0.9))
		if math.Abs(a.Difference.Difference+b.Difference.Difference) > 1e-9 || math.Abs(a.Low+b.High) > 1e-9 || math.Abs(a.P-b.P) > 1e-9 ||
			a.Up != b.Down || a.N != b.N {
			t.Fatalf("%+v is not the mirror of %+v", a, b)
		}
		before, after := there.margins()
		want := bandsOf(m.Scale(), after).score() - bandsOf(m.Scale(), before).score()
		if math.Abs(a.Difference.Difference-want) > 1e-9 || !(a.Gain() > 0) || !(a.Error > 0) {
			t.Fatalf("%+v, want a difference of %v", a, want)
		}
	})
}

func TestPairedGains(t *testing.T) {
	t.Parallel()
	// Nearly everybody repeats themselves.
	loyal := golden.Must(ComparePaired(AdjustedWald, surveys.NPS, threeByThree([]int64{40, 2, 0, 1, 50, 8, 0, 2, 97}), 0.95))
	if loyal.Gain() > 0.6 || loyal.Up != 10 || loyal.Down != 3 || loyal.Independent.Method != AdjustedWald {
		t.Errorf("%+v gains %v", loyal, loyal.Gain())
	}
	// McNemar: 12 turned satisfied and 3 the other way.
	turned := Transitions{2: {2: 30, 5: 12}, 5: {2: 3, 5: 55}}
	share := golden.Must(ComparePaired(Wald, surveys.CSAT, turned, 0.95))
	golden.Near(t, "difference", share.Difference.Difference, 9, 1e-9)
	golden.Near(t, "SE", share.Error, 100*math.Sqrt((0.15-0.0081)/100), 1e-9)
	if adjusted := golden.Must(ComparePaired(AdjustedWald, surveys.CSAT, turned, 0.95)); adjusted.Independent.Method != Newcombe || !adjusted.Significant() {
		t.Errorf("%+v", adjusted)
	}
}

func TestPairedRefuses(t *testing.T) {
	t.Parallel()
	still := threeByThree([]int64{5, 0, 0, 0, 5, 0, 0, 0, 5})
	_, err := ComparePaired(Wald, surveys.NPS, still, 0.95)
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Reason != NoVariation {
		t.Errorf("nobody moved: %v", err)
	}
	if p := golden.Must(ComparePaired(AdjustedWald, surveys.NPS, still, 0.95)); p.P != 1 || p.Significant() {
		t.Errorf("nobody moved: %+v", p)
	}
	for _, c := range []struct {
		name, field string
		method      Method
		m           surveys.Metric
		table       Transitions
		confidence  float64
	}{
		{"nobody", "counts", AdjustedWald, surveys.NPS, Transitions{}, 0.95},
		{"a negative count", "counts", AdjustedWald, surveys.NPS, Transitions{3: {3: -1, 4: 2}}, 0.95},
		{"off the scale", "counts", AdjustedWald, surveys.CSAT, Transitions{5: {9: 2}}, 0.95},
		{"an unknown method", "method", Newcombe, surveys.NPS, still, 0.95},
		{"an unknown metric", "metric", Wald, "joy", still, 0.95},
		{"a confidence of 95", "confidence", Wald, surveys.NPS, still, 95},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := ComparePaired(c.method, c.m, c.table, c.confidence)
			refusedFor(t, err, c.field)
		})
	}
}
