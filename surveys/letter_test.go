package surveys

import (
	"strings"
	"testing"
	"unicode"
)

// ada is somebody of whom all is known.
func ada() LetterValues {
	return LetterValues{
		Name: "Ada", FullName: "Ada Lovelace", Company: "Northwind", Subject: "our coffee",
		Traits: map[string]any{"plan": "pro", "points": 1250.0, "evil": "<b>https://evil.example</b>", "größe": "L", "list": []any{1}},
		Properties: map[string]any{"order_number": "A-17", "host": "win at evil.com now", "share": `\\evil\share`, "numbers": "at 192.168.1.1/x", "wide": "evil．example", "chinese": "很好。谢谢 evil。example", "price": "12.50",
			"lines": "one\r\nBcc: x\x00y\u2028z", "turned": "a\u202eb"},
	}
}

func TestLetterTextIsFilled(t *testing.T) {
	t.Parallel()
	nobody := LetterValues{Company: "Northwind", Subject: "Northwind"}
	for _, c := range []struct {
		name, text string
		values     LetterValues
		want       string
	}{
		{"plain words", "Hello there", ada(), "Hello there"},
		{"nothing", "", ada(), ""},
		{"a name", "Hello {{name|there}}!", ada(), "Hello Ada!"},
		{"no name", "Hello {{name|there}}!", nobody, "Hello there!"},
		{"no name, nothing instead", "Hello{{name|}}", nobody, "Hello"},
		{"spaces within", "{{ name | you }}", nobody, "you"},
		{"two at once", "{{name|you}}{{company}}", ada(), "AdaNorthwind"},
		{"full name", "{{full_name|customer}}", ada(), "Ada Lovelace"},
		{"what it is about", "{{subject}}", ada(), "our coffee"},
		{"a trait", "{{person.plan|free}}", ada(), "pro"},
		{"a number", "{{person.points|no}} points", ada(), "1250 points"},
		{"a trait in another script", "{{person.größe|M}}", ada(), "L"},
		{"a trait that is no text", "{{person.list|none}}", ada(), "none"},
		{"a property", "order {{event.order_number|}}", ada(), "order A-17"},
		{"a property that is missing", "{{event.total|your order}}", ada(), "your order"},
		{"a link in a value", "{{person.evil|nothing}}", ada(), "nothing"},
		{"a host in a value", "{{event.host|}}", ada(), "win at evil. com now"},
		{"a share in a value", "{{event.share|}}", ada(), `\evil\share`},
		{"a host's numbers", "{{event.numbers|}}", ada(), "at 192. 168.1.1/x"},
		{"a wide dot", "{{event.wide|}}", ada(), "evil． example"},
		{"a Chinese full stop", "{{event.chinese|}}", ada(), "很好。谢谢 evil。 example"},
		{"a price", "{{event.price|}}", ada(), "12.50"},
		{"breaks in a value", "{{event.lines|}}", ada(), "oneBcc: xy z"},
		{"a turned value", "{{event.turned|}}", ada(), "ab"},
		{"a value is not filled again", "{{name|}}", LetterValues{Name: "{{company}}", Company: "x"}, "{{company}}"},
		{"a fallback is words", "{{name|50 % off, friend}}", nobody, "50 % off, friend"},
		{"Chinese", "{{name|朋友}}，您好", nobody, "朋友，您好"},
	} {
		parsed, problem := ParseLetterText(c.text)
		if problem != nil {
			t.Errorf("%s: refused as %s", c.name, problem.Code)
			continue
		}
		if got := parsed.Fill(c.values); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestLetterTextIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, code string }{
		"never closed":           {"Hello {{name|there", "letter_open"},
		"closed by one":          {"Hello {{name|there}", "letter_open"},
		"never opened":           {"Hello name}}", "letter_brace"},
		"one brace":              {"Hello {name}", "letter_brace"},
		"one brace too many":     {"Hello {{name|there}}}", "letter_brace"},
		"three braces":           {"{{{name|there}}}", "letter_nested"},
		"nested":                 {"{{name|{{company}}}}", "letter_nested"},
		"a brace within":         {"{{name|a{b}}", "letter_nested"},
		"nothing":                {"{{}}", "letter_unknown"},
		"only a fallback":        {"{{|there}}", "letter_unknown"},
		"unknown":                {"{{surname|there}}", "letter_unknown"},
		"another case":           {"{{Name|there}}", "letter_unknown"},
		"environment":            {`{{env "SECRET"}}`, "letter_unknown"},
		"a call":                 {"{{call .}}", "letter_unknown"},
		"a template":             {`{{template "x"}}`, "letter_unknown"},
		"a field":                {"{{.Name}}", "letter_unknown"},
		"a comment":              {"{{/* x */}}", "letter_unknown"},
		"a range":                {"{{range .}}x{{end}}", "letter_unknown"},
		"a pipe to a function":   {"{{name|printf|x}}", "letter_bars"},
		"a trait without a name": {"{{person.|x}}", "letter_unknown"},
		"a trait below a trait":  {"{{person.a.b|x}}", "letter_unknown"},
		"a trait with a space":   {"{{person.a b|x}}", "letter_unknown"},
		"an object":              {"{{workspace.secret|x}}", "letter_unknown"},
		"no word for no name":    {"Hello {{name}}", "letter_fallback"},
		"no word for no trait":   {"{{person.plan}}", "letter_fallback"},
	} {
		_, problem := ParseLetterText(c.text)
		if problem == nil || problem.Code != c.code {
			t.Errorf("%s: %+v, want %s", name, problem, c.code)
		}
	}
}

