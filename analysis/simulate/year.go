package simulate

import (
	"math/rand/v2"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// The weeks of a simulated survey: before the watch begins, and under watch.
const (
	historyWeeks = 26
	yearWeeks    = 52
)

// firstDay is 2024-01-01, a Monday.
const firstDay = analysis.Day(19723)

// world is what happens to a survey.
type world struct {
	weekly  int     // answers a week
	unrest  float64 // standard deviation of an extra variation from week to week, in points
	drop    float64 // by how many points the score moves for good when the watch begins
	history int     // weeks before the watch; 0 means historyWeeks
	season  season  // what each year does to the score; nil for none
}

// before is the number of weeks before the watch begins.
func (w world) before() int {
	if w.history == 0 {
		return historyWeeks
	}
	return w.history
}

// truth is the population of one week.
func (w world) truth(r *rand.Rand, week int) population {
	p := usual()
	if w.unrest > 0 {
		p = p.moved(w.unrest * r.NormFloat64())
	}
	if w.season != nil {
		p = p.moved(w.season(week))
	}
	if week >= w.before() {
		p = p.moved(w.drop)
	}
	return p
}

// weeks draws the survey's weeks.
func (w world) weeks(r *rand.Rand) []surveys.Counts {
	weeks := make([]surveys.Counts, w.before()+yearWeeks)
	for i := range weeks {
		weeks[i] = w.truth(r, i).answers(r, w.weekly)
	}
	return weeks
}

// days draws the survey's days: the week's answers spread evenly over seven.
func (w world) days(r *rand.Rand) []analysis.DayCounts {
	weeks := w.before() + yearWeeks
	days := make([]analysis.DayCounts, 0, 7*weeks)
	for week := range weeks {
		truth := w.truth(r, week)
		for d := range 7 {
			n := w.weekly*(d+1)/7 - w.weekly*d/7
			days = append(days, analysis.DayCounts{Day: firstDay + analysis.Day(len(days)), Counts: truth.answers(r, n)})
		}
	}
	return days
}
