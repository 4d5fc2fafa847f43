package northwind_test

import (
	"context"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/surveys/flow"
)

// testLoyalty computes the report of the year's events, and checks it against
// plain counts and against what the year was made to tell.
func testLoyalty(t *testing.T, f filled) {
	ctx, ws := context.Background(), f.story.Workspace.ID
	l := flow.NewLoyalty(f.store)
	if err := l.Compute(ctx, ws); err != nil {
		t.Fatal(err)
	}
	r, _, err := l.Report(ctx, ws)
	if err != nil {
		t.Fatal(err)
	}
	steps := r.Periods[loyalty.Quarterly].Steps
	last := steps[len(steps)-2]
	from, to := last.Start.String(), loyalty.Quarterly.Next(last.Start).String()
	const between = "SELECT count(DISTINCT person_id) FROM events WHERE type = ? AND date(occurred_at) >= ? AND date(occurred_at) < ?"
	renewed, left := f.count(t, between, "subscription_renewed", from, to), f.count(t, between, "subscription_cancelled", from, to)
	// Who came and went within the quarter was never a customer at its start.
	if lost := int(last.Customers - last.Kept); lost > left || lost < left-3 {
		t.Errorf("%d customers lost from %s on, %d people cancelled", lost, from, left)
	}
	if int(last.Decided-last.Renewed) != left || int(last.Renewed) > renewed || int(last.Renewed) < renewed-left {
		t.Errorf("%d of %d renewed, by the events %d did and %d cancelled", last.Renewed, last.Decided, renewed, left)
	}
	if r.ByScore == nil || r.ByScore.Test == nil || r.ByScore.Test.P > 0.001 {
		t.Errorf("leaving by score: %+v", r.ByScore)
	}
	if r.Risks == nil || r.Risks.Refused != nil || r.Risks.Listed == 0 {
		t.Fatalf("risks: %+v", r.Risks)
	}
	for _, term := range r.Risks.Model.Terms {
		if term.Name == "score" && (term.High >= 1 || term.P > 0.001) {
			t.Errorf("a higher score should make leaving less likely: %+v", term)
		}
	}
	if first := f.count(t, "SELECT min(julianday(substr(occurred_at, 1, 10))) - 2440587.5 FROM events WHERE type = 'subscription_started'"); r.From > analysis.Day(first)+1 {
		t.Errorf("the report begins on %s, the events on %s", r.From, analysis.Day(first))
	}
}
