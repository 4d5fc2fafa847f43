package analysis

import (
	"cmp"
	"slices"

	"github.com/harkhq/hark/surveys"
)

// Rows collects single answers, as a file holds them, into the counts that
// [Build] reads. It keeps one cell per day and segment value, whatever the
// number of answers. It is not safe for concurrent use.
type Rows struct {
	metric   surveys.Metric
	scale    surveys.Scale
	days     map[Day]*surveys.Counts
	segments map[string]map[Day]*surveys.Counts
}

// CollectRows starts an empty collection. It refuses an unknown metric.
func CollectRows(m surveys.Metric) (*Rows, error) {
	if err := checkCounts(m); err != nil {
		return nil, err
	}
	return &Rows{metric: m, scale: m.Scale(), days: map[Day]*surveys.Counts{},
		segments: map[string]map[Day]*surveys.Counts{}}, nil
}

// Add counts one answer. A row without a time may take any day, the same for
// all; value "" means that the row is in no segment. A score that the metric's
// scale does not have is refused and not counted.
func (r *Rows) Add(day Day, score int, value string) error {
	if !r.scale.Contains(score) {
		return refuse("score", "%d is outside the scale %d–%d of %s", score, r.scale.Min, r.scale.Max, r.metric)
	}
	cell(r.days, day)[score]++
	if value == "" {
		return nil
	}
	days, ok := r.segments[value]
	if !ok {
		days = map[Day]*surveys.Counts{}
		r.segments[value] = days
	}
	cell(days, day)[score]++
	return nil
}

// cell returns the counts of a day, made if they are not there.
func cell(days map[Day]*surveys.Counts, day Day) *surveys.Counts {
	c, ok := days[day]
	if !ok {
		c = new(surveys.Counts)
		days[day] = c
	}
	return c
}

// Input makes the input of a report over all days that were added, the answers'
// values being those of the segment key by ("" if the rows have none). The
// period reaches from the first day to the last; narrow it to have a period
// before. Without a row it is the one day 1970-01-01, with no answers.
func (r *Rows) Input(by string) Input {
	in := Input{Metric: r.metric, To: 1, By: by, Days: inOrder(r.days)}
	if len(in.Days) > 0 {
		in.From, in.To = in.Days[0].Day, in.Days[len(in.Days)-1].Day+1
	}
	if by == "" {
		return in
	}
	in.Segments = make(map[string][]DayCounts, len(r.segments))
	for value, days := range r.segments {
		in.Segments[value] = inOrder(days)
	}
	return in
}

func inOrder(cells map[Day]*surveys.Counts) []DayCounts {
	days := make([]DayCounts, 0, len(cells))
	for day, counts := range cells {
		days = append(days, DayCounts{Day: day, Counts: *counts})
	}
	slices.SortFunc(days, func(a, b DayCounts) int { return cmp.Compare(a.Day, b.Day) })
	return days
}
