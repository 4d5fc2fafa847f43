package office

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"github.com/harkhq/hark/static"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/words"
)

// nasty is a text that would break out of a page that does not escape it.
const nasty = `"><script>alert(1)</script>{x}*`

// framed is the frame of a page in a language.
func framed(t *testing.T, tag string) layouts.Page {
	t.Helper()
	catalogue, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	assets, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	return layouts.Page{Title: "A page", Address: "/x", Nonce: "n0nce", Assets: assets, L: catalogue.Match("", tag), User: &layouts.User{Name: "Ana"}}
}

func render(t *testing.T, page templ.Component) *goquery.Document {
	t.Helper()
	var out bytes.Buffer
	if err := page.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	document, err := goquery.NewDocumentFromReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// expect compares how often selectors are met.
func expect(t *testing.T, page *goquery.Document, want map[string]int) {
	t.Helper()
	for selector, n := range want {
		if got := page.Find(selector).Length(); got != n {
			t.Errorf("%d of %s, want %d", got, selector, n)
		}
	}
}

func said(page *goquery.Document, selector string) string {
	return strings.Join(strings.Fields(page.Find(selector).First().Text()), " ")
}

// nastyRuleForm is the form of a rule with a nasty text in each of its places.
func nastyRuleForm(p layouts.Page, text components.TextInput, area components.TextArea, choices components.Choices, said words.Sentence) RuleForm {
	fold := Fold{ID: "fold", Title: nasty, Says: nasty}
	return RuleForm{
		Page: p, Title: nasty, Action: "/r", Back: "javascript:alert(1)", Says: []words.Sentence{said}, Trial: nastyTrial(p, said), Name: text, Trigger: choices, Event: text, Types: []string{nasty}, Every: text,
		Condition: area, Examples: []Example{{nasty, nasty}}, Survey: choices, Paused: &components.Note{Text: nasty}, Delay: text, Unit: choices, Base: choices, From: text, Status: choices,
		Window:    WindowGroup{Fold: fold, Preset: choices, Days: nasty, DaysError: nasty, Boxes: []components.Check{{Field: text.Field, Value: nasty}}, From: text, To: text},
		Shares:    NumbersGroup{Fold: fold, Numbers: []components.TextInput{text}},
		Caps:      CapsGroup{Fold: fold, Lead: nasty, Days: text, Policy: choices},
		Reminders: RemindersGroup{Fold: fold, Help: nasty, Error: nasty, Add: nasty, Rows: []ReminderRow{{After: text, Unit: choices, Remove: components.Action{Text: nasty, Name: nasty, Value: nasty}}}},
		Withdraw:  WithdrawGroup{Fold: fold, Events: area, Same: text}, Thanks: ThanksGroup{Fold: fold, On: components.Check{Field: text.Field}, Links: []components.TextInput{text}},
		Link: NumberGroup{Fold: fold, Number: text},
	}
}

func nastyTrial(p layouts.Page, said words.Sentence) *RuleTrial {
	return &RuleTrial{
		L: p.L, Title: nasty, Says: []words.Sentence{said}, Days: []TrialDay{{Name: nasty, N: nasty, Part: 1}},
		Examples: []TrialExample{{Name: nasty, Address: "javascript:alert(1)", Happened: nasty, Decision: nasty, Properties: []string{nasty}}},
		Chart: &components.Fates{L: p.L, ID: "fates", Title: nasty, When: nasty, Steps: []components.FateStep{{Key: nasty, Name: nasty, N: 2, Address: "javascript:alert(1)",
			Lost: []components.FateReason{{Key: nasty, Name: nasty, N: 1, Address: "javascript:alert(1)"}}}}},
	}
}

// TestPagesEscapeWhatPeopleWrote shows every page with a nasty text in every
// place that people can fill.
func TestPagesEscapeWhatPeopleWrote(t *testing.T) {
	t.Parallel()
	p := framed(t, "en")
	p.Title, p.User = nasty, &layouts.User{Name: nasty, Email: nasty, Workspace: nasty}
	crumbs := []components.Crumb{{Text: nasty, Address: "/scores"}, {Text: nasty}}
	field := components.Field{Name: "name", Label: nasty, Help: nasty, Error: nasty, Optional: nasty}
	text, area := components.TextInput{Field: field, Value: nasty, Placeholder: nasty}, components.TextArea{Field: field, Value: nasty}
	choices := components.Choices{Field: field, Options: []components.Option{{Value: nasty, Text: nasty}}}
	said := words.Sentence{{Text: nasty}, {Text: nasty, Address: "javascript:alert(1)", Strong: true}, {Text: nasty, Code: true}}
	action := components.Action{Text: nasty, Address: "javascript:alert(1)", Name: nasty, Value: nasty}
	badge := Badge{Score: nasty, Band: nasty, Class: "good"}
	comment := Comment{Score: badge, Text: nasty, Person: Fact{Value: nasty, Address: "/p"}, When: nasty, Survey: Fact{Value: nasty}, Details: []string{nasty}}
	pages := map[string]templ.Component{
		"sign-in": SignInPage(SignIn{Page: p, Email: nasty, Workspace: nasty, AskWorkspace: true, Next: nasty, Error: nasty}),
		"link":    SignInLinkPage(SignInLink{Page: p, Email: nasty, Workspace: nasty}),
		"account": AccountPage(Account{Page: p, Name: nasty, Email: nasty, Role: surveys.Owner, HasPassword: true, Errors: map[string]string{"name": nasty}}),
		"refusal": RefusalPage(Refusal{Page: p, Title: nasty, Text: nasty, Action: &action, Reference: nasty}),
		"confirm": ConfirmPage(Confirm{Page: p, Crumbs: crumbs, Title: nasty, Text: nasty, Points: []string{nasty}, Action: "javascript:alert(1)", Button: nasty, Back: "/"}),
		"scores":  ScoresPage(Scores{Page: p, New: &action, Rows: []ScoreRow{{Name: nasty, Address: "/s", Metric: nasty, Score: nasty, Margin: nasty, Verdict: said, Answers: said}}}),
		"responses": ResponsesPage(Responses{Page: p, Title: nasty, List: []Comment{comment}, Pager: components.Pager{L: p.L, Summary: nasty}, Note: &components.Note{Text: nasty},
			Filters: &Filters{Survey: choices, Score: choices, From: text, To: text, Search: text, Segment: &GroupedChoices{Field: choices.Field, Groups: []OptionGroup{{Label: nasty, Options: []components.Option{{Value: nasty, Text: nasty, Selected: true}}}}}}}),
		"people": PeoplePage(People{Page: p, Search: nasty, Rows: []PersonRow{{Name: nasty, Address: "/p", Email: nasty, ID: nasty, Changed: nasty}}, Pager: components.Pager{L: p.L}}),
		"person": PersonPage(Person{Page: p, Crumbs: crumbs, Name: nasty, Facts: []Fact{{Name: nasty, Value: nasty}}, Traits: []Fact{{Name: nasty, Value: nasty, Address: "javascript:alert(1)"}}, History: []Moment{{Kind: "event", When: nasty, Title: said, Text: nasty, Score: &badge, Details: []words.Sentence{said}}}}),
		"survey": SurveyFormPage(SurveyForm{Page: p, Crumbs: crumbs, Title: nasty, Action: "/s", Name: text, Subject: text, Closes: text, Texts: []TextForm{{Name: nasty, Fields: []components.TextInput{text}, Thanks: area}}, Link: nasty, Preview: Preview{Address: "/p"}, Metrics: []MetricChoice{{Metric: nasty, Name: nasty, Question: nasty}}}),
		"asking": AskingPage(Asking{Page: p, Rules: []RuleRow{{Name: nasty, Address: "/r", Says: []words.Sentence{said}}}, Curl: nasty}),
		"rule":   RuleFormPage(nastyRuleForm(p, text, area, choices, said)),
		"rule page": RulePage(Rule{Page: p, Crumbs: crumbs, Title: nasty, Says: []words.Sentence{said}, Paused: &components.Note{Text: nasty}, Edit: &action, Try: &action, Trial: nastyTrial(p, said),
			Funnel: nastyTrial(p, said).Chart}),
		"rule events": RuleEventsPage(RuleEvents{Page: p, Crumbs: crumbs, Title: nasty, Lead: nasty, Pager: components.Pager{L: p.L}, Rows: []RuleEventRow{{When: nasty, Person: nasty, Address: "javascript:alert(1)", Reason: nasty, Properties: []string{nasty}}}}),
		"settings":    SettingsPage(Settings{Page: p, Name: text, Colour: text, Logo: Logo{Field: field}, Zone: text, Zones: []string{nasty}, Locale: choices, Address: area, Segments: area, Keys: Keys{New: nasty, Name: text, List: []KeyRow{{Name: nasty, Scopes: nasty, Created: nasty}}}}),
		"mailbox":     MailboxPage(Mailbox{Page: p, List: []LetterRow{{Address: "/m", To: nasty, Subject: nasty, When: nasty}}}),
		"letter":      LetterPage(Letter{Page: p, Crumbs: crumbs, Subject: nasty, Facts: []Fact{{Name: nasty, Value: nasty}}, HTML: "/h", Text: nasty, Headers: []Fact{{Name: nasty, Value: nasty}}}),
	}
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := render(t, page)
			expect(t, document, map[string]int{"script:not([nonce])": 0, `[href^="javascript:"]`: 0, `[action^="javascript:"]`: 0})
			if !strings.Contains(document.Text(), nasty) && document.Find(`[value*="<script>"]`).Length() == 0 {
				t.Error("the text is not shown at all")
			}
		})
	}
}

