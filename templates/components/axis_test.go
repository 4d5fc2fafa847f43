package components

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/surveys"
)

func TestNiceStep(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ wanted, step float64 }{
		{0.2, 1}, {1, 1}, {1.1, 2}, {2.5, 5}, {5.1, 10}, {12, 20}, {20.1, 25}, {26, 50}, {400, 50},
	} {
		if got := niceStep(c.wanted); got != c.step {
			t.Errorf("niceStep(%v) = %v, want %v", c.wanted, got, c.step)
		}
	}
}

func TestAxisPlacesValues(t *testing.T) {
	t.Parallel()
	a := axis{low: -20, high: 60}
	cases := []struct {
		name         string
		value, share float64
		beyond       bool
	}{
		{"the low end", -20, 0, false},
		{"the middle", 20, 0.5, false},
		{"the high end", 60, 1, false},
		{"below", -21, 0, true},
		{"above", 100, 1, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if share, beyond := a.share(c.value), a.beyond(c.value); share != c.share || beyond != c.beyond {
				t.Errorf("%v lies at %v, beyond %v; want %v, %v", c.value, share, beyond, c.share, c.beyond)
			}
		})
	}
}

func TestLimitsOfMetrics(t *testing.T) {
	t.Parallel()
	for _, metric := range surveys.Metrics() {
		want := 0.0
		if metric == surveys.NPS {
			want = -100
		}
		if low, high := limits(metric); low != want || high != 100 {
			t.Errorf("%s goes from %v to %v", metric, low, high)
		}
	}
}

func TestCoordinatesAreShort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value     float64
		as, share string
	}{
		{0, "0", "0%"}, {-0.0001, "0", "-0.01%"}, {1.0 / 3, "0.33", "33.33%"}, {0.5, "0.5", "50%"}, {1, "1", "100%"}, {214, "214", "21400%"},
	} {
		expect(t, "number", number(c.value), c.as)
		expect(t, "percent", percent(c.value), c.share)
	}
}

// TestEveryDotIsInThePicture: whatever is answered, nothing is drawn beside it.
func TestEveryDotIsInThePicture(t *testing.T) {
	t.Parallel()
	base := weeks(t, 30)
	rapid.Check(t, func(t *rapid.T) {
		trend := base
		trend.Points = append([]TrendPoint(nil), base.Points...)
		for i := range trend.Points {
			score := rapid.Float64Range(-100, 100).Draw(t, "score")
			trend.Points[i].Score = &score
			trend.Points[i].N = rapid.Int64Range(0, 500).Draw(t, "n")
		}
		p := trend.plot()
		for i, d := range p.Dots {
			if len(d.X) < 2 || d.X[0] == '-' || d.Y[0] == '-' || d.R[0] == '-' {
				t.Fatalf("dot %d is drawn at %+v", i, d)
			}
		}
		for _, point := range trend.Points {
			if y := p.y(*point.Score); y < p.drop+trendTop-0.01 || y > p.foot()+0.01 {
				t.Fatalf("%v lies at %v px", *point.Score, y)
			}
		}
	})
}

func TestDatesHaveTheirPlaceAmongTheSteps(t *testing.T) {
	t.Parallel()
	trend := weeks(t, 4)
	first := trend.Points[0].Start
	cases := []struct {
		name  string
		days  int
		place float64
		ok    bool
	}{
		{"before", -1, 0, false},
		{"the first day", 0, 0, true},
		{"within a week", 7 + 3, 1 + 3.0/7, true},
		{"the last week", 21, 3, true},
		{"soon after", 40, 3, true},
		{"long after", 200, 0, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			place, ok := trend.place(first.AddDate(0, 0, c.days))
			if ok != c.ok || ok && (place-c.place > 1e-9 || c.place-place > 1e-9) {
				t.Errorf("%v, %v; want %v, %v", place, ok, c.place, c.ok)
			}
		})
	}
}

func TestStepsAreNamedByTheirLength(t *testing.T) {
	t.Parallel()
	names := map[Period][2]string{
		Day: {"1 December 2025", "2025年12月1日"}, Week: {"Week of 1 December 2025", "2025年12月1日当周"},
		Month: {"December 2025", "2025年12月"}, Quarter: {"Q4 2025", "2025年第4季度"},
	}
	for i, l := range localizers(t) {
		for period, want := range names {
			trend := weeks(t, 1)
			trend.L, trend.Period = l, period
			expect(t, string(period), trend.label(trend.Points[0]), want[i])
		}
	}
}
