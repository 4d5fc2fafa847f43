package analysis

import (
	"fmt"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestChangePointsMatchReference(t *testing.T) {
	t.Parallel()
	series := weeklySeries(t)
	tested := 0
	for _, r := range golden.Read(t, "trend_changepoint.csv") {
		if r["cost"] != "multinomial" || r["method"] != "opt" {
			continue
		}
		tested++
		t.Run(r["series"]+" "+r["penalty"], func(t *testing.T) {
			t.Parallel()
			weeks := series[r["series"]]
			penalty := r.Num(t, "penalty")
			changes, err := ChangePoints(surveys.NPS, weeks, penalty)
			if err != nil {
				t.Fatal(err)
			}
			var cps []string
			for _, at := range changes {
				cps = append(cps, fmt.Sprint(filledBefore(weeks, at)))
			}
			if got := strings.Join(cps, ";"); got != r["cps"] {
				t.Errorf("changes after %q, want %q", got, r["cps"])
			}
			golden.Near(t, "objective", objective(weeks, changes, penalty), r.Num(t, "objective"), 1e-9)
		})
	}
	if tested == 0 {
		t.Fatal("no reference used")
	}
}

// filledBefore counts the weeks with answers before an index, as the reference
// numbers its changes.
func filledBefore(weeks []surveys.Counts, at int) int {
	n := 0
	for _, c := range weeks[:at] {
		if c.N() > 0 {
			n++
		}
	}
	return n
}

// objective is the penalised cost, summed segment by segment.
func objective(weeks []surveys.Counts, changes []int, penalty float64) float64 {
	cost := penalty * float64(len(changes))
	from := 0
	for _, to := range append(changes, len(weeks)) {
		var sum surveys.Counts
		for _, c := range weeks[from:to] {
			sum.Add(c)
		}
		cost += segmentCost(bands{}, bandsOf(surveys.NPS.Scale(), sum))
		from = to
	}
	return cost
}

func TestChangePointsEdges(t *testing.T) {
	t.Parallel()
	for name, weeks := range map[string][]surveys.Counts{
		"nothing":     nil,
		"empty weeks": make([]surveys.Counts, 30),
		"one week":    {npsCounts(1, 2, 3)},
		"unanimous":   {npsCounts(0, 0, 9), npsCounts(0, 0, 9), npsCounts(0, 0, 1)},
	} {
		if changes := golden.Must(ChangePoints(surveys.NPS, weeks, 4)); len(changes) != 0 {
			t.Errorf("%s: changes %v", name, changes)
		}
	}
	_, err := ChangePoints(surveys.NPS, nil, 0)
	refusedFor(t, err, "penalty")
	long := make([]surveys.Counts, maxSteps+1)
	for i := range long {
		long[i] = npsCounts(1, 1, 1)
	}
	_, err = ChangePoints(surveys.NPS, long, 4)
	refusedFor(t, err, "buckets")
}

func BenchmarkChangePoints500(b *testing.B) {
	weeks := make([]surveys.Counts, 500)
	for i := range weeks {
		weeks[i] = npsCounts(int64(10+i%7), 12, int64(25+i%5))
	}
	for b.Loop() {
		golden.Must(ChangePoints(surveys.NPS, weeks, DefaultPenalty(500)))
	}
}
