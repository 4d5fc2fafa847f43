package analysis

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// results reads a file of quantities and their values.
func results(t *testing.T, file string) map[string]float64 {
	t.Helper()
	values := map[string]float64{}
	for _, r := range golden.Read(t, file) {
		values[r["quantity"]] = r.Num(t, "value")
	}
	return values
}

func TestClusteredMatchesReference(t *testing.T) {
	t.Parallel()
	people := map[int64]*surveys.Counts{}
	last := map[int64]int64{}
	for _, r := range golden.Read(t, "cluster_input.csv") {
		who, score := r.Int(t, "customer"), r.Int(t, "score")
		if people[who] == nil {
			people[who] = &surveys.Counts{}
		}
		people[who][score]++
		last[who] = score
	}
	repeats := Repeats{Metric: surveys.NPS}
	var lasts surveys.Counts
	for who, counts := range people {
		if err := repeats.Add(*counts); err != nil {
			t.Fatal(err)
		}
		lasts[last[who]]++
	}
	c, err := repeats.Score(0.95)
	if err != nil {
		t.Fatal(err)
	}
	for quantity, want := range results(t, "cluster_result.csv") {
		got, ok := map[string]float64{
			"n": float64(c.N), "customers": float64(c.People), "nps": c.Score,
			"se_iid": c.PlainError, "se_cluster": c.Error, "deff": c.DesignEffect,
			"nps_last_response_per_customer": golden.Must(Score(surveys.NPS, lasts, 0.95)).Score,
		}[quantity]
		if !ok {
			t.Errorf("%q is not tested", quantity)
		}
		golden.Near(t, quantity, got, want, 1e-8)
	}
	if c.Interval.Method != AdjustedWald || c.Effective < 418/2.9 || c.Effective > 418/2.8 {
		t.Errorf("%+v is not worth 418/2.8 answers", c)
	}
}

// drawPeople draws some people's answers to a metric.
func drawPeople(t *rapid.T, m surveys.Metric) []surveys.Counts {
	people := make([]surveys.Counts, rapid.IntRange(2, 40).Draw(t, "people"))
	choices := m.Scale().Choices()
	for i := range people {
		for range rapid.IntRange(1, 5).Draw(t, "answers") {
			people[i][rapid.SampledFrom(choices).Draw(t, "score")]++
		}
	}
	return people
}

func addAll(m surveys.Metric, people []surveys.Counts) Repeats {
	r := Repeats{Metric: m}
	for _, p := range people {
		if err := r.Add(p); err != nil {
			panic(err)
		}
	}
	return r
}

func TestClusteredProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		people := drawPeople(t, m)
		whole := addAll(m, people)
		cut := rapid.IntRange(0, len(people)).Draw(t, "cut")
		parts := addAll(m, people[cut:])
		if err := parts.Merge(addAll(m, people[:cut])); err != nil || parts != whole {
			t.Fatalf("merged %+v, %v; want %+v", parts, err, whole)
		}
		c := golden.Must(whole.Score(0.95))
		var all surveys.Counts
		var squares float64
		e := c.Score / 100
		for _, p := range people {
			all.Add(p)
			b := bandsOf(m.Scale(), p).mass()
			d := b.n() * (b.score()/100 - e)
			squares += d * d
		}
		k := float64(len(people))
		want := 100 * math.Sqrt(k/(k-1)*squares) / float64(all.N())
		plain := golden.Must(Score(m, all, 0.95))
		if math.Abs(c.Error-want) > 1e-6 || c.Score != plain.Score || c.N != plain.N {
			t.Fatalf("%+v; want error %v, score %v of %d", c, want, plain.Score, plain.N)
		}
		if !(c.Effective <= float64(c.N) && c.Effective > 0) || c.Interval.Low >= c.Interval.High || math.IsNaN(c.Interval.Low+c.Interval.High) {
			t.Fatalf("%+v", c)
		}
	})
}

