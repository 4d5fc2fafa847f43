package mailer

import (
	"bytes"
	"fmt"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/jhillyerd/enmime/v2"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// asking is an invitation that tests change.
func asking() Asking {
	now := storetest.Start()
	return Asking{
		Invitation: surveys.Invitation{ID: "0195a1b2-0000-7000-8000-000000000001", Email: "ana@customers.example", ExpiresAt: now.Add(surveys.AnswerWindow)},
		Workspace: surveys.Workspace{
			ID: "w", Key: "AbCd-_12", Name: "Northwind Coffee", Color: "#0b7a75", Locale: "en", Address: "Kaffeeweg 1\n10115 Berlin", ReplyTo: "help@northwind.example",
		},
		Survey:    surveys.Survey{ID: "0195a1b2-0000-7000-8000-000000000002", Metric: surveys.NPS, Status: surveys.SurveyActive, Question: surveys.Question{Version: 1}},
		Person:    surveys.Person{Name: "Ana María Silva", Locale: "en-GB"},
		EventType: "order_completed",
		CapDays:   30,
	}
}

// composed composes an asking and reads the message.
func composed(t *testing.T, a Asking) (Composed, *enmime.Envelope) {
	t.Helper()
	c, err := testComposer(t, storetest.Start).Compose(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	return c, readMessage(t, c.Letter.Message)
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	c, envelope := composed(t, asking())
	unsubscribe := string(c.Grant.Token)
	for name, want := range map[string]string{
		"From":                     `"Northwind Coffee" <feedback@shop.example>`,
		"Reply-To":                 "<help@northwind.example>",
		"To":                       "<ana@customers.example>",
		"Subject":                  "Ana, one question from Northwind Coffee",
		"Date":                     "Mon, 02 Mar 2026 09:00:00 +0000",
		"Message-ID":               "<inv-0195a1b2-0000-7000-8000-000000000001@shop.example>",
		"List-Unsubscribe":         "<https://feedback.example.com/u/" + unsubscribe + ">",
		"List-Unsubscribe-Post":    "List-Unsubscribe=One-Click",
		"List-Id":                  "<0195a1b2-0000-7000-8000-000000000002.AbCd-_12.feedback.example.com>",
		"Feedback-ID":              "0195a1b2-0000-7000-8000-000000000002:AbCd-_12:invitation:hark0f59463c",
		"Auto-Submitted":           "auto-generated",
		"X-Auto-Response-Suppress": "All",
		"MIME-Version":             "1.0",
		"Precedence":               "",
		"User-Agent":               "",
		"X-Mailer":                 "",
	} {
		if got := envelope.GetHeader(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name := range map[string]bool{"From": true, "To": true, "Subject": true, "Date": true, "Message-Id": true, "List-Unsubscribe": true, "List-Unsubscribe-Post": true} {
		if n := len(envelope.Root.Header[textproto.CanonicalMIMEHeaderKey(name)]); n != 1 {
			t.Errorf("%d fields %s, want 1", n, name)
		}
	}
	// Unfolded and exact, byte for byte: providers compare.
	for _, line := range []string{"List-Unsubscribe: <https://feedback.example.com/u/" + unsubscribe + ">\r\n", "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"} {
		if !bytes.Contains(c.Letter.Message, []byte("\r\n"+line)) {
			t.Errorf("the message has no line %q", line)
		}
	}
	if c.Letter.MessageID != "inv-0195a1b2-0000-7000-8000-000000000001@shop.example" || c.Letter.Sender != "feedback@shop.example" || c.Letter.Recipient != "ana@customers.example" {
		t.Errorf("letter %q from %q to %q", c.Letter.MessageID, c.Letter.Sender, c.Letter.Recipient)
	}
}

func TestGrant(t *testing.T) {
	t.Parallel()
	a := asking()
	c, _ := composed(t, a)
	want := store.NewGrant{
		Token: c.Answer.WayOut(), Purpose: surveys.PurposeUnsubscribe, SubjectID: a.Invitation.ID, ExpiresAt: storetest.Start().Add(2 * 365 * 24 * time.Hour),
	}
	if *c.Grant != want || c.Answer.Workspace() != a.Workspace.Key {
		t.Errorf("grant %+v of %s, want %+v", *c.Grant, c.Answer, want)
	}
}

func TestPartsHaveAllLinks(t *testing.T) {
	t.Parallel()
	for metric, scores := range map[surveys.Metric][]int{
		surveys.NPS:  {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
		surveys.CES:  {1, 2, 3, 4, 5, 6, 7},
		surveys.CES5: {1, 2, 3, 4, 5},
		surveys.CSAT: {1, 2, 3, 4, 5},
	} {
		for _, locale := range surveys.RespondentLocales() {
			t.Run(fmt.Sprintf("%s in %s", metric, locale), func(t *testing.T) {
				t.Parallel()
				a := asking()
				a.Survey.Metric, a.Person.Locale = metric, locale
				c, envelope := composed(t, a)
				root := envelope.Root
				if root.ContentType != "multipart/alternative" || root.FirstChild == nil || root.FirstChild.ContentType != "text/plain" ||
					root.FirstChild.NextSibling == nil || root.FirstChild.NextSibling.ContentType != "text/html" || root.FirstChild.NextSibling.NextSibling != nil {
					t.Fatalf("parts: %s, then %+v", root.ContentType, root.FirstChild)
				}
				page := "https://feedback.example.com/r/" + string(c.Answer)
				want := []string{"https://feedback.example.com/u/" + string(c.Grant.Token), page}
				for _, score := range scores {
					want = append(want, fmt.Sprintf("%s?score=%d", page, score))
				}
				trap := "https://feedback.example.com/h/" + string(c.Grant.Token) // which nobody sees
				checkLinks(t, "HTML", hrefs(t, envelope.HTML), append([]string{trap}, want...))
				checkLinks(t, "text", addresses(envelope.Text), want)
				if n := len(c.Letter.Message); n > 102<<10 {
					t.Errorf("the message has %d bytes, more than Gmail shows", n)
				}
			})
		}
	}
}

// hrefs lists the links of an HTML part.
func hrefs(t *testing.T, html string) []string {
	t.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	return document.Find("a[href]").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") })
}

// addresses lists the links of a text part.
func addresses(text string) []string {
	var found []string
	for word := range strings.FieldsSeq(text) {
		if strings.Contains(word, "://") {
			found = append(found, word)
		}
	}
	return found
}

func checkLinks(t *testing.T, part string, got, want []string) {
	t.Helper()
	count := make(map[string]int)
	for _, link := range got {
		count[link]++
	}
	for _, link := range want {
		if count[link] != 1 {
			t.Errorf("the %s part has the link %s %d times, want once", part, link, count[link])
		}
		delete(count, link)
	}
	for link := range count {
		t.Errorf("the %s part has the link %s, which nobody asked for", part, link)
	}
}

func TestWordsOfTheLetter(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(a *Asking)
		says   []string
		not    []string
		head   string // of the subject
	}{
		"usual words": {func(*Asking) {},
			[]string{"Hello Ana,", "How likely are you to recommend Northwind Coffee to a friend or colleague?", "not at all likely", "because you ordered from Northwind Coffee", "Kaffeeweg 1 10115 Berlin", "30 days"}, []string{"{"}, "Ana, one question"},
		"own question": {func(a *Asking) {
			a.Survey.Subject = "our espresso"
			a.Survey.Question.Texts = map[string]surveys.Text{"en": {Ask: "Would you give {product}\nof {company} to a friend?", Low: "never"}}
		}, []string{"Would you give our espresso of Northwind Coffee to a friend?", "never", "extremely likely"}, []string{"How likely"}, "Ana, one question"},
		"without a name": {func(a *Asking) { a.Person.Name = "" }, []string{"Hello, may we"}, []string{"Hello ,"}, "One question from Northwind Coffee"},
		"after a ticket": {func(a *Asking) { a.EventType = "ticket_solved" }, []string{"closed your support request"}, []string{"ordered"}, "Ana"},
		"cancellation":   {func(a *Asking) { a.EventType = "subscription_cancelled" }, []string{"cancelled your subscription with"}, []string{"mail.reason"}, "Ana"},
		"sign-up":        {func(a *Asking) { a.EventType = "signed_up" }, []string{"signed up with"}, []string{"mail.reason"}, "Ana"},
		"renewal":        {func(a *Asking) { a.EventType = "renewed" }, []string{"renewed with"}, []string{"mail.reason"}, "Ana"},
		"another event":  {func(a *Asking) { a.EventType = "lunar_eclipse" }, []string{"a customer of Northwind Coffee"}, []string{"eclipse", "mail.reason"}, "Ana"},
		"no promise":     {func(a *Asking) { a.CapDays = 0 }, nil, []string{"at most once"}, "Ana"},
		"a reminder":     {func(a *Asking) { a.Invitation.Letter = surveys.LetterReminder }, nil, []string{"at most once", "30 days"}, ""},
		"the person's language": {func(a *Asking) { a.Person.Locale, a.Person.Name = "zh-CN", "王芳" },
			[]string{"王芳，您好", "在 Northwind Coffee 下了订单", "最多每 30 天"}, []string{"Hello"}, "王芳，Northwind Coffee 想问您一个问题"},
		"the workspace's language": {func(a *Asking) { a.Person.Locale, a.Workspace.Locale = "sw", "zh-Hans" }, []string{"您好"}, []string{"Hello"}, "Ana，"},
		"neither known":            {func(a *Asking) { a.Person.Locale, a.Workspace.Locale = "sw", "eu" }, []string{"Hello Ana"}, nil, "Ana"},
		"name of letters beyond ASCII": {func(a *Asking) {
			a.Person.Name, a.Workspace.Name = "Żółć Gęślą", "Bäckerei “Süß” & Söhne, Inh. J. Müller"
		},
			[]string{"Hello Żółć", "Bäckerei “Süß” & Söhne"}, nil, "Żółć, one question from Bäckerei “Süß” & Söhne, Inh. J. Müller"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := asking()
			test.change(&a)
			c, envelope := composed(t, a)
			document, err := goquery.NewDocumentFromReader(strings.NewReader(envelope.HTML))
			if err != nil {
				t.Fatal(err)
			}
			for part, text := range map[string]string{"HTML": document.Find("body").Text(), "text": envelope.Text} {
				for _, words := range test.says {
					if !strings.Contains(text, words) {
						t.Errorf("the %s part does not say %q: %s", part, words, text)
					}
				}
				for _, words := range test.not {
					if strings.Contains(text, words) {
						t.Errorf("the %s part says %q: %s", part, words, text)
					}
				}
			}
			if got := envelope.GetHeader("Subject"); !strings.HasPrefix(got, test.head) {
				t.Errorf("subject %q, want it to begin with %q", got, test.head)
			}
			if from, err := envelope.AddressList("From"); err != nil || len(from) != 1 || from[0].Name != a.Workspace.Name || from[0].Address != "feedback@shop.example" {
				t.Errorf("from %v, %v", from, err)
			}
			if !ascii(string(c.Letter.Message)) {
				t.Error("the message is not plain ASCII: some servers refuse it")
			}
		})
	}
}

func TestFirstName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Ana": "Ana", "Ana María Silva": "Ana", "  ana  silva ": "ana", "Silva, Ana": "Ana", "Jean-Luc Picard": "Jean-Luc", "O’Neill Shaq": "O’Neill",
		"王芳": "王芳", "王": "王", "李 娜": "李娜", "欧阳 娜娜": "欧阳娜娜", "司馬 光": "司馬光", "李 Na": "李", "山田 太郎": "山田", "Żaneta": "Żaneta", "नेहा शर्मा": "नेहा",
		"": "", " ": "", "J. Doe": "", "Dr. Ana Silva": "", "A": "", "ana@silva.example": "", "ana.com": "", "https://evil.example": "", "www.evil.example click": "",
		"4ever": "", "<b>Ana</b>": "", "🎉": "", "Ana\r\nBcc: x@y.example": "", "An\u202ea": "Ana", "---": "", strings.Repeat("a", 41): "",
	} {
		if got := firstName(name); got != want {
			t.Errorf("firstName(%q) = %q, want %q", name, got, want)
		}
	}
}

// injections are values with which somebody could try to write headers, bodies
// or commands of their own.
func injections() []string {
	return []string{
		"a\r\nBcc: victim@example.org", "a\nBcc: victim@example.org", "a\rBcc: victim@example.org", "a\r\n\r\n<script>alert(1)</script>",
		"a\x00b", "a\r\n.\r\nMAIL FROM:<evil@example.org>", "=?utf-8?q?a=0D=0ABcc:_victim@example.org?=", "a\u2028Bcc: victim@example.org", "a\u0085Bcc: victim@example.org",
		"\"><script>alert(1)</script>", "a\v\fBcc: victim@example.org", "a\" <victim@example.org>, \"b", strings.Repeat("long ", 300), "\xff\xfe\r\nBcc: victim@example.org",
	}
}

func TestInjectionIntoWords(t *testing.T) {
	t.Parallel()
	for field, set := range map[string]func(a *Asking, text string){
		"person's name":     func(a *Asking, text string) { a.Person.Name = text },
		"second name":       func(a *Asking, text string) { a.Person.Name = "Ana " + text },
		"workspace's name":  func(a *Asking, text string) { a.Workspace.Name = text },
		"postal address":    func(a *Asking, text string) { a.Workspace.Address = text },
		"survey's subject":  func(a *Asking, text string) { a.Survey.Subject = text },
		"question":          func(a *Asking, text string) { a.Survey.Question.Texts = map[string]surveys.Text{"en": {Ask: text}} },
		"person's language": func(a *Asking, text string) { a.Person.Locale = text },
		"event's type":      func(a *Asking, text string) { a.EventType = text },
		"colour":            func(a *Asking, text string) { a.Workspace.Color = text },
	} {
		for _, text := range injections() {
			t.Run(fmt.Sprintf("%s %.20q", field, text), func(t *testing.T) {
				t.Parallel()
				a := asking()
				set(&a, text)
				c, envelope := composed(t, a)
				checkUnharmed(t, c, envelope)
			})
		}
	}
}

// checkUnharmed checks that a message has the headers and parts that a usual
// one has, and no markup of strangers.
func checkUnharmed(t *testing.T, c Composed, envelope *enmime.Envelope) {
	t.Helper()
	_, usual := composed(t, asking())
	for name, values := range envelope.Root.Header {
		if len(values) != 1 || len(usual.Root.Header[name]) != 1 {
			t.Errorf("header %s: %q", name, values)
		}
	}
	if len(envelope.Root.Header) != len(usual.Root.Header) || envelope.Root.FirstChild.NextSibling.NextSibling != nil {
		t.Errorf("the message has other headers or parts: %v", envelope.Root.Header)
	}
	if to, err := envelope.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != "ana@customers.example" {
		t.Errorf("to %v, %v", to, err)
	}
	if from, err := envelope.AddressList("From"); err != nil || len(from) != 1 || from[0].Address != "feedback@shop.example" {
		t.Errorf("from %v, %v", from, err)
	}
	if strings.Contains(envelope.HTML, "<script") {
		t.Error("a stranger's markup is in the HTML part")
	}
	for line := range strings.SplitSeq(string(c.Letter.Message), "\r\n") {
		if strings.ContainsAny(line, "\r\n\x00") || len(line) > 998 {
			t.Errorf("the message has the line %.80q of %d bytes", line, len(line))
		}
	}
}

func TestInjectionIntoAddressesIsRefused(t *testing.T) {
	t.Parallel()
	for field, set := range map[string]func(a *Asking, text string){
		"recipient": func(a *Asking, text string) { a.Invitation.Email = text },
		"reply-to":  func(a *Asking, text string) { a.Workspace.ReplyTo = text },
		"id":        func(a *Asking, text string) { a.Invitation.ID = text },
		"survey":    func(a *Asking, text string) { a.Survey.ID = text },
	} {
		for _, text := range append(injections(), "ana@customers.example\r\nBcc: victim@example.org", "ana@customers.example>\r\nRCPT TO:<victim@example.org",
			"ana@customers.example, victim@example.org", "\"RCPT TO:<victim@example.org>\"@customers.example") {
			if strings.Contains(text, "\"><") || strings.HasPrefix(text, "=?") {
				if field == "id" || field == "survey" {
					continue // harmless in a header of its own
				}
			}
			a := asking()
			set(&a, text)
			if c, err := testComposer(t, storetest.Start).Compose(t.Context(), a); err == nil {
				t.Errorf("%s %q was taken: %s", field, text, c.Letter.Message[:400])
			}
		}
	}
}

func TestComposerRefusesWrongSettings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ url, from, says string }{
		"no scheme":         {"feedback.example.com", "a@shop.example", "HARK_URL"},
		"another scheme":    {"ftp://feedback.example.com", "a@shop.example", "HARK_URL"},
		"query":             {"https://feedback.example.com/?a=b", "a@shop.example", "HARK_URL"},
		"no sender":         {"https://feedback.example.com", "", "HARK_MAIL_FROM"},
		"sender is a name":  {"https://feedback.example.com", "Northwind", "HARK_MAIL_FROM"},
		"sender with break": {"https://feedback.example.com", "a@shop.example\r\nBcc: b@c.example", "HARK_MAIL_FROM"},
	} {
		if _, err := NewComposer(ComposerOptions{URL: test.url, From: test.from}); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want an error that names %s", name, err, test.says)
		}
	}
}

