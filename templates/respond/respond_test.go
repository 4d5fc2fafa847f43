package respond

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"github.com/harkhq/hark/static"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
)

// frames gives a full frame for each language.
func frames(t testing.TB) []Frame {
	t.Helper()
	assets, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	var all []Frame
	for _, l := range catalogue.All() {
		frame := Frame{
			L: l, Nonce: "bm9uY2U", Style: assets.Text("css/survey.css"),
			Brand:   Brand{Name: "Northwind Coffee", Colour: "#6b3f1d"},
			Privacy: "https://northwind.example/privacy", Stop: "/u/token",
		}
		for _, language := range i18n.Languages() {
			frame.Languages = append(frame.Languages, LanguageLink{language.Tag, language.Name, "?lang=" + language.Tag, language.Tag == l.Lang()})
		}
		all = append(all, frame)
	}
	return all
}

// ask makes the survey page of a metric, with the second choice selected.
func ask(frame Frame, metric surveys.Metric) Question {
	texts := frame.L.SurveyTexts(metric)
	return Question{
		Frame: frame,
		Words: Words{
			Question: frame.L.Fill(texts.Question, "product", "Northwind Coffee", "company", "Northwind Coffee", "subject", "your order"),
			Low:      texts.Low, High: texts.High, FollowUp: texts.FollowUp,
		},
		Choices:   Scale(metric.Scale(), metric.Scale().Min+1),
		FollowUps: []FollowUp{{Name: "comment", Kind: surveys.FollowUpComment, Ask: texts.FollowUp}},
		Action:    "/r/token",
		Hidden:    []HiddenField{{"page", "a<b"}},
	}
}

func write(t testing.TB, page templ.Component) string {
	t.Helper()
	var out bytes.Buffer
	if err := page.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func read(t testing.TB, page templ.Component) *goquery.Document {
	t.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(write(t, page)))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// everyPage is one of each page in each language.
func everyPage(t testing.TB) map[string]templ.Component {
	t.Helper()
	pages := map[string]templ.Component{}
	for _, frame := range frames(t) {
		add := func(name string, page templ.Component) { pages[frame.L.Lang()+" "+name] = page }
		for _, metric := range surveys.Metrics() {
			question := ask(frame, metric)
			add(string(metric), QuestionPage(question))
			question.Errors = []FieldError{MissingScore(frame.L), LongComment(frame.L), OldPage(frame.L)}
			add(string(metric)+" with errors", QuestionPage(question))
		}
		add("thanks", ThanksPage(Thanks{Frame: frame, Score: "9", Change: "/r/token", Link: &Link{"https://review.example", "Write a review"}}))
		for _, reason := range []Reason{Paused, Closed, Expired, NotFound, Busy, Broken, Stuck, Invalid} {
			add(string(reason), NoticePage(Notice{Frame: frame, Reason: reason, Retry: "/r", Reference: "req-1"}))
		}
		for _, state := range []UnsubscribeState{Confirm, Stopped, SurveyStopped, Restarted} {
			add(string(state), UnsubscribePage(Unsubscribe{Frame: frame, State: state, Action: "/u/token", Address: "a…@example.com"}))
		}
	}
	return pages
}

func TestEveryPage(t *testing.T) {
	t.Parallel()
	key := regexp.MustCompile(`\b(respond|metric|layouts|components)\.[a-z_]+`)
	for name, page := range everyPage(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := read(t, page)
			if document.Find("html[lang][dir]").Length() != 1 || text(document.Find("title")) == "" {
				t.Error("the page names no language, direction or title")
			}
			if got := document.Find("h1").Length(); got != 1 {
				t.Errorf("%d headings, want one", got)
			}
			if left := key.FindString(document.Find("body").Text()); left != "" {
				t.Errorf("the key %s is shown instead of its text", left)
			}
			if left := regexp.MustCompile(`\{[a-z_]+\}`).FindString(document.Find("body").Text()); left != "" {
				t.Errorf("%s was not filled", left)
			}
			if document.Find("script, [style], [onclick], iframe, link[rel=stylesheet]").Length() > 0 {
				t.Error("the page runs or loads something")
			}
			document.Find("img[src], link[href]").Each(func(_ int, s *goquery.Selection) {
				if address := s.AttrOr("src", s.AttrOr("href", "")); !strings.HasPrefix(address, "data:") {
					t.Errorf("the page asks for %s", address)
				}
			})
			if got := document.Find("style").AttrOr("nonce", ""); got != "bm9uY2U" {
				t.Errorf("the style has the nonce %q", got)
			}
		})
	}
}

func TestEveryPageFitsIntoTheFirstRoundTrip(t *testing.T) {
	t.Parallel()
	const budget = 14 << 10
	for name, page := range everyPage(t) {
		var packed bytes.Buffer
		writer := gzip.NewWriter(&packed)
		if _, err := writer.Write([]byte(write(t, page))); err != nil {
			t.Fatal(err)
		}
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}
		if packed.Len() > budget {
			t.Errorf("%s weighs %d bytes, more than %d", name, packed.Len(), budget)
		}
	}
}

