package flow_test

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// record stores an answer that a program sends, or fails the test.
func (k *till) record(t *testing.T, in flow.Recorded) store.Receipt {
	t.Helper()
	receipt, err := k.answers.Record(context.Background(), k.office, k.survey.ID, in)
	if err != nil {
		t.Fatalf("Record = %v", err)
	}
	return receipt
}

func TestRecordUnderAnIdempotencyKey(t *testing.T) {
	t.Parallel()
	ada := func(plan string) *surveys.Person {
		return &surveys.Person{ExternalID: "7", Traits: map[string]any{"plan": plan}}
	}
	first := flow.Recorded{Given: flow.Given{Score: 9, Comment: "Fine"}, IdempotencyKey: "k"}
	cases := []struct {
		name    string
		first   flow.Recorded
		second  flow.Recorded
		later   time.Duration
		outcome store.ReceiptOutcome // of the second
		kind    surveys.Kind
		counts  map[int]int64
		plan    string // of the person, at the end
	}{
		{"the same again", first, first, time.Minute, store.Replayed, "", map[int]int64{9: 1}, ""},
		{"the same after a day", first, first, 24*time.Hour + time.Second, store.Stored, "", map[int]int64{9: 2}, ""},
		{"the same at the end of the day", first, first, 24 * time.Hour, store.Replayed, "", map[int]int64{9: 1}, ""},
		{"another score", first, flow.Recorded{Given: flow.Given{Score: 3, Comment: "Fine"}, IdempotencyKey: "k"}, 0, "", surveys.Conflict, map[int]int64{9: 1}, ""},
		{"another comment", first, flow.Recorded{Given: flow.Given{Score: 9}, IdempotencyKey: "k"}, 0, "", surveys.Conflict, map[int]int64{9: 1}, ""},
		{"another person", flow.Recorded{Given: flow.Given{Score: 9}, Person: ada("pro"), IdempotencyKey: "k"},
			flow.Recorded{Given: flow.Given{Score: 9}, Person: ada("free"), IdempotencyKey: "k"}, 0, "", surveys.Conflict, map[int]int64{9: 1}, "pro"},
		{"the same person", flow.Recorded{Given: flow.Given{Score: 9}, Person: ada("pro"), IdempotencyKey: "k"},
			flow.Recorded{Given: flow.Given{Score: 9}, Person: ada("pro"), IdempotencyKey: "k"}, 0, store.Replayed, "", map[int]int64{9: 1}, "pro"},
		{"another key", first, flow.Recorded{Given: flow.Given{Score: 9, Comment: "Fine"}, IdempotencyKey: "l"}, 0, store.Stored, "", map[int]int64{9: 2}, ""},
		{"no key", flow.Recorded{Given: flow.Given{Score: 9}}, flow.Recorded{Given: flow.Given{Score: 9}}, 0, store.Stored, "", map[int]int64{9: 2}, ""},
	}
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			clock := storetest.NewClock()
			s := storetest.OpenAt(t, dialect, clock.Now)
			for _, c := range cases { // one after the other: they move the clock
				t.Run(c.name, func(t *testing.T) {
					k := newTill(t, s)
					stored := k.record(t, c.first)
					clock.Advance(c.later)
					receipt, err := k.answers.Record(context.Background(), k.office, k.survey.ID, c.second)
					code := ""
					if c.kind != "" {
						code = "idempotency_mismatch"
					}
					wantKind(t, err, c.kind, code)
					if receipt.Outcome != c.outcome || (receipt.Outcome == store.Replayed) != (receipt.ResponseID == stored.ResponseID) {
						t.Errorf("the second receipt = %+v, want %s; the first = %+v", receipt, c.outcome, stored)
					}
					k.checkCounts(t, k.survey, c.counts)
					if c.plan == "" {
						return
					}
					people, err := s.People(context.Background(), k.w.ID, "7", 0, 10)
					if err != nil || len(people) == 0 || people[0].Traits["plan"] != c.plan {
						t.Errorf("people = %+v, %v, want one of plan %s", people, err, c.plan)
					}
				})
			}
		})
	}
}

