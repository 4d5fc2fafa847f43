package simulate

import (
	"math/rand/v2"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// dated is what became of the last real change in many series with a drop.
type dated struct {
	found  float64 // share of series with any change
	within float64 // share of all series dated two weeks or less off
	off    float64 // median weeks off, among those found
}

// dates searches each of the series for changes, a year after the drop.
func (w world) dates(r *rand.Rand, series int) (dated, error) {
	var off []int
	near := 0
	for range series {
		weeks := make([]analysis.DayCounts, 0, w.before()+yearWeeks)
		for i, counts := range w.weeks(r) {
			weeks = append(weeks, analysis.DayCounts{Day: firstDay + analysis.Day(7*i), Counts: counts})
		}
		changes, err := analysis.Changes(surveys.NPS, weeks, analysis.ChangeOptions{})
		if err != nil {
			return dated{}, err
		}
		if len(changes) == 0 {
			continue
		}
		nearest := len(weeks)
		for _, change := range changes {
			at := int(change.At-firstDay) / 7
			nearest = min(nearest, max(at-w.before(), w.before()-at))
		}
		if off = append(off, nearest+1); nearest <= 2 {
			near++
		}
	}
	result := dated{found: float64(len(off)) / float64(series), within: float64(near) / float64(series)}
	if len(off) > 0 {
		result.off = median(off) - 1
	}
	return result, nil
}