func TestQuestionPage(t *testing.T) {
	t.Parallel()
	for _, frame := range frames(t) {
		for _, metric := range surveys.Metrics() {
			t.Run(frame.L.Lang()+" "+string(metric), func(t *testing.T) {
				t.Parallel()
				question := ask(frame, metric)
				question.FollowUps[0].Text = "kept </textarea><b>"
				page := read(t, QuestionPage(question))
				form := page.Find("form[method=post][action='/r/token']")
				if got, want := form.Find("input[type=radio][name=score]").Length(), len(metric.Scale().Choices()); got != want {
					t.Errorf("%d choices, want %d", got, want)
				}
				checks := map[string][2]string{
					"question":      {text(form.Find("legend")), question.Words.Question},
					"selected":      {form.Find("input[checked]").AttrOr("value", ""), fmt.Sprint(metric.Scale().Min + 1)},
					"low end":       {text(form.Find("#ends span").First()), fmt.Sprintf("%d · %s", metric.Scale().Min, question.Words.Low)},
					"high end":      {text(form.Find("#ends span").Last()), fmt.Sprintf("%d · %s", metric.Scale().Max, question.Words.High)},
					"comment":       {form.Find("textarea[name=comment]").Text(), "kept </textarea><b>"},
					"hidden field":  {form.Find("input[type=hidden][name=page]").AttrOr("value", ""), "a<b"},
					"stop":          {page.Find("footer a[href='/u/token']").Text(), frame.L.T("respond.stop")},
					"privacy":       {page.Find("footer a").First().AttrOr("href", ""), "https://northwind.example/privacy"},
					"title":         {text(page.Find("title")), question.Words.Question},
					"send":          {text(form.Find("button")), frame.L.T("respond.send")},
					"optional":      {text(form.Find("label small")), frame.L.T("respond.optional")},
					"the comment's": {text(form.Find("label[for=comment]")), question.Words.FollowUp + " " + frame.L.T("respond.optional")},
				}
				for what, pair := range checks {
					if pair[0] != pair[1] {
						t.Errorf("%s: %q, want %q", what, pair[0], pair[1])
					}
				}
			})
		}
	}
}

func TestQuestionPageShowsWhatIsMissing(t *testing.T) {
	t.Parallel()
	frame := frames(t)[0]
	question := ask(frame, surveys.CSAT)
	question.Choices = Scale(surveys.CSAT.Scale(), -1)
	question.Errors = []FieldError{MissingScore(frame.L), LongComment(frame.L), OldPage(frame.L)}
	page := read(t, QuestionPage(question))
	if page.Find("[role=alert][autofocus][tabindex='-1']").Length() != 1 {
		t.Error("the summary does not take the focus")
	}
	for _, link := range []string{"#score-1", "#comment"} {
		if page.Find("[role=alert] a[href='"+link+"']").Length() != 1 || page.Find(link).Length() != 1 {
			t.Errorf("no link leads to %s", link)
		}
	}
	if !strings.HasPrefix(text(page.Find("title")), "Please check: ") {
		t.Error("the title does not say that something is wrong")
	}
	if page.Find("textarea[aria-invalid][aria-describedby=error-comment]").Length() != 1 || page.Find("#error-comment").Length() != 1 {
		t.Error("the comment's error is not tied to it")
	}
	if page.Find("input[checked]").Length() != 0 {
		t.Error("a score is selected that nobody chose")
	}
}

func TestQuestionPageInPreviewCannotBeSent(t *testing.T) {
	t.Parallel()
	question := ask(frames(t)[0], surveys.NPS)
	question.Preview = components.Preview
	if read(t, QuestionPage(question)).Find("button[type=button][aria-disabled=true]").Length() != 1 {
		t.Error("the preview can be sent")
	}
}

func TestQuestionInAnotherLanguageIsMarked(t *testing.T) {
	t.Parallel()
	question := ask(frames(t)[0], surveys.NPS)
	question.Words.Lang = "ar"
	page := read(t, QuestionPage(question))
	if page.Find("html[lang=en][dir=ltr] form[lang=ar][dir=rtl]").Length() != 1 {
		t.Error("an Arabic question is not marked as such")
	}
	if page.Find("form [lang=en] button").Length() != 1 {
		t.Error("the English button in it is not marked as such")
	}
}