func TestRecordConcurrentlyUnderOneKey(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newTill(t, s)
		var mu sync.Mutex
		outcomes := map[store.ReceiptOutcome]int{}
		atOnce(20, func(int) {
			receipt, err := k.answers.Record(context.Background(), k.office, k.survey.ID, flow.Recorded{
				Given: flow.Given{Score: 9}, IdempotencyKey: "k", Person: &surveys.Person{ExternalID: "7"},
			})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Errorf("Record = %v", err)
			}
			outcomes[receipt.Outcome]++
		})
		if want := (map[store.ReceiptOutcome]int{store.Stored: 1, store.Replayed: 19}); !reflect.DeepEqual(outcomes, want) {
			t.Errorf("outcomes = %v, want %v", outcomes, want)
		}
		k.checkCounts(t, k.survey, map[int]int64{9: 1})
	})
}

func TestRecordRefusesWhatIsNotOpen(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		survey func(t *testing.T, k *till) string
		kind   surveys.Kind
		code   string
	}{
		{"an unknown survey", func(t *testing.T, k *till) string { return storetest.ID(t, k.s) }, surveys.NotFound, "not_found"},
		{"an id that is none", func(*testing.T, *till) string { return "nps'--" }, surveys.NotFound, "not_found"},
		{"broken bytes", func(*testing.T, *till) string { return "\xff\x00" }, surveys.NotFound, "not_found"},
		{"a survey of another workspace", func(t *testing.T, k *till) string { return newCounter(t, k.s).survey.ID }, surveys.NotFound, "not_found"},
		{"a paused survey", func(t *testing.T, k *till) string {
			k.changeSurvey(t, func(s *surveys.Survey) { s.Status = surveys.SurveyPaused })
			return k.survey.ID
		}, surveys.Gone, "survey_paused"},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				k := newTill(t, s)
				_, err := k.answers.Record(context.Background(), k.office, c.survey(t, k), flow.Recorded{Given: flow.Given{Score: 9}})
				wantKind(t, err, c.kind, c.code)
			})
		}
	})
}

func TestAnswersAreCountedUnderTheirSegments(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		in   flow.Recorded
		want map[string]string // beside channel and version
	}{
		{"nothing is told", flow.Recorded{}, nil},
		{"a property", flow.Recorded{Properties: map[string]any{"plan": "pro", "colour": "red"}}, map[string]string{"plan": "pro"}},
		{"a trait", flow.Recorded{Person: &surveys.Person{ExternalID: "a", Traits: map[string]any{"country": "FR"}}}, map[string]string{"country": "FR"}},
		{"the answer's own property before the person's trait", flow.Recorded{
			Properties: map[string]any{"plan": "pro"}, Person: &surveys.Person{ExternalID: "b", Traits: map[string]any{"plan": "free", "country": "DE"}},
		}, map[string]string{"plan": "pro", "country": "DE"}},
		{"numbers and truth values", flow.Recorded{Properties: map[string]any{"plan": 3.0, "country": true}}, map[string]string{"plan": "3", "country": "true"}},
		{"what is no value", flow.Recorded{Properties: map[string]any{"plan": []any{"a"}, "country": " "}}, nil},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				k := newTill(t, s)
				c.in.Score = 9
				k.record(t, c.in)
				want := map[string]string{"channel": "api", "version": "1"}
				maps.Copy(want, c.want)
				if got := k.stored(t)[0].Segments; !reflect.DeepEqual(got, want) {
					t.Errorf("segments = %v, want %v", got, want)
				}
				k.checkCounts(t, k.survey, map[int]int64{9: 1})
			})
		}
	})
}

