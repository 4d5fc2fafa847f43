package flow_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// invitedShop is a survey with invitations: pro customers answer, gift customers
// hardly do.
func invitedShop(t *testing.T, s *store.Store, clock *storetest.Clock) (flow.Office, surveys.Survey) {
	t.Helper()
	w := storetest.Workspace(t, s)
	survey := storetest.Survey(t, s, w.ID, surveys.NPS)
	for n := range 80 {
		i := send(t, s, survey, n%2 == 0 && n < 60 || n == 79)
		if n >= 40 {
			as(t, s, i, "gift")
		}
	}
	if err := flow.CountInvitations(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	clock.Advance(10 * 24 * time.Hour)
	return flow.Office{Workspace: w, Zone: w.Location()}, survey
}

// as puts the person of an invitation on a plan.
func as(t *testing.T, s *store.Store, i surveys.Invitation, plan string) {
	t.Helper()
	person, err := s.Person(context.Background(), i.WorkspaceID, i.PersonID)
	if err != nil {
		t.Fatal(err)
	}
	person.Traits = map[string]any{"plan": plan}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { _, err := tx.SavePerson(ctx, person); return err })
}

// TestAskedCountsWhatHadTime: by plan, without what was sent today; and the counts
// agree with the invitations.
func TestAskedCountsWhatHadTime(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w, survey := invitedShop(t, s, clock)
		send(t, s, survey, false)
		if err := flow.CountInvitations(ctx, s); err != nil {
			t.Fatal(err)
		}
		today := analysis.DayOf(s.Now(), w.Zone)
		reports := flow.NewReports(s)
		a, err := reports.Asked(ctx, w, survey, flow.AskedQuery{From: today - 89, To: today + 1})
		if err != nil || a == nil {
			t.Fatal(a, err)
		}
		if a.Sent != 80 || a.Answered != 31 || a.Recent != 1 || a.Young || a.SettleDays != 7 || a.Counting {
			t.Errorf("%+v", a)
		}
		rates := make(map[string][2]int64)
		for _, one := range a.Segments {
			if one.Key == "plan" {
				rates[one.Value] = [2]int64{one.Sent, *one.Answered}
			}
		}
		if rates["pro"] != [2]int64{40, 20} || rates["gift"] != [2]int64{40, 11} {
			t.Errorf("by plan: %v", rates)
		}
		only, err := reports.Asked(ctx, w, survey, flow.AskedQuery{From: today - 89, To: today + 1, Filters: surveys.Filters{{Key: "plan", Value: "gift"}}})
		if err != nil || only == nil || only.Sent != 40 || only.Answered != 11 || only.NonResponse != nil {
			t.Errorf("under a filter: %+v, %v", only, err)
		}
		fresh, err := reports.Asked(ctx, w, survey, flow.AskedQuery{From: today, To: today + 1})
		if err != nil || fresh == nil || !fresh.Young || fresh.Sent != 1 || fresh.Recent != 0 {
			t.Errorf("today: %+v, %v", fresh, err)
		}
		if differences, err := s.RecountInvitations(ctx, w.ID); err != nil || len(differences) > 0 {
			t.Errorf("the counts differ: %v, %v", differences, err)
		}
	})
}

// TestAskedIsNotToldWhereItCannotBe: without invitations, and under filters that
// they are not counted by.
func TestAskedIsNotToldWhereItCannotBe(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w, survey := invitedShop(t, s, clock)
		linked := storetest.Survey(t, s, w.ID, surveys.CES)
		today := analysis.DayOf(s.Now(), w.Zone)
		for name, c := range map[string]struct {
			survey  surveys.Survey
			filters surveys.Filters
		}{
			"a survey by link":   {linked, nil},
			"two keys at once":   {survey, surveys.Filters{{Key: "plan", Value: "pro"}, {Key: "country", Value: "DE"}}},
			"how an answer came": {survey, surveys.Filters{{Key: surveys.SegmentChannel, Value: "mail"}}},
		} {
			a, err := flow.NewReports(s).Asked(context.Background(), w, c.survey, flow.AskedQuery{From: today - 89, To: today + 1, Filters: c.filters})
			if err != nil || a != nil {
				t.Errorf("%s: %+v, %v", name, a, err)
			}
		}
	})
}

// TestAskedSaysThatItIsStillCounting: invitations of long ago that nobody took into
// the counts yet are no proof that nobody was asked.
func TestAskedSaysThatItIsStillCounting(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		send(t, s, survey, false)
		clock.Advance(time.Hour)
		today := analysis.DayOf(s.Now(), w.Location())
		a, err := flow.NewReports(s).Asked(context.Background(), flow.Office{Workspace: w, Zone: w.Location()}, survey, flow.AskedQuery{From: today - 89, To: today + 1})
		if err != nil || a == nil || !a.Counting || a.Invited != 0 || a.Segments == nil {
			t.Errorf("%+v, %v", a, err)
		}
	})
}

// TestAskedFollowsAMoveOfTheOffice: after another time zone every invitation is
// counted on its local day there.
func TestAskedFollowsAMoveOfTheOffice(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w, survey := invitedShop(t, s, clock)
		w.TimeZone = "Pacific/Kiritimati"
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateWorkspace(ctx, w.Workspace) })
		if err := flow.Recount(ctx, s, w.ID); err != nil {
			t.Fatal(err)
		}
		if differences, err := s.RecountInvitations(ctx, w.ID); err != nil || len(differences) > 0 {
			t.Errorf("the counts differ: %v, %v", differences, err)
		}
		sums, err := s.AskedBySurvey(ctx, w.ID, []string{survey.ID}, 0, 1<<30)
		if err != nil || sums[survey.ID].Sent != 80 {
			t.Errorf("%+v, %v", sums, err)
		}
	})
}