func TestSignInAsksForWhatIsNeeded(t *testing.T) {
	t.Parallel()
	p := framed(t, "en")
	p.User = nil
	expect(t, render(t, SignInPage(SignIn{Page: p})), map[string]int{
		`[name="workspace"]`: 0, `[name="next"]`: 0, ".error": 0, `[name="email"][autocomplete="username"]`: 1, `[type="password"][autocomplete="current-password"]`: 1, "header nav": 0,
	})
	expect(t, render(t, SignInPage(SignIn{Page: p, AskWorkspace: true, Next: "/people", Error: "No."})), map[string]int{
		`[name="workspace"]`: 1, `[name="next"][value="/people"]`: 1, "#field-password-error": 1, `[name="password"][value]:not([value=""])`: 0,
	})
}

func TestSignInLinkPostsOrSaysThatItIsOver(t *testing.T) {
	t.Parallel()
	p := framed(t, "en")
	expect(t, render(t, SignInLinkPage(SignInLink{Page: p, Email: "ana@example.com"})), map[string]int{`main form[method="post"] button`: 1, `a[href="/sign-in"]`: 0})
	expect(t, render(t, SignInLinkPage(SignInLink{Page: p})), map[string]int{"main form": 0, `a[href="/sign-in"]`: 1})
}

