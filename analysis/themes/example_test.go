package themes_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
)

// answers are four hundred comments on one question, made of few words.
func answers() []themes.Example {
	var all []themes.Example
	for i := range 400 {
		e := themes.Example{Locale: "en"}
		who := []string{"driver", "parcel", "courier", "order", "box"}[i%5]
		when := []string{"on Monday", "in May", "at noon", "this week", "again"}[i/5%5]
		if i%2 == 0 {
			e.Text, e.Score = fmt.Sprintf("The %s was hopelessly late %s", who, when), 1+i%3
		} else {
			e.Text, e.Score = fmt.Sprintf("The %s came punctually %s", who, when), 9+i%2
		}
		all = append(all, e)
	}
	return all
}

func ExampleLanguageOf() {
	fmt.Println(themes.LanguageOf("物流很快", "en"))
	fmt.Println(themes.LanguageOf("Alles bestens", "de-AT"))
	fmt.Println(themes.LanguageOf("The box was wet and nobody called", "de-AT"))
	fmt.Printf("%q\n", themes.LanguageOf("👍", "en"))
	// Output:
	// zh
	// de
	// en
	// ""
}

func ExampleKinds() {
	fmt.Println(themes.Kinds())
	// Output: [commerce software support]
}

func ExampleStarterSet() {
	set, err := themes.StarterSet(themes.Commerce, "zh-Hans")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(set), set[0].ID, set[0].Name, set[0].Keywords[:2])
	// Output: 11 delivery 配送 [物流 快递]
}

func ExampleTheme_Check() {
	_, wrong := themes.Theme{ID: "delivery", Name: " ", Keywords: []string{"late", "LATE", "?!"}}.Check()
	for _, field := range wrong {
		fmt.Println(field.Path, field.Code)
	}
	// Output:
	// name required
	// keywords.1 theme_keyword_twice
	// keywords.2 theme_keyword_empty
}

func ExampleCheckSet() {
	_, wrong := themes.CheckSet([]themes.Theme{
		{ID: "delivery", Name: "Delivery", Keywords: []string{"late"}},
		{ID: "courier", Name: "delivery", Keywords: []string{"courier"}},
	})
	fmt.Println(wrong[0].Path, wrong[0].Code)
	// Output: 1.name exists
}