// Where everybody agrees nothing is left, however many they are.
func TestNobodyDisagrees(t *testing.T) {
	t.Parallel()
	r := Repeats{Metric: surveys.NPS}
	for n := range int64(400) {
		if err := r.Add(surveys.Counts{8: 3 + n%7}); err != nil {
			t.Fatal(err)
		}
		if err := r.Add(surveys.Counts{10: 1 + n%3}); err != nil {
			t.Fatal(err)
		}
	}
	if c := golden.Must(r.Score(0.95)); c.Error <= 0 {
		t.Errorf("two camps: %+v", c)
	}
	agreed := Repeats{Metric: surveys.CSAT}
	for n := range int64(400) {
		if err := agreed.Add(surveys.Counts{5: 3 + n%7}); err != nil {
			t.Fatal(err)
		}
	}
	if c := golden.Must(agreed.Score(0.95)); c.Error != 0 || c.Interval.Low >= c.Interval.High {
		t.Errorf("one camp: %+v", c)
	}
}

// TestSingletonsArePlain: people who answer once have the plain interval, up to
// the n/(n−1) of the clusters.
func TestSingletonsArePlain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		var all surveys.Counts
		r := Repeats{Metric: m}
		choices := m.Scale().Choices()
		for range rapid.IntRange(50, 150).Draw(t, "people") {
			score := rapid.SampledFrom(choices).Draw(t, "score")
			all[score]++
			var one surveys.Counts
			one[score]++
			if err := r.Add(one); err != nil {
				t.Fatal(err)
			}
		}
		c, plain := golden.Must(r.Score(0.95)), golden.Must(Score(m, all, 0.95))
		width := plain.Interval.High - plain.Interval.Low
		if math.Abs(c.Interval.Low-plain.Interval.Low) > 0.02*width || math.Abs(c.Interval.High-plain.Interval.High) > 0.02*width {
			t.Fatalf("%+v, plain %+v", c, plain)
		}
	})
}

// TestRepeatsOfOneMind: answering k times the same is worth as much as once.
func TestRepeatsOfOneMind(t *testing.T) {
	t.Parallel()
	once, often := Repeats{Metric: surveys.NPS}, Repeats{Metric: surveys.NPS}
	for i := range 60 {
		var one, five surveys.Counts
		score := []int{3, 8, 10}[i%3]
		one[score], five[score] = 1, 5
		if err := errors.Join(once.Add(one), often.Add(five)); err != nil {
			t.Fatal(err)
		}
	}
	a, b := golden.Must(once.Score(0.95)), golden.Must(often.Score(0.95))
	golden.Near(t, "error", b.Error, a.Error, 1e-9)
	golden.Near(t, "low", b.Interval.Low, a.Interval.Low, 0.02)
	golden.Near(t, "high", b.Interval.High, a.Interval.High, 0.02)
	var agreed Repeats
	agreed.Metric = surveys.NPS
	for range 20 {
		if err := agreed.Add(surveys.Counts{10: 50}); err != nil {
			t.Fatal(err)
		}
	}
	c := golden.Must(agreed.Score(0.95))
	twenty := golden.Must(Score(surveys.NPS, surveys.Counts{10: 20}, 0.95))
	if c.Error != 0 || c.Interval.High-c.Interval.Low < twenty.Interval.High-twenty.Interval.Low {
		t.Errorf("twenty people who agree a thousand times: %+v; once: %+v", c, twenty)
	}
}

