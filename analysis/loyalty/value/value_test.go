package value

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mathext"
	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
)

// models draws parameters as populations have them.
func models() *rapid.Generator[BGNBD] {
	return rapid.Custom(func(t *rapid.T) BGNBD {
		p := rapid.Float64Range(0.05, 8)
		return BGNBD{
			R: p.Draw(t, "r"), Alpha: rapid.Float64Range(0.5, 60).Draw(t, "alpha"),
			A: p.Draw(t, "a"), B: p.Draw(t, "b"),
		}
	})
}

func customers() *rapid.Generator[Customer] {
	return rapid.Custom(func(t *rapid.T) Customer {
		c := Customer{Repeat: rapid.Int64Range(0, 60).Draw(t, "x"), Age: rapid.Float64Range(0, 300).Draw(t, "T")}
		if c.Age < 0.01 {
			c.Repeat = 0
		}
		if c.Repeat > 0 {
			c.Recency = c.Age * rapid.Float64Range(0.001, 1).Draw(t, "tx")
			c.Spend = rapid.Float64Range(0.01, 500).Draw(t, "spend")
		}
		return c
	})
}

func TestPredictionsStayInBounds(t *testing.T) {
	t.Parallel()
	much := GammaGamma{P: 6.25, Q: 3.74, V: 15.44}
	rapid.Check(t, func(rt *rapid.T) {
		m, c := models().Draw(rt, "model"), customers().Draw(rt, "customer")
		ahead := rapid.Float64Range(0, 500).Draw(rt, "t")
		alive := golden.Must(m.Alive(c))
		if !(alive >= 0 && alive <= 1) || c.Repeat == 0 && alive != 1 {
			rt.Fatalf("alive %v", alive)
		}
		soon, late := golden.Must(m.Expected(c, ahead)), golden.Must(m.Expected(c, 2*ahead))
		if !(soon >= 0) || !(late >= soon*(1-1e-9)-1e-12) || math.IsInf(late, 0) {
			rt.Fatalf("expected %v within %v, %v within twice that", soon, ahead, late)
		}
		// Never more than without anybody leaving: (r+x)/(α+T)·t.
		if most := (m.R + float64(c.Repeat)) / (m.Alpha + c.Age) * ahead; soon > most*(1+1e-6)+1e-9 {
			rt.Fatalf("expected %v, but at most %v", soon, most)
		}
		w := golden.Must(Of(m, much, c, Horizon{Steps: 6, Width: 1}))
		if !(w.Value >= 0) || math.Abs(w.Value-w.Purchases*w.Spend) > 1e-6*(1+w.Value) {
			rt.Fatalf("worth %+v is not purchases × spend without a discount", w)
		}
	})
}

// TestExpectedIsTheMeanOfTheProbabilities: Σ P(x) = 1 and Σ x·P(x) = E[X(t)],
// two formulas that share nothing but the model.
func TestExpectedIsTheMeanOfTheProbabilities(t *testing.T) {
	t.Parallel()
	for _, m := range []BGNBD{
		{R: 0.243, Alpha: 4.414, A: 0.793, B: 2.426},
		{R: 1.8, Alpha: 20, A: 2.5, B: 3.1},
		{R: 0.6, Alpha: 7.5, A: 1, B: 4.2},      // a = 1, where the formula is 0/0
		{R: 0.6, Alpha: 7.5, A: 0.4, B: 0.6},    // a + b = 1, where ₂F₁ has a pole
		{R: 0.6, Alpha: 7.5, A: 1.00001, B: 40}, // close to the former
	} {
		for _, ahead := range []float64{0, 1, 39} {
			var sum, mean float64
			for x := range int64(3000) {
				p := golden.Must(m.Probability(x, ahead))
				sum += p
				mean += float64(x) * p
			}
			golden.Near(t, "Σ P", sum, 1, 1e-9)
			golden.Near(t, "mean", golden.Must(m.ExpectedNew(ahead)), mean, 1e-6)
		}
	}
}

// TestHypergeometric holds the function of the mathematics library against its
// own series, over the parameters that expectations need.
func TestHypergeometric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := models().Draw(rt, "model")
		x := float64(rapid.IntRange(0, 60).Draw(rt, "x"))
		z := rapid.Float64Range(0, 0.99).Draw(rt, "z")
		a, b, c := m.A+m.B-1-m.R, m.A-1, m.A+m.B+x-1
		if math.Abs(c) < 0.01 {
			rt.Skip("a pole")
		}
		sum, term := 1.0, 1.0
		for n := range 20000 {
			k := float64(n)
			term *= (a + k) * (b + k) / ((c + k) * (k + 1)) * z
			sum += term
		}
		golden.Near(t, "₂F₁", mathext.Hypergeo(a, b, c, z), sum, 1e-9)
	})
}

