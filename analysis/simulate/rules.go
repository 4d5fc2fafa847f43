package simulate

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// rule is a way to watch weekly scores for a drop. It returns the first week of
// the watch, from 1, in which it alarms; 0 for never.
type rule struct {
	name  string
	first func(weeks []surveys.Counts) (int, error)
}

// rules are those that are in use, worst first, and Hark's.
func rules() []rule {
	return []rule{
		{"each week against the week before", against(func(weeks []surveys.Counts, i int) (then, now surveys.Counts) {
			return weeks[i-1], weeks[i]
		})},
		{"each week against 26 weeks", against(func(weeks []surveys.Counts, i int) (then, now surveys.Counts) {
			return pooled(weeks[:historyWeeks]), weeks[i]
		})},
		{"the last 4 weeks against 26 weeks", against(func(weeks []surveys.Counts, i int) (then, now surveys.Counts) {
			return pooled(weeks[:historyWeeks]), pooled(weeks[i-3 : i+1])
		})},
		{"3σ limits that know n", charted(func(_ analysis.ControlChart, p analysis.ControlPoint) bool { return p.Z < -3 })},
		{"3σ × Laney's factor", charted(func(c analysis.ControlChart, p analysis.ControlPoint) bool { return p.Z < -3*c.Inflation })},
		{"**EWMA × Laney's factor**", charted(func(_ analysis.ControlChart, p analysis.ControlPoint) bool { return p.EWMA < p.EWMALow })},
		{"EWMA or 3σ, × Laney's factor", charted(func(_ analysis.ControlChart, p analysis.ControlPoint) bool { return p.Alarm < 0 })},
		{"CUSUM × Laney's factor", summed},
	}
}

// pooled adds weeks up.
func pooled(weeks []surveys.Counts) surveys.Counts {
	var sum surveys.Counts
	for _, week := range weeks {
		sum.Add(week)
	}
	return sum
}

// against alarms when the test of two groups of answers finds a loss.
func against(groups func(weeks []surveys.Counts, i int) (then, now surveys.Counts)) func([]surveys.Counts) (int, error) {
	z := -1.959963984540054
	return func(weeks []surveys.Counts) (int, error) {
		for i := historyWeeks; i < len(weeks); i++ {
			then, now := groups(weeks, i)
			d, err := analysis.Compare(surveys.NPS, then, now, 0.95)
			if err != nil {
				return 0, err
			}
			if d.Z < z {
				return i - historyWeeks + 1, nil
			}
		}
		return 0, nil
	}
}

// charted alarms by what a point of the control chart says.
func charted(alarms func(analysis.ControlChart, analysis.ControlPoint) bool) func([]surveys.Counts) (int, error) {
	return func(weeks []surveys.Counts) (int, error) {
		chart, err := analysis.Control(surveys.NPS, weeks, analysis.DefaultControl())
		if err != nil {
			return 0, err
		}
		return 1 + slices.IndexFunc(chart.Points[historyWeeks:], func(p analysis.ControlPoint) bool { return alarms(chart, p) }), nil
	}
}

// summed alarms by the cumulative sum.
func summed(weeks []surveys.Counts) (int, error) {
	chart, err := analysis.CUSUM(surveys.NPS, weeks, analysis.DefaultCUSUM())
	if err != nil {
		return 0, err
	}
	return 1 + slices.IndexFunc(chart.Points[historyWeeks:], func(p analysis.CUSUMPoint) bool { return p.Alarm < 0 }), nil
}

// watched is when each rule first alarmed, by rule and series.
func (w world) watched(r *rand.Rand, series int) ([][]int, error) {
	list := rules()
	first := make([][]int, len(list))
	for range series {
		weeks := w.weeks(r)
		for i, rule := range list {
			week, err := rule.first(weeks)
			if err != nil {
				return nil, err
			}
			first[i] = append(first[i], week)
		}
	}
	return first, nil
}

// share is how many of the first alarms there were.
func share(first []int) float64 {
	alarmed := 0
	for _, week := range first {
		if week > 0 {
			alarmed++
		}
	}
	return float64(alarmed) / float64(len(first))
}

// median is the middle of the first alarms, where never is later than any week;
// infinite when that is the middle.
func median(first []int) float64 {
	weeks := make([]float64, len(first))
	for i, week := range first {
		if weeks[i] = float64(week); week == 0 {
			weeks[i] = math.Inf(1)
		}
	}
	slices.Sort(weeks)
	return weeks[len(weeks)/2]
}
