package flow_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/drivers"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// rating is a driver on a scale from 1 to 5.
func rating(key string) surveys.Driver {
	return surveys.Driver{Key: key, Names: map[string]string{"en": key}, Scale: surveys.RatingFive}
}

// rated declares drivers on the till's survey.
func (k *till) rated(t *testing.T, keys ...string) {
	t.Helper()
	k.survey.Drivers = nil
	for _, key := range keys {
		k.survey.Drivers = append(k.survey.Drivers, rating(key))
	}
	var err error
	if k.survey, err = flow.NewAsking(k.s).UpdateSurvey(context.Background(), k.survey); err != nil {
		t.Fatal(err)
	}
}

// movers computes what is out of date, and reads the report of the last 90 days.
func (k *till) movers(t testing.TB, q flow.DriversQuery) flow.DriversReport {
	t.Helper()
	if err := flow.NewDrivers(k.s).Compute(context.Background(), ""); err != nil {
		t.Fatal(err)
	}
	report, err := flow.NewDrivers(k.s).Report(context.Background(), k.office, k.survey, q)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// rate stores answers whose score follows delivery, and a little the price.
func (k *till) rate(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		delivery, price := 1+i%5, 1+(i*7/3)%5
		score := max(0, min(10, 2*delivery-1+(price-3)/2+i%2))
		k.record(t, flow.Recorded{Given: flow.Given{Score: score, Ratings: map[string]int{"delivery": delivery, "price": price}},
			AnsweredAt: k.s.Now().Add(-time.Duration(i) * 7 * time.Hour), Properties: map[string]any{"plan": []string{"free", "pro"}[i%2]}})
	}
}

func TestDriversSayWhatMovesWithTheScore(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newTill(t, s)
		k.rated(t, "delivery", "price")
		k.rate(t, 60)
		k.record(t, flow.Recorded{Given: flow.Given{Score: 3, Ratings: map[string]int{"price": 5}}})
		k.record(t, flow.Recorded{Given: flow.Given{Score: 3}})
		report := k.movers(t, flow.DriversQuery{})
		if report.Rated != 61 || report.Complete != 60 || report.Waiting != 0 || report.Priorities == nil {
			t.Fatalf("%+v, want 61 rated, 60 of them whole, and priorities", report)
		}
		if p := report.Priorities; p.Importance.N != 60 || p.Drivers[0].Name != "delivery" || p.Drivers[0].Impact < 0.8 {
			t.Errorf("%+v, want delivery to have most of it", p)
		}
		// The same in one pass over the rows.
		want, err := k.inOnePass()
		if err != nil {
			t.Fatal(err)
		}
		for i, d := range report.Priorities.Importance.Drivers {
			if math.Abs(d.Share-want.Drivers[i].Share) > 1e-9 {
				t.Errorf("%s has %v, want %v", d.Name, d.Share, want.Drivers[i].Share)
			}
		}
		// A filter reads rows, and finds half of them.
		half := k.movers(t, flow.DriversQuery{Filter: surveys.Filters{{Key: surveys.SegmentChannel, Value: "api"}}})
		if half.Complete != 60 || half.Took <= 0 {
			t.Errorf("by a filter %d answers in %v, want 60", half.Complete, half.Took)
		}
		if none := k.movers(t, flow.DriversQuery{Filter: surveys.Filters{{Key: surveys.SegmentChannel, Value: "mail"}}}); none.Rated != 0 || none.Refused == nil {
			t.Errorf("of a channel without answers: %+v", none)
		}
	})
}

// inOnePass adds up the rows without days.
func (k *till) inOnePass() (drivers.Result, error) {
	keys := k.survey.DriverKeys()
	products, err := drivers.NewProducts(keys)
	if err != nil {
		return drivers.Result{}, err
	}
	if err := k.s.EachResponse(context.Background(), k.w.ID, store.ResponseFilter{SurveyID: k.survey.ID, Rated: true}, func(r surveys.Response) error {
		row := make([]float64, len(keys))
		for i, key := range keys {
			value, has := r.Ratings[key]
			if !has {
				return nil
			}
			row[i] = float64(value)
		}
		return products.Add(row, float64(r.Score))
	}); err != nil {
		return drivers.Result{}, err
	}
	return drivers.Importance(products, drivers.Options{})
}