// TestClusteredCovers: where people repeat themselves the interval keeps its
// word, and the plain one does not.
func TestClusteredCovers(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(11, 12))
	const runs = 1500
	var clustered, plain int
	for range runs {
		r := Repeats{Metric: surveys.NPS}
		var all surveys.Counts
		for range 60 {
			own := []int{3, 8, 10, 10}[random.IntN(4)] // the truth is 25
			var p surveys.Counts
			for range 1 + random.IntN(6) {
				score := own
				if random.IntN(4) == 0 {
					score = []int{3, 8, 10, 10}[random.IntN(4)]
				}
				p[score]++
			}
			all.Add(p)
			if err := r.Add(p); err != nil {
				t.Fatal(err)
			}
		}
		clustered += covers(golden.Must(r.Score(0.95)).Interval, 25)
		plain += covers(golden.Must(Score(surveys.NPS, all, 0.95)).Interval, 25)
	}
	t.Logf("coverage: clustered %.3f, plain %.3f", float64(clustered)/runs, float64(plain)/runs)
	if share := float64(clustered) / runs; share < 0.935 || share > 0.97 {
		t.Errorf("the clustered interval covers %.3f", share)
	}
	if share := float64(plain) / runs; share > 0.85 {
		t.Errorf("the plain interval covers %.3f, so nothing is tested", share)
	}
}

func TestClusteredRefuses(t *testing.T) {
	t.Parallel()
	r := Repeats{Metric: surveys.CES}
	for name, counts := range map[string]surveys.Counts{"negative": {3: -1}, "off the scale": {8: 1}, "too many": {3: 1 << 32}} {
		if err := r.Add(counts); err == nil || r != (Repeats{Metric: surveys.CES}) {
			t.Errorf("%s: %v, %+v", name, err, r)
		}
	}
	refusedFor(t, r.Merge(Repeats{Metric: surveys.CES5}), "metric")
	refusedFor(t, (&Repeats{}).Add(surveys.Counts{3: 1}), "metric")
	if err := r.Add(surveys.Counts{}); err != nil || r.People != 0 {
		t.Errorf("nobody: %v, %+v", err, r)
	}
	for _, n := range []int64{0, 1} {
		var no *Refusal
		if n > 0 {
			if err := r.Add(surveys.Counts{3: 2}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := r.Score(0.95); !errors.As(err, &no) || no.Reason != TooFewPeople || no.Have != float64(n) || no.Need != 2 {
			t.Errorf("%d people: %v", n, err)
		}
	}
	_, err := r.Score(0)
	refusedFor(t, err, "confidence")
	for name, sums := range map[string]Repeats{
		"no metric":            {People: 2, Answers: 2, Sizes: 2},
		"more people":          {Metric: surveys.NPS, People: 3, Answers: 2, Sizes: 4},
		"overflown":            {Metric: surveys.NPS, People: 2, Answers: 4, Sizes: math.MinInt64},
		"more good than there": {Metric: surveys.NPS, People: 2, Answers: 2, Good: 2, Bad: 1, Sizes: 2},
	} {
		if _, err := sums.Score(0.95); err == nil {
			t.Errorf("%s: a score", name)
		}
	}
}

// TestRepeatsOfAnySums: sums from elsewhere are refused or make numbers.
func TestRepeatsOfAnySums(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sum := rapid.OneOf(rapid.Int64Range(0, 9), rapid.Int64Range(0, 1e6), rapid.Int64())
		r := Repeats{Metric: drawMetric(t), People: sum.Draw(t, "people"), Answers: sum.Draw(t, "answers"), Good: sum.Draw(t, "good"),
			Bad: sum.Draw(t, "bad"), Sizes: sum.Draw(t, "sizes"), Sums: sum.Draw(t, "sums"), Cross: sum.Draw(t, "cross")}
		c, err := r.Score(0.95)
		if all := c.Score + c.Error + c.PlainError + c.DesignEffect + c.Effective + c.Interval.Low + c.Interval.High; err == nil && (math.IsNaN(all) || math.IsInf(all, 0)) {
			t.Fatalf("%+v became %+v", r, c)
		}
		before := r
		if other := (Repeats{Metric: r.Metric, People: 1, Answers: 1, Sizes: 1}); r.Merge(other) != nil && r != before {
			t.Fatalf("a refused merge changed %+v to %+v", before, r)
		}
	})
}
