package simulate

import (
	"fmt"
	"math/rand/v2"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// young is a survey that is read from its first Monday on: its history is one week
// after the other of the watch itself.
type young struct {
	name   string
	metric surveys.Metric
	truth  population
	unrest float64 // as of a [world]
	fall   float64 // by how many points the score falls for good …
	after  int     // … after so many weeks
	weekly int
}

// content is a CSAT of 80 %.
func content() population { return population{promoters: 0.8, detractors: 0.1} }

// quietYouth are young surveys to which nothing happens.
func quietYouth() []young {
	return []young{
		{name: "NPS", metric: surveys.NPS, truth: usual()},
		{name: "NPS, 4 points of unrest", metric: surveys.NPS, truth: usual(), unrest: 4},
		{name: "CSAT", metric: surveys.CSAT, truth: content()},
	}
}

// youthSizes are the answers a week of young surveys: fewer than elsewhere, for that
// is where they begin.
func (s Size) youthSizes() []int {
	if len(s.Weekly) == 0 {
		return nil
	}
	return []int{7, 20, 50, 200}
}

// milestones are the ages in weeks at which it is asked what has been told so far.
func milestones() []int { return []int{4, 8, 13, 26, yearWeeks} }

// days draws the first year, or the year after the fall.
func (y young) days(r *rand.Rand) []analysis.DayCounts {
	var days []analysis.DayCounts
	for week := range y.after + yearWeeks {
		truth := y.truth.moved(y.unrest * r.NormFloat64())
		if y.after > 0 && week >= y.after {
			truth = truth.moved(y.fall)
		}
		for d := range 7 {
			counts := truth.answers(r, y.weekly*(d+1)/7-y.weekly*d/7)
			if y.metric == surveys.CSAT {
				counts = surveys.Counts{1: counts[3], 3: counts[7], 5: counts[9]}
			}
			days = append(days, analysis.DayCounts{Day: firstDay + analysis.Day(len(days)), Counts: counts})
		}
	}
	return days
}

// report is that of a Monday, when so many weeks are over.
func (y young) report(days []analysis.DayCounts, period analysis.Day, weeks int) (analysis.Report, error) {
	to := firstDay + analysis.Day(7*weeks)
	return analysis.Build(analysis.Input{Metric: y.metric, From: to - period, To: to, Days: days[:to-firstDay]})
}

// told are the first weeks in which the verdict, and in which either the verdict or
// the last real change, told of a change: of any, or of a fall since there was one.
type told struct{ verdict, either int }

// read reads the report on every Monday, till something is told by both.
func (y young) read(days []analysis.DayCounts, period analysis.Day) (told, error) {
	var t told
	for week := 1; week <= yearWeeks && t.verdict == 0; week++ {
		report, err := y.report(days, period, y.after+week)
		if err != nil {
			return t, err
		}
		called := report.Verdict.Kind == analysis.Fall || report.Verdict.Kind == analysis.Rise && y.after == 0
		dated := report.Last != nil && !report.Last.ByMix && (y.after == 0 || report.Last.Difference < 0)
		if called {
			t.verdict = week
		}
		if t.either == 0 && (called || dated) {
			t.either = week
		}
	}
	return t, nil
}

// firsts reads n such surveys.
func (y young) firsts(r *rand.Rand, period analysis.Day, n int) ([]told, error) {
	list := make([]told, n)
	for i := range list {
		var err error
		if list[i], err = y.read(y.days(r), period); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// by is the share of surveys in which it was told by a week.
func by(list []told, week int, of func(told) int) float64 {
	n := 0
	for _, t := range list {
		if first := of(t); first > 0 && first <= week {
			n++
		}
	}
	return float64(n) / float64(len(list))
}

// toldBy are a table's cells: for each age, of each size of survey, in how many a
// change was told by then.
func toldBy(row [][]told) []string {
	var cells []string
	for _, week := range milestones() {
		cells = append(cells, joined(row, func(list []told) string {
			return percent(by(list, week, func(t told) int { return t.either }))
		}))
	}
	return cells
}

// youth: how often is somebody who reads a young survey told of a change that is
// none, be it by the verdict or as the last real change?
func (s Size) youth() part {
	sizes := s.youthSizes()
	columns := len(quietYouth()) * len(sizes)
	found := make([][]told, len(compared())*columns)
	p := part{}
	for i := range found {
		period, y := compared()[i/columns], quietYouth()[i%columns/len(sizes)]
		y.weekly = sizes[i%len(sizes)]
		p.jobs = append(p.jobs, func(r *rand.Rand) (err error) {
			found[i], err = y.firsts(r, period, s.Years)
			return err
		})
	}
	p.table = func() Table {
		t := Table{Name: "young", Header: aged("report of the last", "")}
		for i, period := range compared() {
			for j, y := range quietYouth() {
				row := found[i*columns+j*len(sizes):][:len(sizes)]
				t.Rows = append(t.Rows, append([]string{fmt.Sprintf("%d days, %s", period, y.name)}, toldBy(row)...))
			}
		}
		return t
	}
	return p
}

// youngFalls: how soon is a fall of a young survey told?
func (s Size) youngFalls() part {
	sizes := s.youthSizes()
	var list []young
	for _, after := range []int{8, historyWeeks} {
		for _, fall := range []float64{-10, -20} {
			list = append(list, young{name: fmt.Sprintf("−%.0f, at %d weeks", -fall, after), metric: surveys.NPS, truth: usual(), fall: fall, after: after})
		}
	}
	found := make([][]told, len(list)*len(sizes))
	p := part{}
	for i := range found {
		y := list[i/len(sizes)]
		y.weekly = sizes[i%len(sizes)]
		p.jobs = append(p.jobs, func(r *rand.Rand) (err error) {
			found[i], err = y.firsts(r, 90, s.Years)
			return err
		})
	}
	p.table = func() Table {
		t := Table{Name: "youngfalls", Header: aged("the fall, and the age at it", " after it")}
		for i, y := range list {
			t.Rows = append(t.Rows, append([]string{y.name}, toldBy(found[i*len(sizes):][:len(sizes)])...))
		}
		return t
	}
	return p
}

// aged is a header with a column for each of [milestones].
func aged(first, after string) []string {
	header := []string{first}
	for _, week := range milestones() {
		header = append(header, fmt.Sprintf("within %d weeks%s", week, after))
	}
	return header
}
