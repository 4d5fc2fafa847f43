package flow

import (
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

// order is what the conditions of these tests look at.
func order() (surveys.Event, surveys.Person) {
	return surveys.Event{
			Type: "order_completed",
			Properties: map[string]any{
				"total": 62.5, "currency": "EUR", "gift": false, "note": "Second order, with beans", "tags": []any{"beans", "mug"},
				"items": []any{map[string]any{"sku": "beans", "price": 12.5}, map[string]any{"sku": "grinder", "price": 50.0}},
			},
		}, surveys.Person{
			ID: "0198", ExternalID: "customer-7", Email: "ada@customers.example", Name: "Ada", Locale: "en", TimeZone: "Europe/Berlin",
			Traits: map[string]any{"plan": "pro", "orders": 3.0, "vip": true, "signed_up": "2025-03-01"},
		}
}

// many is an order with as long a list as an event can carry.
func many() (surveys.Event, surveys.Person) {
	e, p := order()
	list := make([]any, surveys.MaxJSONBytes/2)
	for i := range list {
		list[i] = 1.0
	}
	e.Properties["list"] = list
	e.Properties["text"] = strings.Repeat("a", surveys.MaxJSONBytes)
	return e, p
}

// compute is a condition's result, of somebody without a past.
func compute(c *conditions, condition string, e surveys.Event, p surveys.Person) (matched bool, why string) {
	program, wrong := c.program(condition)
	if wrong != nil {
		return false, wrong.String()
	}
	return program.match(factsOf(e, p))
}

func TestConditionHolds(t *testing.T) {
	t.Parallel()
	cases := []struct {
		condition string
		matched   bool
	}{
		{"", true},
		{"   ", true},
		{"event.type == 'order_completed'", true},
		{"event.properties.total > 50", true},
		{"event.properties.total > 62.5", false},
		{"event.properties.total >= 62 and event.properties.currency == 'EUR'", true},
		{"event.properties.currency in ['EUR', 'CHF']", true},
		{"event.properties.currency in ['USD']", false},
		{"event.properties.note contains 'beans'", true},
		{"event.properties.note matches '^Second .* beans$'", true},
		{"event.properties.note matches '^beans'", false},
		{"event.properties.gift", false},
		{"not event.properties.gift", true},
		{"person.traits.vip", true},
		{"person.traits.plan == 'pro' && person.traits.orders >= 3", true},
		{"person.traits['plan'] == \"free\"", false},
		{"person.locale startsWith 'en' and person.timezone endsWith 'Berlin'", true},
		{"person.id == 'customer-7' and person.email contains '@' and person.name == 'Ada'", true},
		{"'mug' in event.properties.tags", true},
		{"any(event.properties.items, .sku == 'grinder' and .price > 40)", true},
		{"all(event.properties.items, .price > 20)", false},
		{"any(event.properties.items, .sku matches '^gr.{2}der$')", true},
		{"count(event.properties.items, .price > 10) == 2", true},
		{"sum(event.properties.items, .price) == 62.5", true},
		{"len(filter(event.properties.items, .price < 20)) == 1", true},
		{"lower(event.properties.currency) == 'eur'", true},
		{"date(person.traits.signed_up) < date('2026-01-01')", true},
		{"event.properties.coupon == nil", true},
		{"event.properties.coupon == 'SPRING'", false},
		{"(event.properties.coupon ?? '') contains 'SPRING'", false},
		{"event.properties.address?.city == 'Berlin'", false},
	}
	for _, c := range cases {
		t.Run(c.condition, func(t *testing.T) {
			t.Parallel()
			if wrong := CheckCondition(c.condition); wrong != nil {
				t.Fatalf("CheckCondition = %v, want it to be fine", wrong)
			}
			var known conditions
			e, p := order()
			for range 2 { // compiled now, and from memory
				matched, why := compute(&known, c.condition, e, p)
				if why != "" || matched != c.matched {
					t.Fatalf("match = %t, %q, want %t", matched, why, c.matched)
				}
			}
		})
	}
}

func TestConditionIsRefusedWhenSaved(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		condition string
		wrong     string // the problem as it is stored, without its names' long tail
	}{
		{"a name that nobody knows", "order.total > 50", "condition_name?column=1&name=order"},
		{"a name behind another one", "event.type == 'x' and evnt.type == 'y'", "condition_name_near?column=23&name=evnt&near=event"},
		{"a field that no event has", "event.total > 50", "condition_name_near?column=7&name=event.total&near=event.properties.total"},
		{"a field that no person has", "person.plan == 'pro'", "condition_name_near?column=8&name=person.plan&near=person.traits.plan"},
		{"a function that does not exist", "shout(event.type)", "condition_name?column=1&name=shout"},
		{"grammar that breaks off", "event.properties.total >", "condition_end?"},
		{"a slip of the hand", "event.propertis.total > 50", "condition_name_near?column=7&name=event.propertis&near=event.properties"},
		{"a slip in a function", "lowr(event.type) == 'x'", "condition_name_near?column=1&name=lowr&near=lower"},
		{"an assignment", "event.type = 'x'", "condition_equals?column=12"},
		{"quotes left open", "event.type == 'x", "condition_quotes?column=17"},
		{"a number instead of a truth value", "1 + 1", "condition_truth?"},
		{"types that cannot be compared", "event.type > 5", "condition_types?column=12"},
		{"a pattern that is none", "event.type matches '('", "condition_pattern?column=12"},
		{"a pattern from the event", "event.type matches event.properties.pattern", "condition_pattern_quotes?column=12"},
		{"a pattern that takes long", "event.properties.a matches '(x*){990}y'", "condition_pattern_heavy?column=20"},
		{"a pattern that is too large for the library", "event.type matches '^(x{1,100}){1,100}$'", "condition_pattern_heavy?column=12"},
		{"patterns that take long together", strings.Repeat("event.type matches 'a{200}' or ", 3) + "true", "condition_pattern_heavy?column=74"},
		{"a pattern for each of a list on what is not of it", "any(event.properties.a, event.type matches 'x')", "condition_nested?column=36&name=matches"},
		{"texts from outside put together for each of a list", "any(event.properties.a, {hasPrefix(event.type + event.type + event.type + event.type + event.type, #)})", "condition_outer?column=86&max=3"},
		{"texts from outside changed for each of two lists", "any(event.properties.a, {lower(event.type) == upper(event.type)}) or all(event.properties.b, {trim(person.name) == lower(person.email)})", "condition_outer?column=116&max=3"},
		{"two conditions", "event.properties.a > 100 ; true", "condition_sequence?column=28"},
		{"a long loop", "any(1..1000000, true)", "condition_range?column=6"},
		{"a range without a loop", "5 in 1..1000000", "condition_range?column=7"},
		{"a loop in a loop", "any(event.properties.a, any(event.properties.b, # == 1))", "condition_nested?column=25&name=any"},
		{"a list made in a loop", "any(event.properties.a, len(filter(event.properties.b, true)) > 0)", "condition_nested?column=29&name=filter"},
		{"a variable", "let a = event.type + event.type; a == 'x'", "condition_variable?column=5"},
		{"a text that grows", "len(repeat(event.type, 1000000)) > 0", "condition_function?column=5&name=repeat"},
		{"a list that is mapped", "len(map(event.properties.a, # + #)) > 0", "condition_function?column=5&name=map"},
		{"a list that is reduced", "reduce(event.properties.a, #acc + #acc) == ''", "condition_function?column=1&name=reduce"},
		{"the clock", "now() > date('2026-01-01')", "condition_function?column=1&name=now"},
		{"a method", "date('2026-01-01').Year() == 2026", "condition_call?column=20"},
		{"too many parts", strings.Repeat("!", 300) + "true", "condition_parts?max=200"},
		{"deep brackets", strings.Repeat("(", 240) + "true", "condition_end?"},
		{"longer than a condition may be", "true or event.type == '" + strings.Repeat("x", surveys.MaxCondition) + "'", "too_long?max=500"},
		{"the way around all names", "$env['survey'].asked == 0", "condition_name?column=1&name=%24env"},
		{"a null character", "event.type == \x00", "condition_unread?column=15"},
		{"no UTF-8", "event.type == '\xff' +", "condition_end?"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wrong := CheckCondition(c.condition)
			if len(wrong) != 1 || wrong[0].Path != "condition" {
				t.Fatalf("CheckCondition = %v, want one problem of the field condition", wrong)
			}
			if got := (surveys.Problem{Code: wrong[0].Code, Args: wrong[0].Args}).String(); got != c.wrong {
				t.Errorf("the problem is %q, want %q", got, c.wrong)
			}
			e, p := order()
			if matched, why := compute(new(conditions), c.condition, e, p); matched || why != c.wrong {
				t.Errorf("match = %t, %q of a condition that got past the check, want false and why", matched, why)
			}
		})
	}
}

