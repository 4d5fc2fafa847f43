package risk

import (
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
)

// churn reads churn_input.csv; days are made up, since the file has none.
func churn(t testing.TB) Sample {
	t.Helper()
	s := Sample{Features: []string{"score", "tenure", "tickets"}}
	for _, r := range golden.Read(t, "churn_input.csv") {
		s.Cases = append(s.Cases, Case{
			Person: r["id"], Measured: 99, From: 100, To: 190,
			X:    []float64{r.Num(t, "score"), r.Num(t, "tenure"), r.Num(t, "tickets")},
			Lost: r["churned"] == "1",
		})
	}
	return s
}

func TestLogitAgainstR(t *testing.T) {
	t.Parallel()
	m := golden.Must(FitLogit(churn(t), 0.95))
	terms := map[string]Term{"(Intercept)": m.Intercept}
	for _, term := range m.Terms {
		terms[term.Name] = term
	}
	scalars := map[string]float64{
		"loglik": m.LogLikelihood, "null_loglik": m.Null, "auc": m.AUC, "brier": m.Brier,
	}
	for _, r := range golden.Read(t, "logit.csv") {
		name := r["term"]
		if got, ok := scalars[name]; ok {
			golden.Near(t, name, got, r.Num(t, "estimate"), 1e-7)
			continue
		}
		term, ok := terms[name]
		if !ok {
			t.Fatalf("no term %s", name)
		}
		golden.Near(t, name, term.Coefficient, r.Num(t, "estimate"), 1e-7)
		golden.Near(t, name+" error", term.Error, r.Num(t, "se"), 1e-7)
		golden.Near(t, name+" z", term.Z, r.Num(t, "z"), 1e-7)
		golden.Near(t, name+" p", term.P/r.Num(t, "p"), 1, 1e-6)
	}
}
