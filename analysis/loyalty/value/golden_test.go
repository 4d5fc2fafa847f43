package value

import (
	"math"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
)

func TestSimpleAgainstReference(t *testing.T) {
	t.Parallel()
	columns := map[Variant]string{
		NextMargin: "inf_next", FirstNow: "inf_now", Finite: "finite_now", Undiscounted: "undiscounted",
	}
	for _, r := range golden.Read(t, "clv_simple.csv") {
		terms := Terms{
			Margin: r.Num(t, "m"), Retention: r.Num(t, "r"), Discount: r.Num(t, "d"), Periods: int(r.Int(t, "N")),
		}
		for _, v := range Variants() {
			golden.Near(t, string(v), golden.Must(Simple(v, terms)), r.Num(t, columns[v]), 1e-9)
		}
	}
}

func TestPointsAgainstReference(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "bgnbd_points.csv") {
		m := BGNBD{R: r.Num(t, "r"), Alpha: r.Num(t, "alpha"), A: r.Num(t, "a"), B: r.Num(t, "b")}
		g := GammaGamma{P: r.Num(t, "gg_p"), Q: r.Num(t, "gg_q"), V: r.Num(t, "gg_v")}
		c := Customer{Repeat: r.Int(t, "x"), Recency: r.Num(t, "tx"), Age: r.Num(t, "T"), Spend: r.Num(t, "m")}
		ahead := r.Num(t, "t")
		worth := golden.Must(Of(m, g, c, Horizon{Steps: 12, Width: 4.345, Discount: 0.01}))
		for _, v := range []struct {
			column string
			got    float64
		}{
			{"ll", golden.Must(m.LogLikelihood(c))},
			{"p_alive", golden.Must(m.Alive(c))},
			{"cond", golden.Must(m.Expected(c, ahead))},
			{"uncond", golden.Must(m.ExpectedNew(ahead))},
			{"pmf", golden.Must(m.Probability(c.Repeat, ahead))},
			{"gg_mean", golden.Must(g.Mean(c))},
			{"clv12", worth.Value},
		} {
			want := r.Num(t, v.column)
			golden.Near(t, v.column, v.got, want, 1e-8)
			// Many of these are far below 1, where an absolute tolerance sees nothing.
			// The reference takes a small pmf as a difference of sums near 1, which
			// leaves it no digits under 1e-10.
			if v.column != "pmf" || want > 1e-10 {
				golden.Near(t, v.column+" relative", v.got/want, 1, 1e-6)
			}
		}
	}
}

// reference reads the customers of bgnbd_input.csv.
func reference(t testing.TB) []Customer {
	t.Helper()
	var customers []Customer
	for _, r := range golden.Read(t, "bgnbd_input.csv") {
		customers = append(customers, Customer{
			Repeat: r.Int(t, "x"), Recency: r.Num(t, "tx"), Age: r.Num(t, "T"), Spend: r.Num(t, "m"),
		})
	}
	return customers
}

func counted(t testing.TB, customers []Customer) *Customers {
	t.Helper()
	var c Customers
	for _, customer := range customers {
		if err := c.Add(customer); err != nil {
			t.Fatal(err)
		}
	}
	return &c
}

func TestFitsAgainstReference(t *testing.T) {
	t.Parallel()
	want := map[string]float64{}
	for _, r := range golden.Read(t, "bgnbd_fit.csv") {
		want[r["quantity"]] = r.Num(t, "value")
	}
	c := counted(t, reference(t))
	often, much := golden.Must(FitBGNBD(c)), golden.Must(FitGammaGamma(c))
	golden.Near(t, "log-likelihood", often.LogLikelihood-want["loglik"], 0, 1e-3)
	golden.Near(t, "gamma–gamma log-likelihood", much.LogLikelihood-want["gg_loglik"], 0, 1e-3)
	golden.Near(t, "correlation", much.Correlation, want["corr_freq_money"], 1e-9)
	if much.Customers != int64(want["gg_n"]) || often.Repeat != much.Customers || often.Customers != 1500 {
		t.Errorf("%d and %d customers bought again", often.Repeat, much.Customers)
	}
	for name, got := range map[string]float64{
		"r": often.R, "alpha": often.Alpha, "a": often.A, "b": often.B,
		"gg_p": much.P, "gg_q": much.Q, "gg_v": much.V,
	} {
		golden.Near(t, name, got/want[name], 1, 0.01)
	}
}

// TestPublished compares with Fader, Hardie & Lee's own numbers of the CDNOW
// customers, and their note on Gamma–Gamma.
func TestPublished(t *testing.T) {
	t.Parallel()
	m := BGNBD{R: 0.243, Alpha: 4.414, A: 0.793, B: 2.426}
	c := Customer{Repeat: 2, Recency: 30.43, Age: 38.86}
	for _, v := range []struct {
		name              string
		got, want, within float64
	}{
		{"E[Y(39) | 2, 30.43, 38.86]", golden.Must(m.Expected(c, 39)), 1.226, 5e-4},
		{"P(X(39) = 0)", golden.Must(m.Probability(0, 39)), 0.5737864, 5e-8},
		{"mean of who spent nothing", golden.Must(GammaGamma{P: 6.25, Q: 3.74, V: 15.44}.Mean(Customer{Repeat: 3, Recency: 2, Age: 9})), 35.2, 0.05},
		{"mean of all", golden.Must(GammaGamma{P: 6.25, Q: 3.74, V: 15.44}.Mean(Customer{})), 35.2, 0.05},
	} {
		if math.Abs(v.got-v.want) > v.within {
			t.Errorf("%s = %v, want %v", v.name, v.got, v.want)
		}
	}
}