// simulate draws customers of a known model, watched for a year, and what they
// bought in the half year after.
func simulate(n int, seed uint64) []Later {
	r := rand.New(rand.NewPCG(seed, 7))
	const ahead = 26
	var drawn []Later
	for range n {
		rate := gamma(r, 0.8) / 8
		p := beta(r, 0.9, 2.6)
		c := Later{Customer: Customer{Age: math.Ceil(26 + 52*r.Float64())}}
		var spend float64
		mean := 5 / gamma(r, 4) * 60
		for at := 0.0; ; {
			at += r.ExpFloat64() / rate
			if at > c.Age+ahead {
				break
			}
			if at > c.Age {
				c.Purchases++
			} else {
				c.Repeat++
				c.Recency = min(c.Age, math.Ceil(at))
				spend += mean * gamma(r, 6) / 6
			}
			if r.Float64() < p {
				break
			}
		}
		if c.Repeat > 0 {
			c.Spend = math.Ceil(spend) / float64(c.Repeat)
		}
		drawn = append(drawn, c)
	}
	return drawn
}

// gamma draws gamma(shape, 1) by Marsaglia & Tsang (2000).
func gamma(r *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(r, shape+1) * math.Pow(r.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	for {
		x := r.NormFloat64()
		v := math.Pow(1+x/math.Sqrt(9*d), 3)
		if v > 0 && math.Log(r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

func beta(r *rand.Rand, a, b float64) float64 {
	x := gamma(r, a)
	return x / (x + gamma(r, b))
}

func TestFitForetellsWhatComes(t *testing.T) {
	t.Parallel()
	drawn := simulate(4000, 1)
	var c Customers
	for _, d := range drawn {
		if err := c.Add(d.Customer); err != nil {
			t.Fatal(err)
		}
	}
	fit := golden.Must(FitBGNBD(&c))
	truth := BGNBD{R: 0.8, Alpha: 8, A: 0.9, B: 2.6}
	if atTruth := sumTimes(truth, sorted(c.times, compareTimes)); fit.LogLikelihood < atTruth {
		t.Errorf("log-likelihood %v is below that of the truth, %v", fit.LogLikelihood, atTruth)
	}
	j := golden.Must(Judge(fit.BGNBD, drawn, 26))
	if math.Abs(j.Ratio-1) > 0.08 {
		t.Errorf("foretold %.0f purchases, %d came", j.Foretold, j.Came)
	}
	if j.Error > 0.85*j.Plain {
		t.Errorf("error %.3f, the plain guess has %.3f", j.Error, j.Plain)
	}
}

// TestFitDoesNotDependOnUnitsOrOrder: days for weeks change alpha alone, and
// parts merged in another order give the same bits.
func TestFitDoesNotDependOnUnitsOrOrder(t *testing.T) {
	t.Parallel()
	all := reference(t)
	weeks := golden.Must(FitBGNBD(counted(t, all)))
	late, early := counted(t, all[900:]), counted(t, all[:900])
	late.Merge(early)
	if merged := golden.Must(FitBGNBD(late)); merged != weeks || late.Len() != int64(len(all)) {
		t.Errorf("%+v, merged %+v", weeks, merged)
	}
	var days Customers
	days.Merge(&Customers{})
	for _, c := range all {
		c.Age, c.Recency = 7*c.Age, 7*c.Recency
		if err := days.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	byDay := golden.Must(FitBGNBD(&days))
	golden.Near(t, "alpha", byDay.Alpha/(7*weeks.Alpha), 1, 1e-3)
	golden.Near(t, "r", byDay.R/weeks.R, 1, 1e-3)
	c := Customer{Repeat: 3, Recency: 20, Age: 40}
	inDays := Customer{Repeat: 3, Recency: 140, Age: 280}
	golden.Near(t, "prediction", golden.Must(byDay.Expected(inDays, 70)), golden.Must(weeks.Expected(c, 10)), 1e-4)
}

func second[T any](_ T, err error) error { return err }

func TestSimpleVariantsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		terms := Terms{
			Margin: rapid.Float64Range(-100, 100).Draw(rt, "m"), Retention: rapid.Float64Range(0, 0.98).Draw(rt, "r"),
			Discount: rapid.Float64Range(0, 1).Draw(rt, "d"), Periods: 3000,
		}
		now, next := golden.Must(Simple(FirstNow, terms)), golden.Must(Simple(NextMargin, terms))
		golden.Near(t, "this period's margin", now-next, terms.Margin, 1e-9)
		golden.Near(t, "many periods", golden.Must(Simple(Finite, terms)), now, 1e-9)
		plain := golden.Must(Simple(Undiscounted, terms))
		terms.Discount = 0
		golden.Near(t, "no discount", golden.Must(Simple(FirstNow, terms)), plain, 1e-9)
	})
}

func BenchmarkFitBGNBD100000(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	var c Customers
	for _, d := range simulate(100000, 2) {
		d.Age += r.Float64() // so that as good as no two are alike
		if err := c.Add(d.Customer); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(c.times)), "triples")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FitBGNBD(&c); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExpected(b *testing.B) {
	m := BGNBD{R: 0.243, Alpha: 4.414, A: 0.793, B: 2.426}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Expected(Customer{Repeat: 2, Recency: 30.43, Age: 38.86}, 39); err != nil {
			b.Fatal(err)
		}
	}
}
