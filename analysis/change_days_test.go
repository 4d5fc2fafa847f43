package analysis

import (
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// A change that a report tells knows the days that it was found between, all answers
// of which lie on one of its sides; one that nobody found knows none.
func TestChangeKnowsItsDays(t *testing.T) {
	t.Parallel()
	in := Input{Metric: surveys.NPS, From: today - 90, To: today, TrendFrom: today - 364}
	for day := today - 364; day < today; day += 2 {
		scores := npsCounts(8, 1, 1)
		if day >= today-200 {
			scores = npsCounts(1, 1, 8)
		}
		in.Days = append(in.Days, DayCounts{day, scores})
	}
	changes := golden.Must(Build(in)).Changes
	if len(changes) != 1 {
		t.Fatalf("%d changes", len(changes))
	}
	days := changes[0].Days()
	if days.From > today-364 || days.To < today || days.From >= changes[0].At || changes[0].At >= days.To {
		t.Errorf("a change on %s lies between %s and %s", changes[0].At, days.From, days.To)
	}
	if none := (Change{}).Days(); none != (Span{}) {
		t.Errorf("no change has the days %v", none)
	}
}