func TestRecordFindsTheTraitsOfPeopleItKnows(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newTill(t, s)
		k.record(t, flow.Recorded{Given: flow.Given{Score: 9}, Person: &surveys.Person{ExternalID: k.person.ExternalID, Traits: map[string]any{"plan": "gold"}}})
		r := k.stored(t)[0]
		if r.PersonID != k.person.ID || r.Segments["plan"] != "gold" || r.Segments["country"] != "DE" {
			t.Errorf("stored %+v, want it of the person, with the new plan and the old country", r)
		}
	})
}

func TestSegmentsHaveRoomForTwoHundredValues(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newTill(t, s)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			for i := range surveys.MaxSegmentValues - 1 {
				if _, err := tx.AdmitSegmentValue(ctx, k.w.ID, "plan", fmt.Sprint("plan ", i)); err != nil {
					return err
				}
			}
			return nil
		})
		for _, c := range []struct{ told, counted string }{
			{"the last place", "the last place"}, {"one too many", surveys.OtherValue}, {"plan 0", "plan 0"}, {"the last place", "the last place"},
			{"one too many", surveys.OtherValue}, {"and another", surveys.OtherValue}, {surveys.OtherValue, surveys.OtherValue}, {"other", surveys.OtherValue},
		} {
			receipt := k.record(t, flow.Recorded{Given: flow.Given{Score: 9}, Properties: map[string]any{"plan": c.told, "country": c.told}})
			r, err := s.Response(context.Background(), k.w.ID, receipt.ResponseID)
			if err != nil || r.Segments["plan"] != c.counted || r.Segments["country"] != c.told {
				t.Errorf("%q is counted under %v, %v, want plan %q: keys have room of their own", c.told, r.Segments, err, c.counted)
			}
		}
		k.checkCounts(t, k.survey, map[int]int64{9: 8})
	})
}

func TestAnswersCountOnTheLocalDay(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		moment, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	cases := []struct {
		name, zone, answered, day string
	}{
		{"the last second of a day", "Europe/Berlin", "2026-01-31T22:59:59Z", "2026-01-31"},
		{"midnight", "Europe/Berlin", "2026-01-31T23:00:00Z", "2026-02-01"},
		{"the zone that the answer was written in does not matter", "Europe/Berlin", "2026-01-31T18:00:00-05:00", "2026-02-01"},
		{"west of Greenwich", "America/Los_Angeles", "2026-02-01T07:59:59Z", "2026-01-31"},
		{"the day before summer time, late", "Europe/Berlin", "2025-03-29T22:59:59Z", "2025-03-29"},
		{"the day that summer time begins, early", "Europe/Berlin", "2025-03-29T23:00:00Z", "2025-03-30"},
		{"the day that summer time begins, late", "Europe/Berlin", "2025-03-30T21:59:59Z", "2025-03-30"},
		{"the day after", "Europe/Berlin", "2025-03-30T22:00:00Z", "2025-03-31"},
		{"the day that summer time ends, late", "Europe/Berlin", "2025-10-26T22:59:59Z", "2025-10-26"},
		{"the day after it", "Europe/Berlin", "2025-10-26T23:00:00Z", "2025-10-27"},
		{"a zone where a midnight is missing", "America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-04"},
		{"a zone of half an hour", "Asia/Kolkata", "2026-01-31T18:30:00Z", "2026-02-01"},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				k := newTill(t, s)
				k.office.TimeZone = c.zone
				k.office.Zone = k.office.Location()
				k.record(t, flow.Recorded{Given: flow.Given{Score: 9}, AnsweredAt: at(c.answered)})
				r := k.stored(t)[0]
				if got := surveys.DayStart(r.Day).Format(time.DateOnly); got != c.day || !r.AnsweredAt.Equal(at(c.answered)) {
					t.Errorf("counted on %s, answered at %v, want %s", got, r.AnsweredAt, c.day)
				}
				k.checkCounts(t, k.survey, map[int]int64{9: 1})
			})
		}
	})
}
