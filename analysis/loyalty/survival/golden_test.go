package survival

import (
	"slices"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
)

// outcomeOf reads an event column: 1 left, 0 staying.
func outcomeOf(t testing.TB, r golden.Row, column string) Outcome {
	t.Helper()
	return Outcome(r.Int(t, column))
}

// groupsOf reads the data set behind rows of km.csv and logrank.csv, by stratum.
func groupsOf(t testing.TB, data string) map[string]*Lifetimes {
	t.Helper()
	groups := map[string]*Lifetimes{}
	for _, r := range golden.Read(t, data+"_input.csv") {
		name := "g=" + r["group"]
		if data == "churn" {
			name = "grp=" + band(r.Int(t, "score"))
		}
		if groups[name] == nil {
			groups[name] = &Lifetimes{}
		}
		if err := groups[name].Add(r.Num(t, "time"), outcomeOf(t, r, "event")); err != nil {
			t.Fatal(err)
		}
	}
	return groups
}

func band(score int64) string {
	switch {
	case score <= 6:
		return "det"
	case score <= 8:
		return "pas"
	}
	return "pro"
}

func TestCurveAgainstR(t *testing.T) {
	t.Parallel()
	curves := map[string]Curve{}
	for _, data := range []string{"churn", "aml"} {
		for name, l := range groupsOf(t, data) {
			curves[data+name] = golden.Must(Estimate(*l, 0.95))
		}
	}
	seen := map[string]int{}
	for _, r := range golden.Read(t, "km.csv") {
		key := strings.TrimSuffix(r["data"], "_input") + r["strata"]
		c, at := curves[key], seen[key]
		seen[key]++
		if at >= len(c.Steps) {
			t.Fatalf("%s has %d steps, R has more", key, len(c.Steps))
		}
		step := c.Steps[at]
		what := key + " at " + r["time"]
		golden.Near(t, what, step.Time, r.Num(t, "time"), 1e-12)
		if step.AtRisk != r.Int(t, "n_risk") || step.Left != r.Int(t, "n_event") {
			t.Errorf("%s: %d of %d left, want %s of %s", what, step.Left, step.AtRisk, r["n_event"], r["n_risk"])
		}
		golden.Near(t, what+" share", step.Share, r.Num(t, "surv"), 1e-7)
		if r["se"] == "" {
			if step.Bounds != nil {
				t.Errorf("%s has bounds where nobody is left", what)
			}
			continue
		}
		golden.Near(t, what+" error", step.Bounds.Error, r.Num(t, "se"), 1e-7)
		golden.Near(t, what+" low", step.Bounds.Low, r.Num(t, "lo"), 1e-7)
		golden.Near(t, what+" high", step.Bounds.High, r.Num(t, "hi"), 1e-7)
	}
	for key, c := range curves {
		if seen[key] != len(c.Steps) {
			t.Errorf("%s: %d steps, R has %d", key, len(c.Steps), seen[key])
		}
	}
}

func TestLogRankAgainstR(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "logrank.csv") {
		named := groupsOf(t, strings.TrimSuffix(r["data"], "_input"))
		var groups []Lifetimes
		for _, l := range named {
			groups = append(groups, *l)
		}
		test := golden.Must(TestCurves(groups))
		golden.Near(t, r["data"]+" χ²", test.ChiSquare, r.Num(t, "chisq"), 1e-7)
		// Against a p of 1e-10 an absolute tolerance would see nothing.
		golden.Near(t, r["data"]+" p", test.P/r.Num(t, "p"), 1, 1e-6)
		if int64(test.DF) != r.Int(t, "df") {
			t.Errorf("%s: %d degrees of freedom, want %s", r["data"], test.DF, r["df"])
		}
	}
}

// coxData reads the subjects of one data set of cox.csv.
func coxData(t testing.TB, data string) ([]string, []Subject) {
	t.Helper()
	names, file := []string{"score", "tenure", "tickets"}, "churn_input.csv"
	if data == "lung_age_sex" {
		names, file = []string{"age", "sex"}, "lung_input.csv"
	}
	var subjects []Subject
	for _, r := range golden.Read(t, file) {
		s := Subject{Time: r.Num(t, "time"), Outcome: outcomeOf(t, r, "event")}
		for _, name := range names {
			s.X = append(s.X, r.Num(t, name))
		}
		subjects = append(subjects, s)
	}
	return names, subjects
}

func TestCoxAgainstR(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "cox.csv") {
		names, subjects := coxData(t, r["data"])
		m := golden.Must(FitCox(names, subjects, Ties(r["ties"]), 0.95))
		what := r["data"] + " " + r["ties"] + " " + r["term"] + " "
		h := m.Terms[slices.Index(names, r["term"])]
		golden.Near(t, what+"coefficient", h.Coefficient, r.Num(t, "coef"), 1e-7)
		golden.Near(t, what+"ratio", h.Ratio, r.Num(t, "exp_coef"), 1e-7)
		golden.Near(t, what+"error", h.Error, r.Num(t, "se"), 1e-7)
		golden.Near(t, what+"z", h.Z, r.Num(t, "z"), 1e-7)
		golden.Near(t, what+"p", h.P/r.Num(t, "p"), 1, 1e-6)
		golden.Near(t, what+"log-likelihood", m.LogLikelihood, r.Num(t, "loglik"), 1e-7)
		golden.Near(t, what+"null", m.Null, r.Num(t, "loglik0"), 1e-7)
		golden.Near(t, what+"concordance", m.Concordance, r.Num(t, "concordance"), 1e-7)
		if int64(m.N) != r.Int(t, "n") || int64(m.Events) != r.Int(t, "nevent") {
			t.Errorf("%s: %d left of %d", what, m.Events, m.N)
		}
	}
}
