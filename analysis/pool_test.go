package analysis

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestPoolAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		a, b := Answers{m, drawCounts(t, m, 0)}, Answers{m, drawCounts(t, m, 0)}
		ab, ba := golden.Must(Pool(a, b)), golden.Must(Pool(b, a))
		want := a.Counts
		want.Add(b.Counts)
		if ab != ba || ab.Counts != want || ab.Metric != m {
			t.Fatalf("%+v, %+v; want %v", ab, ba, want)
		}
	})
}

func TestPoolNeverMixes(t *testing.T) {
	t.Parallel()
	easy := surveys.Counts{1: 5, 2: 5} // easy on the classic scale, hard on the other
	cases := []struct {
		name  string
		all   []Answers
		field string
	}{
		{"classic effort into effort", []Answers{{surveys.CES, easy}, {surveys.CES5, easy}}, "metric"},
		{"effort into classic effort", []Answers{{surveys.CES5, easy}, {surveys.CES, easy}}, "metric"},
		{"satisfaction into effort", []Answers{{surveys.CES5, easy}, {surveys.CSAT, easy}}, "metric"},
		{"even without an answer", []Answers{{surveys.CES, easy}, {surveys.CES5, surveys.Counts{}}}, "metric"},
		{"nothing", nil, "counts"},
		{"no metric", []Answers{{"", easy}}, "metric"},
		{"a score off the scale", []Answers{{surveys.CES5, surveys.Counts{7: 1}}}, "counts"},
		{"more than can be counted", []Answers{{surveys.NPS, npsCounts(1<<52, 0, 0)}, {surveys.NPS, npsCounts(1<<52, 0, 2)}}, "counts"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Pool(c.all...)
			refusedFor(t, err, c.field)
		})
	}
}

// TestEffortsPointApart: the same numbers mean the opposite.
func TestEffortsPointApart(t *testing.T) {
	t.Parallel()
	c := surveys.Counts{1: 30, 2: 20, 3: 10, 4: 5, 5: 15}
	classic, agreement := golden.Must(Score(surveys.CES5, c, 0.95)), golden.Must(Score(surveys.CES, c, 0.95))
	golden.Near(t, "classic", classic.Score, 62.5, 1e-12)
	golden.Near(t, "agreement", agreement.Score, 18.75, 1e-12)
	if math.Abs(classic.Mean-agreement.Mean) > 1e-12 {
		t.Error("the means of the same choices differ")
	}
}
