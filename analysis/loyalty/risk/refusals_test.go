package risk

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
)

// refused is a case that must be refused: as input by its field, or with a reason;
// or, with neither, must not be.
type refused struct {
	name   string
	err    error
	field  string
	reason analysis.Reason
}

func (c refused) check(t *testing.T) {
	t.Helper()
	var input *analysis.InputError
	var refusal *analysis.Refusal
	switch {
	case c.field != "":
		if !errors.As(c.err, &input) || input.Field != c.field {
			t.Errorf("%s: got %v, want %s refused", c.name, c.err, c.field)
		}
	case c.reason != "":
		if !errors.As(c.err, &refusal) || refusal.Reason != c.reason {
			t.Errorf("%s: got %v, want %s", c.name, c.err, c.reason)
		}
	case c.err != nil:
		t.Errorf("%s: got %v", c.name, c.err)
	}
}

func TestFitRefuses(t *testing.T) {
	t.Parallel()
	usual := world{link: 1, people: 600, from: 190}
	fitted := func(change func(i int, c *Case)) error {
		s := draw(usual, 1)
		for i := range s.Cases {
			change(i, &s.Cases[i])
		}
		return second(FitLogit(s, 0.95))
	}
	for _, c := range []refused{
		{"in order", fitted(func(int, *Case) {}), "", ""},
		{"nobody", second(FitLogit(Sample{Features: []string{"x"}}, 0.95)), "cases", ""},
		{"confidence 95", second(FitLogit(draw(usual, 1), 95)), "confidence", ""},
		{"measured too late", fitted(func(i int, c *Case) { c.Measured = c.From }), "measured", ""},
		{"ends before it begins", fitted(func(i int, c *Case) { c.To = c.From }), "to", ""},
		{"two horizons", fitted(func(i int, c *Case) { c.To += analysis.Day(i % 2) }), "to", ""},
		{"nobody left", fitted(func(i int, c *Case) { c.Lost = false }), "", TooFewEvents},
		{"everybody left", fitted(func(i int, c *Case) { c.Lost = true }), "", TooFewEvents},
		{"feature NaN", fitted(func(i int, c *Case) { c.X[0] = math.NaN() }), "features", ""},
		{"feature too many", fitted(func(i int, c *Case) { c.X = append(c.X, 1) }), "features", ""},
		{"constant", fitted(func(i int, c *Case) { c.X[2] = 7 }), "", Constant},
		{"collinear", fitted(func(i int, c *Case) { c.X[2] = 1 + c.X[0] + 2*c.X[1] }), "", Collinear},
		{"told without an error", fitted(func(i int, c *Case) { c.Lost = c.X[2] > 1 }), "", Separated},
		{"told without an error at one value", fitted(func(i int, c *Case) {
			c.X[2] = 0
			if c.Lost && i%5 == 0 {
				c.X[2] = 1
			}
		}), "", Separated},
	} {
		c.check(t)
	}
}

func TestValidateRefuses(t *testing.T) {
	t.Parallel()
	usual := world{link: 1, people: 600, from: 100}
	m := golden.Must(FitLogit(draw(usual, 1), 0.95))
	usual.from = 190
	nothing := func(int, *Case) {}
	validated := func(l Limits, change func(i int, c *Case)) error {
		s := draw(usual, 1)
		for i := range s.Cases {
			change(i, &s.Cases[i])
		}
		return second(m.Validate(s, l))
	}
	for _, c := range []refused{
		{"not fitted", second(Logit{}.Validate(draw(usual, 1), Limits{})), "model", ""},
		{"few events allowed", validated(Limits{Events: 3}, nothing), "limits", ""},
		{"margin of a half", validated(Limits{Margin: 0.5}, nothing), "limits", ""},
		{"slope NaN", validated(Limits{Slope: math.NaN()}, nothing), "limits", ""},
		{"confidence of 5", validated(Limits{Confidence: 5}, nothing), "confidence", ""},
		{"overlap", validated(Limits{}, func(i int, c *Case) { c.From--; c.To--; c.Measured-- }), "from", ""},
		{"other horizon", validated(Limits{}, func(i int, c *Case) { c.To++ }), "to", ""},
		{"feature missing", validated(Limits{}, func(i int, c *Case) { c.X = c.X[:2] }), "features", ""},
		{"feature infinite", validated(Limits{}, func(i int, c *Case) { c.X[1] = math.Inf(1) }), "features", ""},
		{"other features", second(m.Validate(Sample{Features: []string{"x"}, Cases: draw(usual, 1).Cases}, Limits{})), "features", ""},
		{"recalibrated by few", second(m.Recalibrate(draw(world{link: 1, people: 50, from: 190}, 1))), "", TooFewEvents},
		{"recalibrated by the opposite", second(m.Recalibrate(draw(world{link: -1, people: 900, from: 190}, 1))), "", Slanted},
	} {
		c.check(t)
	}
}