func TestAccountOffersTheLanguages(t *testing.T) {
	t.Parallel()
	page := render(t, AccountPage(Account{Page: framed(t, "en"), Role: surveys.Viewer, Locale: "zh-Hans"}))
	expect(t, page, map[string]int{`[name="locale"] option`: 3, `option[value="zh-Hans"][selected]`: 1, `[name="current"]`: 0, `[name="new"]`: 1})
}

func TestReportShowsOnlyWhatItHas(t *testing.T) {
	t.Parallel()
	p := framed(t, "en")
	headline := components.Headline{L: p.L, Metric: surveys.NPS, N: 3, Least: 5, Evidence: components.Hidden}
	bare := Report{Page: p, Headline: headline, Link: "https://feedback.example/s/x"}
	expect(t, render(t, ReportPage(bare)), map[string]int{"#trend": 0, ".dist": 0, "#compare": 0, "#split": 0, "a.chip": 0, ".note": 0, ".verdict-text": 0, "#comments": 1})

	start := bare
	start.Start = &components.Empty{Title: "Nobody yet", Text: "Ask."}
	expect(t, render(t, ReportPage(start)), map[string]int{".empty": 1, ".tools": 0, "#comments": 0, "#survey-link": 1})

	full := bare
	full.Says = []words.Sentence{{{Text: "Up."}}, {{Text: "Really.", Strong: true}}}
	full.Notes, full.Filters = []components.Note{{Text: "Paused"}}, []Filter{{Text: "Plan: pro", Remove: "/x"}}
	full.Dates = Dates{Error: "Wrong.", Hidden: []Hidden{{"by", "plan"}}}
	full.Compare = &Comparison{Metric: "NPS", Rows: []PeriodRow{{Name: "Now"}, {Name: "Before"}}, Difference: words.Sentence{{Text: "+3"}}}
	full.Split = &Split{Empty: "Nothing here."}
	full.Comments = Comments{List: []Comment{{Text: "Late"}}}
	page := render(t, ReportPage(full))
	expect(t, page, map[string]int{
		".note": 1, "a.chip": 1, "details.dates[open]": 1, `.dates [name="by"][value="plan"]`: 1, "#compare tbody tr": 2, ".comments li": 1, "#split .card": 1,
	})
	page.Find(".verdict-text").ChildrenFiltered(".why, .method").Remove() // what explains the sentences
	if got := said(page, ".verdict-text"); got != "Up. Really." {
		t.Errorf("the sentences read %q", got)
	}
}

