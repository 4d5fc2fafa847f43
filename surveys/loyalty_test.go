package surveys_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
)

func TestLoyaltyPlanCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		edit  func(p *surveys.LoyaltyPlan)
		wrong []string
	}{
		{"the default", func(*surveys.LoyaltyPlan) {}, nil},
		{"no meaning at all", func(p *surveys.LoyaltyPlan) { p.Meanings = nil }, nil},
		{"a type of two kinds", func(p *surveys.LoyaltyPlan) {
			p.Meanings = append(p.Meanings, surveys.EventMeaning{EventType: "order_completed", Kind: surveys.LoyaltyActive})
		}, nil},
		{"an unknown basis", func(p *surveys.LoyaltyPlan) { p.Basis = "mood" }, []string{"basis loyalty_basis"}},
		{"gone too soon", func(p *surveys.LoyaltyPlan) { p.LapseDays = 6 }, []string{"lapse_days loyalty_lapse"}},
		{"never gone", func(p *surveys.LoyaltyPlan) { p.LapseDays = 4000 }, []string{"lapse_days loyalty_lapse"}},
		{"complete since before the calendar", func(p *surveys.LoyaltyPlan) { p.CompleteSince = new(int); *p.CompleteSince = -1 }, []string{"complete_since loyalty_since"}},
		{"a currency's sign", func(p *surveys.LoyaltyPlan) { p.Currency = "£" }, []string{"currency currency"}},
		{"a type in capitals", func(p *surveys.LoyaltyPlan) { p.Meanings[0].EventType = "Order" }, []string{"meanings.0.event_type event_type"}},
		{"an unknown kind", func(p *surveys.LoyaltyPlan) { p.Meanings[0].Kind = "liked" }, []string{"meanings.0.kind loyalty_kind"}},
		{"an amount of leaving", func(p *surveys.LoyaltyPlan) {
			p.Meanings[0] = surveys.EventMeaning{EventType: "left", Kind: surveys.LoyaltyEnded, Amount: "total"}
		}, []string{"meanings.0.amount loyalty_amount"}},
		{"no property's name", func(p *surveys.LoyaltyPlan) { p.Meanings[0].Amount = "the total" }, []string{"meanings.0.amount loyalty_amount"}},
		{"the same twice", func(p *surveys.LoyaltyPlan) { p.Meanings[1] = p.Meanings[0] }, []string{"meanings.1 loyalty_twice"}},
		{"too many", func(p *surveys.LoyaltyPlan) { p.Meanings = make([]surveys.EventMeaning, 41) }, []string{"meanings loyalty_many"}},
	} {
		plan := surveys.DefaultLoyaltyPlan("w")
		c.edit(&plan)
		_, err := plan.Check()
		if got := fieldsOf(t, err); !reflect.DeepEqual(got, c.wrong) {
			t.Errorf("%s: %v, want %v", c.name, got, c.wrong)
		}
	}
}

func TestLoyaltyPlanIsTrimmed(t *testing.T) {
	t.Parallel()
	plan := surveys.LoyaltyPlan{Basis: surveys.LoyaltyByContract, LapseDays: 30, Currency: " gbp ", Meanings: []surveys.EventMeaning{
		{EventType: " renewed ", Kind: surveys.LoyaltyRenewed, Amount: " fee "},
		{EventType: "renewed", Kind: surveys.LoyaltyActive},
	}}
	got, err := plan.Check()
	if err != nil {
		t.Fatal(err)
	}
	if got.Currency != "GBP" || got.Meanings[0] != (surveys.EventMeaning{EventType: "renewed", Kind: surveys.LoyaltyRenewed, Amount: "fee"}) {
		t.Errorf("%+v", got)
	}
	if types := got.Types(); strings.Join(types, " ") != "renewed" {
		t.Errorf("types %v, want each once", types)
	}
}
