package simulate

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// chance is a generator with a fixed seed of its own.
func chance(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 20261116)) }

func TestMovedPopulations(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from   population
		points float64
		nps    float64
	}{
		{usual(), 0, 30}, {usual(), -10, 20}, {usual(), 25, 55}, {usual(), 100, 70}, {usual(), -500, -70},
		{population{promoters: 0.95, detractors: 0.02}, 20, 97}, {population{}, -10, -0},
	} {
		p := c.from.moved(c.points)
		if math.Abs(p.nps()-c.nps) > 1e-9 || p.promoters < 0 || p.detractors < 0 || p.promoters+p.detractors > 1+1e-12 {
			t.Errorf("%+v by %v: %+v with %v points, want %v", c.from, c.points, p, p.nps(), c.nps)
		}
	}
}

func TestPopulationsAreWhatTheySay(t *testing.T) {
	t.Parallel()
	if n := len(typical()); n < 80 {
		t.Errorf("%d typical populations", n)
	}
	for _, p := range typical() {
		if p.promoters < 0.2 || p.promoters > 0.7 || p.detractors < 0.05 || p.detractors > 0.45 || p.promoters+p.detractors > 0.9+1e-9 {
			t.Errorf("%+v is not typical", p)
		}
	}
	for _, p := range extreme() {
		if p.promoters < 0.8 || p.promoters+p.detractors > 1 {
			t.Errorf("%+v is not extreme", p)
		}
	}
}

// TestWorldsHaveTheirTruth: the drawn answers have the score, the drop and the
// unrest that were asked for, and days are the weeks they make up.
func TestWorldsHaveTheirTruth(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]world{
		"quiet": {weekly: 400}, "dropped": {weekly: 400, drop: -20}, "restless": {weekly: 400, unrest: 8}, "longer": {weekly: 400, history: 52},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := w.weeks(chance(1))
			if len(list) != w.before()+yearWeeks {
				t.Fatalf("%d weeks", len(list))
			}
			then, now := net(pooled(list[:w.before()])), net(pooled(list[w.before():]))
			if math.Abs(then-30) > 4 || math.Abs(now-30-w.drop) > 4 {
				t.Errorf("%.1f points before and %.1f after", then, now)
			}
			var squares float64
			for _, week := range list[:w.before()] {
				squares += (net(week) - then) * (net(week) - then) / float64(w.before()-1)
			}
			if want := math.Sqrt(6100.0/400 + w.unrest*w.unrest); math.Sqrt(squares) < 0.65*want || math.Sqrt(squares) > 1.4*want {
				t.Errorf("weeks vary by %.1f points, want %.1f", math.Sqrt(squares), want)
			}
			days := w.days(chance(1))
			var week int64
			for _, d := range days[:7] {
				week += d.Counts.N()
			}
			if len(days) != 7*len(list) || week != 400 || days[1].Day != firstDay+1 {
				t.Errorf("%d days, %d answers in the first week", len(days), week)
			}
		})
	}
}

// net is the score of counts in points.
func net(c surveys.Counts) float64 { return 100 * float64(c[9]-c[3]) / float64(c.N()) }