func TestReportTellsEveryNote(t *testing.T) {
	t.Parallel()
	p := framed(t, "en")
	v := Report{Page: p, Headline: components.Headline{L: p.L, Metric: surveys.NPS, Evidence: components.Hidden},
		Notes: []components.Note{{Kind: components.Warning, Text: "Paused."}, {Kind: components.Warning, Text: "“<b>” is no period."}}}
	page := render(t, ReportPage(v))
	expect(t, page, map[string]int{".note.warning": 2, ".note b": 0})
	if got := page.Find(".note.warning").Text(); got != "Paused.“<b>” is no period." {
		t.Errorf("the notes say %q", got)
	}
}

func TestReportSplitShowsItsTableOrWhyNot(t *testing.T) {
	t.Parallel()
	p := framed(t, "en")
	score, low, high := 40.0, 30.0, 50.0
	table := components.Segments{L: p.L, ID: "segments", Metric: surveys.NPS, Overall: 40, Rows: []components.SegmentRow{{Name: "pro", N: 90, Score: &score, Low: &low, High: &high}}}
	base := Report{Page: p, Headline: components.Headline{L: p.L, Metric: surveys.NPS, Evidence: components.Hidden}}
	cases := []struct {
		name  string
		split Split
		want  map[string]int
	}{
		{"a table", Split{Table: &table}, map[string]int{"#segments .area tbody tr": 1, "#split .note-under": 0}},
		{"a table that tells nothing apart", Split{Table: &table, Test: "No more than chance."}, map[string]int{"#segments": 1, "#split .note-under": 1}},
		{"nothing", Split{Empty: "No value."}, map[string]int{"#segments": 0, "#split .card p": 1}},
		{"keys to choose from", Split{Empty: "No value.", Keys: []components.SegmentLink{{Text: "Plan", Current: true}, {Text: "Country", Address: "/x"}}}, map[string]int{".split-keys a": 2, ".split-keys [aria-current]": 1}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := base
			v.Split = &c.split
			expect(t, render(t, ReportPage(v)), c.want)
		})
	}
}

func TestChineseSentencesStandWithoutGaps(t *testing.T) {
	t.Parallel()
	p := framed(t, "zh-Hans")
	page := render(t, ReportPage(Report{Page: p, Headline: components.Headline{L: p.L, Metric: surveys.NPS, Evidence: components.Hidden}, Says: []words.Sentence{{{Text: "上升。"}}, {{Text: "真的。"}}}}))
	page.Find(".verdict-text").ChildrenFiltered(".why, .method").Remove()
	if got := said(page, ".verdict-text"); got != "上升。真的。" {
		t.Errorf("the sentences read %q", got)
	}
}

