package mailer

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	chance "math/rand/v2"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"reflect"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestFormsAreTheFullLetters composes letters to random people by the forms of
// one edition, in all languages and of all metrics, and holds them against the
// parts as they are rendered for each person alone and the headers as the mail
// library writes them: byte for byte.
func TestFormsAreTheFullLetters(t *testing.T) {
	t.Parallel()
	seed := chance.Uint64()
	t.Logf("seed %d", seed)
	r := chance.New(chance.NewPCG(seed, 0))
	c := testComposer(t, storetest.Start)
	for _, metric := range surveys.Metrics() {
		for _, letter := range []surveys.LetterKind{surveys.LetterInvitation, surveys.LetterReminder, surveys.LetterThanks} {
			for _, texts := range []map[string]surveys.LetterTexts{nil, ownWords()} {
				edition := new(Edition)
				for _, locale := range surveys.RespondentLocales() {
					for range 3 {
						a := somebody(r, metric, letter)
						a.Person.Locale, a.Texts, a.Edition = locale, texts, edition
						compareWithFull(t, c, a)
					}
				}
			}
		}
	}
}

// ownWords are a team's words with all kinds of placeholders, in two languages.
func ownWords() map[string]surveys.LetterTexts {
	return map[string]surveys.LetterTexts{
		"en": {
			Subject: "{{name|You there}}: a question about {{event.item|your order}} and nothing else that would fit into one line of a header",
			Intro:   "{{person.plan|No plan}} & <more>\n\n{{full_name|Somebody}} = {{company}}", Closing: "Bye {{name|}}\n{{event.item|}}",
		},
		"zh-Hans": {Greeting: "{{name|朋友}}您好，{{company}}", Preheader: "{{person.plan|无}}"},
	}
}

// somebody is an asking of a random person.
func somebody(r *chance.Rand, metric surveys.Metric, letter surveys.LetterKind) Asking {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	a := asking()
	a.Survey.Metric = metric
	a.Invitation.Letter, a.Invitation.ID = letter, fmt.Sprintf("0195a1b2-0000-7000-8000-%012d", r.IntN(1e9))
	a.Invitation.Email = pick("ana", "a.b+c", "o'neil", "añá") + pick("@customers.example", "@bücher.example")
	a.Person.Name = pick("", "Ana María", "Żółć Gęślą", "王芳", "O'Neill Shaq", "Jean-Luc", "<b>", "نور", strings.Repeat("W", 40), "Dr. X", "a\tb = c ")
	a.Person.Traits = map[string]any{"plan": pick("", "pro", "  spaced  ", "=3D =\n.", strings.Repeat("long words ", 40), "ünïcode & \"quotes\"")}
	a.Properties = map[string]any{"item": pick("", "a kettle", "Tee\r\nKanne", "壶", strings.Repeat("x", 300))}
	a.EventType = pick("order_completed", "renewed", "", "other things")
	if letter == surveys.LetterThanks && r.IntN(4) > 0 {
		choices := metric.Scale().Choices()
		a.Answer = &surveys.Response{Score: choices[r.IntN(len(choices))]}
		a.Links = map[surveys.Band]string{surveys.Band("promoter"): "https://reviews.example/?a=1&b=2"}
	}
	return a
}

// compareWithFull composes a letter and checks it against its full rendering.
func compareWithFull(t *testing.T, c *Composer, a Asking) {
	t.Helper()
	composed, err := c.Compose(t.Context(), a)
	if err != nil {
		t.Fatalf("%+v: %v", a.Person, err)
	}
	letter := composed.Letter
	view := c.letter(a, links{page: c.link("r", composed.Answer), unsubscribe: c.link("u", composed.Grant.Token), trap: c.link("h", composed.Grant.Token)})
	html, err := htmlOf(t.Context(), view)
	if err != nil {
		t.Fatal(err)
	}
	fields := c.envelope(a, view)
	fields.to, fields.id = letter.Recipient, letter.MessageID
	full, err := fields.encode(view, html)
	if err != nil {
		t.Fatal(err)
	}
	head, parts := takeApart(t, letter.Message)
	fullHead, fullParts := takeApart(t, full)
	if !reflect.DeepEqual(head, fullHead) {
		t.Errorf("%+v: the headers are %v\nwant %v", a.Person, head, fullHead)
	}
	if !maps.Equal(parts, fullParts) || parts["text/html"] != strings.ReplaceAll(html, "\n", "\r\n") || parts["text/plain"] != strings.ReplaceAll(view.Text(), "\n", "\r\n") {
		t.Errorf("%+v: the parts are %q\nwant %q", a.Person, parts, fullParts)
	}
	if again := letter.Form.Form.Fill(letter.Values); !bytes.Equal(again, letter.Message) {
		t.Error("the form and the values do not make the letter's bytes")
	}
	for line := range bytes.SplitSeq(letter.Message, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n") {
			t.Errorf("the line %q is not fit for a mail", line)
		}
	}
}

// takeApart reads a message strictly: its decoded headers and the decoded bytes
// of its parts.
func takeApart(t *testing.T, raw []byte) (head map[string][]string, parts map[string]string) {
	t.Helper()
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	head = make(map[string][]string)
	for name, values := range message.Header {
		for _, value := range values {
			head[name] = append(head[name], strings.ReplaceAll(decoded(value), params["boundary"], "boundary"))
		}
	}
	parts = make(map[string]string)
	reader := multipart.NewReader(message.Body, params["boundary"])
	for {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return head, parts
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil || part.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
			t.Fatalf("a part has the headers %v, %v", part.Header, err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		parts[kind] += string(body)
	}
}

// TestFormsForgetNothingAboutThePerson holds two letters of one edition against
// each other: nothing of the first is in the second.
func TestFormsKeepNothingOfAPerson(t *testing.T) {
	t.Parallel()
	c, edition := testComposer(t, storetest.Start), new(Edition)
	a := asking()
	a.Edition, a.Texts = edition, ownWords()
	a.Person.Name, a.Person.Traits, a.Properties = "Zebulon Quux", map[string]any{"plan": "xyzzyplan"}, map[string]any{"item": "plugh"}
	first, err := c.Compose(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	shared := first.Letter.Form.Form.Fill(make([][]byte, len(first.Letter.Values)))
	for _, own := range []string{"Zebulon", "Quux", "xyzzyplan", "plugh", "ana@customers", string(first.Answer), string(first.Grant.Token), a.Invitation.ID} {
		if bytes.Contains(shared, []byte(own)) {
			t.Errorf("what letters share holds %q", own)
		}
	}
	b := asking()
	b.Edition, b.Texts, b.Person.Name = edition, a.Texts, "Ana"
	b.Person.Traits, b.Properties = map[string]any{"plan": "b"}, map[string]any{"item": "c"}
	second, err := c.Compose(t.Context(), b)
	if err != nil || second.Letter.Form != first.Letter.Form {
		t.Errorf("two letters of one edition share no form, %v", err)
	}
}

func TestPrintableIsReadBack(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "a", "a \nb\t\n", " ", "\t", "=", "é", strings.Repeat("x", 200), strings.Repeat("é", 100), strings.Repeat("word ", 60), "a\rb\x00\x7f", ".\n..\n", "end =",
	} {
		read, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(encodedLine(text))))
		if err != nil || string(read) != strings.ReplaceAll(text, "\n", "\r\n") {
			t.Errorf("%q is read back as %q, %v", text, read, err)
		}
		for line := range bytes.SplitSeq(encodedLine(text), []byte("\r\n")) {
			if len(line) > 76 {
				t.Errorf("%q has a line of %d characters", text, len(line))
			}
		}
	}
}
