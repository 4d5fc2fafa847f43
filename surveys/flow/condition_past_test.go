package flow

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

// regular is the past of somebody who ordered before and answered an NPS.
func regular() facts {
	known := factsOf(order())
	never := pastFacts{DaysSinceAsked: neverDays, DaysSinceAnswered: neverDays}
	nps := pastFacts{Asked: 2, Answered: 1, DaysSinceAsked: 12, DaysSinceAnswered: 75, Score: 9}
	known.Survey = surveyFacts(nps)
	known.History = historyFacts{Asked: 3, Answered: 1, DaysSinceAsked: 12, DaysSinceAnswered: 75, NPS: npsFacts(nps), CSAT: csatFacts(never), CES: cesFacts(never), CES5: ces5Facts(never)}
	known.Earlier.Last = map[string]any{
		"order_completed": map[string]any{"total": 120.0, "city": "Kiel", "gift": true, "items": []any{map[string]any{"sku": "mug"}}, "address": map[string]any{"country": "DE"}},
		"refund":          map[string]any{}, "order.paid": map[string]any{"total": 1.0},
	}
	known.Earlier.Count = map[string]int{"order_completed": 4}
	known.Leaving = leavingFacts{Asked: true, Reason: "unused"}
	return known
}

// stranger is somebody without a past.
func stranger() facts {
	known := factsOf(order())
	never := pastFacts{DaysSinceAsked: neverDays, DaysSinceAnswered: neverDays}
	known.Survey = surveyFacts(never)
	known.History = historyFacts{DaysSinceAsked: neverDays, DaysSinceAnswered: neverDays, NPS: npsFacts(never), CSAT: csatFacts(never), CES: cesFacts(never), CES5: ces5Facts(never)}
	known.Earlier.Last = map[string]any{"order_completed": map[string]any{}, "refund": map[string]any{}, "order.paid": map[string]any{}}
	return known
}

func TestConditionOverThePast(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, condition       string
		ofRegular, ofStranger bool
	}{
		{"never saw this survey", "survey.asked == 0", false, true},
		{"gave a reason to cancel", `cancellation.reason in ["unused", "too_expensive"]`, true, false},
		{"cancelled without a word", `cancellation.reason == ""`, false, true},
		{"went through a cancellation flow", "cancellation.asked", true, false},
		{"never answered this survey", "survey.answered == 0", false, true},
		{"last order over 100", "last.order_completed.total > 100", true, false},
		{"last order up to 100", "last.order_completed.total <= 100", false, false},
		{"not a last order over 100", "not (last.order_completed.total > 100)", false, true},
		{"the bound before the name", "100 < last.order_completed.total", true, false},
		{"answered NPS 60 days ago or more, or never", "history.nps.days_since_answered >= 60", true, true},
		{"answered NPS, 60 days ago or more", "history.nps.answered > 0 and history.nps.days_since_answered >= 60", true, false},
		{"answered NPS 90 days ago or more, or never", "history.nps.days_since_answered >= 90", false, true},
		{"answered CSAT", "history.csat.answered > 0", false, false},
		{"asked anything lately", "history.days_since_asked < 30", true, false},
		{"was a promoter", "survey.score >= 9", true, false},
		{"was no promoter, or never answered", "not (survey.score >= 9)", false, true},
		{"gave a score by metric", "history.nps.score == 9", true, false},
		{"has a score", "survey.score != nil", true, false},
		{"has none", "survey.score == nil", false, true},
		{"several orders", "count.order_completed >= 3", true, false},
		{"the first order", "count.order_completed == 0", false, true},
		{"several refunds", "count.refund > 0", false, false},
		{"spends more than last time", "event.properties.total > last.order_completed.total", false, false},
		{"a sum of both", "event.properties.total + last.order_completed.total > 180", true, false},
		{"a truth value of the last order", "last.order_completed.gift", true, false},
		{"not a gift", "not last.order_completed.gift", false, true},
		{"a truth value beside others", "last.order_completed.gift and event.properties.total > 1", true, false},
		{"or another", "last.order_completed.gift or person.traits.vip", true, true},
		{"a text", "last.order_completed.city == 'Kiel'", true, false},
		{"a text in parts", "last.order_completed.city startsWith 'K'", true, false},
		{"a text by a function", "lower(last.order_completed.city) == 'kiel'", true, false},
		{"one of many", "last.order_completed.city in ['Kiel', 'Ulm']", true, false},
		{"something below it", "last.order_completed.address.country == 'DE'", true, false},
		{"something below it, by hand", "last.order_completed.address?.country == 'DE'", true, false},
		{"something below it is compared", "last.order_completed.address?.country > 'A'", true, false},
		{"nothing below it", "last.order_completed.address == nil", false, true},
		{"a default by hand", "(last.order_completed.total ?? 0) < 200", true, true},
		{"a list of the last order", "any(last.order_completed.items, .sku == 'mug')", true, false},
		{"how many items", "len(last.order_completed.items) == 1", true, false},
		{"compared within a list", "any(event.properties.items, .price * 3 > last.order_completed.total)", true, false},
		{"a type with a dot", "last['order.paid'].total == 1", true, false},
		{"the functions of the same names", "last(event.properties.tags) == 'mug' and count(event.properties.tags, # == 'mug') == 1", true, true},
		{"a choice", "count.order_completed > 3 ? last.order_completed.total > 100 : person.traits.vip", true, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			program, wrong := compile(c.condition)
			if wrong != nil {
				t.Fatalf("compile = %v, want it to be fine", wrong)
			}
			for who, of := range map[string]struct {
				known facts
				want  bool
			}{"a regular": {regular(), c.ofRegular}, "a stranger": {stranger(), c.ofStranger}} {
				if matched, why := program.match(of.known); why != "" || matched != of.want {
					t.Errorf("of %s it is %t, %q, want %t", who, matched, why, of.want)
				}
			}
		})
	}
}