func TestResponsesAndCommentsOfNobody(t *testing.T) {
	t.Parallel()
	p := framed(t, "en")
	page := render(t, ResponsesPage(Responses{Page: p, Title: "1 answer", List: []Comment{{Score: Badge{"9", "Promoters", "good"}, Person: Fact{Value: "Anonymous"}}}, Pager: components.Pager{L: p.L, Older: "/older"}}))
	expect(t, page, map[string]int{".comments .said": 0, ".comments a": 0, ".score-badge.good": 1, `a[rel="next"][href="/older"]`: 1, `a[rel="prev"]`: 0})
	if got := said(page, ".score-badge .unseen"); got != "9, Promoters" {
		t.Errorf("a screen reader says %q", got)
	}
	empty := render(t, ResponsesPage(Responses{Page: p, Empty: &components.Empty{Title: "None"}}))
	expect(t, empty, map[string]int{".empty": 1, ".comments": 0, ".pager": 0})
}

func TestWhoMayNotSeesNoButtons(t *testing.T) {
	t.Parallel()
	p := framed(t, "en")
	expect(t, render(t, AskingPage(Asking{Page: p, Rules: []RuleRow{{Name: "R"}}})), map[string]int{"main form": 0, "main h2 a": 1, "main .button": 0})
	expect(t, render(t, ScoresPage(Scores{Page: p, Rows: []ScoreRow{{Name: "S", Address: "/s"}}})), map[string]int{".head .button": 0})
	expect(t, render(t, PersonPage(Person{Page: p})), map[string]int{".head .button": 0, ".person aside .card": 1})
	expect(t, render(t, SettingsPage(Settings{Page: p, Locked: true})), map[string]int{"fieldset[disabled]": 1, "#keys": 0, "main button:not([hidden])": 0})
}

func TestSurveyFormFixesTheMetricOnceThereIsOne(t *testing.T) {
	t.Parallel()
	p := framed(t, "en")
	form := SurveyForm{Page: p, Metrics: []MetricChoice{{Metric: "nps", Chosen: true}, {Metric: "csat"}}}
	expect(t, render(t, SurveyFormPage(form)), map[string]int{`[type="radio"][name="metric"]`: 2, `[value="nps"][checked]`: 1, "#survey-link": 0})
	form.Metric, form.Link = "nps", "https://feedback.example/s/x"
	form.Deeds = []Deed{{Action: "/surveys/1/status", Button: components.Action{Text: "Pause", Name: "status", Value: "paused"}}}
	expect(t, render(t, SurveyFormPage(form)), map[string]int{
		`[type="radio"]`: 0, `[type="hidden"][name="metric"][value="nps"]`: 1, "#survey-link": 1, `form[action="/surveys/1/status"] button[name="status"][value="paused"]`: 1,
	})
}

func TestDescribed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		field components.Field
		want  templ.Attributes
	}{
		"nothing":        {components.Field{Name: "a"}, templ.Attributes{}},
		"help":           {components.Field{Name: "a", Help: "x"}, templ.Attributes{"aria-describedby": "field-a-help"}},
		"error":          {components.Field{Name: "a", Error: "x"}, templ.Attributes{"aria-describedby": "field-a-error", "aria-invalid": "true"}},
		"error and help": {components.Field{Name: "a", Help: "x", Error: "x"}, templ.Attributes{"aria-describedby": "field-a-error field-a-help", "aria-invalid": "true"}},
	} {
		got := described(c.field)
		if len(got) != len(c.want) {
			t.Errorf("%s: %v", name, got)
		}
		for key, value := range c.want {
			if got[key] != value {
				t.Errorf("%s: %s is %v, want %v", name, key, got[key], value)
			}
		}
	}
}
