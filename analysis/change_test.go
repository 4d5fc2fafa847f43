package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestChangePointsMatchReference(t *testing.T) {
	t.Parallel()
	series := weeklySeries(t)
	tested := 0
	for _, r := range golden.Read(t, "trend_changepoint.csv") {
		if r["method"] != "opt" {
			continue // greedy binary segmentation, which misses what pays off only later
		}
		tested++
		t.Run(r["series"]+" "+r["cost"]+" "+r["penalty"], func(t *testing.T) {
			t.Parallel()
			weeks := series[r["series"]]
			penalty := r.Num(t, "penalty")
			find, cost := ChangePoints, objective
			if r["cost"] == "normal" {
				find, cost = normalChanges, normalObjective
			}
			changes, err := find(surveys.NPS, weeks, penalty)
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
			golden.Near(t, "objective", cost(weeks, changes, penalty), r.Num(t, "objective"), 1e-9)
		})
	}
	if tested != 28 {
		t.Fatalf("%d references used, want 28", tested)
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

// scoresWith are the weeks' scores with the variance that the reference gives them:
// that of one answer in the whole series, over the week's answers.
func scoresWith(m surveys.Metric, weeks []surveys.Counts) []Observation {
	whole := bands{net: m.Scale().Net}
	for _, c := range weeks {
		whole = whole.add(bandsOf(m.Scale(), c))
	}
	observations := make([]Observation, len(weeks))
	for i, c := range weeks {
		b := bandsOf(m.Scale(), c)
		if b.n() == 0 {
			observations[i].Missing = true
			continue
		}
		observations[i] = Observation{Value: b.score(), Variance: whole.variance() / float64(b.n())}
	}
	return observations
}

func normalChanges(m surveys.Metric, weeks []surveys.Counts, penalty float64) ([]int, error) {
	return LevelChanges(scoresWith(m, weeks), penalty)
}

// normalObjective is the penalised normal cost, summed segment by segment.
func normalObjective(weeks []surveys.Counts, changes []int, penalty float64) float64 {
	cost := penalty * float64(len(changes))
	observations := scoresWith(surveys.NPS, weeks)
	from := 0
	for _, to := range append(slices.Clone(changes), len(weeks)) {
		var w, mean float64
		for _, o := range observations[from:to] {
			if !o.Missing {
				w += 1 / o.Variance
				mean += o.Value / o.Variance
			}
		}
		for _, o := range observations[from:to] {
			if !o.Missing {
				cost += (o.Value - mean/w) * (o.Value - mean/w) / o.Variance
			}
		}
		from = to
	}
	return cost
}

// objective is the penalised cost, summed segment by segment.
func objective(weeks []surveys.Counts, changes []int, penalty float64) float64 {
	cost := penalty * float64(len(changes))
	from := 0
	for _, to := range append(slices.Clone(changes), len(weeks)) {
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

// bruteForce tries every set of cuts of a short series.
func bruteForce(steps int, penalty float64, cost func(from, to int) float64) float64 {
	best := math.Inf(1)
	for set := range 1 << (steps - 1) {
		total, from := 0.0, 0
		for cut := 1; cut < steps; cut++ {
			if set>>(cut-1)&1 == 1 {
				total += cost(from, cut) + penalty
				from = cut
			}
		}
		best = math.Min(best, total+cost(from, steps))
	}
	return best
}

// TestChangePointsAreTheBest: on short series no set of cuts costs less, by either
// cost.
func TestChangePointsAreTheBest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		weeks := drawWeeks(t, rapid.IntRange(1, 11).Draw(t, "weeks"))
		penalty := rapid.Float64Range(0.1, 20).Draw(t, "penalty")
		weeks = slices.DeleteFunc(weeks, func(c surveys.Counts) bool { return c.N() == 0 })
		exact := objective(weeks, golden.Must(ChangePoints(surveys.NPS, weeks, penalty)), penalty)
		best := bruteForce(len(weeks), penalty, func(from, to int) float64 { return objective(weeks[from:to], nil, penalty) })
		if math.Abs(exact-best) > 1e-7 {
			t.Fatalf("counts: the cuts cost %v, the best ones %v", exact, best)
		}
		observations := make([]Observation, len(weeks))
		for i := range observations {
			observations[i] = Observation{Value: rapid.Float64Range(-100, 100).Draw(t, "x"), Variance: rapid.Float64Range(1, 400).Draw(t, "v")}
		}
		one := func(from, to int) float64 {
			var sum moments
			for _, o := range observations[from:to] {
				sum = sum.add(o.Value, 1/o.Variance)
			}
			return sum.spread(moments{})
		}
		found, from := 0.0, 0
		cuts := golden.Must(LevelChanges(observations, penalty))
		for _, to := range append(slices.Clone(cuts), len(observations)) {
			found += one(from, to)
			from = to
		}
		best = bruteForce(len(weeks), penalty, one)
		if got := found + penalty*float64(len(cuts)); math.Abs(got-best) > 1e-7*math.Max(1, best) {
			t.Fatalf("levels: the cuts cost %v, the best ones %v", got, best)
		}
	})
}

// TestChangePointsOfTheNile: Aswan's dam of 1898.
func TestChangePointsOfTheNile(t *testing.T) {
	t.Parallel()
	want := map[string]float64{}
	for _, r := range golden.Read(t, "nile.csv") {
		want[r["quantity"]] = r.Num(t, "value")
	}
	flow := nileFlow()
	observations := make([]Observation, len(flow))
	for i, v := range flow {
		observations[i] = Observation{Value: v, Variance: want["StructTS_eps_var"]}
	}
	cuts := golden.Must(LevelChanges(observations, DefaultLevelPenalty(len(flow))))
	if len(cuts) != 1 || float64(cuts[0]) != want["breakpoint_index"] {
		t.Fatalf("changes after %v, want %v", cuts, want["breakpoint_index"])
	}
	golden.Near(t, "mean before", stat.Mean(flow[:cuts[0]], nil), want["mean_before"], 1e-9)
	golden.Near(t, "mean after", stat.Mean(flow[cuts[0]:], nil), want["mean_after"], 1e-9)
}

func TestLevelChangesRefuses(t *testing.T) {
	t.Parallel()
	_, err := LevelChanges(nil, 4)
	refusedFor(t, err, "observations")
	_, err = LevelChanges([]Observation{{Value: 1, Variance: 1}}, math.NaN())
	refusedFor(t, err, "penalty")
	_, err = LevelChanges(slices.Repeat([]Observation{{Value: 1, Variance: 1}}, maxSteps+1), 4)
	refusedFor(t, err, "buckets")
}

// BenchmarkChangePoints500 takes the longest that there is: a series without a
// change, where nothing can be dropped. The ratio is to one look at every pair of
// buckets, the plain search's least work.
func BenchmarkChangePoints500(b *testing.B) {
	weeks := make([]surveys.Counts, 500)
	for i := range weeks {
		weeks[i] = npsCounts(int64(10+i%7), 12, int64(25+i%5))
	}
	b.ReportAllocs()
	for b.Loop() {
		golden.Must(ChangePoints(surveys.NPS, weeks, DefaultPenalty(500)))
	}
	each := b.Elapsed() / time.Duration(b.N)
	sums := make([]bands, 1, len(weeks)+1)
	for i, c := range weeks {
		sums = append(sums, sums[i].add(bandsOf(surveys.NPS.Scale(), c)))
	}
	start, total := time.Now(), 0.0
	for to := range sums {
		for from := range to {
			total += segmentCost(sums[from], sums[to])
		}
	}
	b.ReportMetric(float64(each)/float64(time.Since(start)), "x-all-pairs")
	if total == 0 {
		b.Fatal("no cost")
	}
}
