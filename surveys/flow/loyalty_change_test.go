package flow_test

import (
	"context"
	"math"
	"testing"

	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestRetentionIsHeldAgainstTheMonthBefore: of 50 subscribers 20 left in January
// and one in February. Today is 2 March 2026, and March does not count yet.
func TestRetentionIsHeldAgainstTheMonthBefore(t *testing.T) {
	t.Parallel()
	c := newClub(t, storetest.Open(t, store.SQLite))
	lives := make([]life, 50)
	for i := range lives {
		lives[i].events = []happened{{100, "subscription_started", 10.0}}
		switch {
		case i < 20:
			lives[i].events = append(lives[i].events, happened{45, "subscription_cancelled", nil})
		case i == 20:
			lives[i].events = append(lives[i].events, happened{20, "subscription_cancelled", nil})
		}
	}
	c.live(t, lives...)
	r := c.report(t)
	d := r.Periods[loyalty.Monthly].Change
	if d == nil || math.Abs(d.Difference-(100*29.0/30-60)) > 1e-9 || d.P > 0.001 || !d.Significant() {
		t.Errorf("the change is %+v", d)
	}
	if r.Periods[loyalty.Yearly].Change != nil {
		t.Errorf("there are no two whole years: %+v", r.Periods[loyalty.Yearly].Change)
	}
}

func TestInDays(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		reason       surveys.RiskReason
		value, usual float64
	}{
		{surveys.RiskReason{Feature: "silence", Value: math.Log1p(40), Usual: math.Log1p(2.5)}, 40, 2.5},
		{surveys.RiskReason{Feature: "tenure", Value: 0, Usual: 0}, 0, 0},
		{surveys.RiskReason{Feature: "activity", Value: math.Log1p(3), Usual: math.Log1p(3)}, 3, 3},
		{surveys.RiskReason{Feature: "score", Value: 3, Usual: 8.25}, 3, 8.25},
	} {
		got := flow.InDays(test.reason)
		if got.Value != test.value || math.Abs(got.Usual-test.usual) > 1e-9 || got.Feature != test.reason.Feature {
			t.Errorf("%+v became %+v", test.reason, got)
		}
	}
}

func TestEventTypesAreThoseThatCameIn(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		c := newClub(t, s)
		c.live(t, life{events: []happened{{3, "page_seen", nil}, {2, "page_seen", nil}, {1, "signed_up", nil}}}, life{events: []happened{{9, "abc", nil}}})
		types, err := s.EventTypes(context.Background(), c.w.ID)
		if err != nil || len(types) != 3 || types[0] != "page_seen" || types[1] != "abc" || types[2] != "signed_up" {
			t.Errorf("%v, %v", types, err)
		}
		if types, err := s.EventTypes(context.Background(), storetest.Workspace(t, s).ID); err != nil || len(types) != 0 {
			t.Errorf("a stranger's: %v, %v", types, err)
		}
	})
}
