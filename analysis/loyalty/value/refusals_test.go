package value

import (
	"errors"
	"math"
	"testing"

	"github.com/harkhq/hark/analysis"
)

func TestInputIsRefused(t *testing.T) {
	t.Parallel()
	m, g := BGNBD{R: 1, Alpha: 1, A: 1, B: 1}, GammaGamma{P: 6, Q: 4, V: 15}
	add := func(c Customer) error { return new(Customers).Add(c) }
	expected := func(m BGNBD, c Customer, t float64) error { return second(m.Expected(c, t)) }
	simple := func(v Variant, t Terms) error { return second(Simple(v, t)) }
	worth := func(h Horizon) error { return second(Of(m, g, Customer{Age: 3}, h)) }
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name  string
		err   error
		field string
	}{
		{"negative repeat", add(Customer{Repeat: -1, Age: 3}), "repeat"},
		{"age NaN", add(Customer{Age: nan}), "age"},
		{"age infinite", add(Customer{Age: inf}), "age"},
		{"recency after age", add(Customer{Repeat: 1, Recency: 4, Age: 3}), "recency"},
		{"recency without repeat", add(Customer{Recency: 1, Age: 3}), "recency"},
		{"repeat without recency", add(Customer{Repeat: 1, Age: 3}), "recency"},
		{"spend negative", add(Customer{Repeat: 1, Recency: 1, Age: 3, Spend: -1}), "spend"},
		{"model of zeros", expected(BGNBD{}, Customer{}, 1), "model"},
		{"model NaN", expected(BGNBD{R: nan, Alpha: 1, A: 1, B: 1}, Customer{}, 1), "model"},
		{"time infinite", expected(m, Customer{}, inf), "time"},
		{"time negative", expected(m, Customer{}, -1), "time"},
		{"alive of nonsense", second(m.Alive(Customer{Repeat: -1})), "repeat"},
		{"likelihood of nonsense", second(m.LogLikelihood(Customer{Age: -1})), "age"},
		{"negative purchases", second(m.Probability(-1, 1)), "repeat"},
		{"probability at NaN", second(m.Probability(1, nan)), "time"},
		{"spending without a mean", second(GammaGamma{P: 1, Q: 1, V: 1}.Mean(Customer{})), "model"},
		{"spending of zeros", second(GammaGamma{}.Mean(Customer{})), "model"},
		{"retention over 1", simple(NextMargin, Terms{Retention: 1.2}), "retention"},
		{"retention NaN", simple(NextMargin, Terms{Retention: nan}), "retention"},
		{"never ends", simple(FirstNow, Terms{Margin: 1, Retention: 1}), "retention"},
		{"never ends, undiscounted", simple(Undiscounted, Terms{Retention: 1, Discount: 1}), "retention"},
		{"discount below zero", simple(FirstNow, Terms{Discount: -1}), "discount"},
		{"margin infinite", simple(FirstNow, Terms{Margin: inf}), "margin"},
		{"no periods", simple(Finite, Terms{}), "periods"},
		{"no such variant", simple("gut", Terms{}), "variant"},
		{"no steps", worth(Horizon{Width: 1}), "horizon"},
		{"no width", worth(Horizon{Steps: 1}), "horizon"},
		{"discount NaN", worth(Horizon{Steps: 1, Width: 1, Discount: nan}), "discount"},
		{"nobody to judge by", second(Judge(m, nil, 1)), "customers"},
		{"judged by nonsense", second(Judge(m, []Later{{Purchases: -1}}, 1)), "purchases"},
	} {
		var input *analysis.InputError
		if !errors.As(c.err, &input) || input.Field != c.field {
			t.Errorf("%s: got %v, want %s refused", c.name, c.err, c.field)
		}
	}
}

func TestFitsAreRefused(t *testing.T) {
	t.Parallel()
	var same, often, seldom, free Customers
	for i := range 100 {
		_ = same.Add(Customer{Repeat: 2, Recency: 5, Age: 10, Spend: 20})
		_ = often.Add(Customer{Repeat: int64(1 + i), Recency: 5, Age: 10, Spend: float64(1 + i)})
		_ = seldom.Add(Customer{Repeat: int64(1 + i), Recency: 5, Age: 10, Spend: float64(200 - i)})
		_ = free.Add(Customer{Repeat: 1, Recency: 5, Age: 10})
	}
	for _, c := range []struct {
		name   string
		err    error
		reason analysis.Reason
	}{
		{"fit to nobody", second(FitBGNBD(new(Customers))), TooFewRepeat},
		{"spending of nobody", second(FitGammaGamma(new(Customers))), TooFewRepeat},
		{"spending of what was free", second(FitGammaGamma(&free)), TooFewRepeat},
		{"everybody alike", second(FitBGNBD(&same)), NoConvergence},
		{"spending of everybody alike", second(FitGammaGamma(&same)), NoConvergence},
		{"who buys often spends more", second(FitGammaGamma(&often)), Dependent},
		{"who buys often spends less", second(FitGammaGamma(&seldom)), Dependent},
	} {
		var refusal *analysis.Refusal
		if !errors.As(c.err, &refusal) || refusal.Reason != c.reason {
			t.Errorf("%s: got %v, want %s", c.name, c.err, c.reason)
		}
	}
}
