package drivers

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// toFive is a scale from 1 to 5 whose good ratings are 4 and 5.
func toFive() surveys.Scale { return surveys.Scale{Min: 1, Max: 5, GoodFrom: 4, GoodTo: 5} }

// rating draws 1…5 about a mean.
func rating(chance *rand.Rand, mean float64) float64 {
	return math.Round(max(1, min(5, mean+chance.NormFloat64())))
}

// planted are n answers in which speed and staff matter much and price and app
// little, and in which speed and price are rated low and staff and app high.
func planted(t testing.TB, n int) *Products {
	t.Helper()
	chance := rand.New(rand.NewPCG(2, 6))
	p := golden.Must(NewProducts([]string{"speed", "staff", "price", "app"}))
	for range n {
		x := []float64{rating(chance, 2.5), rating(chance, 4.2), rating(chance, 2.5), rating(chance, 4.2)}
		if err := p.Add(x, x[0]+x[1]+0.2*x[2]+0.2*x[3]+chance.NormFloat64()); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func scales(n int) []surveys.Scale {
	all := make([]surveys.Scale, n)
	for i := range all {
		all[i] = toFive()
	}
	return all
}

func TestPrioritiseFindsWhatWasPlanted(t *testing.T) {
	t.Parallel()
	m := golden.Must(Prioritise(planted(t, 2000), scales(4), Options{}))
	golden.Near(t, "impact cut", m.ImpactCut, 0.25, 1e-15)
	var mean float64
	for i, want := range []Quadrant{FixFirst, Keep, Watch, NiceToHave} {
		d := m.Drivers[i]
		if d.Quadrant != want || d.Leaning != want || d.Doubt != NoDoubt || d.N != 2000 {
			t.Errorf("%s: %+v, want %s", d.Name, d, want)
		}
		if d.PerformanceInterval.Method != analysis.Wilson || d.ImpactInterval.Method != Jackknife || d.Impact != m.Importance.Drivers[i].Share {
			t.Errorf("%s: %+v", d.Name, d)
		}
		mean += d.Performance / 4
	}
	golden.Near(t, "performance cut", m.PerformanceCut, mean, 1e-12)
}

// TestPrioritiseCountsTopBoxes against Newcombe's published interval of 15 in
// 148, and at the low end for a scale that is good where it is low.
func TestPrioritiseCountsTopBoxes(t *testing.T) {
	t.Parallel()
	p := golden.Must(NewProducts([]string{"effort", "noise"}))
	chance := rand.New(rand.NewPCG(8, 8))
	for i := range 148 {
		effort := 2.0 + float64(i%4)
		if i < 15 {
			effort = 1
		}
		if err := p.Add([]float64{effort, float64(1 + i%2*4)}, -effort+chance.NormFloat64()); err != nil {
			t.Fatal(err)
		}
	}
	low := surveys.Scale{Min: 1, Max: 5, GoodFrom: 1, GoodTo: 1}
	d := golden.Must(Prioritise(p, []surveys.Scale{low, toFive()}, Options{})).Drivers[0]
	golden.Near(t, "share", d.Performance, 15.0/148, 1e-15)
	golden.Near(t, "low", d.PerformanceInterval.Low, 0.0624, 5e-5)
	golden.Near(t, "high", d.PerformanceInterval.High, 0.1605, 5e-5)
	if d.Quadrant != FixFirst {
		t.Errorf("effort is %+v", d)
	}
	// Read the other way round, the score falls as effort gets "better".
	d = golden.Must(Prioritise(p, scales(2), Options{})).Drivers[0]
	if d.Quadrant != NotClear || d.Doubt != AgainstScale {
		t.Errorf("effort in the wrong direction is %+v", d)
	}
}

// TestPrioritiseSaysNotClear: the planted map with few answers, and places on
// every side of the cuts.
func TestPrioritiseSaysNotClear(t *testing.T) {
	t.Parallel()
	unclear := 0
	for _, d := range golden.Must(Prioritise(planted(t, 45), scales(4), Options{})).Drivers {
		if d.Quadrant == NotClear {
			unclear++
		}
	}
	if unclear == 0 {
		t.Error("45 answers leave no doubt about four drivers")
	}
	cuts := Priorities{ImpactCut: 0.25, PerformanceCut: 0.5}
	interval := func(low, high float64) analysis.Interval { return analysis.Interval{Low: low, High: high} }
	for _, c := range []struct {
		name                string
		impact, performance analysis.Interval
		known, doubt        Doubt
		leaning             Quadrant
	}{
		{"clear", interval(0.3, 0.5), interval(0.1, 0.2), NoDoubt, NoDoubt, FixFirst},
		{"clear, on the other side", interval(0.1, 0.2), interval(0.6, 0.8), NoDoubt, NoDoubt, NiceToHave},
		{"impact", interval(0.2, 0.5), interval(0.1, 0.2), NoDoubt, CrossesImpact, FixFirst},
		{"impact, just", interval(0.25, 0.5), interval(0.1, 0.2), NoDoubt, CrossesImpact, FixFirst},
		{"performance", interval(0.3, 0.5), interval(0.4, 0.8), NoDoubt, CrossesPerformance, Keep},
		{"both", interval(0.1, 0.3), interval(0.3, 0.6), NoDoubt, CrossesBoth, Watch},
		{"a doubt before", interval(0.1, 0.3), interval(0.3, 0.6), AgainstScale, AgainstScale, Watch},
	} {
		d := Priority{ImpactInterval: c.impact, PerformanceInterval: c.performance, Doubt: c.known}
		d.Impact, d.Performance = (c.impact.Low+c.impact.High)/2, (c.performance.Low+c.performance.High)/2
		d.place(cuts)
		want := c.leaning
		if c.doubt != NoDoubt {
			want = NotClear
		}
		if d.Quadrant != want || d.Leaning != c.leaning || d.Doubt != c.doubt {
			t.Errorf("%s: %+v", c.name, d)
		}
	}
}

// TestPrioritiseIsRarelyWrong repeats samples of a population whose map is known:
// points alone are often misplaced, a clear quadrant hardly ever.
func TestPrioritiseIsRarelyWrong(t *testing.T) {
	t.Parallel()
	const samples = 100
	chance := rand.New(rand.NewPCG(7, 7))
	effects, means := []float64{0.9, 0.9, 0.6, 0.5, 0.2, 0.2}, []float64{3, 4, 3.3, 3.7, 3, 4}
	draw := func(n int) Priorities {
		p := golden.Must(NewProducts([]string{"a", "b", "c", "d", "e", "f"}))
		x := make([]float64, len(means))
		for range n {
			mood, y := chance.NormFloat64(), 2*chance.NormFloat64()
			for i, effect := range effects {
				x[i] = rating(chance, means[i]+0.7*mood)
				y += effect * x[i]
			}
			if err := p.Add(x, y); err != nil {
				t.Fatal(err)
			}
		}
		return golden.Must(Prioritise(p, scales(len(means)), Options{}))
	}
	truth := draw(200_000)
	var misplaced, clear, wrong int
	for range samples {
		for i, d := range draw(300).Drivers {
			astray := d.Leaning != truth.Drivers[i].Leaning
			if astray {
				misplaced++
			}
			if d.Quadrant != NotClear {
				clear++
				if astray {
					wrong++
				}
			}
		}
	}
	all := samples * len(means)
	t.Logf("of %d: %d points misplaced; %d clear, of which %d wrong", all, misplaced, clear, wrong)
	if misplaced < all*6/100 || clear < all*40/100 || wrong > clear*2/100 {
		t.Errorf("of %d: %d points misplaced; %d clear, of which %d wrong", all, misplaced, clear, wrong)
	}
}

func TestPrioritiseRefuses(t *testing.T) {
	t.Parallel()
	p := planted(t, 100)
	one := golden.Must(NewProducts([]string{"speed"}))
	with := func(s surveys.Scale) []surveys.Scale { return append(scales(3), s) }
	for _, c := range []struct {
		name   string
		p      *Products
		scales []surveys.Scale
		o      Options
	}{
		{"a scale for each", p, scales(3), Options{}},
		{"two drivers", one, scales(1), Options{}},
		{"no groups", p, scales(4), Options{Groups: []Group{{Name: "both", Columns: []string{"speed", "app"}}}}},
		{"ratings off the scale", p, with(surveys.Scale{Min: 1, Max: 4, GoodFrom: 4, GoodTo: 4}), Options{}},
		{"good in the middle", p, with(surveys.Scale{Min: 1, Max: 5, GoodFrom: 2, GoodTo: 4}), Options{}},
		{"everything good", p, with(surveys.Scale{Min: 1, Max: 5, GoodFrom: 1, GoodTo: 5}), Options{}},
		{"nothing good", p, with(surveys.Scale{Min: 1, Max: 5, GoodFrom: 5, GoodTo: 4}), Options{}},
		{"a percentage", p, with(surveys.Scale{Min: 0, Max: 100, GoodFrom: 80, GoodTo: 100}), Options{}},
		{"below zero", p, with(surveys.Scale{Min: -2, Max: 2, GoodFrom: 1, GoodTo: 2}), Options{}},
		{"a confidence of 5 %", p, scales(4), Options{Confidence: 0.05}},
	} {
		var input *analysis.InputError
		if _, err := Prioritise(c.p, c.scales, c.o); !errors.As(err, &input) {
			t.Errorf("%s: %v is not an input error", c.name, err)
		}
	}
	var refusal *analysis.Refusal
	if _, err := Prioritise(planted(t, 39), scales(4), Options{}); !errors.As(err, &refusal) || refusal.Reason != analysis.TooFewAnswers {
		t.Errorf("39 answers for four drivers: %v", err)
	}
}
