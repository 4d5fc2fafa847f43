package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// seasonedWeeks is the history of a survey whose reports compare with the year
// before: a year and a half.
const seasonedWeeks = 78

// season is what a week's place in the year does to the score, in points; the same
// each year.
type season func(week int) float64

// swell is a score that lies 10 points above its average at one end of the year
// and 10 below at the other.
func swell(week int) float64 { return 10 * math.Sin(2*math.Pi*float64(week)/yearWeeks) }

// dent is six weeks of the year, say those before Christmas, that cost 15 points.
func dent(week int) float64 {
	if at := week % yearWeeks; at >= 20 && at < 26 {
		return -15
	}
	return 0
}

// quietYears are years in which nothing happens but what happens every year: the
// columns of the first table of comparisons with the year before.
func quietYears() []world {
	return []world{
		{history: seasonedWeeks}, {history: seasonedWeeks, unrest: 4},
		{history: seasonedWeeks, unrest: 4, season: swell}, {history: seasonedWeeks, unrest: 4, season: dent},
	}
}

// compared are the periods that are compared with the year before.
func compared() []analysis.Day { return []analysis.Day{28, 90} }

// sameDates is the report of a period, compared with the same dates of the year
// before, when so many weeks of the days are over.
func sameDates(days []analysis.DayCounts, period analysis.Day, weeks int) (analysis.Verdict, error) {
	to := firstDay + analysis.Day(7*weeks)
	report, err := analysis.Build(analysis.Input{
		Metric: surveys.NPS, From: to - period, To: to, Against: analysis.YearBefore, Days: days[:to-firstDay],
	})
	return report.Verdict, err
}

// mondays are the first weeks of a year, if any, in which somebody who reads the
// report each Monday meets a change: one that Hark calls, and one that the plain
// test of the two periods does.
type mondays struct{ hark, plain int }

// sameYears is what was said in each of n years by reports that compare with the
// year before.
func (w world) sameYears(r *rand.Rand, period analysis.Day, n int) ([]mondays, error) {
	list := make([]mondays, n)
	for i := range list {
		days := w.days(r)
		for week := yearWeeks; week > 0; week-- {
			v, err := sameDates(days, period, w.before()+week)
			if err != nil {
				return nil, err
			}
			if v.Kind == analysis.Fall || v.Kind == analysis.Rise {
				list[i].hark = week
			}
			if v.Difference != nil && v.Difference.Significant() {
				list[i].plain = week
			}
		}
	}
	return list, nil
}

// yearBefore: how often are two years that are alike called different?
func (s Size) yearBefore() part {
	columns := len(quietYears()) * len(s.Weekly)
	found := make([][]mondays, len(compared())*columns)
	p := part{}
	for i := range found {
		period, w := compared()[i/columns], quietYears()[i%columns/len(s.Weekly)]
		w.weekly = s.Weekly[i%len(s.Weekly)]
		p.jobs = append(p.jobs, func(r *rand.Rand) (err error) {
			found[i], err = w.sameYears(r, period, s.Pasts)
			return err
		})
	}
	p.table = func() Table {
		t := Table{Name: "year", Header: []string{"report of the last", "quiet years called different", "with 4 points of unrest", "with unrest and seasons", "with unrest and six bad weeks each year"}}
		for i, period := range compared() {
			for _, rule := range []struct {
				name string
				week func(mondays) int
			}{{"%d days, plain test", func(m mondays) int { return m.plain }}, {"**%d days, Hark**", func(m mondays) int { return m.hark }}} {
				cells := []string{fmt.Sprintf(rule.name, period)}
				for at := range quietYears() {
					from := i*columns + at*len(s.Weekly)
					cells = append(cells, joined(found[from:from+len(s.Weekly)], func(years []mondays) string {
						weeks := make([]int, len(years))
						for j, m := range years {
							weeks[j] = rule.week(m)
						}
						return percent(share(weeks))
					}))
				}
				t.Rows = append(t.Rows, cells)
			}
		}
		return t
	}
	return p
}

// ages are how many weeks ago the score fell when the year before is looked at.
func ages() []int { return []int{4, 13, 26, 39} }

// fallSizes are the falls that are looked for, in points.
func fallSizes() []float64 { return []float64{-5, -10, -20} }

// recalled draws n surveys with seasons and a fall, and says of how many of them a
// report of so many days, of each of [ages] after the fall, calls it one.
func (w world) recalled(r *rand.Rand, period analysis.Day, n int) ([]float64, error) {
	called := make([]float64, len(ages()))
	for range n {
		days := w.days(r)
		for i, age := range ages() {
			v, err := sameDates(days, period, w.before()+age)
			if err != nil {
				return nil, err
			}
			if v.Kind == analysis.Fall {
				called[i] += 1 / float64(n)
			}
		}
	}
	return called, nil
}

// yearFalls: is a fall within the year found by looking at the year before?
func (s Size) yearFalls() part {
	columns := len(fallSizes()) * len(s.Weekly)
	found := make([][]float64, len(compared())*columns) // by period, fall and size: by age
	p := part{}
	for i := range found {
		w := world{history: seasonedWeeks, season: swell, drop: fallSizes()[i%columns/len(s.Weekly)], weekly: s.Weekly[i%len(s.Weekly)]}
		p.jobs = append(p.jobs, func(r *rand.Rand) (err error) {
			found[i], err = w.recalled(r, compared()[i/columns], s.Pasts)
			return err
		})
	}
	p.table = func() Table {
		t := Table{Name: "yearfalls", Header: []string{"report of the last, and the fall"}}
		for _, age := range ages() {
			t.Header = append(t.Header, fmt.Sprintf("%d weeks after it", age))
		}
		for i, period := range compared() {
			for j, drop := range fallSizes() {
				row := found[i*columns+j*len(s.Weekly):][:len(s.Weekly)]
				cells := []string{fmt.Sprintf("%d days, −%.0f", period, -drop)}
				for at := range ages() {
					cells = append(cells, joined(row, func(called []float64) string { return percent(called[at]) }))
				}
				t.Rows = append(t.Rows, cells)
			}
		}
		return t
	}
	return p
}
