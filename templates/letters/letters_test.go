package letters

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

const site = "https://hark.northwind.example"

// invitations gives a full invitation for each language and metric.
func invitations(t *testing.T) map[string]Invitation {
	t.Helper()
	catalogue, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]Invitation{}
	for _, l := range catalogue.AllRespondents() {
		for _, metric := range surveys.Metrics() {
			texts := l.SurveyTexts(metric)
			v := Invitation{
				Frame:    testFrame(l),
				Question: l.Fill(texts.Question, "product", "our coffee", "company", "Northwind", "subject", "your order"), Low: texts.Low, High: texts.High,
				Page: site + "/r/token",
			}
			for _, score := range metric.Scale().Choices() {
				v.Choices = append(v.Choices, Choice{score, fmt.Sprintf("%s/r/token?score=%d", site, score)})
			}
			all[l.Lang()+" "+string(metric)] = v
		}
	}
	return all
}

// testFrame is what stands around a letter of the tests.
func testFrame(l *i18n.Localizer) Frame {
	return Frame{
		L: l, Brand: "Northwind Coffee", Colour: "#6b3f1d", Name: "Ana",
		Reason: l.T("mail.reason.order_completed", "company", "Northwind Coffee"), CapDays: 30,
		Unsubscribe: site + "/u/token", Honeypot: site + "/h/token", Postal: "Northwind Coffee, 1 Harbour Street, Bristol",
	}
}

func write(t *testing.T, v Invitation) string {
	t.Helper()
	var out bytes.Buffer
	if err := InvitationHTML(v).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func read(t *testing.T, v Invitation) *goquery.Document {
	t.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(write(t, v)))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func text(s *goquery.Selection) string { // spaces that do not break are words of their language
	return strings.Join(strings.FieldsFunc(s.Text(), func(r rune) bool { return strings.ContainsRune(" \t\r\n", r) }), " ")
}

func TestInvitationHTML(t *testing.T) {
	t.Parallel()
	for name, v := range invitations(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			html, letter := write(t, v), read(t, v)
			// Gmail cuts letters off at 102 KB.
			if len(html) > 102<<10 {
				t.Errorf("%d bytes", len(html))
			}
			boxes := letter.Find("a.h-box")
			if boxes.Length() != len(v.Choices) {
				t.Fatalf("%d boxes, want %d", boxes.Length(), len(v.Choices))
			}
			boxes.Each(func(i int, box *goquery.Selection) {
				if text(box) != v.L.Number(int64(v.Choices[i].Score)) || box.AttrOr("href", "") != v.Choices[i].Address || box.AttrOr("title", "") == "" {
					t.Errorf("box %d is %q to %s", i, text(box), box.AttrOr("href", ""))
				}
				if style := box.AttrOr("style", ""); style != boxes.First().AttrOr("style", "") || !strings.Contains(style, "width:46px;height:46px") {
					t.Errorf("box %d does not look like the others: %s", i, style)
				}
			})
			checks := map[string][2]string{
				"question":    {text(letter.Find("h1")), v.Question},
				"page":        {text(letter.Find("a[href='" + v.Page + "']")), v.L.T("letters.invitation.open")},
				"unsubscribe": {text(letter.Find("a[href='" + v.Unsubscribe + "']")), v.L.T("letters.invitation.stop")},
				"honeypot":    {text(letter.Find("a[href='" + v.Honeypot + "'][tabindex='-1'][aria-hidden=true]")), ""},
				"language":    {letter.Find("html").AttrOr("lang", "") + letter.Find("[role=article]").AttrOr("lang", ""), v.L.Lang() + v.L.Lang()},
				"title":       {text(letter.Find("title")), v.Subject()},
			}
			for what, pair := range checks {
				if pair[0] != pair[1] {
					t.Errorf("%s: %q, want %q", what, pair[0], pair[1])
				}
			}
			if letter.Find("table:not([role=presentation])").Length() > 0 {
				t.Error("a table for layout is not marked as one")
			}
			if letter.Find("img, script, link, form").Length() > 0 {
				t.Error("the letter loads or runs something")
			}
		})
	}
}

func TestOutlookGetsACellForEachChoice(t *testing.T) {
	t.Parallel()
	for name, v := range invitations(t) {
		if got := strings.Count(write(t, v), `<td width="42" height="42"`); got != len(v.Choices) {
			t.Errorf("%s: %d cells, want %d", name, got, len(v.Choices))
		}
		html := write(t, v)
		if strings.Count(html, "<!--[if mso]>") != strings.Count(html, "<![endif]-->")-strings.Count(html, "<!--<![endif]-->") {
			t.Errorf("%s: a condition is not closed", name)
		}
		if word := inWord(html); strings.Contains(word, "<span style=\"display:inline-block\">") || strings.Count(word, "<td") != strings.Count(word, "</td>") {
			t.Errorf("%s: what Word reads is not well nested", name)
		}
	}
}