func TestConditionNamesWhatItNeeds(t *testing.T) {
	t.Parallel()
	cases := []struct {
		condition string
		want      needs
	}{
		{"", needs{}},
		{"event.properties.survey == 'x' and person.traits.history == 1", needs{}},
		{"last(event.properties.tags) == 'mug'", needs{}},
		{"survey.asked == 0", needs{survey: true}},
		{"history.ces5.score == 1 and survey.score == 2", needs{survey: true, history: true}},
		{"last.a.x > 1 and last.a.y > 1 and last.b.x == nil and count.a > 1", needs{last: []string{"a", "b"}, count: []string{"a"}}},
		{"any(event.properties.items, .price > last.a.x)", needs{last: []string{"a"}}},
		{"count['order.paid'] > 0", needs{count: []string{"order.paid"}}},
	}
	for _, c := range cases {
		t.Run(c.condition, func(t *testing.T) {
			t.Parallel()
			program, wrong := compile(c.condition)
			if wrong != nil || !reflect.DeepEqual(program.needs, c.want) {
				t.Errorf("it needs %+v, %v, want %+v", program.needs, wrong, c.want)
			}
		})
	}
}

func TestConditionOverThePastIsRefused(t *testing.T) {
	t.Parallel()
	names := make([]string, maxPastTypes+1)
	for i := range names {
		names[i] = "count.t" + strings.Repeat("x", i) + " > 0"
	}
	cases := []struct{ name, condition, wrong string }{
		{"a slip in a field", "survey.askd == 0", "condition_name_near?column=8&name=survey.askd&near=survey.asked"},
		{"a slip in a metric's field", "history.nps.days_since_answer >= 60", "condition_name_near?column=13&name=history.nps.days_since_answer&near=history.nps.days_since_answered"},
		{"a slip in a subject", "histry.nps.asked == 0", "condition_name_near?column=1&name=histry&near=history"},
		{"a metric that does not exist", "history.npx.asked == 0", "condition_name?column=9&name=history.npx"},
		{"a score over all metrics", "history.score > 5", "condition_name?column=9&name=history.score"},
		{"last without a type", "last == nil", "condition_last?column=1"},
		{"last of a computed type", "last[event.type].total > 1", "condition_last?column=1"},
		{"last of no type at all", "last['Order Completed'].total > 1", "condition_last?column=1"},
		{"count without a type", "count > 3", "condition_count?column=1"},
		{"count of a number", "count[1] > 3", "condition_count?column=1"},
		{"a count that is called", "count.order_completed() > 3", "condition_unread?column=7"},
		{"too many types", strings.Join(names, " or "), "condition_past_many?column=202&max=10"},
		{"a text compared with a number", "count.order_completed == 'many'", "condition_types?column=23"},
		{"a count as a truth value", "count.order_completed", "condition_truth?"},
		{"a loop in a loop", "any(last.a.items, any(last.b.items, # == 1))", "condition_nested?column=19&name=any"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wrong := CheckCondition(c.condition)
			if len(wrong) != 1 {
				t.Fatalf("CheckCondition = %v, want one problem", wrong)
			}
			if got := (surveys.Problem{Code: wrong[0].Code, Args: wrong[0].Args}).String(); got != c.wrong {
				t.Errorf("the problem is %q, want %q", got, c.wrong)
			}
		})
	}
}

func TestConditionOverThePastFailsInWords(t *testing.T) {
	t.Parallel()
	cases := []struct{ condition, says string }{
		{"last.order_completed.city > 5", "condition_kind?name=last.order_completed.city"},
		{"last.order_completed.items[4].sku == 'x'", "condition_missing?name=last.order_completed.items%5B4%5D"},
		{"any(last.order_completed.total, true)", "condition_kind?name=last.order_completed.total"},
		{"last.order_completed.total > event.properties.limit", "condition_missing?name=event.properties.limit"},
	}
	for _, c := range cases {
		t.Run(c.condition, func(t *testing.T) {
			t.Parallel()
			program, wrong := compile(c.condition)
			if wrong != nil {
				t.Fatalf("compile = %v", wrong)
			}
			if matched, why := program.match(regular()); matched || why != c.says {
				t.Errorf("match = %t, %q, want false and %q", matched, why, c.says)
			}
		})
	}
}

// TestConditionOverAHugePastEndsSoon runs what is allowed over last events as
// large as they can be.
func TestConditionOverAHugePastEndsSoon(t *testing.T) {
	t.Parallel()
	for _, condition := range []string{
		"any(last.a.list, # in last.b.list and # == 2)",
		"last.a.text contains last.b.text + 'b'",
		"count(last.a.list, # == 1) > 0 and sum(last.b.list) > 0 and last.a.text matches '(a|aa)*b'",
	} {
		t.Run(condition, func(t *testing.T) {
			t.Parallel()
			e, p := many()
			known := factsOf(e, p)
			known.Earlier.Last = map[string]any{"a": e.Properties, "b": e.Properties}
			program, wrong := compile(condition)
			if wrong != nil {
				t.Fatalf("compile = %v", wrong)
			}
			ended := make(chan string, 1)
			go func() {
				_, why := program.match(known)
				ended <- why
			}()
			select {
			case <-ended:
			case <-time.After(20 * time.Second):
				t.Error("the condition runs on")
			}
		})
	}
}
