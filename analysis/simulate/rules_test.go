package simulate

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// TestRulesKeepTheirPromise: a few series of each kind, within what chance allows
// for so few, show what an earlier and larger simulation in another language
// showed of the same rules (4,000 series each).
func TestRulesKeepTheirPromise(t *testing.T) {
	t.Parallel()
	want := map[string][4][2]float64{ // of 50 and 200 answers a week: quiet, unrest, weeks to −10, to −20
		"each week against the week before": {{0.73, 0.75}, {0.81, 0.94}, {25, 18}, {18, 1}},
		"each week against 26 weeks":        {{0.74, 0.71}, {0.80, 0.92}, {5, 2}, {2, 1}},
		"the last 4 weeks against 26 weeks": {{0.46, 0.46}, {0.53, 0.69}, {5, 3}, {3, 2}},
		"3σ limits that know n":             {{0.10, 0.09}, {0.17, 0.35}, {31, 6}, {6, 1}},
		"3σ × Laney's factor":               {{0.07, 0.06}, {0.10, 0.15}, {48, 8}, {8, 1}},
		"**EWMA × Laney's factor**":         {{0.07, 0.07}, {0.10, 0.12}, {12, 4}, {4, 1}},
		"CUSUM × Laney's factor":            {{0.09, 0.08}, {0.11, 0.13}, {13, 5}, {5, 2}},
	}
	const series = 150
	for at, w := range worlds() {
		for size, n := range []int{50, 200} {
			w.weekly = n
			first, err := w.watched(chance(uint64(10*at+size)), series)
			if err != nil {
				t.Fatal(err)
			}
			for i, rule := range rules() {
				expected, known := want[rule.name]
				switch p := expected[at][size]; {
				case !known:
				case w.drop == 0:
					if got := share(first[i]); math.Abs(got-p) > 3.5*math.Sqrt(p*(1-p)/series)+0.01 {
						t.Errorf("%s, %+v: alarms in %.2f of quiet years, want about %.2f", rule.name, w, got, p)
					}
				default:
					if got := median(first[i]); got < 0.5*p-1 || got > 1.6*p+1 {
						t.Errorf("%s, %+v: noticed in week %v, want about %v", rule.name, w, got, p)
					}
				}
			}
		}
	}
}

func TestRulesSeeWhatCannotBeOverlooked(t *testing.T) {
	t.Parallel()
	weeks := make([]surveys.Counts, historyWeeks+yearWeeks)
	for i := range weeks {
		weeks[i] = surveys.Counts{3: 20, 7: 30, 9: 50}
		if i >= historyWeeks+9 {
			weeks[i] = surveys.Counts{3: 70, 7: 20, 9: 10}
		}
	}
	for _, rule := range rules() {
		if week, err := rule.first(weeks); err != nil || week < 10 || week > 12 {
			t.Errorf("%s: week %d, %v; it happened in the tenth", rule.name, week, err)
		}
		if week, err := rule.first(weeks[:historyWeeks+9]); err != nil || week != 0 {
			t.Errorf("%s: week %d, %v; nothing has happened", rule.name, week, err)
		}
		if _, err := rule.first(make([]surveys.Counts, historyWeeks+1)); err == nil {
			t.Errorf("%s: no error without answers", rule.name)
		}
	}
}

func TestShareAndMedian(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first         []int
		share, median float64
	}{
		"never":       {[]int{0, 0, 0}, 0, math.Inf(1)},
		"always":      {[]int{3, 1, 2}, 1, 2},
		"mostly":      {[]int{9, 0, 4}, 2.0 / 3, 9},
		"seldom":      {[]int{0, 4, 0}, 1.0 / 3, math.Inf(1)},
		"in one only": {[]int{7}, 1, 7},
	} {
		if s, m := share(c.first), median(c.first); s != c.share || m != c.median {
			t.Errorf("%s: %v and %v", name, s, m)
		}
	}
}

// TestDates: a fall of 20 points at 100 answers a week is found, and near its
// date; a quiet year and a half has none.
func TestDates(t *testing.T) {
	t.Parallel()
	dates := func(w world, seed uint64) dated {
		t.Helper()
		d, err := w.dates(rand.New(rand.NewPCG(seed, 3)), 60)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if d := dates(world{weekly: 100, drop: -20}, 1); d.found < 0.98 || d.within < 0.9 || d.off > 1 {
		t.Errorf("a fall of 20: %+v", d)
	}
	if d := dates(world{weekly: 200, drop: -10}, 2); d.found < 0.95 || d.within < 0.75 || d.off > 2 {
		t.Errorf("a fall of 10: %+v", d)
	}
	for _, w := range []world{{weekly: 50}, {weekly: 200}, {weekly: 200, unrest: 4}} {
		if d := dates(w, 3); d.found > 0.08 || d.within > d.found {
			t.Errorf("%+v: %+v", w, d)
		}
	}
}