func TestConditionFailsInWords(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, condition string
		says            string
	}{
		{"a property that is missing", "event.properties.discount > 50", "condition_missing?name=event.properties.discount"},
		{"a text where a number is needed", "event.properties.currency > 50", "condition_kind?name=event.properties.currency"},
		{"a property that is no list", "any(event.properties.total, true)", "condition_kind?name=event.properties.total"},
		{"a property below nothing", "event.properties.address.city == 'Berlin'", "condition_missing?name=event.properties.address"},
		{"a property that is no truth value", "event.properties.currency", "condition_kind?name=event.properties.currency"},
		{"a list that is missing", "any(event.properties.lines, .price > 1)", "condition_missing?name=event.properties.lines"},
		{"a missing field of a list's items", "any(event.properties.items, .weight > 1)", "condition_unfit?column=37"},
		{"the one of two that is missing", "event.properties.total > event.properties.limit", "condition_missing?name=event.properties.limit"},
		{"the one of two that is no number", "event.properties.total > event.properties.currency", "condition_kind?name=event.properties.currency"},
		{"something missing in a longer condition", "person.traits.vip and event.properties.total > 1 and event.properties.lines > 2", "condition_missing?name=event.properties.lines"},
		{"a missing sum", "event.properties.fee + event.properties.total > 1", "condition_missing?name=event.properties.fee"},
		{"a function of what is missing", "lower(event.properties.city) == 'x'", "condition_missing?name=event.properties.city"},
		{"a division by zero", "int(event.properties.total) % int(person.traits.orders - 3) == 0", "condition_zero?column=29"},
		{"a date that is none", "date(person.traits.plan) < date('2026-01-01')", "condition_kind?name=person.traits.plan"},
		{"a place beyond the list", "event.properties.tags[9] == 'x'", "condition_missing?name=event.properties.tags%5B9%5D"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if wrong := CheckCondition(c.condition); wrong != nil {
				t.Fatalf("CheckCondition = %v: only the event can tell", wrong)
			}
			e, p := order()
			matched, why := compute(new(conditions), c.condition, e, p)
			if matched || why != c.says {
				t.Errorf("match = %t, %q, want false and %q", matched, why, c.says)
			}
		})
	}
}

