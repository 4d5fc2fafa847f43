package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

const goodPlan = `{"basis":"contract","lapse_days":60,"complete_since":"2025-01-31","currency":"eur","meanings":[
	{"event_type":"subscription_started","kind":"started","amount":"amount"},{"event_type":"subscription_cancelled","kind":"ended"},
	{"event_type":"order_completed","kind":"bought","amount":"total"},{"event_type":"club_joined","kind":"joined"}]}`

type riskPage struct {
	ComputedAt *time.Time `json:"computed_at"`
	Days       int        `json:"days"`
	Total      int        `json:"total"`
	Risks      []struct {
		PersonID   string               `json:"person_id"`
		ExternalID string               `json:"external_id"`
		Name       string               `json:"name"`
		Email      string               `json:"email"`
		Chance     float64              `json:"chance"`
		Reasons    []surveys.RiskReason `json:"reasons"`
	} `json:"risks"`
	NextOffset *int `json:"next_offset"`
}

// subscribers are people who subscribe, of whom some order, some join the club,
// and some leave.
func (b *bundle) subscribers(n int) []surveys.Person {
	b.t.Helper()
	s := b.site.Store
	people := make([]surveys.Person, n)
	for i := range people {
		people[i] = storetest.Person(b.t, s, b.workspace.ID)
	}
	storetest.Write(b.t, s, func(ctx context.Context, tx *store.Tx) error {
		for i, person := range people {
			happened := []surveys.Event{{Type: "subscription_started", OccurredAt: s.Now().AddDate(0, 0, -300-i), Properties: map[string]any{"amount": 20.5}}}
			if i%3 == 0 {
				happened = append(happened, surveys.Event{Type: "club_joined", OccurredAt: s.Now().AddDate(0, 0, -200)})
			}
			if i%4 == 0 {
				happened = append(happened, surveys.Event{Type: "subscription_cancelled", OccurredAt: s.Now().AddDate(0, 0, -10-3*i)})
			}
			for k := range i % 7 {
				happened = append(happened, surveys.Event{Type: "order_completed", OccurredAt: s.Now().AddDate(0, 0, -280+11*k+i%13), Properties: map[string]any{"total": 10 + i%5}})
			}
			for _, e := range happened {
				e.WorkspaceID, e.ID, e.PersonID, e.ReceivedAt = b.workspace.ID, storetest.ID(b.t, s), person.ID, s.Now()
				if err := tx.CreateEvent(ctx, e); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return people
}

// TestLoyaltyThroughTheAPI: nothing first, then a whole report, each as it is
// described.
func TestLoyaltyThroughTheAPI(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		var view struct {
			ComputedAt *time.Time          `json:"computed_at"`
			Report     *flow.LoyaltyReport `json:"report"`
		}
		b.do(call{path: "/api/v1/loyalty"}).read(t, http.StatusOK, &view)
		if view.ComputedAt != nil || view.Report != nil {
			t.Errorf("before the first time: %+v", view)
		}
		survey := b.survey(surveys.NPS)
		b.subscribers(80)
		b.do(call{method: http.MethodPut, path: "/api/v1/loyalty/plan", body: fmt.Sprintf(`%s,"survey_id":%q}`, goodPlan[:len(goodPlan)-1], survey.ID)}).read(t, http.StatusOK, &map[string]any{})
		if err := flow.NewLoyalty(s).Compute(context.Background(), b.workspace.ID); err != nil {
			t.Fatal(err)
		}
		b.do(call{path: "/api/v1/loyalty"}).read(t, http.StatusOK, &view)
		r := view.Report
		if view.ComputedAt == nil || r == nil || r.People != 80 || r.Stay == nil || r.ByScore == nil || r.Members == nil || r.Members.Contrast == nil || r.Value == nil || r.Risks == nil {
			t.Fatalf("at %v: %+v", view.ComputedAt, r)
		}
		if r.Basis != surveys.LoyaltyByContract || r.Currency != "EUR" || len(r.Periods) != 4 {
			t.Errorf("basis %s, currency %s, %d widths", r.Basis, r.Currency, len(r.Periods))
		}
	})
}

func TestLoyaltyPlanThroughTheAPI(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	const path = "/api/v1/loyalty/plan"
	var plan struct {
		Basis         string                 `json:"basis"`
		CompleteSince *string                `json:"complete_since"`
		LapseDays     int                    `json:"lapse_days"`
		Currency      string                 `json:"currency"`
		SurveyID      *string                `json:"survey_id"`
		Meanings      []surveys.EventMeaning `json:"meanings"`
		UpdatedAt     *time.Time             `json:"updated_at"`
	}
	b.do(call{path: path}).read(t, http.StatusOK, &plan)
	if plan.Basis != "purchase" || plan.UpdatedAt != nil || len(plan.Meanings) == 0 {
		t.Errorf("the default: %+v", plan)
	}
	b.do(call{method: http.MethodPut, path: path, body: goodPlan}).read(t, http.StatusOK, &plan)
	if plan.Basis != "contract" || plan.LapseDays != 60 || plan.CompleteSince == nil || *plan.CompleteSince != "2025-01-31" || plan.Currency != "EUR" || plan.SurveyID != nil || len(plan.Meanings) != 4 || plan.UpdatedAt == nil {
		t.Errorf("put: %+v", plan)
	}
	plan.LapseDays = 0
	if b.do(call{path: path}).read(t, http.StatusOK, &plan); plan.LapseDays != 60 {
		t.Errorf("read again: %+v", plan)
	}
}

func TestLoyaltyThatIsRefused(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	foreign := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
	with := func(more string) string { return goodPlan[:len(goodPlan)-1] + more + "}" }
	for body, field := range map[string]string{
		`{"basis":"mood","lapse_days":60,"meanings":[]}`:                                                                        "basis",
		`{"basis":"contract","meanings":[]}`:                                                                                    "lapse_days",
		`{"basis":"contract","lapse_days":"60","meanings":[]}`:                                                                  "lapse_days",
		with(`,"colour":"red"`):                                                                                                 "colour",
		`{"basis":"contract","lapse_days":60,"complete_since":"soon","meanings":[]}`:                                            "complete_since",
		`{"basis":"contract","lapse_days":60,"complete_since":"0001-01-01","meanings":[]}`:                                      "complete_since",
		with(`,"survey_id":"nope"`):                                                                                             "survey_id",
		with(`,"survey_id":"` + foreign.ID + `"`):                                                                               "survey_id",
		`{"basis":"contract","lapse_days":60,"currency":"euro","meanings":[]}`:                                                  "currency",
		`{"basis":"contract","lapse_days":60,"meanings":[{"event_type":"A b","kind":"ended"}]}`:                                 "meanings.0.event_type",
		`{"basis":"contract","lapse_days":60,"meanings":[{"event_type":"a","kind":"liked"}]}`:                                   "meanings.0.kind",
		`{"basis":"contract","lapse_days":60,"meanings":[{"event_type":"a","kind":"ended","amount":"x"}]}`:                      "meanings.0.amount",
		`{"basis":"contract","lapse_days":60,"meanings":[{"event_type":"a","kind":"ended"},{"event_type":"a","kind":"ended"}]}`: "meanings.1",
		`{"basis":"contract","lapse_days":60,"meanings":[{"event_type":"a","kind":"ended","since":"2026-01-01"}]}`:              "meanings.since",
	} {
		p := b.do(call{method: http.MethodPut, path: "/api/v1/loyalty/plan", body: body}).problem(t, http.StatusUnprocessableEntity)
		if len(p.Errors) != 1 || p.Errors[0].Path != field {
			t.Errorf("%s: %+v, want %s", body, p.Errors, field)
		}
	}
	for _, path := range []string{"/api/v1/loyalty?by=week", "/api/v1/loyalty/plan?x=1", "/api/v1/loyalty/risks?limit=0", "/api/v1/loyalty/risks?limit=201", "/api/v1/loyalty/risks?offset=-1", "/api/v1/loyalty/risks?cursor=x"} {
		b.do(call{path: path}).problem(t, http.StatusUnprocessableEntity)
	}
	reader, sender := b.addKey(b.workspace, surveys.ScopeRead), b.addKey(b.workspace, surveys.ScopeEvents)
	b.do(call{method: http.MethodPut, path: "/api/v1/loyalty/plan", body: goodPlan, key: &reader}).problem(t, http.StatusForbidden)
	for _, path := range []string{"/api/v1/loyalty", "/api/v1/loyalty/plan", "/api/v1/loyalty/risks"} {
		b.do(call{path: path, key: &sender}).problem(t, http.StatusForbidden)
		b.do(call{path: path, key: &reader}).read(t, http.StatusOK, &map[string]any{})
	}
}

// TestRisksThroughTheAPI: they come page by page, in days instead of logarithms,
// and only to the workspace whose people they are.
func TestRisksThroughTheAPI(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		var page riskPage
		b.do(call{path: "/api/v1/loyalty/risks"}).read(t, http.StatusOK, &page)
		if page.ComputedAt != nil || len(page.Risks) != 0 {
			t.Errorf("before the first time: %+v", page)
		}
		var risks []surveys.Risk
		for i := range 5 {
			risks = append(risks, surveys.Risk{PersonID: storetest.Person(t, s, b.workspace.ID).ID, Chance: 0.5 - float64(i)/10, Reasons: []surveys.RiskReason{
				{Feature: "silence", Value: 3.713572066704308, Usual: 0, Odds: 2}, {Feature: "score", Value: 3, Usual: 8, Odds: 1.5}}})
		}
		report := flow.LoyaltyReport{Risks: &flow.Risks{Days: 91, Listed: 5, Total: 612}}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.SaveLoyaltyReport(ctx, b.workspace.ID, report, risks)
		})
		b.do(call{path: "/api/v1/loyalty/risks?limit=2&offset=2"}).read(t, http.StatusOK, &page)
		if page.Days != 91 || page.Total != 612 || len(page.Risks) != 2 || page.Risks[0].PersonID != risks[2].PersonID || page.Risks[0].Chance != 0.3 || page.NextOffset == nil || *page.NextOffset != 4 {
			raw, _ := json.Marshal(page)
			t.Fatalf("the second page: %s", raw)
		}
		if why := page.Risks[0].Reasons; len(why) != 2 || why[0].Value != 40 || why[0].Usual != 0 || why[1].Value != 3 {
			t.Errorf("reasons %+v", why)
		}
		page = riskPage{}
		if b.do(call{path: "/api/v1/loyalty/risks?offset=4"}).read(t, http.StatusOK, &page); len(page.Risks) != 1 || page.NextOffset != nil {
			t.Errorf("the last page: %+v", page)
		}
		stranger := b.addKey(storetest.Workspace(t, s), surveys.ScopeAdmin)
		page = riskPage{}
		if b.do(call{path: "/api/v1/loyalty/risks", key: &stranger}).read(t, http.StatusOK, &page); len(page.Risks) != 0 || page.ComputedAt != nil {
			t.Errorf("a stranger reads %+v", page)
		}
	})
}
