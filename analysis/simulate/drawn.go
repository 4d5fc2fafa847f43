package simulate

import (
	"fmt"
	"math/rand/v2"

	"github.com/harkhq/hark/analysis"
)

// worlds are the columns of the tables of rules and verdicts: two kinds of quiet
// years and two of real drops.
func worlds() []world { return []world{{}, {unrest: 4}, {drop: -10}, {drop: -20}} }

// rules: which rule for weekly scores cries wolf, and which one sleeps?
func (s Size) rules() part {
	list := rules()
	found := make([][][]int, len(worlds())*len(s.Weekly)) // by world and size: by rule: first alarms
	p := part{}
	for i := range found {
		w := worlds()[i/len(s.Weekly)]
		w.weekly = s.Weekly[i%len(s.Weekly)]
		p.jobs = append(p.jobs, func(r *rand.Rand) (err error) {
			found[i], err = w.watched(r, s.Series)
			return err
		})
	}
	p.table = func() Table {
		t := Table{Name: "rules", Header: []string{"rule, watching for drops", "quiet years with an alarm", "with 4 points of unrest", "weeks to notice −10", "weeks to notice −20"}}
		for rule, named := range list {
			cells := []string{named.name}
			for at, w := range worlds() {
				row := found[at*len(s.Weekly) : (at+1)*len(s.Weekly)]
				cells = append(cells, joined(row, func(first [][]int) string {
					if w.drop < 0 {
						return written(median(first[rule]))
					}
					return percent(share(first[rule]))
				}))
			}
			t.Rows = append(t.Rows, cells)
		}
		return t
	}
	return p
}

// look is a habit of reading reports: of how many days, after how many weeks of
// history.
type look struct {
	period  analysis.Day
	history int
}

func looks() []look { return []look{{28, 26}, {90, 26}, {90, 52}} }

// verdict: how often is somebody who reads the report every Monday told of a
// change that is none, and how soon of one that is?
func (s Size) verdict() part {
	columns := len(worlds()) * len(s.Weekly)
	found := make([][]called, len(looks())*columns)
	p := part{}
	for i := range found {
		habit, w := looks()[i/columns], worlds()[i%columns/len(s.Weekly)]
		w.weekly, w.history = s.Weekly[i%len(s.Weekly)], habit.history
		p.jobs = append(p.jobs, func(r *rand.Rand) (err error) {
			found[i], err = w.years(r, habit.period, s.Years)
			return err
		})
	}
	p.table = func() Table {
		t := Table{Name: "verdict", Header: []string{"report of the last", "quiet years with a rise or fall", "with 4 points of unrest", "−10 is called, in weeks", "−20 is called, in weeks"}}
		for i, habit := range looks() {
			cells := []string{fmt.Sprintf("%d days, after %d weeks", habit.period, habit.history)}
			for at, w := range worlds() {
				from := i*columns + at*len(s.Weekly)
				cells = append(cells, joined(found[from:from+len(s.Weekly)], func(years []called) string {
					if w.drop == 0 {
						return percent(share(changes(years)))
					}
					return percent(share(falls(years))) + " " + written(median(falls(years)))
				}))
			}
			t.Rows = append(t.Rows, cells)
		}
		return t
	}
	return p
}

// falls are the weeks in which each year was first called a fall.
func falls(years []called) []int {
	weeks := make([]int, len(years))
	for i, year := range years {
		weeks[i] = year.fall
	}
	return weeks
}

// changes are the weeks in which each year was first called either.
func changes(years []called) []int {
	weeks := falls(years)
	for i, year := range years {
		if weeks[i] == 0 || year.rise > 0 && year.rise < weeks[i] {
			weeks[i] = year.rise
		}
	}
	return weeks
}

// mixes are the weeks in which each year was first called mix.
func mixes(years []called) []int {
	weeks := make([]int, len(years))
	for i, year := range years {
		weeks[i] = year.mix
	}
	return weeks
}

// dates: is a change dated, and how well?
func (s Size) dates() part {
	found := make([]dated, len(worlds())*len(s.Weekly))
	p := part{}
	for i := range found {
		w := worlds()[i/len(s.Weekly)]
		w.weekly = s.Weekly[i%len(s.Weekly)]
		p.jobs = append(p.jobs, func(r *rand.Rand) (err error) {
			found[i], err = w.dates(r, s.Series)
			return err
		})
	}
	p.table = func() Table {
		t := Table{Name: "dates", Header: []string{"truth", "a change is found", "it is at most 2 weeks off", "median weeks off, where found"}}
		for i, truth := range []string{"no change", "no change, 4 points of unrest", "−10 points", "−20 points"} {
			row := found[i*len(s.Weekly) : (i+1)*len(s.Weekly)]
			cells := []string{truth, joined(row, func(d dated) string { return percent(d.found) }), "", ""}
			if worlds()[i].drop < 0 {
				cells[2] = joined(row, func(d dated) string { return percent(d.within) })
				cells[3] = joined(row, func(d dated) string { return written(d.off) })
			}
			t.Rows = append(t.Rows, cells)
		}
		return t
	}
	return p
}

// mix: is a shift of who answers called one?
func (s Size) mix() part {
	periods := []analysis.Day{28, 90}
	found := make([][]called, len(periods)*len(s.Weekly))
	p := part{}
	for i := range found {
		w := shift{world{weekly: s.Weekly[i%len(s.Weekly)]}}
		p.jobs = append(p.jobs, func(r *rand.Rand) error {
			for range s.Years {
				told, err := w.walk(r, periods[i/len(s.Weekly)])
				if err != nil {
					return err
				}
				found[i] = append(found[i], told)
			}
			return nil
		})
	}
	p.table = func() Table {
		t := Table{Name: "mix", Header: []string{"report of the last", "called mix", "called a rise or a fall"}}
		for i, period := range periods {
			row := found[i*len(s.Weekly) : (i+1)*len(s.Weekly)]
			t.Rows = append(t.Rows, []string{fmt.Sprintf("%d days", period),
				joined(row, func(years []called) string { return percent(share(mixes(years))) }),
				joined(row, func(years []called) string { return percent(share(changes(years))) })})
		}
		return t
	}
	return p
}

// segments: is a segment called different that is not, or missed that is?
func (s Size) segments() part {
	cases := []int{5, 20}
	if len(s.Weekly) == 0 {
		cases = nil
	}
	sizes := []int{50, 200}
	found := make([]scan, len(cases)*len(sizes))
	p := part{}
	for i := range found {
		c := cases[i/len(sizes)]
		p.jobs = append(p.jobs, func(r *rand.Rand) (err error) {
			found[i], err = scans(r, c, sizes[i%len(sizes)], s.Series)
			return err
		})
	}
	p.table = func() Table {
		t := Table{Name: "segments", Header: []string{"segments", "all alike: one has p < 0.05", "all alike: Hark calls one", "one 20 points lower: Hark calls it"}}
		for i, c := range cases {
			row := found[i*len(sizes) : (i+1)*len(sizes)]
			cells := []string{fmt.Sprintf("%d segments of %d or %d answers", c, sizes[0], sizes[1])}
			for _, of := range []func(scan) float64{func(f scan) float64 { return f.plain }, func(f scan) float64 { return f.hark }, func(f scan) float64 { return f.found }} {
				cells = append(cells, joined(row, func(f scan) string { return percent(of(f)) }))
			}
			t.Rows = append(t.Rows, cells)
		}
		return t
	}
	return p
}
