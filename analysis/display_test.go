package analysis

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestDisplay(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		metric    surveys.Metric
		score     float64
		low, high float64
		want      Figure
	}{
		{"the larger half is the margin", surveys.NPS, 38.4, 31.6, 44, Figure{Score: 38, Low: 32, High: 44, Margin: 6}},
		{"the ends round towards the score", surveys.NPS, 43.2, 41.6, 44.4, Figure{Score: 43, Low: 42, High: 44, Margin: 1}},
		{"everybody is happy", surveys.NPS, 100, 83.6, 104, Figure{Score: 100, Low: 84, High: 100, Margin: 16}},
		{"clipped above", surveys.NPS, 96, 88, 104, Figure{Score: 96, Low: 88, High: 100, Margin: 8}},
		{"clipped below", surveys.NPS, -97, -103, -80, Figure{Score: -97, Low: -100, High: -80, Margin: 17}},
		{"a share ends at zero", surveys.CSAT, 1, -4, 9, Figure{Score: 1, Low: 0, High: 9, Margin: 8}},
		{"a margin under one has a decimal", surveys.NPS, 12.34, 11.92, 12.71, Figure{Score: 12.3, Low: 11.9, High: 12.7, Margin: 0.4, Decimals: 1}},
		{"no minus zero", surveys.NPS, -0.2, -9, 9, Figure{Score: 0, Low: -9, High: 9, Margin: 9}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := Display(c.metric, c.score, Interval{Low: c.low, High: c.high})
			if got != c.want || math.Signbit(got.Score) != math.Signbit(c.want.Score) {
				t.Errorf("Display = %+v, want %+v", got, c.want)
			}
		})
	}
}

// TestDisplayAgreesWithItself: score ± margin reaches the farther end as it is
// shown, no farther, and lies within one step of the unrounded margin.
func TestDisplayAgreesWithItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		e := golden.Must(Score(m, drawCounts(t, m, 1), 0.95))
		f := Display(m, e.Score, e.Interval)
		low, high := math.Max(e.Interval.Low, -100), math.Min(e.Interval.High, 100)
		if !m.Scale().Net {
			low = math.Max(low, 0)
		}
		places := math.Pow10(f.Decimals)
		shown := func(x float64) int64 { return int64(math.Round(x * places)) }
		if farther := max(shown(f.Score)-shown(f.Low), shown(f.High)-shown(f.Score)); shown(f.Margin) != farther {
			t.Fatalf("%+v: the farther end is %d steps away", f, farther)
		}
		if exact := math.Max(e.Score-low, high-e.Score); math.Abs(f.Margin-exact)*places > 1+1e-6 {
			t.Fatalf("%+v is far from %+v around %v", f, e.Interval, e.Score)
		}
	})
}

func TestFigures(t *testing.T) {
	t.Parallel()
	in := split(surveys.Counts{}, map[string]surveys.Counts{"a": npsCounts(10, 20, 70), "b": npsCounts(1, 1, 1), "c": npsCounts(20, 30, 50)})
	r := golden.Must(Build(in))
	f, ok := r.Figure()
	if want := Display(surveys.NPS, *r.Score, *r.Interval); !ok || f != want {
		t.Errorf("headline %+v, %v; want %+v", f, ok, want)
	}
	for _, s := range r.Segments {
		f, ok := s.Figure(r.Metric)
		if ok == s.Hidden || (ok && f.Score != math.Round(*s.Score)) {
			t.Errorf("%s: %+v, %v", s.Value, f, ok)
		}
	}
	in.Days = nil
	in.Segments = nil
	if f, ok := golden.Must(Build(in)).Figure(); ok {
		t.Errorf("nobody's score is %+v", f)
	}
}
