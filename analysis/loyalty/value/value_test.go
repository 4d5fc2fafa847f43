package value

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mathext"
	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis"
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

func TestRefusals(t *testing.T) {
	t.Parallel()
	m, g := BGNBD{R: 1, Alpha: 1, A: 1, B: 1}, GammaGamma{P: 6, Q: 4, V: 15}
	add := func(c Customer) error { return new(Customers).Add(c) }
	expected := func(m BGNBD, c Customer, t float64) error { return second(m.Expected(c, t)) }
	simple := func(v Variant, t Terms) error { return second(Simple(v, t)) }
	worth := func(h Horizon) error { return second(Of(m, g, Customer{Age: 3}, h)) }
	var same, often, free Customers
	for i := range 100 {
		_ = same.Add(Customer{Repeat: 2, Recency: 5, Age: 10, Spend: 20})
		_ = often.Add(Customer{Repeat: int64(1 + i), Recency: 5, Age: 10, Spend: float64(1 + i)})
		_ = free.Add(Customer{Repeat: 1, Recency: 5, Age: 10})
	}
	nan, inf := math.NaN(), math.Inf(1)
	cases := []struct {
		name   string
		err    error
		field  string
		reason analysis.Reason
	}{
		{"negative repeat", add(Customer{Repeat: -1, Age: 3}), "repeat", ""},
		{"age NaN", add(Customer{Age: nan}), "age", ""},
		{"age infinite", add(Customer{Age: inf}), "age", ""},
		{"recency after age", add(Customer{Repeat: 1, Recency: 4, Age: 3}), "recency", ""},
		{"recency without repeat", add(Customer{Recency: 1, Age: 3}), "recency", ""},
		{"repeat without recency", add(Customer{Repeat: 1, Age: 3}), "recency", ""},
		{"spend negative", add(Customer{Repeat: 1, Recency: 1, Age: 3, Spend: -1}), "spend", ""},
		{"model of zeros", expected(BGNBD{}, Customer{}, 1), "model", ""},
		{"model NaN", expected(BGNBD{R: nan, Alpha: 1, A: 1, B: 1}, Customer{}, 1), "model", ""},
		{"time infinite", expected(m, Customer{}, inf), "time", ""},
		{"time negative", expected(m, Customer{}, -1), "time", ""},
		{"alive of nonsense", second(m.Alive(Customer{Repeat: -1})), "repeat", ""},
		{"likelihood of nonsense", second(m.LogLikelihood(Customer{Age: -1})), "age", ""},
		{"negative purchases", second(m.Probability(-1, 1)), "repeat", ""},
		{"probability at NaN", second(m.Probability(1, nan)), "time", ""},
		{"spending without a mean", second(GammaGamma{P: 1, Q: 1, V: 1}.Mean(Customer{})), "model", ""},
		{"spending of zeros", second(GammaGamma{}.Mean(Customer{})), "model", ""},
		{"retention over 1", simple(NextMargin, Terms{Retention: 1.2}), "retention", ""},
		{"retention NaN", simple(NextMargin, Terms{Retention: nan}), "retention", ""},
		{"never ends", simple(FirstNow, Terms{Margin: 1, Retention: 1}), "retention", ""},
		{"never ends, undiscounted", simple(Undiscounted, Terms{Retention: 1, Discount: 1}), "retention", ""},
		{"discount below zero", simple(FirstNow, Terms{Discount: -1}), "discount", ""},
		{"margin infinite", simple(FirstNow, Terms{Margin: inf}), "margin", ""},
		{"no periods", simple(Finite, Terms{}), "periods", ""},
		{"no such variant", simple("gut", Terms{}), "variant", ""},
		{"no steps", worth(Horizon{Width: 1}), "horizon", ""},
		{"no width", worth(Horizon{Steps: 1}), "horizon", ""},
		{"discount NaN", worth(Horizon{Steps: 1, Width: 1, Discount: nan}), "discount", ""},
		{"nobody to judge by", second(Judge(m, nil, 1)), "customers", ""},
		{"judged by nonsense", second(Judge(m, []Later{{Purchases: -1}}, 1)), "purchases", ""},
		{"fit to nobody", second(FitBGNBD(new(Customers))), "", TooFewRepeat},
		{"spending of nobody", second(FitGammaGamma(new(Customers))), "", TooFewRepeat},
		{"spending of what was free", second(FitGammaGamma(&free)), "", TooFewRepeat},
		{"everybody alike", second(FitBGNBD(&same)), "", NoConvergence},
		{"spending of everybody alike", second(FitGammaGamma(&same)), "", NoConvergence},
		{"who buys often spends more", second(FitGammaGamma(&often)), "", Dependent},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var input *analysis.InputError
			var refusal *analysis.Refusal
			if c.field != "" && (!errors.As(c.err, &input) || input.Field != c.field) {
				t.Errorf("got %v, want %s refused", c.err, c.field)
			}
			if c.reason != "" && (!errors.As(c.err, &refusal) || refusal.Reason != c.reason) {
				t.Errorf("got %v, want %s", c.err, c.reason)
			}
		})
	}
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
