package simulate

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// TestYoungSurveysAreQuiet: who reads a survey from its first Monday on, be it the
// verdict or the last real change, is told of one in at most one of ten in which
// nothing happens. A rule without a floor to its penalty tells of one in three.
func TestYoungSurveysAreQuiet(t *testing.T) {
	t.Parallel()
	toldOf, read := 0.0, 0.0
	for i, y := range []young{
		{metric: surveys.NPS, truth: usual(), weekly: 7}, {metric: surveys.NPS, truth: usual(), weekly: 200},
		{metric: surveys.NPS, truth: usual(), weekly: 20, unrest: 4}, {metric: surveys.CSAT, truth: content(), weekly: 20},
	} {
		list, err := y.firsts(chance(uint64(i)), compared()[i%2], 25)
		if err != nil {
			t.Fatal(err)
		}
		toldOf += by(list, yearWeeks, func(t told) int { return t.either }) * float64(len(list))
		read += float64(len(list))
	}
	if t.Logf("told of a change in %v of %v", toldOf, read); toldOf > 0.12*read {
		t.Errorf("told of a change in %v of %v quiet young surveys", toldOf, read)
	}
}

// TestYoungFallsAreTold: the price of quiet must not be that nothing is seen.
func TestYoungFallsAreTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		y      young
		within int
		share  float64
	}{
		{young{metric: surveys.NPS, truth: usual(), fall: -20, after: 8, weekly: 200}, 4, 0.7},
		{young{metric: surveys.NPS, truth: usual(), fall: -20, after: 26, weekly: 50}, 13, 0.8},
	} {
		list, err := c.y.firsts(chance(2), 90, 20)
		if err != nil {
			t.Fatal(err)
		}
		if got := by(list, c.within, func(t told) int { return t.either }); got < c.share {
			t.Errorf("%+v: told within %d weeks in %.2f, want %.2f", c.y, c.within, got, c.share)
		}
	}
}

// TestYoungDays: the days are those of the scale, the score and the fall.
func TestYoungDays(t *testing.T) {
	t.Parallel()
	share := func(y young, from, to int) float64 {
		var good, n int64
		for _, d := range y.days(chance(3))[7*from : 7*to] {
			good, n = good+d.Counts[5]+d.Counts[9], n+d.Counts.N()
		}
		return float64(good) / float64(n)
	}
	csat := young{metric: surveys.CSAT, truth: content(), weekly: 200}
	fell := young{metric: surveys.NPS, truth: usual(), weekly: 200, fall: -20, after: 8}
	for name, c := range map[string][2]float64{
		"csat": {share(csat, 0, 52), 0.8}, "before": {share(fell, 0, 8), 0.5}, "after": {share(fell, 8, 60), 0.4},
	} {
		if math.Abs(c[0]-c[1]) > 0.04 {
			t.Errorf("%s: %.3f, want %.2f", name, c[0], c[1])
		}
	}
}

// TestPageKeepsThePromiseToTheYoung: at full size at most 12 % of quiet young
// surveys are told of a change, at any age.
func TestPageKeepsThePromiseToTheYoung(t *testing.T) {
	t.Parallel()
	for _, row := range tableAt(t, readPage(t), "young").Rows {
		if strings.Contains(row[0], "unrest") {
			continue
		}
		for _, cell := range strings.Split(strings.Join(row[1:], " / "), " / ") {
			if share, err := strconv.Atoi(strings.TrimSuffix(cell, "%")); err != nil || share > 12 {
				t.Errorf("%s: %q of quiet young surveys are told of a change", row[0], cell)
			}
		}
	}
}