func TestDriversRefuseInWords(t *testing.T) {
	t.Parallel()
	k := newTill(t, storetest.Open(t, store.SQLite))
	if report := k.movers(t, flow.DriversQuery{}); report.Refused != nil || len(report.Declared) != 0 {
		t.Errorf("without drivers: %+v", report)
	}
	k.rated(t, "delivery", "price")
	k.rate(t, 19)
	report := k.movers(t, flow.DriversQuery{})
	if report.Refused == nil || report.Refused.Reason != analysis.TooFewAnswers || report.Refused.Have != 19 || report.Refused.Need != 20 {
		t.Errorf("of 19 answers: %+v", report.Refused)
	}
	k.rate(t, 1)
	if report := k.movers(t, flow.DriversQuery{}); report.Priorities == nil {
		t.Errorf("of 20 answers: %+v", report.Refused)
	}
}

// TestADriverThatComesLaterBeginsFromNothing: earlier answers do not rate it.
func TestADriverThatComesLaterBeginsFromNothing(t *testing.T) {
	t.Parallel()
	k := newTill(t, storetest.Open(t, store.SQLite))
	k.rated(t, "delivery", "price")
	k.rate(t, 40)
	if report := k.movers(t, flow.DriversQuery{}); report.Complete != 40 {
		t.Fatalf("%d answers count, want 40", report.Complete)
	}
	k.rated(t, "delivery", "price", "staff")
	if report := k.movers(t, flow.DriversQuery{}); report.Complete != 0 || report.Rated != 40 || report.Refused == nil {
		t.Errorf("with a third driver: %+v", report)
	}
	k.rated(t, "price", "delivery")
	if report := k.movers(t, flow.DriversQuery{}); report.Complete != 40 || report.Priorities.Drivers[1].Impact < 0.8 {
		t.Errorf("in another order: %+v", report)
	}
	k.rated(t, "delivery")
	if report := k.movers(t, flow.DriversQuery{}); report.Importance == nil || report.Priorities != nil {
		t.Errorf("of a single driver: %+v", report)
	}
	k.survey.Drivers[0].Scale = surveys.RatingEleven
	_, err := flow.NewAsking(k.s).UpdateSurvey(context.Background(), k.survey)
	wantFields(t, err, map[string]string{"drivers.0.scale": "driver_scale_fixed"})
}

func TestRatingsAreRefusedByField(t *testing.T) {
	t.Parallel()
	k := newTill(t, storetest.Open(t, store.SQLite))
	record := func(ratings map[string]int) error {
		_, err := k.answers.Record(context.Background(), k.office, k.survey.ID, flow.Recorded{Given: flow.Given{Score: 9, Ratings: ratings}})
		return err
	}
	wantFields(t, record(map[string]int{"delivery": 3}), map[string]string{"ratings.delivery": "rating_none"})
	k.rated(t, "delivery")
	wantFields(t, record(map[string]int{"price": 3}), map[string]string{"ratings.price": "rating_unknown"})
	wantFields(t, record(map[string]int{"delivery": 6}), map[string]string{"ratings.delivery": "rating"})
	if err := record(map[string]int{"delivery": 5}); err != nil {
		t.Errorf("a good rating: %v", err)
	}
}