// inWord is what Word reads of a letter: the parts for it opened, the parts for
// all others left out.
func inWord(html string) string {
	html = regexp.MustCompile(`(?s)<!--\[if !mso\]><!-->.*?<!--<!\[endif\]-->`).ReplaceAllString(html, "")
	return strings.NewReplacer("<!--[if mso]>", "", "<![endif]-->", "").Replace(html)
}

func TestRowsWrapInTwoHalves(t *testing.T) {
	t.Parallel()
	want := map[string][]int{"en nps": {6, 5}, "en ces": {4, 3}, "en ces5": {5}, "en csat": {5}}
	all := invitations(t)
	for name, sizes := range want {
		var got []int
		for _, row := range all[name].rows() {
			got = append(got, len(row))
		}
		if fmt.Sprint(got) != fmt.Sprint(sizes) {
			t.Errorf("%s: rows of %v, want %v", name, got, sizes)
		}
	}
}

// A text part that says something else than the HTML part is a sign of spam.
func TestTextSaysTheSame(t *testing.T) {
	t.Parallel()
	key := regexp.MustCompile(`\b(letters|metric|respond)\.[a-z_]+|\{[a-z_]+\}`)
	for name, v := range invitations(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plain := v.Text()
			wanted := []string{v.Brand, v.Words().Greeting, v.Question, v.ends(), v.Page, v.Unsubscribe, v.Reason, v.cap(), v.Postal}
			for _, choice := range v.Choices {
				wanted = append(wanted, fmt.Sprintf("%2s  %s\n", v.L.Number(int64(choice.Score)), choice.Address))
			}
			for _, piece := range wanted {
				if piece == "" || !strings.Contains(plain, piece) {
					t.Errorf("%q is missing", piece)
				}
			}
			html := text(read(t, v).Find("body"))
			for _, piece := range wanted[:4] {
				if !strings.Contains(html, piece) {
					t.Errorf("%q is missing from the HTML part", piece)
				}
			}
			if left := key.FindString(plain + html); left != "" {
				t.Errorf("%s was not filled", left)
			}
			if !strings.HasSuffix(plain, "\n") || strings.Contains(plain, "\n\n\n") || strings.Contains(plain, "\r") {
				t.Error("the text is not tidy")
			}
			if strings.Contains(plain, v.Honeypot) {
				t.Error("the honeypot stands where people can see it")
			}
		})
	}
}

func TestSubject(t *testing.T) {
	t.Parallel()
	all := invitations(t)
	english, chinese := all["en nps"], all["zh-Hans nps"]
	nameless, reminder := english, english
	nameless.Name = ""
	reminder.Reminder = Reminder
	for _, c := range []struct{ name, got, want string }{
		{"with a name", english.Subject(), "Ana, one question from Northwind Coffee"},
		{"without", nameless.Subject(), "One question from Northwind Coffee"},
		{"a reminder", reminder.Subject(), "Ana, if you have ten seconds: one question from Northwind Coffee"},
		{"Chinese", chinese.Subject(), "Ana，Northwind Coffee 想问您一个问题"},
		{"greeting", english.Words().Greeting, "Hello Ana, may we ask you one question?"},
		{"greeting without a name", nameless.Words().Greeting, "Hello, may we ask you one question?"},
		{"how often", english.cap(), "We ask you at most once in 30 days."},
		{"two sentences", english.why(), english.Reason + " We ask you at most once in 30 days."},
		{"two Chinese sentences", chinese.why(), chinese.Reason + "我们最多每 30 天询问您一次。"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestWhatIsLeftOutLeavesNoHole(t *testing.T) {
	t.Parallel()
	v := invitations(t)["en nps"]
	v.Colour, v.CapDays, v.Postal, v.Honeypot, v.Low = "red;", 0, "", "", ""
	letter := read(t, v)
	if letter.Find("[bgcolor='red;']").Length() > 0 || letter.Find("[aria-hidden]").Length() > 0 {
		t.Error("something that is not there is drawn")
	}
	if strings.Contains(v.Text(), "at most once") || strings.Contains(v.Text(), "means") {
		t.Error("something that is not there is said")
	}
}

func TestNamesAreEscaped(t *testing.T) {
	t.Parallel()
	v := invitations(t)["en nps"]
	v.Name, v.Question = `<img src=x onerror=alert(1)>`, `<script>alert(1)</script>`
	if read(t, v).Find("img, script").Length() > 0 {
		t.Error("markup in a name became markup")
	}
}

func TestQuestionInAnotherLanguageIsMarked(t *testing.T) {
	t.Parallel()
	v := invitations(t)["en nps"]
	v.Lang = "he"
	if read(t, v).Find("h1[lang=he][dir=rtl]").Length() != 1 {
		t.Error("a Hebrew question is not marked as such")
	}
}
