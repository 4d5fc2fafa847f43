package store_test

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestLoyaltyPlanIsTheDefaultUntilOneIsChosen(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
		plan, err := s.LoyaltyPlan(ctx, survey.WorkspaceID)
		if err != nil || !reflect.DeepEqual(plan, surveys.DefaultLoyaltyPlan(survey.WorkspaceID)) {
			t.Fatalf("before: %+v, %v", plan, err)
		}
		since := 20_000
		for _, want := range []surveys.LoyaltyPlan{
			{Basis: surveys.LoyaltyByContract, LapseDays: 30, CompleteSince: &since, Currency: "GBP", SurveyID: survey.ID, Meanings: []surveys.EventMeaning{{EventType: "paid", Kind: surveys.LoyaltyRenewed, Amount: "fee"}}},
			{Basis: surveys.LoyaltyByPurchase, LapseDays: 60, Meanings: []surveys.EventMeaning{}},
		} {
			want.WorkspaceID, want.UpdatedAt = survey.WorkspaceID, s.Now()
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveLoyaltyPlan(ctx, want) })
			if got, err := s.LoyaltyPlan(ctx, survey.WorkspaceID); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("stored %+v, %v\nwant   %+v", got, err, want)
			}
		}
	})
}

func TestLoyaltyReportReplacesTheOneBefore(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		ada, bob := storetest.Person(t, s, w.ID), storetest.Person(t, s, w.ID)
		var body map[string]int
		if _, err := s.LoyaltyReport(ctx, w.ID, &body); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("before the first: %v, want NotFound", err)
		}
		reasons := []surveys.RiskReason{{Feature: "last_score", Value: 3, Usual: 8, Odds: 2.4}}
		write := func(customers int, risks ...surveys.Risk) {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				return tx.SaveLoyaltyReport(ctx, w.ID, map[string]int{"customers": customers}, risks)
			})
		}
		write(1, surveys.Risk{PersonID: ada.ID, Chance: 0.5})
		clock.Advance(time.Hour)
		write(2, surveys.Risk{PersonID: ada.ID, Chance: 0.2, Reasons: reasons}, surveys.Risk{PersonID: bob.ID, Chance: 0.4}, surveys.Risk{PersonID: storetest.ID(t, s), Chance: 0.9})
		if at, err := s.LoyaltyReport(ctx, w.ID, &body); err != nil || body["customers"] != 2 || !at.Equal(clock.Now()) {
			t.Errorf("%v of %v, %v", body, at, err)
		}
		want := []surveys.Risk{{WorkspaceID: w.ID, PersonID: bob.ID, Chance: 0.4, Reasons: []surveys.RiskReason{}}, {WorkspaceID: w.ID, PersonID: ada.ID, Chance: 0.2, Reasons: reasons}}
		if got, err := s.Risks(ctx, w.ID, 0, 9); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("risks %+v, %v\nwant  %+v", got, err, want)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, w.ID, bob.ID) })
		if got, err := s.Risks(ctx, w.ID, 0, 9); err != nil || len(got) != 1 || got[0].PersonID != ada.ID {
			t.Errorf("after erasing the first: %+v, %v", got, err)
		}
	})
}

func TestEachEventOfGoesFromPersonToPerson(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		for range 3 {
			person := storetest.Person(t, s, w.ID)
			for i, kind := range []string{"paid", "left", "seen", "paid"} {
				e := surveys.Event{WorkspaceID: w.ID, ID: storetest.ID(t, s), Type: kind, PersonID: person.ID, OccurredAt: s.Now().Add(-time.Duration(i) * time.Hour), ReceivedAt: s.Now(), Properties: map[string]any{"fee": 1.5}}
				storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateEvent(ctx, e) })
			}
		}
		var kinds, people []string
		err := s.EachEventOf(context.Background(), w.ID, []string{"paid", "left"}, func(e surveys.Event) error {
			kinds, people = append(kinds, e.Type), append(people, e.PersonID)
			if e.Properties["fee"] != 1.5 {
				t.Errorf("properties %v", e.Properties)
			}
			return nil
		})
		if want := []string{"paid", "left", "paid", "paid", "left", "paid", "paid", "left", "paid"}; err != nil || !slices.Equal(kinds, want) || !slices.IsSorted(people) {
			t.Errorf("%v, %v; want %v", kinds, err, want)
		}
		if err := s.EachEventOf(context.Background(), w.ID, nil, func(surveys.Event) error { t.Error("an event of no type"); return nil }); err != nil {
			t.Error(err)
		}
	})
}