func TestServerBelowAPath(t *testing.T) {
	t.Parallel()
	c := testComposer(t, storetest.Start)
	c.base = c.base.JoinPath("feedback/")
	got, err := c.Compose(t.Context(), asking())
	if err != nil {
		t.Fatal(err)
	}
	if want := "https://feedback.example.com/feedback/r/" + string(got.Answer) + "?score=10"; !strings.Contains(readMessage(t, got.Letter.Message).Text, want) {
		t.Errorf("no link %s", want)
	}
}

func TestLongServerNameStaysInOneLine(t *testing.T) {
	t.Parallel()
	c := testComposer(t, storetest.Start)
	c.base.Host = strings.Repeat("long-", 11) + "name." + strings.Repeat("label-", 9) + "x.example.com"
	got, err := c.Compose(t.Context(), asking())
	if err != nil {
		t.Fatal(err)
	}
	if want := "\r\nList-Unsubscribe: <https://" + c.base.Host + "/u/" + string(got.Grant.Token) + ">\r\n"; !bytes.Contains(got.Letter.Message, []byte(want)) {
		t.Errorf("List-Unsubscribe is folded: %s", got.Letter.Message[:900])
	}
}

// TestSurveysUsualLanguage: a letter to somebody of whom no language is known, or one
// that Hark does not speak, is in the survey's.
func TestSurveysUsualLanguage(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{"": "fi", "tlh": "fi", "fr": "fr"} {
		a := asking()
		a.Person.Locale, a.Survey.Locale = locale, "fi"
		if _, envelope := composed(t, a); !strings.Contains(envelope.HTML, `lang="`+want+`"`) {
			t.Errorf("a letter to somebody who reads %q is not in %s", locale, want)
		}
	}
}
