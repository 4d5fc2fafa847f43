package value_test

import (
	"errors"
	"fmt"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty/value"
)

// cdnow is the model that Fader, Hardie and Lee fitted to a shop's customers.
var cdnow = value.BGNBD{R: 0.243, Alpha: 4.414, A: 0.793, B: 2.426}

func ExampleSimple() {
	terms := value.Terms{Margin: 10, Retention: 0.8, Discount: 0.1, Periods: 12}
	for _, v := range value.Variants() {
		worth, _ := value.Simple(v, terms)
		fmt.Printf("%s: %.2f\n", v, worth)
	}
	// Output:
	// next_margin: 26.67
	// first_now: 36.67
	// finite: 35.86
	// undiscounted: 50.00
}

func ExampleVariants() {
	fmt.Println(value.Variants())
	// Output: [next_margin first_now finite undiscounted]
}

func ExampleBGNBD_Alive() {
	regular, _ := cdnow.Alive(value.Customer{Repeat: 8, Recency: 37, Age: 39})
	silent, _ := cdnow.Alive(value.Customer{Repeat: 8, Recency: 15, Age: 39})
	fmt.Printf("%.2f, and silent since week 15 %.3f", regular, silent)
	// Output: 0.89, and silent since week 15 0.015
}

func ExampleBGNBD_Expected() {
	purchases, _ := cdnow.Expected(value.Customer{Repeat: 2, Recency: 30.43, Age: 38.86}, 39)
	fmt.Printf("%.3f purchases in the next 39 weeks", purchases)
	// Output: 1.226 purchases in the next 39 weeks
}

func ExampleBGNBD_ExpectedNew() {
	purchases, _ := cdnow.ExpectedNew(52)
	fmt.Printf("%.2f", purchases)
	// Output: 1.45
}

func ExampleBGNBD_Probability() {
	none, _ := cdnow.Probability(0, 39)
	fmt.Printf("%.0f %% of new customers do not buy again within 39 weeks", 100*none)
	// Output: 57 % of new customers do not buy again within 39 weeks
}

func ExampleBGNBD_LogLikelihood() {
	l, _ := cdnow.LogLikelihood(value.Customer{Repeat: 8, Recency: 6.26, Age: 43.39})
	fmt.Printf("%.4f", l)
	// Output: -15.1124
}

func ExampleGammaGamma_Mean() {
	model := value.GammaGamma{P: 6.25, Q: 3.74, V: 15.44}
	once, _ := model.Mean(value.Customer{Repeat: 1, Recency: 5, Age: 20, Spend: 100})
	often, _ := model.Mean(value.Customer{Repeat: 9, Recency: 15, Age: 20, Spend: 100})
	fmt.Printf("who spent 100 once: %.0f; nine times: %.0f", once, often)
	// Output: who spent 100 once: 80; nine times: 97
}

func ExampleOf() {
	model := value.GammaGamma{P: 6.25, Q: 3.74, V: 15.44}
	customer := value.Customer{Repeat: 4, Recency: 30, Age: 32, Spend: 50}
	worth, _ := value.Of(cdnow, model, customer, value.Horizon{Steps: 12, Width: 4.345, Discount: 0.01})
	fmt.Printf("%.1f purchases of %.0f: %.0f this year", worth.Purchases, worth.Spend, worth.Value)
	// Output: 3.8 purchases of 49: 174 this year
}

func ExampleCustomers_Add() {
	var c value.Customers
	fmt.Println(c.Add(value.Customer{Repeat: 1, Recency: 30, Age: 20}))
	// Output: analysis: recency: 30 is not between 0 and the age of 20
}

func ExampleCustomers_Merge() {
	var c, more value.Customers
	_ = c.Add(value.Customer{Age: 20})
	_ = more.Add(value.Customer{Age: 20})
	c.Merge(&more)
	fmt.Println(c.Len())
	// Output: 2
}

func ExampleCustomers_Len() {
	var c value.Customers
	_ = c.Add(value.Customer{Age: 20})
	fmt.Println(c.Len())
	// Output: 1
}

func ExampleFitBGNBD() {
	_, err := value.FitBGNBD(&value.Customers{})
	var refusal *analysis.Refusal
	fmt.Println(errors.As(err, &refusal), refusal.Reason, refusal.Need)
	// Output: true too_few_repeat 50
}

func ExampleFitGammaGamma() {
	var c value.Customers
	for i := range 200 { // who buys more often spends more each time
		_ = c.Add(value.Customer{Repeat: int64(1 + i/20), Recency: 10, Age: 20, Spend: float64(10 + i)})
	}
	_, err := value.FitGammaGamma(&c)
	var refusal *analysis.Refusal
	fmt.Println(errors.As(err, &refusal), refusal.Reason, refusal.Have > 0.9)
	// Output: true dependent true
}

func ExampleJudge() {
	later := []value.Later{
		{Customer: value.Customer{Repeat: 3, Recency: 20, Age: 26}, Purchases: 2},
		{Customer: value.Customer{Age: 26}},
	}
	j, _ := value.Judge(cdnow, later, 26)
	fmt.Printf("foretold %.1f, came %d; error %.2f, plain guess %.2f", j.Foretold, j.Came, j.Error, j.Plain)
	// Output: foretold 1.9, came 2; error 0.25, plain guess 0.50
}