func TestLetterTextsAreChecked(t *testing.T) {
	t.Parallel()
	got, err := LetterTexts{Subject: " One\r\nBcc: x\x00 ", Greeting: "Hi\u2028{{name|you}}", Intro: "\r\n a \r\n\r\n\r\n b\u202e \n"}.Check()
	if KindOf(err) != Invalid {
		t.Errorf("NUL was taken: %+v", got)
	}
	got, err = LetterTexts{Subject: " One\r\nBcc: x\x01 ", Greeting: "Hi\u2028{{name|you}}", Intro: "\r\n a \r\n\r\n\r\n b\u202e \n"}.Check()
	want := LetterTexts{Subject: "One Bcc: x", Greeting: "Hi {{name|you}}", Intro: "a\n\nb"}
	if err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	_, err = LetterTexts{Subject: strings.Repeat("x", MaxSubject+1), Greeting: "{{env}}", Intro: "{{name", Closing: "{{name|ok}}"}.Check()
	fields := map[string]string{}
	if e, ok := err.(*Error); ok {
		for _, field := range e.Fields {
			fields[field.Path] = field.Code
		}
	}
	if len(fields) != 3 || fields["subject"] != "too_long" || fields["greeting"] != "letter_unknown" || fields["intro"] != "letter_open" {
		t.Errorf("the fields %v are wrong", fields)
	}
}

// TestLetterTextsFallBackToTheUsualWords: what cannot be read, or has nothing to
// say, must not leave a hole.
func TestLetterTextsFallBackToTheUsualWords(t *testing.T) {
	t.Parallel()
	got := LetterTexts{Subject: "{{name", Preheader: "{{person.none|}}", Greeting: "Hi {{name|}}\n", Intro: "a\n{{person.none|}}\nb"}.Fill(LetterValues{})
	if want := (LetterTexts{Greeting: "Hi", Intro: "a\n\nb"}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestLettersOfARule(t *testing.T) {
	t.Parallel()
	r := Rule{ID: "r", Reminders: []Reminder{{}, {}}, Thanks: Thanks{On: true}}
	want := []LetterKey{{"r", LetterInvitation, 0}, {"r", LetterReminder, 1}, {"r", LetterReminder, 2}, {"r", LetterThanks, 0}}
	got := r.Letters()
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got[i], want[i])
		}
	}
	if got := LetterOf(Invitation{RuleID: "r"}); got != want[0] {
		t.Errorf("an earlier version's invitation is %v", got)
	}
}

// FuzzLetterText: whatever a team writes and a stranger is called, nothing but
// words comes out, and what a stranger says makes no line and no link.
func FuzzLetterText(f *testing.F) {
	for _, seed := range []string{"Hello {{name|there}}", "{{{name}}}", "{{name|{{name|x}}}}", `{{env "X"}}`, "{{person.a|b}}", "{{", "}}", "{{name|a|b}}"} {
		f.Add(seed, "Ada")
	}
	f.Add("{{name|x}}", "https://evil.example\r\nBcc: a@b.example")
	f.Add("{{event.a|x}}", "go to evil.example\u2028now")
	f.Fuzz(func(t *testing.T, text, value string) {
		parsed, problem := ParseLetterText(text)
		if problem != nil {
			if problem.Code == "" {
				t.Fatal("refused without a reason")
			}
			return
		}
		if opens := strings.Count(text, "{{"); opens == 0 && parsed.Fill(LetterValues{}) != text {
			t.Errorf("words changed: %q", text)
		}
		const mark = "\ue000"
		said := LetterValues{Name: mark, FullName: mark, Company: mark, Subject: mark, Traits: map[string]any{"a": mark}, Properties: map[string]any{"a": mark}}
		if strings.ContainsAny(parsed.Fill(said), "{}") {
			t.Errorf("%q leaves braces", text)
		}
		filled, _, _ := strings.Cut(LetterValues{Name: value}.of("name"), mark)
		if strings.ContainsFunc(filled, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) ||
			strings.Contains(filled, "://") || strings.Contains(filled, "@") || hostPattern.MatchString(filled) {
			t.Errorf("%q became %q", value, filled)
		}
		texts := LetterTexts{Subject: text, Greeting: text, Intro: text}.Fill(LetterValues{Name: value})
		if strings.ContainsAny(texts.Subject+texts.Greeting, "\r\n\x00\u2028") || strings.ContainsAny(texts.Intro, "\r\x00\u2028") {
			t.Errorf("%q has breaks", texts)
		}
	})
}
