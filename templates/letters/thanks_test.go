package letters

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/templates/i18n"
)

// thanks gives a full thank-you for each language.
func thanks(t *testing.T) map[string]Thanks {
	t.Helper()
	catalogue, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]Thanks{}
	for _, l := range catalogue.AllRespondents() {
		frame := testFrame(l)
		frame.CapDays = 0
		all[l.Lang()] = Thanks{
			Frame: frame, Question: "How likely?", Score: 9, Max: 10, Page: site + "/r/token", Link: "https://reviews.example/northwind", LinkKind: LinkGood,
		}
	}
	return all
}

func readThanks(t *testing.T, v Thanks) (string, *goquery.Document) {
	t.Helper()
	var out bytes.Buffer
	if err := ThanksHTML(v).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	document, err := goquery.NewDocumentFromReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), document
}

func TestThanksSayTheSameInBothParts(t *testing.T) {
	t.Parallel()
	key := regexp.MustCompile(`\b(letters|metric|respond)\.[a-z_]+|\{[a-z_]+\}`)
	for name, v := range thanks(t) {
		v.Own.Closing = "First.\nSecond."
		html, letter := readThanks(t, v)
		plain, shown := v.Text(), text(letter.Find("[role=article]"))
		words := v.Words()
		for _, piece := range []string{v.Brand, words.Greeting, words.Intro, v.Question, v.answer(), v.linkText(), "First.", "Second.", v.Reason, v.Postal} {
			if piece == "" || !strings.Contains(plain, piece) || !strings.Contains(shown, piece) {
				t.Errorf("%s: %q is not in both parts", name, piece)
			}
		}
		for _, address := range []string{v.Page, v.Link, v.Unsubscribe} {
			if n := letter.Find("a[href='" + address + "']").Length(); n != 1 || strings.Count(plain, address+"\n") != 1 {
				t.Errorf("%s: %s is %d times in HTML, %d times in text", name, address, n, strings.Count(plain, address+"\n"))
			}
		}
		if left := key.FindString(plain + html); left != "" {
			t.Errorf("%s: %s was not filled", name, left)
		}
		if text(letter.Find("h1")) != words.Greeting || text(letter.Find("title")) != v.Subject() || letter.Find("html").AttrOr("dir", "") != v.L.Dir() {
			t.Errorf("%s: head %q, title %q", name, text(letter.Find("h1")), text(letter.Find("title")))
		}
		if letter.Find("table:not([role=presentation]), img, script, link, form").Length() > 0 || strings.Contains(plain, "\n\n\n") {
			t.Errorf("%s: the letter is not tidy", name)
		}
	}
}

func TestThanksForAnAnswerThatIsGone(t *testing.T) {
	t.Parallel()
	v := thanks(t)["en"]
	v.Max, v.Link, v.Question = 0, "", ""
	html, _ := readThanks(t, v)
	for _, gone := range []string{"out of", "Your answer:", "tell others"} {
		if strings.Contains(html+v.Text(), gone) {
			t.Errorf("the letter speaks of %q", gone)
		}
	}
}

func TestWhereAnAnswerLeads(t *testing.T) {
	t.Parallel()
	v := thanks(t)["en"]
	for kind, want := range map[LinkKind]string{LinkGood: "If you like, tell others about it, too", LinkMiddle: "Here is more from Northwind Coffee", LinkBad: "Here is how we can help you"} {
		v.LinkKind = kind
		if got := v.linkText(); got != want {
			t.Errorf("%s: %q", kind, got)
		}
	}
}

// TestOwnWordsTakeThePlaceOfTheUsualOnes in both parts, and only where there are
// any.
func TestOwnWordsTakeThePlaceOfTheUsualOnes(t *testing.T) {
	t.Parallel()
	v := invitations(t)["en nps"]
	v.Own = Texts{Subject: "A word", Intro: "One.\n\nTwo <b>&</b>.", Closing: "Bye."}
	letter := read(t, v)
	if v.Subject() != "A word" || text(letter.Find("title")) != "A word" || letter.Find("[role=article]").AttrOr("aria-label", "") != "A word" {
		t.Errorf("the subject is %q", v.Subject())
	}
	shown, plain := text(letter.Find("[role=article]")), v.Text()
	for _, piece := range []string{"Hello Ana, may we ask you one question?", "One.", "Two <b>&</b>.", "Bye."} {
		if !strings.Contains(shown, piece) || !strings.Contains(plain, piece) {
			t.Errorf("%q is not in both parts", piece)
		}
	}
	if letter.Find("b").Length() > 0 {
		t.Error("markup of a team became markup")
	}
	if v.Usual().Subject != "Ana, one question from Northwind Coffee" {
		t.Errorf("the usual subject became %q", v.Usual().Subject)
	}
}

func TestArabicRunsFromTheRight(t *testing.T) {
	t.Parallel()
	v := invitations(t)["ar nps"]
	html, letter := write(t, v), read(t, v)
	letter.Find("td[style*=font-size]:not([align=center]):not([height])").Each(func(_ int, cell *goquery.Selection) {
		if cell.AttrOr("dir", "") != "rtl" || cell.AttrOr("align", "") != "right" {
			t.Errorf("a cell of text has no direction of its own: %.80s", text(cell))
		}
	})
	if !strings.Contains(html, `<!--[if mso]><table dir="rtl" role="presentation" align="center" cellpadding="0" cellspacing="4"`) {
		t.Error("Outlook's row of choices begins at the left")
	}
	if letter.Find("a.h-box").First().Closest("td").AttrOr("dir", "") != "rtl" {
		t.Error("the row of choices begins at the left")
	}
	if other := write(t, invitations(t)["en nps"]); strings.Contains(other, "rtl") || strings.Contains(other, `align="right"`) {
		t.Error("an English letter runs from the right")
	}
}
