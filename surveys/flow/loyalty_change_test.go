package flow_test

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
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
	if d == nil || math.Abs(d.Difference.Difference-(100*29.0/30-60)) > 1e-9 || d.P > 0.001 || !d.Real {
		t.Errorf("the change is %+v", d)
	}
	if r.Periods[loyalty.Yearly].Change != nil {
		t.Errorf("there are no two whole years: %+v", r.Periods[loyalty.Yearly].Change)
	}
}

// TestRealChange: a share that swings from month to month has not changed
// because it swung once more, and p = 0.03 is no proof where every month is
// looked at.
func TestRealChange(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		left []int // of 400 customers, month by month, the oldest first
		real bool
	}{
		{"a fall out of the calm", []int{20, 21, 19, 20, 22, 20, 70}, true},
		{"a fall after few months", []int{20, 60}, true},
		{"one swing more", []int{20, 60, 18, 62, 21, 20, 60}, false},
		{"p about 0.03", []int{20, 22, 19, 21, 20, 21, 36}, false},
		{"nothing", []int{20, 20, 20, 20, 20, 20, 20}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d, err := flow.StepChangeOf(400, test.left)
			if err != nil || d == nil || d.Real != test.real {
				t.Errorf("%+v, %v", d, err)
			}
		})
	}
}

// TestNothingEndsAContract: without an event that ends one, nobody could be seen
// to leave, so that nothing is said of who stays.
func TestNothingEndsAContract(t *testing.T) {
	t.Parallel()
	c := newClub(t, storetest.Open(t, store.SQLite))
	plan, err := c.loyalty.Plan(context.Background(), c.w.ID)
	if err != nil {
		t.Fatal(err)
	}
	plan.Meanings = slices.DeleteFunc(plan.Meanings, func(m surveys.EventMeaning) bool { return m.Kind == surveys.LoyaltyEnded })
	if _, err := c.loyalty.ChangePlan(context.Background(), plan); err != nil {
		t.Fatal(err)
	}
	c.live(t, slices.Repeat([]life{{events: []happened{{100, "subscription_started", 10.0}}}}, 9)...)
	r := c.report(t)
	month := r.Periods[loyalty.Monthly]
	if !r.Endless || r.Stay != nil || len(r.Cohorts) > 0 || r.ByScore != nil || r.Risks != nil || month.Change != nil {
		t.Errorf("something is said of who stays: %+v", r)
	}
	for _, p := range month.Rates[loyalty.RetentionRate] {
		if p.Value != nil {
			t.Errorf("a retention of %v", *p.Value)
		}
	}
}

// TestBuyersOfAnIncompleteMonth: who bought in a month whose orders are not all
// there is not known, so that nobody can say how many of them came again.
func TestBuyersOfAnIncompleteMonth(t *testing.T) {
	t.Parallel()
	c := newClub(t, storetest.Open(t, store.SQLite))
	plan := surveys.DefaultLoyaltyPlan(c.w.ID)
	since := int(analysis.DateDay(2025, time.December, 10))
	plan.CompleteSince = &since
	if _, err := c.loyalty.ChangePlan(context.Background(), plan); err != nil {
		t.Fatal(err)
	}
	order := func(ago int) happened { return happened{ago, "order_completed", 10.0} }
	c.live(t, slices.Repeat([]life{{events: []happened{order(75), order(45), order(15)}}}, 9)...)
	retention := c.report(t).Periods[loyalty.Monthly].Rates[loyalty.RetentionRate]
	if len(retention) != 3 || retention[0].Value != nil || retention[1].Value == nil {
		t.Errorf("January, February and March: %+v", retention)
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
