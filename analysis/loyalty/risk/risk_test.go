package risk

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/surveys"
)

// world is how people leave in a simulated sample.
type world struct {
	level   float64 // added to the log odds
	link    float64 // of the score and tickets, times what is usual; 0 is none
	noise   int     // features that say nothing
	people  int
	from    analysis.Day
	without float64 // added to the log odds of those who did not answer
}

// draw makes a sample of a world, from a seed.
func draw(w world, seed uint64) Sample {
	r := rand.New(rand.NewPCG(seed, 11))
	s := Sample{Features: append(ScoreNames(), "tickets")}
	for j := range w.noise {
		s.Features = append(s.Features, fmt.Sprint("noise", j))
	}
	for i := range w.people {
		score := r.IntN(11)
		x := []float64{float64(score), 0, float64(r.IntN(4))}
		linear := w.level - 1.5 + w.link*(0.3*(5-x[0])+0.5*x[2])
		if r.Float64() < 0.3 { // did not answer
			x[0], x[1] = 5, 1
			linear = w.level - 1.5 + w.link*0.5*x[2] + w.without
		}
		for range w.noise {
			x = append(x, r.NormFloat64())
		}
		s.Cases = append(s.Cases, Case{
			Person: fmt.Sprint("person ", i), Measured: w.from - 1, From: w.from, To: w.from + 90,
			X: x, Lost: r.Float64() < dist.Logistic(linear),
		})
	}
	return s
}

func TestModelThatIsGoodNamesPeople(t *testing.T) {
	t.Parallel()
	m := golden.Must(FitLogit(draw(world{link: 1, people: 3000, from: 100, without: 0.8}, 1), 0.999))
	for j, want := range []float64{-0.3, 0.8, 0.5} {
		if got := m.Terms[j]; math.Log(got.Low) > want || math.Log(got.High) < want {
			t.Errorf("%s: %.2f to %.2f, planted %.2f", got.Name, math.Log(got.Low), math.Log(got.High), want)
		}
	}
	v := golden.Must(m.Validate(draw(world{link: 1, people: 3000, from: 190, without: 0.8}, 2), Limits{}))
	if v.Refused != nil {
		t.Fatalf("refused: %v", v.Refused)
	}
	if c := v.Calibration; math.Abs(c.Slope-1) > 3*c.SlopeError || len(c.Tenths) < 8 || c.P < 1e-3 {
		t.Errorf("calibration %+v", c)
	}
	today := draw(world{link: 1, people: 300, from: 280, without: 0.8}, 3)
	list := golden.Must(v.AtRisk(today.Cases, ListLimits{Most: 20}))
	if len(list) != 20 {
		t.Fatalf("%d people", len(list))
	}
	for i, p := range list {
		if i > 0 && p.Risk > list[i-1].Risk || p.Times < 1.5 || len(p.Reasons) == 0 || len(p.Reasons) > 3 {
			t.Errorf("%d: %+v", i, p)
		}
		if p.Like.N == 0 || p.Like.Seen < v.Calibration.Seen {
			t.Errorf("people like %s left in %+v", p.Person, p.Like)
		}
		for k, reason := range p.Reasons {
			if reason.Odds < leastOdds || m.Terms[slices.IndexFunc(m.Terms, func(t Term) bool { return t.Name == reason.Feature })].P >= mostP || k > 0 && reason.Odds > p.Reasons[k-1].Odds {
				t.Errorf("%s: reasons %+v", p.Person, p.Reasons)
			}
		}
	}
	if !slices.Equal(v.Caveats(), []loyalty.Caveat{loyalty.Association}) {
		t.Errorf("caveats %v", v.Caveats())
	}
}

// TestGate: each way in which a model can fail is seen, and then nobody is named.
func TestGate(t *testing.T) {
	t.Parallel()
	usual := world{link: 1, people: 1500, from: 100}
	cases := []struct {
		name         string
		early, later world
		limits       Limits
		reason       analysis.Reason
	}{
		{"like the earlier", usual, world{link: 1, people: 1500, from: 190}, Limits{}, ""},
		{"few left", usual, world{link: 1, people: 60, from: 190}, Limits{}, TooFewEvents},
		{"all left", usual, world{link: 1, level: 60, people: 900, from: 190}, Limits{}, TooFewEvents},
		{"no link any more", usual, world{people: 1500, from: 190}, Limits{}, TooWeak},
		{"never a link", world{people: 1500, from: 100}, world{people: 1500, from: 190}, Limits{}, TooWeak},
		{"half the link", usual, world{link: 0.4, people: 9000, from: 190}, Limits{}, Slanted},
		{"twice the link", usual, world{link: 2.2, people: 1500, from: 190}, Limits{}, Slanted},
		{"learned by heart", world{link: 0.45, noise: 25, people: 700, from: 100},
			world{link: 0.45, noise: 25, people: 9000, from: 190}, Limits{Slope: 0.95}, Slanted},
		{"many more left", usual, world{link: 1, level: 1.5, people: 1500, from: 190}, Limits{}, OffLevel},
		{"far fewer left", usual, world{link: 1, level: -1.5, people: 2500, from: 190}, Limits{}, OffLevel},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := golden.Must(FitLogit(draw(c.early, 1), 0.95))
			v := golden.Must(m.Validate(draw(c.later, 2), c.limits))
			_, err := v.AtRisk(draw(world{people: 50, noise: c.early.noise, from: 300}, 3).Cases, ListLimits{})
			if c.reason == "" {
				if v.Refused != nil || err != nil {
					t.Errorf("refused: %v, %v", v.Refused, err)
				}
				return
			}
			var refusal *analysis.Refusal
			if v.Refused == nil || v.Refused.Reason != c.reason || !errors.As(err, &refusal) || refusal != v.Refused {
				t.Errorf("refused %v, list %v, want %s", v.Refused, err, c.reason)
			}
		})
	}
}

