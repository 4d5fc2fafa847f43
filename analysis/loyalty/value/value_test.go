package value

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

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

// TestExpectedOfAnyPopulation: equation 10 to sixty digits, in models that a fit may
// end with: people who all buy alike (r and α large), who are all as likely to leave
// (a and b large), or of whom hardly anybody leaves.
func TestExpectedOfAnyPopulation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		m        BGNBD
		customer Customer
		ahead    float64
		want     float64
	}{
		{"the article's", BGNBD{0.243, 4.414, 0.793, 2.426}, Customer{Repeat: 2, Recency: 30.43, Age: 38.86}, 39, 1.22602817476714},
		{"all buy alike", BGNBD{426, 17, 0.48, 1.44}, Customer{Age: 27.25}, 72.75, 61.685962522361},
		{"all buy seldom", BGNBD{330, 129.5, 1.95, 0.875}, Customer{Age: 38.5}, 64.5, 1.9043578326829},
		{"new, all buy alike", BGNBD{52, 0.7, 10, 0.99}, Customer{}, 52, 1.11},
		{"all leave alike", BGNBD{0.55, 9.5, 1426, 4800}, Customer{Repeat: 6, Recency: 63, Age: 66}, 73, 2.3002197373968},
		{"all leave alike, few", BGNBD{0.14, 2.5, 2000, 8000}, Customer{Repeat: 3, Recency: 30, Age: 40}, 52, 1.5730153348322},
		{"a coin decides", BGNBD{5, 10, 1e6, 1e6}, Customer{Repeat: 2, Recency: 30, Age: 40}, 52, 0.32822323144336},
		{"the largest there are", BGNBD{1e5, 1e6, 0.5, 1.5}, Customer{Repeat: 4, Recency: 30, Age: 40}, 52, 3.3571198785646},
		{"all leave at once", BGNBD{3.7, 0.53, 138, 0.25}, Customer{Age: 53}, 97, 0.9798813883115},
		{"hardly any leave", BGNBD{0.3, 5, 0.002, 0.05}, Customer{Repeat: 1, Recency: 30, Age: 40}, 52, 1.4209597722172},
		{"next to none leave", BGNBD{1.2, 6, 0.7, 1e5}, Customer{Repeat: 9, Recency: 30, Age: 40}, 52, 11.528940598441},
		{"a long time", BGNBD{0.24, 4.4, 3, 0.5}, Customer{Age: 1}, 1000, 0.86707565457439},
	} {
		golden.Near(t, c.name, golden.Must(c.m.Expected(c.customer, c.ahead)), c.want, 1e-11)
	}
}

// TestExpectedIsANumber: whatever the model and the customer, it lies between
// nothing and what somebody buys who never leaves.
func TestExpectedIsANumber(t *testing.T) {
	t.Parallel()
	size := func(least float64) *rapid.Generator[float64] {
		return rapid.Map(rapid.Float64Range(math.Log(least), math.Log(1e6)), math.Exp)
	}
	rapid.Check(t, func(rt *rapid.T) {
		m := BGNBD{R: size(1e-9).Draw(rt, "r"), Alpha: size(1e-9).Draw(rt, "α"), A: size(1e-9).Draw(rt, "a"), B: size(1e-9).Draw(rt, "b")}
		c := Customer{Repeat: rapid.Int64Range(0, 1000).Draw(rt, "x"), Age: size(1e-3).Draw(rt, "T")}
		if c.Repeat > 0 {
			c.Recency = c.Age * rapid.Float64Range(0.001, 1).Draw(rt, "t_x")
		}
		ahead := size(1e-3).Draw(rt, "t")
		alive, got := golden.Must(m.Alive(c)), golden.Must(m.Expected(c, ahead))
		most := alive * (m.R + float64(c.Repeat)) * ahead / (m.Alpha + c.Age)
		if !(got >= 0 && got <= most*(1+1e-9)) {
			rt.Fatalf("expected %v of at most %v", got, most)
		}
	})
}

// TestBuyersWhoFellSilent: who bought two hundred times in two weeks and then not for
// two years is gone with odds that no float holds; their likelihood is a number all
// the same.
func TestBuyersWhoFellSilent(t *testing.T) {
	t.Parallel()
	m := BGNBD{R: 0.243, Alpha: 0.414, A: 0.793, B: 2.426}
	c := Customer{Repeat: 250, Recency: 2, Age: 104}
	golden.Near(t, "ln L", golden.Must(m.LogLikelihood(c)), 898.32285039715, 1e-11)
	if alive := golden.Must(m.Alive(c)); !(alive >= 0 && alive < 1e-300) {
		t.Errorf("alive %v", alive)
	}
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

// TestFitForetellsInAnyCurrency: what is fitted to amounts of a currency with many
// zeros, in minor units, is of use for them.
func TestFitForetellsInAnyCurrency(t *testing.T) {
	t.Parallel()
	const zeros = 1e6 // to the cent
	var cents, large Customers
	drawn := simulate(600, 4)
	for _, d := range drawn {
		inLarge := d.Customer
		inLarge.Spend *= zeros
		if err := errors.Join(cents.Add(d.Customer), large.Add(inLarge)); err != nil {
			t.Fatal(err)
		}
	}
	plain, much := golden.Must(FitGammaGamma(&cents)), golden.Must(FitGammaGamma(&large))
	for _, d := range drawn[:20] {
		inLarge := d.Customer
		inLarge.Spend *= zeros
		golden.Near(t, "spend", golden.Must(much.Mean(inLarge))/zeros, golden.Must(plain.Mean(d.Customer)), 1e-4)
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
