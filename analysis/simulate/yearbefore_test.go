package simulate

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
)

// TestSeasonsRepeat: a season is the same a year later, and cancels over a year or
// is a dent in it.
func TestSeasonsRepeat(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		of      season
		least   float64
		average float64
	}{"swell": {swell, -10, 0}, "dent": {dent, -15, -15.0 * 6 / 52}} {
		least, sum := 0.0, 0.0
		for week := range yearWeeks {
			least, sum = math.Min(least, c.of(week)), sum+c.of(week)
			if math.Abs(c.of(week)-c.of(week+yearWeeks)) > 1e-9 {
				t.Errorf("%s: week %d is %.3f, and %.3f a year later", name, week, c.of(week), c.of(week+yearWeeks))
			}
		}
		if math.Abs(least-c.least) > 0.05 || math.Abs(sum/yearWeeks-c.average) > 1e-9 {
			t.Errorf("%s: at least %.2f, on average %.2f", name, least, sum/yearWeeks)
		}
	}
}

// TestSeasonsAreNoChange: who compares with the year before on every Monday of a
// year that is like the one before is seldom told of a change, seasons or not;
// where the plain test of the same periods tells of one in most. So few years can
// only tell a good rule from a bad one: how often exactly is in docs/methods.md.
func TestSeasonsAreNoChange(t *testing.T) {
	t.Parallel()
	var hark, plain, years float64
	for i, w := range quietYears() {
		w.weekly = 100
		list, err := w.sameYears(chance(uint64(i)), compared()[i%2], 8)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range list {
			years++
			if m.hark > 0 {
				hark++
			}
			if m.plain > 0 {
				plain++
			}
		}
	}
	if t.Logf("of %v years %v, by the plain test %v", years, hark, plain); hark > 0.15*years || plain < 0.3*years {
		t.Errorf("of %v quiet years %v were called different, by the plain test %v", years, hark, plain)
	}
}

// TestYearBeforeRecallsFalls: a loss of 10 points is seen long after it, in a year
// with seasons, and one of 5 less often than one of 10.
func TestYearBeforeRecallsFalls(t *testing.T) {
	t.Parallel()
	const surveys = 20
	see := func(drop float64) []float64 {
		w := world{weekly: 200, history: seasonedWeeks, season: swell, drop: drop}
		called, err := w.recalled(chance(3), 90, surveys)
		if err != nil {
			t.Fatal(err)
		}
		return called
	}
	little, much, none := see(-5), see(-10), see(0)
	for i, age := range ages() {
		if age >= 13 && (much[i] < 0.7 || little[i] >= much[i]) || none[i] > 0.2 {
			t.Errorf("%d weeks after: %.2f of falls by 5, %.2f of falls by 10, %.2f of none", age, little[i], much[i], none[i])
		}
	}
}

// TestPageKeepsThePromiseOfTheYear: at full size, at most 12 % of quiet years are
// called different from the year before, whatever the season and the period: as
// many as of the verdict on the period before. The worst of so many cells of 200
// pairs shows some 3 % more than is true.
func TestPageKeepsThePromiseOfTheYear(t *testing.T) {
	t.Parallel()
	table := tableAt(t, readPage(t), "year")
	held := 0
	for _, row := range table.Rows {
		if !strings.Contains(row[0], "Hark") {
			continue
		}
		for _, cell := range row[1:] {
			for _, one := range strings.Split(cell, " / ") {
				share, err := strconv.Atoi(strings.TrimSuffix(one, "%"))
				if held++; err != nil || share > 12 {
					t.Errorf("%s: %q of quiet years are called different", row[0], one)
				}
			}
		}
	}
	if held != len(compared())*len(quietYears())*len(Full().Weekly) {
		t.Errorf("%d promises", held)
	}
}

func TestSameDatesCompareWithTheYear(t *testing.T) {
	t.Parallel()
	w := world{weekly: 400, history: seasonedWeeks, drop: -40}
	days := w.days(chance(1))
	for weeks, want := range map[int]analysis.VerdictKind{seasonedWeeks: analysis.Normal, seasonedWeeks + 20: analysis.Fall} {
		v, err := sameDates(days, 28, weeks)
		if err != nil || v.Kind != want {
			t.Errorf("after %d weeks: %s, %v; want %s", weeks, v.Kind, err, want)
		}
	}
}