func ExampleNewMatcher() {
	m, err := themes.NewMatcher([]themes.Theme{
		{ID: "delivery", Name: "Delivery", Keywords: []string{"delivery", "arrive late", "物流", "-delivery note"}},
		{ID: "refunds", Name: "Refunds", Keywords: []string{"refund*", "退款"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Match("Two deliveries arrived late, and one was refunded", themes.English))
	fmt.Println(m.Match("物流太慢，要求退款", themes.Chinese))
	fmt.Println(m.Match("The delivery note was missing", themes.English))
	// Output:
	// [delivery refunds]
	// [delivery refunds]
	// []
}

func ExampleTrain() {
	model, err := themes.Train(surveys.NPS, answers())
	if err != nil {
		fmt.Println(err)
		return
	}
	q := model.Quality()[0]
	fmt.Printf("%s: %d comments, accuracy %.2f where always saying the same has %.2f\n", q.Language, q.N, q.Accuracy, q.Base)

	_, err = themes.Train(surveys.NPS, answers()[:150])
	var refusal *analysis.Refusal
	if errors.As(err, &refusal) {
		fmt.Printf("%s: have %.0f, need %.0f\n", refusal.Reason, refusal.Have, refusal.Need)
	}
	// Output:
	// en: 400 comments, accuracy 1.00 where always saying the same has 0.50
	// few_comments: have 150, need 200
}

func ExampleNewReader() {
	set, _ := themes.StarterSet(themes.Commerce, "en")
	matcher, _ := themes.NewMatcher(set)
	cold, _ := themes.NewReader(matcher, nil)
	fmt.Println(cold.Read("The parcel was terribly late", "en").Sentiment.Source)

	model, _ := themes.Train(surveys.NPS, answers())
	reader, _ := themes.NewReader(matcher, model)
	reading := reader.Read("Your parcel was late", "en")
	fmt.Println(reading.Language, reading.Themes, reading.Sentiment.Tone, reading.Sentiment.Source)
	// Output:
	// vader
	// en [delivery] negative model
}

func ExampleModel_MarshalBinary() {
	model, _ := themes.Train(surveys.NPS, answers())
	stored, err := model.MarshalBinary()
	if err != nil {
		fmt.Println(err)
		return
	}
	var back themes.Model
	fmt.Println(back.UnmarshalBinary(stored), back.Metric(), back.Quality()[0].N, len(back.Refused()))
	// Output: <nil> nps 400 0
}

func ExampleTally() {
	reading := themes.Reading{Themes: []string{"delivery"}, Sentiment: themes.Sentiment{Tone: themes.Negative, Value: -700, Source: themes.ByModel}}
	var tally themes.Tally
	_ = tally.Add(20000, 2, reading)
	_ = tally.Add(20000, 9, themes.Reading{})
	_ = tally.Remove(20000, 2, reading) // changed to a 3
	_ = tally.Add(20000, 3, reading)
	for _, row := range tally.Rows() {
		fmt.Printf("%s %-10q %d comments, %d negative\n", row.Day, row.Theme, row.Counts.N(), row.Negative)
	}
	// Output:
	// 2024-10-04 ""         2 comments, 1 negative
	// 2024-10-04 "-"        1 comments, 0 negative
	// 2024-10-04 "delivery" 1 comments, 1 negative
}

func ExampleFind() {
	var tally themes.Tally
	for i := range 100 {
		day := analysis.Day(20000 + i%28)
		_ = tally.Add(day, 9+i%2, themes.Reading{})
		if i < 40 {
			_ = tally.Add(day, 3, themes.Reading{Themes: []string{"delivery"}})
		}
	}
	f, err := themes.Find(themes.Input{
		Metric: surveys.NPS, From: 20000, To: 20028, Themes: []string{"delivery"}, Rows: tally.Rows(), Answers: 400,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	d := f.Themes[0]
	fmt.Printf("%s: %d of %d comments, %.0f %% (%.0f–%.0f)\n", d.Theme, d.N, f.Comments, d.Share.Share, d.Share.Low, d.Share.High)
	fmt.Printf("score %.0f, others %+.0f apart, real: %t, worth %.0f points of the whole\n", d.Score.Value, d.Effect.Difference.Difference, d.Effect.Real, d.Effect.Leverage)
	// Output:
	// delivery: 40 of 140 comments, 29 % (22–37)
	// score -100, others -200 apart, real: true, worth 20 points of the whole
}

func ExampleSuggest() {
	all, err := themes.Suggest(surveys.NPS, answers(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range all {
		fmt.Printf("%s %q: %d of %d bad, %d of %d good\n", s.Tone, s.Keyword, s.Bad, s.BadOf, s.Good, s.GoodOf)
	}
	// Output:
	// negative "hopelessly late": 200 of 200 bad, 0 of 200 good
	// positive "punctually": 0 of 200 bad, 200 of 200 good
}

func ExampleChoose() {
	var all []themes.Comment
	for i, text := range strings.Split(`The parcel was late, and nobody told me why
The parcel was late, and nobody told me why
Late
Call me about the late parcel, 0171 5550 123
Waited a week for my parcel, the tracking never moved
The parcel came the next morning, thank you`, "\n") {
		all = append(all, themes.Comment{ID: fmt.Sprint(i), Text: text, Tone: themes.Negative})
	}
	chosen, _ := themes.Choose(all, 2, analysis.Limits{})
	for _, c := range chosen {
		fmt.Println(c.Text)
	}
	few, _ := themes.Choose(all[:4], 2, analysis.Limits{})
	fmt.Println(len(few), "of under five")
	// Output:
	// The parcel was late, and nobody told me why
	// The parcel came the next morning, thank you
	// 0 of under five
}