func TestAtRiskRefuses(t *testing.T) {
	t.Parallel()
	m := golden.Must(FitLogit(draw(world{link: 1, people: 600, from: 100}, 1), 0.95))
	v := golden.Must(m.Validate(draw(world{link: 1, people: 600, from: 190}, 2), Limits{}))
	listed := func(l ListLimits, c Case) error { return second(v.AtRisk([]Case{c}, l)) }
	someone := Case{Measured: 299, From: 300, To: 390, X: []float64{1, 0, 2}}
	with := func(change func(*Case)) Case {
		c := someone
		change(&c)
		return c
	}
	for _, c := range []refused{
		{"not validated", second(Validation{}.AtRisk(nil, ListLimits{})), "", NotValidated},
		{"somebody", listed(ListLimits{}, someone), "", ""},
		{"limits below zero", listed(ListLimits{Most: -1}, someone), "limits", ""},
		{"times NaN", listed(ListLimits{Times: math.NaN()}, someone), "limits", ""},
		{"measured after today", listed(ListLimits{}, with(func(c *Case) { c.Measured = 300 })), "measured", ""},
		{"listed for longer", listed(ListLimits{}, with(func(c *Case) { c.To++ })), "to", ""},
		{"listed without features", listed(ListLimits{}, with(func(c *Case) { c.X = nil })), "features", ""},
		{"listed with huge features", listed(ListLimits{}, with(func(c *Case) { c.X = []float64{1e308, 1e308, 1e308} })), "", ""},
	} {
		c.check(t)
	}
}

// TestNumbersCanBeWritten: odds by a unit that is huge beside how a feature
// varies are beyond all numbers, and JSON has no infinity.
func TestNumbersCanBeWritten(t *testing.T) {
	t.Parallel()
	s := draw(world{link: 1, people: 600, from: 100}, 1)
	later := draw(world{link: 1, people: 600, from: 190}, 2)
	for _, sample := range []Sample{s, later} {
		for i := range sample.Cases {
			sample.Cases[i].X[2] *= 1e-5
		}
	}
	m := golden.Must(FitLogit(s, 0.95))
	v := golden.Must(m.Validate(later, Limits{}))
	list := golden.Must(v.AtRisk(later.Cases, ListLimits{}))
	again := golden.Must(m.Recalibrate(later))
	for _, result := range []any{m, v, list, again} {
		if _, err := json.Marshal(result); err != nil {
			t.Error(err)
		}
	}
	if m.Terms[2].Odds != math.MaxFloat64 {
		t.Errorf("odds %v", m.Terms[2].Odds)
	}
}

// TestRecalibrateFarFromZero: of a feature such as a year the intercept's odds are
// beyond all numbers, at both ends of their interval.
func TestRecalibrateFarFromZero(t *testing.T) {
	t.Parallel()
	samples := []Sample{draw(world{link: 1, people: 600, from: 100}, 1), draw(world{link: 1, people: 600, from: 190}, 2)}
	for _, s := range samples {
		for i := range s.Cases {
			s.Cases[i].X[2] += 2026
		}
	}
	again := golden.Must(golden.Must(FitLogit(samples[0], 0.95)).Recalibrate(samples[1]))
	if _, err := json.Marshal(again); err != nil {
		t.Errorf("%v in %+v", err, again.Intercept)
	}
}

// TestAreaIntervalCovers draws from two normal populations whose area is known:
// Φ(1/√2) = 0.76 for means one standard deviation apart.
func TestAreaIntervalCovers(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	const truth, runs = 0.7602499389065233, 600
	inside := 0
	for range runs {
		var list []forecast
		for range 40 {
			list = append(list, forecast{linear: r.NormFloat64() + 1, lost: 1})
		}
		for range 120 {
			list = append(list, forecast{linear: r.NormFloat64()})
		}
		slices.SortFunc(list, func(a, b forecast) int { return cmp.Compare(a.linear, b.linear) })
		if low, high := area(list).interval(0.95); low <= truth && truth <= high {
			inside++
		}
	}
	if share := float64(inside) / runs; share < 0.92 || share > 0.98 {
		t.Errorf("95 %% intervals hold the truth in %.3f", share)
	}
}
