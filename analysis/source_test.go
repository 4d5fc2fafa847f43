package analysis

import (
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// TestSourceIsNoneThatIsHidden: a change is not said to come from a segment that a
// split would hide, be it small, to protect a small one, or told by nobody.
func TestSourceIsNoneThatIsHidden(t *testing.T) {
	t.Parallel()
	year := func(others, few int) Input {
		in := Input{Metric: surveys.NPS, From: today - 90, To: today, TrendFrom: today - 180, By: "plan", Segments: map[string][]DayCounts{}}
		for _, day := range []Day{today - 100, today - 50} {
			turned := surveys.Counts{10: 60}
			if day > today-90 {
				turned = surveys.Counts{0: 60}
			}
			for plan, counts := range map[string]surveys.Counts{"turned": turned, "others": npsCounts(int64(others/2), 0, int64(others/2)), "few": npsCounts(0, 0, int64(few))} {
				in.Segments[plan] = append(in.Segments[plan], DayCounts{day, counts})
				in.Days = append(in.Days, DayCounts{day, counts})
			}
		}
		return in
	}
	untold := year(100, 20)
	untold.Untold = func(key, value string, days Span) bool { return key == "plan" && value == "turned" && days.To == today }
	for name, c := range map[string]struct {
		in    Input
		named bool
	}{
		"shown":             {year(100, 20), true},
		"protects the few":  {year(100, 3), false},
		"others protect":    {year(20, 3), true},
		"must not be told":  {untold, false},
		"nobody to protect": {year(100, 0), true},
	} {
		v := golden.Must(Build(c.in)).Verdict
		if v.Difference == nil || v.Difference.Difference > -20 || (v.Where != nil) != c.named {
			t.Errorf("%s: %s: comes from %+v", name, v.Kind, v.Where)
		}
	}
}
