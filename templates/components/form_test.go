package components

import (
	"fmt"
	"testing"

	"github.com/a-h/templ"
)

func TestFieldsTieLabelHelpAndErrorToTheirControl(t *testing.T) {
	t.Parallel()
	field := Field{Name: "mail", Label: "E-mail", Help: "Where we write to.", Error: "Write an address."}
	cases := []struct {
		name      string
		component templ.Component
		control   string
	}{
		{"text", TextField(TextInput{Field: field}), "input[type=text]"},
		{"area", TextAreaField(TextArea{Field: field}), "textarea"},
		{"select", SelectField(Choices{Field: field, Options: []Option{{Value: "a", Text: "A"}}}), "select"},
		{"check", CheckField(Check{Field: field}), "input[type=checkbox]"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			page := render(t, c.component)
			control := page.Find(c.control)
			expect(t, "name", control.AttrOr("name", ""), "mail")
			expect(t, "label", text(page.Find("label[for='"+control.AttrOr("id", "?")+"']")), "E-mail")
			expect(t, "aria-invalid", control.AttrOr("aria-invalid", ""), "true")
			expect(t, "described", control.AttrOr("aria-describedby", ""), "field-mail-error field-mail-help")
			expect(t, "error", text(page.Find("#field-mail-error")), "Write an address.")
			expect(t, "help", text(page.Find("#field-mail-help")), "Where we write to.")
		})
	}
}

func TestFieldWithoutHelpAndErrorSaysNothing(t *testing.T) {
	t.Parallel()
	page := render(t, TextField(TextInput{Field: Field{Name: "a", Label: "A"}}))
	if page.Find("[aria-describedby], [aria-invalid], .help, .error").Length() > 0 {
		t.Error("a field with nothing to say points to something")
	}
}

func TestTextFieldKeepsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	page := render(t, TextField(TextInput{
		Field: Field{Name: "p", Label: "Password", Optional: "optional"},
		Type:  "password", Value: `"><b>`, Placeholder: "hint", Autocomplete: "current-password", Limit: 80,
	}))
	input := page.Find("input")
	for attribute, want := range map[string]string{"type": "password", "value": `"><b>`, "placeholder": "hint", "autocomplete": "current-password", "maxlength": "80"} {
		expect(t, attribute, input.AttrOr(attribute, ""), want)
	}
	if _, required := input.Attr("required"); required {
		t.Error("an optional field is required")
	}
	expect(t, "the word for optional", text(page.Find("label small")), "optional")
}

func TestChoicesMarkTheSelectedOne(t *testing.T) {
	t.Parallel()
	choices := Choices{Field: Field{Name: "by", Label: "By"}, Options: []Option{{"day", "Day", false}, {"week", "Week", true}}}
	expect(t, "select", render(t, SelectField(choices)).Find("option[selected]").AttrOr("value", ""), "week")
	radio := render(t, RadioField(choices))
	expect(t, "radio", radio.Find("input[checked]").AttrOr("value", ""), "week")
	expect(t, "legend", text(radio.Find("fieldset legend")), "By")
}

func TestButtons(t *testing.T) {
	t.Parallel()
	button := render(t, Button(Action{Text: "Erase", Kind: Danger, Name: "do", Value: "erase"})).Find("button.danger")
	expect(t, "value", button.AttrOr("value", ""), "erase")
	expect(t, "name", button.AttrOr("name", ""), "do")
	link := render(t, LinkButton(Action{Text: "Go", Address: "javascript:alert(1)"})).Find("a")
	if link.AttrOr("href", "") == "javascript:alert(1)" {
		t.Error("a script's address got through")
	}
}

func TestScaleIsOneGroupOfRadioButtons(t *testing.T) {
	t.Parallel()
	var choices []Choice
	for score := range 11 {
		choices = append(choices, Choice{Score: score, Name: fmt.Sprint("no. ", score), Selected: score == 9})
	}
	page := render(t, ScaleField(Scale{Question: "How likely?", Low: "0 · not", High: "10 · very", Error: "Choose.", Choices: choices}))
	if got := page.Find("fieldset input[type=radio][name=score]").Length(); got != 11 {
		t.Fatalf("%d choices, want 11", got)
	}
	expect(t, "legend", text(page.Find("fieldset > legend")), "How likely?")
	expect(t, "selected", page.Find("input[checked]").AttrOr("value", ""), "9")
	expect(t, "a label is its name", text(page.Find("label:has(#score-10)")), "no. 10")
	expect(t, "columns", page.Find(".scale").AttrOr("class", ""), "scale n11")
	for _, id := range []string{"#ends", "#error-score"} {
		if page.Find(id).Length() != 1 {
			t.Errorf("%s, which describes the group, is not there", id)
		}
	}
	expect(t, "described", page.Find("fieldset").AttrOr("aria-describedby", ""), "error-score ends")
}

func TestControlsHaveTheirDefaults(t *testing.T) {
	t.Parallel()
	field := Field{Name: "a", Label: "A"}
	cases := []struct {
		name               string
		component          templ.Component
		control, attribute string
		want               string
	}{
		{"a line is text", TextField(TextInput{Field: field}), "input", "type", "text"},
		{"a line has no end", TextField(TextInput{Field: field}), "input", "maxlength", "-"},
		{"a line is required", TextField(TextInput{Field: field}), "input", "required", ""},
		{"an area has three rows", TextAreaField(TextArea{Field: field}), "textarea", "rows", "3"},
		{"an area of eight", TextAreaField(TextArea{Field: field, Rows: 8}), "textarea", "rows", "8"},
		{"an area ends", TextAreaField(TextArea{Field: field, Limit: 200}), "textarea", "maxlength", "200"},
		{"a tick is on", CheckField(Check{Field: field}), "input", "value", "on"},
		{"a tick with a value", CheckField(Check{Field: field, Value: "yes"}), "input", "value", "yes"},
		{"a tick is empty", CheckField(Check{Field: field}), "input", "checked", "-"},
		{"a tick is set", CheckField(Check{Field: field, Checked: true}), "input", "checked", ""},
		{"a button sends nothing of its own", Button(Action{Text: "Go"}), "button", "name", "-"},
		{"a link is a button to see", LinkButton(Action{Text: "Go", Address: "/x", Kind: Quiet}), "a", "class", "button quiet"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			expect(t, c.attribute, render(t, c.component).Find(c.control).AttrOr(c.attribute, "-"), c.want)
		})
	}
}

func TestScaleAsTheHeadingOfItsPage(t *testing.T) {
	t.Parallel()
	v := Scale{Question: "How <likely>?", Rank: Heading, Low: "1 · not", High: "2 · very", Choices: []Choice{{Score: 1}, {Score: 2}}}
	page := render(t, ScaleField(v))
	expect(t, "heading", text(page.Find("legend h1")), "How <likely>?")
	expect(t, "described", page.Find("fieldset").AttrOr("aria-describedby", ""), "ends")
	if page.Find("#error-score, input[checked]").Length() != 0 {
		t.Error("an untouched scale has an error or a choice")
	}
	expect(t, "the first choice takes the errors' link", v.Choices[0].ID(), page.Find("input").First().AttrOr("id", ""))
	v.Low, v.High = "", ""
	bare := render(t, ScaleField(v))
	if _, described := bare.Find("fieldset").Attr("aria-describedby"); described || bare.Find("#ends").Length() != 0 {
		t.Error("ends without words are there all the same")
	}
}
