package survival

import (
	"errors"
	"math"
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

func TestCurvesRefuse(t *testing.T) {
	t.Parallel()
	var somebody, left Lifetimes
	_ = somebody.Add(3, Staying)
	_ = left.Add(1, Left)
	for _, c := range []refused{
		{"duration beyond squares", new(Lifetimes).Add(1e200, Left), "duration", ""},
		{"duration NaN", new(Lifetimes).Add(math.NaN(), Left), "duration", ""},
		{"duration infinite", new(Lifetimes).Add(math.Inf(1), Left), "duration", ""},
		{"duration negative", new(Lifetimes).Add(-1, Left), "duration", ""},
		{"unknown outcome", new(Lifetimes).Add(1, 7), "outcome", ""},
		{"curve of nobody", second(Estimate(Lifetimes{}, 0.95)), "lifetimes", ""},
		{"confidence 95", second(Estimate(somebody, 95)), "confidence", ""},
		{"horizon beyond the watch", second(golden.Must(Estimate(somebody, 0.95)).MeanUntil(4)), "horizon", ""},
		{"one group", second(TestCurves([]Lifetimes{somebody, {}})), "groups", ""},
		{"nobody left", second(TestCurves([]Lifetimes{somebody, somebody})), "", TooFewEvents},
		{"never at risk together", second(TestCurves([]Lifetimes{somebody, left})), "", ""},
	} {
		c.check(t)
	}
}

func TestCoxRefuses(t *testing.T) {
	t.Parallel()
	names, subjects := []string{"score", "tickets"}, people(200)
	with := func(change func(i int, s *Subject)) []Subject {
		changed := people(200)
		for i := range changed {
			change(i, &changed[i])
		}
		return changed
	}
	cox := func(s []Subject) error {
		_, err := FitCox(names, s, Efron, 0.95)
		return err
	}
	for _, c := range []refused{
		{"in order", cox(subjects), "", ""},
		{"no features", second(FitCox(nil, subjects, Efron, 0.95)), "features", ""},
		{"no such ties", second(FitCox(names, subjects, "exact", 0.95)), "ties", ""},
		{"nobody", cox(nil), "", TooFewEvents},
		{"time NaN", cox(with(func(i int, s *Subject) { s.Time = math.NaN() })), "duration", ""},
		{"outcome 3", cox(with(func(i int, s *Subject) { s.Outcome = 3 })), "outcome", ""},
		{"few leavers", cox(with(func(i int, s *Subject) { s.Outcome = 0 })), "", TooFewEvents},
		{"short row", cox(with(func(i int, s *Subject) { s.X = s.X[:1] })), "features", ""},
		{"feature NaN", cox(with(func(i int, s *Subject) { s.X[1] = math.NaN() })), "features", ""},
		{"feature infinite", cox(with(func(i int, s *Subject) { s.X[0] = math.Inf(-1) })), "features", ""},
		{"constant", cox(with(func(i int, s *Subject) { s.X[1] = 0.1 })), "", Constant},
		{"collinear", cox(with(func(i int, s *Subject) { s.X[1] = 3 - 2*s.X[0] })), "", Collinear},
		{"leaves in the order of the score", cox(with(func(i int, s *Subject) {
			s.Outcome, s.Time = Left, s.X[0]
		})), "", Separated},
	} {
		c.check(t)
	}
}