func TestWithoutFollowUpThereIsNoComment(t *testing.T) {
	t.Parallel()
	question := ask(frames(t)[0], surveys.NPS)
	question.FollowUps = nil
	if read(t, QuestionPage(question)).Find("textarea").Length() != 0 {
		t.Error("there is a comment field that nobody asked for")
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	frame := frames(t)[0]
	page := read(t, ThanksPage(Thanks{Frame: frame}))
	if got := text(page.Find("header a[hreflang='zh-Hans'][href='?lang=zh-Hans']")); got != "简体中文" {
		t.Errorf("the other language is offered as %q", got)
	}
	frame.Languages = append(frame.Languages, LanguageLink{"ar", "العربية", "?lang=ar", false})
	page = read(t, ThanksPage(Thanks{Frame: frame}))
	if page.Find("details a").Length() != 3 || text(page.Find("details a[aria-current]")) != "English" {
		t.Error("three languages do not make a menu in which the current one is marked")
	}
	frame.Languages = frame.Languages[:1]
	if read(t, ThanksPage(Thanks{Frame: frame})).Find("header nav").Length() != 0 {
		t.Error("one language makes a menu")
	}
}

func TestBrand(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, colour string
		want, never  string
	}{
		{"white is read on dark brown, which needs no other edge", "#6b3f1d", ":root{--brand:#6b3f1d;--on-brand:#ffffff;--brand-edge:#6b3f1d}", ""},
		{"black is read on yellow, which white paper needs an edge for", "#ffe600", ":root{--brand:#ffe600;--on-brand:#000000;--brand-edge:#", "--brand-edge:#ffe600}@media"},
		{"nothing that is not a colour gets in", "red}*{display:none", "", "red}"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			frame := frames(t)[0]
			frame.Brand.Colour = c.colour
			html := write(t, ThanksPage(Thanks{Frame: frame}))
			if !strings.Contains(html, c.want) {
				t.Errorf("%s is not there", c.want)
			}
			if c.never != "" && strings.Contains(html, c.never) {
				t.Errorf("%s is there", c.never)
			}
		})
	}
}

func TestLogoTakesThePlaceOfTheInitial(t *testing.T) {
	t.Parallel()
	frame := frames(t)[0]
	if got := text(read(t, ThanksPage(Thanks{Frame: frame})).Find(".brand i")); got != "N" {
		t.Errorf("the initial is %q", got)
	}
	frame.Brand.Logo = "/logo/1.png"
	page := read(t, ThanksPage(Thanks{Frame: frame}))
	if page.Find(".brand i").Length() != 0 || page.Find(".brand img[alt='Northwind Coffee']").Length() != 1 {
		t.Error("the logo is not shown, or without words")
	}
}

func TestThanksPage(t *testing.T) {
	t.Parallel()
	frame := frames(t)[0]
	page := read(t, ThanksPage(Thanks{Frame: frame, Lang: "ar", Text: "شكرا", Score: ScoreOf(frame.L, surveys.StyleNumbers, 9, surveys.NPS.Scale()), Change: "/r/token", Link: &Link{"https://review.example", "Write a review"}}))
	for selector, want := range map[string]string{
		"h1[lang=ar][dir=rtl]": "شكرا", "main p": "Your answer: 9 out of 10.", "a[href='/r/token']": "Change your answer", "a[rel~=noopener]": "Write a review",
	} {
		if got := text(page.Find(selector)); got != want {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	bare := read(t, ThanksPage(Thanks{Frame: frame}))
	if bare.Find("main a").Length() != 0 || text(bare.Find("h1")) != "Thank you. Your answer has arrived." {
		t.Error("a bare thank-you is not bare")
	}
}

func TestUnsubscribePage(t *testing.T) {
	t.Parallel()
	frame := frames(t)[0]
	for _, c := range []struct {
		state   UnsubscribeState
		buttons []string // what each does and says
	}{
		{Confirm, []string{"unsubscribe: Stop asking me", "survey: Only stop this survey"}},
		{Restarted, []string{"unsubscribe: Stop asking me", "survey: Only stop this survey"}},
		{Stopped, []string{"resubscribe: Ask me again", "survey: Ask me other things, but not this"}},
		{SurveyStopped, []string{"resubscribe: Ask me again", "unsubscribe: Stop all surveys"}},
	} {
		page := read(t, UnsubscribePage(Unsubscribe{Frame: frame, State: c.state, Action: "/u/token"}))
		var got []string
		page.Find("form[method=post][action='/u/token']").Each(func(_ int, form *goquery.Selection) {
			got = append(got, form.Find("input[name=action]").AttrOr("value", "")+": "+text(form.Find("button")))
		})
		if !slices.Equal(got, c.buttons) {
			t.Errorf("%s: the buttons are %q, want %q", c.state, got, c.buttons)
		}
	}
	if read(t, UnsubscribePage(Unsubscribe{Frame: frame, State: Restarted})).Find("form").Length() != 0 {
		t.Error("there is a form that leads nowhere")
	}
}

func TestScriptAddressesAreRefused(t *testing.T) {
	t.Parallel()
	frame := frames(t)[0]
	frame.Privacy, frame.Stop = "javascript:alert(1)", "javascript:alert(1)"
	html := write(t, ThanksPage(Thanks{Frame: frame, Change: "javascript:alert(1)", Link: &Link{"javascript:alert(1)", "x"}}))
	if strings.Contains(html, "javascript:") {
		t.Error("a script's address got through")
	}
}

func BenchmarkQuestionPage(b *testing.B) {
	page := QuestionPage(ask(frames(b)[0], surveys.NPS))
	var out bytes.Buffer
	for b.Loop() {
		out.Reset()
		if err := page.Render(context.Background(), &out); err != nil {
			b.Fatal(err)
		}
	}
}