// TestDriverDaysFollowTheAnswers answers, changes and erases at random, and
// compares the days with the rows.
func TestDriverDaysFollowTheAnswers(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newTill(t, s)
		k.rated(t, "a", "b")
		var ids []string
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 12).Draw(rt, "moves") {
				ratings := map[string]int{"a": rapid.IntRange(1, 5).Draw(rt, "a")}
				if rapid.IntRange(0, 3).Draw(rt, "both") > 0 {
					ratings["b"] = rapid.IntRange(1, 5).Draw(rt, "b")
				}
				score := rapid.IntRange(0, 10).Draw(rt, "score")
				switch rapid.SampledFrom([]string{"record", "record", "change", "erase", "compute"}).Draw(rt, "move") {
				case "record":
					receipt := k.record(t, flow.Recorded{Given: flow.Given{Score: score, Ratings: ratings}, AnsweredAt: s.Now().Add(-time.Duration(rapid.IntRange(0, 90).Draw(rt, "hours")) * time.Hour)})
					ids = append(ids, receipt.ResponseID)
				case "change":
					form := fmt.Sprint("form", rapid.IntRange(0, 3).Draw(rt, "form"))
					if _, err := k.answers.AnswerLink(context.Background(), k.office, k.survey, form, flow.Given{Score: score, Ratings: ratings}); err != nil {
						rt.Fatal(err)
					}
				case "erase":
					if len(ids) > 0 {
						storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EraseResponses(ctx, k.w.ID, ids[:1]) })
						ids = ids[1:]
					}
				case "compute":
					k.movers(t, flow.DriversQuery{})
				}
			}
			k.compareWithRows(rt, k.movers(t, flow.DriversQuery{}))
		})
	})
}

// compareWithRows recounts, and splits R² in one pass where there is enough.
func (k *till) compareWithRows(rt *rapid.T, report flow.DriversReport) {
	var rated, complete int64
	if err := k.s.EachResponse(context.Background(), k.w.ID, store.ResponseFilter{SurveyID: k.survey.ID, Rated: true}, func(r surveys.Response) error {
		rated++
		if len(r.Ratings) == 2 {
			complete++
		}
		return nil
	}); err != nil {
		rt.Fatal(err)
	}
	if report.Rated != rated || report.Complete != complete || report.Waiting != 0 {
		rt.Fatalf("%d rated, %d whole, %d days wait; there are %d and %d", report.Rated, report.Complete, report.Waiting, rated, complete)
	}
	if differences, err := k.s.RecountDrivers(context.Background(), k.w.ID); err != nil || len(differences) > 0 {
		rt.Fatalf("%+v, %v", differences, err)
	}
	if report.Priorities == nil {
		return
	}
	got := report.Priorities.Importance
	want, err := k.inOnePass()
	if err != nil {
		rt.Fatal(err)
	}
	if math.Abs(got.R2-want.R2) > 1e-9 || math.Abs(got.Drivers[0].Share-want.Drivers[0].Share) > 1e-9 {
		rt.Fatalf("R² %v and share %v, want %v and %v", got.R2, got.Drivers[0].Share, want.R2, want.Drivers[0].Share)
	}
}

// TestErasingAPersonTakesTheirRatings out of the days and of the answers.
func TestErasingAPersonTakesTheirRatings(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newTill(t, s)
		k.rated(t, "delivery")
		k.record(t, flow.Recorded{Given: flow.Given{Score: 9, Ratings: map[string]int{"delivery": 5}}, Person: &surveys.Person{ExternalID: "7"}})
		if report := k.movers(t, flow.DriversQuery{}); report.Rated != 1 {
			t.Fatalf("%d rated, want 1", report.Rated)
		}
		people, err := s.People(context.Background(), k.w.ID, "7", 0, 1)
		if err != nil || len(people) != 1 {
			t.Fatal(people, err)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, k.w.ID, people[0].ID) })
		if report := k.movers(t, flow.DriversQuery{}); report.Rated != 0 {
			t.Errorf("%d rated after the erasure", report.Rated)
		}
		days, err := s.DriverDays(context.Background(), k.w.ID, store.RollupFilter{SurveyID: k.survey.ID, To: 1 << 30})
		if err != nil || len(days) != 0 {
			t.Errorf("%+v, %v: what is left of the day", days, err)
		}
	})
}

