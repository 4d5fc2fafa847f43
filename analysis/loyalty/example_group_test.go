package loyalty_test

import (
	"errors"
	"fmt"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/analysis/loyalty/survival"
	"github.com/harkhq/hark/surveys"
)

func ExampleBandOf() {
	nine := 9
	given, _ := loyalty.BandOf(surveys.NPS, &nine)
	none, _ := loyalty.BandOf(surveys.NPS, nil)
	fmt.Println(given, none)
	// Output: promoter no_answer
}

// stays are ten detractors, of whom one leaves every ten days, ten promoters, of
// whom one leaves in all, and two people who did not answer.
func stays() *loyalty.ByBand {
	b, _ := loyalty.NewByBand(surveys.NPS)
	low, high := 2, 10
	for i := range 10 {
		_ = b.Add(&low, loyalty.Stay{Days: float64(10 * i), Outcome: survival.Left})
		_ = b.Add(&high, loyalty.Stay{Days: 90})
	}
	_ = b.Add(&high, loyalty.Stay{Days: 50, Outcome: survival.Left})
	_ = b.Add(nil, loyalty.Stay{Days: 90})
	_ = b.Add(nil, loyalty.Stay{Days: 20, Outcome: survival.Left})
	return b
}

func ExampleNewByBand() {
	_, err := loyalty.NewByBand("stars")
	fmt.Println(err)
	// Output: analysis: metric: "stars" is not one of [nps ces ces5 csat]
}

func ExampleByBand_Add() {
	b, _ := loyalty.NewByBand(surveys.NPS)
	eleven := 11
	fmt.Println(b.Add(&eleven, loyalty.Stay{}))
	// Output: analysis: score: 11 is outside the scale 0–10 of nps
}

func ExampleByBand_Merge() {
	a := stays()
	fmt.Println(a.Merge(stays()))
	c, _ := a.Curves(0, 0.95)
	fmt.Println(c.Curves[0].People)
	// Output:
	// <nil>
	// 22
}

func ExampleByBand_Curves() {
	c, _ := stays().Curves(0, 0.95)
	for _, b := range c.Curves {
		if b.Curve == nil {
			fmt.Printf("%s: too few (%d)\n", b.Band, b.People)
			continue
		}
		share, _, _ := b.Curve.At(60)
		fmt.Printf("%s: %.0f %% after 60 days\n", b.Band, 100*share)
	}
	fmt.Printf("p = %.1g, %v", c.Test.P, c.Caveats)
	// Output:
	// promoter: 91 % after 60 days
	// passive: too few (0)
	// detractor: 30 % after 60 days
	// no_answer: too few (2)
	// p = 1e-05, [association]
}

// groups follow members, of whom four in five stay, and others, of whom half do.
func groups() (members, others loyalty.Group) {
	span := loyalty.Span{Basis: loyalty.ByContract, From: analysis.DateDay(2024, 4, 1), To: analysis.DateDay(2024, 7, 1)}
	for i := range 200 {
		group, leaves := &members, i/2%5 == 0
		if i%2 == 1 {
			group, leaves = &others, i/2%2 == 0
		}
		h := loyalty.NewHistory(nil)
		_ = h.Add(loyalty.Event{Kind: loyalty.Started, At: on(1, 1+i%28)})
		if leaves {
			_ = h.Add(loyalty.Event{Kind: loyalty.Ended, At: on(5, 1+i%28)})
		}
		_ = group.Add(h, span)
	}
	return members, others
}

func ExampleGroup_Add() {
	var g loyalty.Group
	fmt.Println(g.Add(loyalty.NewHistory(nil), loyalty.Span{Basis: loyalty.ByContract}))
	// Output: analysis: to: 1970-01-01 is not after 1970-01-01
}

func ExampleGroup_Merge() {
	a, b := groups()
	a.Merge(b)
	fmt.Println(a.People())
	// Output: 200
}

func ExampleGroup_People() {
	members, _ := groups()
	fmt.Println(members.People())
	// Output: 100
}

func ExampleGroup_Stays() {
	members, _ := groups()
	fmt.Println(members.Stays().Events())
	// Output: 20
}

func ExampleGroup_Against() {
	members, others := groups()
	c, _ := members.Against(&others, 0, 0.95)
	fmt.Printf("%+.0f points kept (%.0f to %.0f), p = %.1g; %v\n", c.Kept.Difference, c.Kept.Low, c.Kept.High, c.Kept.PAdjusted, c.Caveats)

	var nobody loyalty.Group
	_, err := nobody.Against(&others, 0, 0.95)
	var refusal *analysis.Refusal
	fmt.Println(errors.As(err, &refusal), refusal.Reason, refusal.Name)
	// Output:
	// +30 points kept (17 to 42), p = 2e-05; [self_selection]
	// true too_few_people members
}
