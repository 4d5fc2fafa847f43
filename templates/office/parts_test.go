package office

import (
	"testing"

	"github.com/harkhq/hark/templates/components"
)

// What a view does not have leaves nothing behind; what it has is there once.
func TestPagesShowOnlyWhatTheyHave(t *testing.T) {
	t.Parallel()
	p := framed(t, "en")
	note := &components.Note{Kind: components.Warning, Text: "No mail is sent."}
	empty := &components.Empty{Title: "Nothing yet", Text: "Make one."}
	deed := &Deed{Action: "/people/1/stop", Button: components.Action{Text: "Stop"}}
	for _, c := range []struct {
		name  string
		shows func(t *testing.T)
	}{
		{"asking without mail", func(t *testing.T) {
			expect(t, render(t, AskingPage(Asking{Page: p, Unsent: note, Empty: empty})), map[string]int{".note.warning": 1, ".empty": 1, "pre": 0})
		}},
		{"asking", func(t *testing.T) {
			rules := []RuleRow{{Name: "After an order", Address: "/asking/1"}, {Name: "Locked"}}
			expect(t, render(t, AskingPage(Asking{Page: p, Rules: rules, Curl: "curl x"})), map[string]int{".note": 0, ".rules > li": 2, ".rules h2 a": 2, "pre": 1})
		}},
		{"rule without a survey", func(t *testing.T) {
			expect(t, render(t, RuleFormPage(RuleForm{Page: p, NoSurvey: empty})), map[string]int{".empty": 1, "main form": 0})
		}},
		{"rule", func(t *testing.T) {
			expect(t, render(t, RuleFormPage(RuleForm{Page: p, Action: "/asking"})), map[string]int{".empty": 0, `main form[action="/asking"]`: 1})
		}},
		{"person to be looked at", func(t *testing.T) {
			expect(t, render(t, PersonPage(Person{Page: p, Name: "Ana"})), map[string]int{".note": 0, ".person .button": 0})
		}},
		{"person to be stopped", func(t *testing.T) {
			page := render(t, PersonPage(Person{Page: p, Name: "Ana", Unsent: note, Note: note, Stop: deed, Erase: &components.Action{Text: "Erase…", Address: "/people/1/erase"}}))
			expect(t, page, map[string]int{".note": 2, `form[action="/people/1/stop"] button`: 1, `a[href="/people/1/erase"]`: 1})
		}},
		{"people on a page that is none", func(t *testing.T) {
			expect(t, render(t, PeoplePage(People{Page: p, Note: note, Empty: empty})), map[string]int{".note": 1, "table": 0, ".empty": 1})
		}},
		{"responses of an empty workspace", func(t *testing.T) {
			expect(t, render(t, ResponsesPage(Responses{Page: p, Empty: empty})), map[string]int{"form.filters": 0, ".empty": 1})
		}},
		{"responses", func(t *testing.T) {
			segment := GroupedChoices{Field: components.Field{Name: "segment", Error: "wrong"}, Groups: []OptionGroup{
				{Label: "Plan", Options: []components.Option{{Value: "plan:pro", Text: "pro", Selected: true}, {Value: "plan:basic", Text: "basic"}}}}}
			expect(t, render(t, ResponsesPage(Responses{Page: p, Pager: components.Pager{L: p.L}, Filters: &Filters{Segment: &segment}})), map[string]int{
				"form.filters": 1, `optgroup[label="Plan"] option`: 2, `option[value="plan:pro"][selected]`: 1, "#field-segment-error": 1, `select[aria-invalid="true"]`: 1})
		}},
		{"settings", func(t *testing.T) {
			keys := Keys{List: []KeyRow{{Name: "Shop", Delete: &components.Action{Text: "Delete", Address: "/settings/keys/1/delete"}}, {Name: "Locked"}}}
			expect(t, render(t, SettingsPage(Settings{Page: p, Unsent: note, Keys: keys})), map[string]int{
				".note": 1, "#keys tbody tr": 2, "#keys tbody a": 1, "#keys tbody form": 0, `input[type="file"][accept="image/png,image/jpeg"]`: 1})
		}},
		{"letter by its headers", func(t *testing.T) {
			expect(t, render(t, LetterPage(Letter{Page: p, Subject: "S", Headers: []Fact{{Name: "From", Value: "x"}}})), map[string]int{"iframe": 0, "pre": 0, ".headers dt": 1})
		}},
	} {
		t.Run(c.name, func(t *testing.T) { t.Parallel(); c.shows(t) })
	}
}