// TestAChangeKeepsRatingsThatItDoesNotAskFor: the public page asks for none.
func TestAChangeKeepsRatingsThatItDoesNotAskFor(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newTill(t, s)
		k.rated(t, "delivery")
		var last store.Receipt
		for _, c := range []struct {
			given flow.Given
			want  string
		}{
			{flow.Given{Score: 9, Ratings: map[string]int{"delivery": 5}}, `9 {"delivery":5}`},
			{flow.Given{Score: 3}, `3 {"delivery":5}`},
			{flow.Given{Score: 3, Ratings: map[string]int{"delivery": 1}}, `3 {"delivery":1}`},
		} {
			var err error
			if last, err = k.answers.AnswerLink(context.Background(), k.office, k.survey, "one form", c.given); err != nil {
				t.Fatal(err)
			}
			r, err := s.Response(context.Background(), k.w.ID, last.ResponseID)
			if err != nil {
				t.Fatal(err)
			}
			raw, _ := json.Marshal(r.Ratings)
			if got := fmt.Sprint(r.Score, " ", string(raw)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		}
	})
}

func TestImportsTakeRatings(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range []struct{ name, cell, want, bad string }{
			{"a rating", "4", `{"delivery":4}`, ""},
			{"written as a fraction", "4.0", `{"delivery":4}`, ""},
			{"nothing", "", "null", ""},
			{"too high", "6", "", `6 is not a rating from 1 to 5`},
			{"too low", "0", "", `0 is not a rating from 1 to 5`},
			{"half a point", "3.5", "", `not a rating in a whole number`},
			{"a word", "good", "", `not a rating in a whole number`},
		} {
			i := newImporting(t, s)
			i.survey.Drivers = []surveys.Driver{rating("delivery")}
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, i.survey) })
			plan := i.plan("score,date,rating.delivery\n9,2026-01-05," + c.cell + "\n")
			plan.Ratings = map[string]int{"delivery": 2}
			check, err := flow.NewImports(s).Check(context.Background(), plan)
			if err != nil {
				t.Fatal(err)
			}
			if c.bad != "" {
				if len(i.bad) != 1 || !slices.ContainsFunc(i.bad, func(line string) bool {
					return strings.Contains(line, c.bad) && strings.Contains(line, "rating.delivery")
				}) {
					t.Errorf("%s: %v", c.name, i.bad)
				}
				continue
			}
			if _, err := flow.NewImports(s).Load(context.Background(), plan, check); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			list, err := s.Responses(context.Background(), i.office.ID, store.ResponseFilter{SurveyID: i.survey.ID})
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			if raw, _ := json.Marshal(list[0].Ratings); string(raw) != c.want {
				t.Errorf("%s: %s, want %s", c.name, raw, c.want)
			}
		}
	})
}

// TestDriversWithhold: ratings under a filter, beside everybody's, must not tell of
// the few who are left out; nor of the few who rated, where many did not.
func TestDriversWithhold(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newTill(t, s)
		k.rated(t, "delivery", "price")
		k.rate(t, 60)
		given := func(n int, plan string, ratings map[string]int) {
			for range n {
				k.record(t, flow.Recorded{Given: flow.Given{Score: 9, Ratings: ratings}, AnsweredAt: k.s.Now().Add(-time.Hour), Properties: map[string]any{"plan": plan}})
			}
		}
		given(3, "gold", map[string]int{"delivery": 4, "price": 4})
		given(20, "gold", nil)
		plans := func(names ...string) (f surveys.Filters) {
			for _, name := range names {
				f = f.With(surveys.Segment{Key: "plan", Value: name})
			}
			return f
		}
		for _, c := range []struct {
			filter   surveys.Filters
			withheld bool
		}{
			{nil, false}, {plans("free", "pro"), true}, {plans("free", "pro", "gold"), false},
			{plans("free", "gold"), false}, {plans("pro"), false}, {plans("free"), true}, {plans("pro", "gold"), true},
		} {
			got := k.movers(t, flow.DriversQuery{Filter: c.filter})
			if got.Withheld != c.withheld || c.withheld && (got.Priorities != nil || got.Rated != 0) {
				t.Errorf("%v: withheld %v, %+v", c.filter, got.Withheld, got.Priorities)
			}
		}
	})
}