// TestConditionEndsSoon runs what is allowed over as much as an event carries.
func TestConditionEndsSoon(t *testing.T) {
	t.Parallel()
	for _, condition := range []string{
		"all(event.properties.list, # == 1)",
		"len(filter(event.properties.list, # == 1)) > 0",
		"any(event.properties.list, # in event.properties.list and # == 2)",
		"lower(event.properties.text + event.properties.text) == ''",
		"event.properties.text matches '(a|aa)*b'",
		"any(event.properties.list, event.properties.text contains 'ab')",
	} {
		t.Run(condition, func(t *testing.T) {
			t.Parallel()
			e, p := many()
			ended := make(chan string, 1)
			go func() {
				_, why := compute(new(conditions), condition, e, p)
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

// TestConditionSurvivesPanics holds the last fence: whatever the library does,
// the process goes on.
func TestConditionSurvivesPanics(t *testing.T) {
	t.Parallel()
	if _, err := run(nil, facts{}); err == nil || !strings.Contains(err.Error(), "cannot be computed") {
		t.Errorf("run of no program = %v, want an error", err)
	}
}

// TestConditionWithALongNumber is refused when it is saved: events have such numbers
// as texts, so it would never hold.
func TestConditionWithALongNumber(t *testing.T) {
	t.Parallel()
	for condition, taken := range map[string]bool{
		`event.properties.id == 9007199254740991`: true, `event.properties.id == 9007199254740992`: false, `event.properties.id == -9007199254740992`: false,
		`event.properties.id == "1234567890123456789"`: true,
	} {
		wrong := CheckCondition(condition)
		if taken != (len(wrong) == 0) || !taken && wrong[0].Code != "condition_long_number" {
			t.Errorf("%s: %v", condition, wrong)
		}
	}
}

// TestConditionThatNamesNothing is refused when it is saved; one that is stored says
// what it always said.
func TestConditionThatNamesNothing(t *testing.T) {
	t.Parallel()
	for condition, holds := range map[string]bool{"true": true, " 1 > 2 ": false, "1/0 > 1": true, "any([1, 2], # > 1)": true} {
		if wrong := CheckCondition(condition); len(wrong) != 1 || wrong[0].Code != "condition_nothing" {
			t.Errorf("%s: %v, want it refused", condition, wrong)
		}
		c, wrong := compile(condition)
		if wrong != nil {
			t.Fatalf("%s: %v", condition, wrong)
		}
		if matched, why := c.match(facts{}); matched != holds || why != "" {
			t.Errorf("%s: %t, %s", condition, matched, why)
		}
	}
	for _, condition := range []string{"", " ", "person.name != ''", "any(event.properties.items, # > 1)", "last.order.total > 1", "count.order > 1", "history.asked == 0"} {
		if wrong := CheckCondition(condition); len(wrong) > 0 {
			t.Errorf("%q: %v", condition, wrong)
		}
	}
}