// TestJudge sets each gate off by numbers alone.
func TestJudge(t *testing.T) {
	t.Parallel()
	limits := golden.Must(Limits{}.withDefaults())
	good := Validation{AUCLow: 0.6, Brier: 0.15, BrierBase: 0.16, Calibration: Calibration{Slope: 1, Foretold: 0.2, Seen: 0.2}}
	cases := []struct {
		name   string
		change func(*Validation)
		reason analysis.Reason
		need   float64
	}{
		{"all is well", func(v *Validation) {}, "", 0},
		{"no better than chance", func(v *Validation) { v.AUCLow = 0.55 }, TooWeak, 0.55},
		{"too flat", func(v *Validation) { v.Calibration.Slope = 0.59 }, Slanted, 0.6},
		{"too steep", func(v *Validation) { v.Calibration.Slope = 1.7 }, Slanted, 1 / 0.6},
		{"too low", func(v *Validation) { v.Calibration.Foretold = 0.13 }, OffLevel, 0.7},
		{"too high", func(v *Validation) { v.Calibration.Foretold = 0.3 }, OffLevel, 1 / 0.7},
		{"no better than the base rate", func(v *Validation) { v.Brier = 0.16 }, NoBetter, 0.16},
	}
	for _, c := range cases {
		v := good
		c.change(&v)
		refusal := v.judge(limits)
		if (refusal == nil) != (c.reason == "") || refusal != nil && (refusal.Reason != c.reason || refusal.Need != c.need) {
			t.Errorf("%s: %v", c.name, refusal)
		}
	}
}

func TestRecalibrateBringsTheLevelBack(t *testing.T) {
	t.Parallel()
	m := golden.Must(FitLogit(draw(world{link: 1, people: 1500, from: 100}, 1), 0.95))
	now := world{link: 0.7, level: 1.5, people: 2000, from: 190}
	on := draw(now, 2)
	again := golden.Must(m.Recalibrate(on))
	// At the top of the likelihood the risks add up to who left.
	sum := 0.0
	for _, f := range again.forecasts(on.Cases) {
		sum += f.risk
	}
	golden.Near(t, "risks", sum, float64(on.lost()), 1e-6)
	now.from = 280
	later := draw(now, 3)
	if v := golden.Must(m.Validate(later, Limits{})); v.Refused == nil {
		t.Fatal("without it the model passed")
	}
	v := golden.Must(again.Validate(later, Limits{}))
	if v.Refused != nil {
		t.Errorf("refused: %v", v.Refused)
	}
	if before := golden.Must(m.Validate(later, Limits{})); v.AUC != before.AUC {
		t.Errorf("the order of people changed: AUC %v, was %v", v.AUC, before.AUC)
	}
	if _, err := again.Validate(draw(world{link: 1, people: 500, from: 200}, 4), Limits{}); err == nil {
		t.Error("validated by days that it was recalibrated on")
	}
	if h := again.Terms[0]; !(h.Low < h.Odds && h.Odds < h.High) {
		t.Errorf("odds %+v", h)
	}
}

func TestLogitDoesNotDependOnUnits(t *testing.T) {
	t.Parallel()
	plain := golden.Must(FitLogit(churn(t), 0.95))
	rapid.Check(t, func(rt *rapid.T) {
		shift := rapid.Float64Range(-1e4, 1e4).Draw(rt, "shift")
		scale := rapid.Float64Range(0.001, 1000).Draw(rt, "scale")
		s := churn(t)
		for i := range s.Cases {
			s.Cases[i].X[1] = shift - scale*s.Cases[i].X[1]
		}
		m := golden.Must(FitLogit(s, 0.95))
		golden.Near(t, "log-likelihood", m.LogLikelihood, plain.LogLikelihood, 1e-9)
		golden.Near(t, "turned", -scale*m.Terms[1].Coefficient, plain.Terms[1].Coefficient, 1e-6)
		golden.Near(t, "z", m.Terms[1].Z, -plain.Terms[1].Z, 1e-5)
		golden.Near(t, "other", m.Terms[0].Coefficient, plain.Terms[0].Coefficient, 1e-6)
		golden.Near(t, "AUC", m.AUC, plain.AUC, 1e-9)
	})
}

func TestLogitDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	plain := golden.Must(FitLogit(churn(t), 0.95))
	s := churn(t)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(s.Cases), func(i, j int) { s.Cases[i], s.Cases[j] = s.Cases[j], s.Cases[i] })
	m := golden.Must(FitLogit(s, 0.95))
	golden.Near(t, "coefficient", m.Terms[0].Coefficient, plain.Terms[0].Coefficient, 1e-9)
	golden.Near(t, "AUC", m.AUC, plain.AUC, 1e-12)
}

// TestAreaByPairs counts pairs, and takes DeLong's variance from them.
func TestAreaByPairs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var cases []Case
		for range rapid.IntRange(4, 40).Draw(rt, "n") {
			cases = append(cases, Case{
				X: []float64{float64(rapid.IntRange(0, 8).Draw(rt, "x"))}, Lost: rapid.Bool().Draw(rt, "lost"),
			})
		}
		m := Logit{Terms: []Term{{Coefficient: 1}}}
		a := area(m.forecasts(cases))
		var lost, stayed []Case
		for _, c := range cases {
			if c.Lost {
				lost = append(lost, c)
			} else {
				stayed = append(stayed, c)
			}
		}
		if len(lost) == 0 || len(stayed) == 0 {
			if a.value != 0.5 {
				rt.Fatalf("area %v without pairs", a.value)
			}
			return
		}
		right := func(l, s Case) float64 {
			switch {
			case l.X[0] > s.X[0]:
				return 1
			case l.X[0] == s.X[0]:
				return 0.5
			}
			return 0
		}
		var ofLost, ofStayed dist.Sample
		for _, l := range lost {
			sum := 0.0
			for _, s := range stayed {
				sum += right(l, s) / float64(len(stayed))
			}
			ofLost.Add(sum, 1)
		}
		for _, s := range stayed {
			sum := 0.0
			for _, l := range lost {
				sum += right(l, s) / float64(len(lost))
			}
			ofStayed.Add(sum, 1)
		}
		golden.Near(t, "area", a.value, ofLost.Mean, 1e-12)
		golden.Near(t, "variance", a.variance,
			ofLost.Variance()/float64(len(lost))+ofStayed.Variance()/float64(len(stayed)), 1e-12)
		low, high := a.interval(0.95)
		if !(low >= 0 && low <= a.value+1e-9 || a.value == 0) || !(high <= 1 && high >= a.value-1e-9 || a.value == 1) || !(low < high) {
			rt.Fatalf("interval %v to %v of %v", low, high, a.value)
		}
	})
}

func TestTenthsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		list := make([]forecast, rapid.IntRange(1, 200).Draw(rt, "n"))
		for i := range list {
			list[i].linear = float64(rapid.IntRange(0, 30).Draw(rt, "x"))
		}
		slices.SortFunc(list, func(a, b forecast) int { return int(a.linear - b.linear) })
		n, last := 0, -1.0
		groups := tenths(list)
		for _, g := range groups {
			if len(g) == 0 || g[0].linear <= last {
				rt.Fatalf("group %v after %v", g, last)
			}
			n, last = n+len(g), g[len(g)-1].linear
		}
		if n != len(list) || len(groups) > 10 {
			rt.Fatalf("%d groups of %d, not %d", len(groups), n, len(list))
		}
	})
}

func TestScoreFeatures(t *testing.T) {
	t.Parallel()
	eleven, nine := 11, 9
	if x := golden.Must(ScoreFeatures(surveys.NPS, &nine)); !slices.Equal(x, []float64{9, 0}) {
		t.Errorf("9 is %v", x)
	}
	if x := golden.Must(ScoreFeatures(surveys.NPS, nil)); !slices.Equal(x, []float64{5, 1}) {
		t.Errorf("no answer is %v", x)
	}
	for _, err := range []error{
		second(ScoreFeatures(surveys.NPS, &eleven)), second(ScoreFeatures("stars", nil)),
	} {
		var input *analysis.InputError
		if !errors.As(err, &input) {
			t.Errorf("got %v", err)
		}
	}
}

func TestCaveats(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name     string
		features []string
		lost     int
		want     []loyalty.Caveat
	}{
		{"all is well", []string{"score", "no_answer"}, 20, []loyalty.Caveat{loyalty.Association}},
		{"answers alone", []string{"score"}, 20, []loyalty.Caveat{loyalty.Association, loyalty.Unanswered}},
		{"few", []string{"tenure"}, 9, []loyalty.Caveat{loyalty.Association, loyalty.FewEvents}},
	}
	for _, c := range cases {
		if got := Caveats(c.features, c.lost); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func BenchmarkLogit10000(b *testing.B) {
	s := draw(world{link: 1, people: 10000, from: 100}, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FitLogit(s, 0.95); err != nil {
			b.Fatal(err)
		}
	}
}
