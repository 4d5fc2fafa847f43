package surveys_test

import (
	"math"
	"slices"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// TestBandsOfEveryScore writes the meaning of every score of every metric
// down: G good, M middle, B bad.
func TestBandsOfEveryScore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		metric         surveys.Metric
		low            int
		bands          string
		good, mid, bad surveys.Band
		net            bool
	}{
		{surveys.NPS, 0, "BBBBBBBMMGG", surveys.Promoter, surveys.Passive, surveys.Detractor, true},
		{surveys.CES, 1, "BBBMGGG", surveys.Easy, surveys.Neutral, surveys.Hard, false},
		{surveys.CES5, 1, "GGMBB", surveys.Easy, surveys.Neutral, surveys.Hard, false},
		{surveys.CSAT, 1, "BBMGG", surveys.Satisfied, surveys.Neutral, surveys.Dissatisfied, false},
	} {
		t.Run(string(c.metric), func(t *testing.T) {
			t.Parallel()
			scale := c.metric.Scale()
			var choices []int
			for i, letter := range c.bands {
				score := c.low + i
				choices = append(choices, score)
				want := map[rune]surveys.Band{'G': c.good, 'M': c.mid, 'B': c.bad}[letter]
				if got := scale.Band(score); got != want {
					t.Errorf("%d is %s, want %s", score, got, want)
				}
				if wrong := c.metric.CheckScore(score); len(wrong) > 0 {
					t.Errorf("%d is refused: %v", score, wrong)
				}
			}
			if !slices.Equal(scale.Choices(), choices) {
				t.Errorf("the choices are %v, want %v", scale.Choices(), choices)
			}
			for _, score := range []int{c.low - 1, c.low + len(c.bands), math.MinInt, math.MaxInt} {
				wrong := c.metric.CheckScore(score)
				if len(wrong) != 1 || wrong[0].Path != "score" || wrong[0].Args["min"] != c.low || wrong[0].Args["max"] != c.low+len(c.bands)-1 {
					t.Errorf("%d: %v, want the limits", score, wrong)
				}
			}
			if !slices.Equal(scale.Bands(), []surveys.Band{c.good, c.mid, c.bad}) || scale.Net != c.net || !c.metric.Valid() {
				t.Errorf("the scale is %+v", scale)
			}
		})
	}
}

func TestMetricsAreTheFour(t *testing.T) {
	t.Parallel()
	if got := surveys.Metrics(); !slices.Equal(got, []surveys.Metric{"nps", "ces", "ces5", "csat"}) {
		t.Errorf("the metrics are %v", got)
	}
	for _, m := range []surveys.Metric{"", "NPS", "ces7"} {
		if m.Valid() {
			t.Errorf("%q is valid", m)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown metric has a scale")
		}
	}()
	surveys.Metric("mood").Scale()
}

func TestCountsAdd(t *testing.T) {
	t.Parallel()
	c := surveys.Counts{1: 2, 10: 1}
	c.Add(surveys.Counts{0: 4, 1: 1})
	if want := (surveys.Counts{0: 4, 1: 3, 10: 1}); c != want || c.N() != 8 {
		t.Errorf("%v with %d answers, want %v with 8", c, c.N(), want)
	}
}
