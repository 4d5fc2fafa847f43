package mailer

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// thanking is a thank-you for an answer.
func thanking(score int) Asking {
	a := asking()
	a.Invitation.Letter, a.Invitation.AboutID = surveys.LetterThanks, "0195a1b2-0000-7000-8000-000000000009"
	a.Answer = &surveys.Response{Score: score}
	a.Links = map[surveys.Band]string{surveys.Promoter: "https://reviews.example/northwind", surveys.Detractor: "https://www.northwind.example/help"}
	return a
}

func TestThankYouThanks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		score     int
		says, not []string
	}{
		"a promoter":  {9, []string{"Thank you for taking the time, Ana.", "Your answer: 9 out of 10", "https://reviews.example/northwind", "tell others"}, []string{"/help", "one question from"}},
		"a passive":   {8, []string{"Your answer: 8 out of 10", "Change your answer or add a sentence"}, []string{"reviews.example", "/help", "tell others"}},
		"a detractor": {0, []string{"Your answer: 0 out of 10", "https://www.northwind.example/help", "help you"}, []string{"reviews.example"}},
	} {
		c1, envelope := composed(t, thanking(c.score))
		for _, part := range []string{envelope.Text, envelope.HTML} {
			for _, says := range c.says {
				if !strings.Contains(part, says) {
					t.Errorf("%s: %q is missing", name, says)
				}
			}
			for _, not := range append(c.not, "?score=", "may we ask", "We ask you at most") {
				if strings.Contains(part, not) {
					t.Errorf("%s: it says %q", name, not)
				}
			}
		}
		if got := envelope.GetHeader("Subject"); got != "Ana, thank you for your answer to Northwind Coffee" {
			t.Errorf("%s: the subject is %q", name, got)
		}
		if got := envelope.GetHeader("Feedback-ID"); !strings.Contains(got, ":thanks:hark") {
			t.Errorf("%s: Feedback-ID %q", name, got)
		}
		if to := c1.Grant.SubjectID; to != "0195a1b2-0000-7000-8000-000000000009" {
			t.Errorf("%s: a link leads to %s, not to the invitation", name, to)
		}
	}
}

func TestReminderHasWordsOfItsOwn(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{
		"en": "Ana, if you have ten seconds: one question from Northwind Coffee", "de": "Ana, wenn Sie zehn Sekunden haben: eine Frage von Northwind Coffee",
		"ar": "مرحبًا Ana، إن سمح وقتك بعشر ثوانٍ: سؤال واحد من Northwind Coffee", "zh-Hans": "Ana，Northwind Coffee 还想听听您的看法",
	} {
		a := asking()
		a.Person.Locale = lang
		_, first := composed(t, a)
		a.Invitation.Letter, a.Invitation.Number = surveys.LetterReminder, 1
		_, again := composed(t, a)
		if got := again.GetHeader("Subject"); got != want || got == first.GetHeader("Subject") {
			t.Errorf("%s: the subject is %q", lang, got)
		}
	}
}

// TestOwnWordsInTheLettersLanguage: what a team wrote in another language stays
// there.
func TestOwnWordsInTheLettersLanguage(t *testing.T) {
	t.Parallel()
	a := asking()
	a.Properties = map[string]any{"order_number": "A-17", "note": "https://evil.example\r\nBcc: x@y.example"}
	a.Texts = map[string]surveys.LetterTexts{
		"en": {Subject: "Order {{event.order_number|}}, {{name|friend}}{{event.note|}}", Intro: "{{event.note|Nothing to note}}\nIt is on its way."},
		"de": {Subject: "Bestellung"},
	}
	_, envelope := composed(t, a)
	if got := envelope.GetHeader("Subject"); got != "Order A-17, Ana" {
		t.Errorf("the subject is %q", got)
	}
	for _, part := range []string{envelope.Text, envelope.HTML} {
		if !strings.Contains(part, "Nothing to note") || !strings.Contains(part, "It is on its way.") || strings.Contains(part, "evil") {
			t.Errorf("the introduction is not as written: %s", part)
		}
	}
	a.Person.Locale = "ar"
	if _, other := composed(t, a); strings.Contains(other.Text, "A-17") || !strings.Contains(other.GetHeader("Subject"), "سؤال") {
		t.Errorf("an Arabic letter says %q", other.GetHeader("Subject"))
	}
}

// TestAnOwnQuestionIsNotReplaced by the usual one of a language in which nobody
// wrote it: the page would ask something else.
func TestAnOwnQuestionIsNotReplaced(t *testing.T) {
	t.Parallel()
	a := asking()
	a.Survey.Question.Texts = map[string]surveys.Text{"en": {Ask: "Would you give {product} to a friend?", Low: "never", High: "at once"}}
	a.Person.Locale = "ar"
	_, envelope := composed(t, a)
	if !strings.Contains(envelope.HTML, `<h1 class="h-ink" lang="en" dir="ltr"`) || !strings.Contains(envelope.Text, "Would you give Northwind Coffee to a friend?") {
		t.Errorf("the question is not the team's own: %s", envelope.Text)
	}
	if !strings.Contains(envelope.Text, "سؤالًا واحدًا") {
		t.Error("the letter around it is not Arabic")
	}
}

// TestThankYouIsSentAfterTheAnswer walks from the answer to the mail. The rule is
// paused meanwhile: who has answered is thanked all the same.
func TestThankYouIsSentAfterTheAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := smtptest.New(t)
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), nil)
		first := o.invite()
		o.changeRule(first, func(r *surveys.Rule) {
			r.Thanks = surveys.Thanks{On: true, Links: map[surveys.Band]string{surveys.Promoter: "https://reviews.example/us"}}
		})
		storetest.Write(t, o.store, func(ctx context.Context, tx *store.Tx) error {
			return tx.SaveLetterTexts(ctx, o.workspace.ID, surveys.LetterKey{RuleID: first.RuleID, Letter: surveys.LetterThanks}, "en", surveys.LetterTexts{Closing: "Yours, {{company}}"})
		})
		thank := first
		thank.ID, thank.Letter, thank.AboutID, thank.WantsThanks = storetest.ID(t, o.store), surveys.LetterThanks, first.ID, false
		thank.SendAt = clock.Now().Add(surveys.ThanksDelay)
		clock.Advance(surveys.ThanksDelay / 2)
		once(t, d, 1)
		o.answer(first, 9)
		o.changeRule(first, func(r *surveys.Rule) { r.Status = surveys.RulePaused })
		storetest.Write(t, o.store, func(ctx context.Context, tx *store.Tx) error { return tx.CreateInvitation(ctx, thank) })
		clock.Advance(surveys.ThanksDelay)
		once(t, d, 1)
		message := readMessage(t, server.Wait(t, 2)[1].Data)
		for _, says := range []string{"Your answer: 9 out of 10", "https://reviews.example/us", "Yours, "} {
			if !strings.Contains(message.Text, says) {
				t.Errorf("the thank-you lacks %q: %s", says, message.Text)
			}
		}
	})
}

// tried collects the letters that are handed over.
type tried struct {
	letters []store.Letter
	result  Result
}

func (x *tried) Deliver(_ context.Context, letter store.Letter) Result {
	x.letters = append(x.letters, letter)
	return x.result
}

func testTrials(t *testing.T, transport Transport) *Trials {
	t.Helper()
	composer := testComposer(t, storetest.Start)
	return &Trials{composer: composer, transport: transport}
}

func TestTestsAreMarkedAndLeadNowhere(t *testing.T) {
	t.Parallel()
	out := &tried{result: Result{Outcome: Sent}}
	trials := testTrials(t, out)
	for _, kind := range []surveys.LetterKind{surveys.LetterInvitation, surveys.LetterReminder, surveys.LetterThanks} {
		a := thanking(9)
		a.Invitation.Letter, a.Invitation.Email = kind, "roastery@northwind.example"
		if err := trials.Send(t.Context(), a, "/surveys/1/preview"); err != nil {
			t.Fatal(err)
		}
	}
	ids := map[string]bool{}
	for _, letter := range out.letters {
		envelope := readMessage(t, letter.Message)
		if !strings.HasPrefix(envelope.GetHeader("Subject"), "Test: Ana, ") || letter.Recipient != "roastery@northwind.example" {
			t.Errorf("%q to %s", envelope.GetHeader("Subject"), letter.Recipient)
		}
		for _, header := range []string{"List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID"} {
			if got := envelope.GetHeader(header); got != "" {
				t.Errorf("a test has %s: %s", header, got)
			}
		}
		for _, link := range append(hrefs(t, envelope.HTML), addresses(envelope.Text)...) {
			if !strings.HasPrefix(link, "https://feedback.example.com/surveys/1/preview") && link != "https://reviews.example/northwind" {
				t.Errorf("a test leads to %s", link)
			}
		}
		ids[letter.MessageID] = true
	}
	if len(ids) != 3 {
		t.Errorf("the ids %v are not one each", ids)
	}
}

func TestTestsThatDoNotLeave(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		transport Transport
		code      string
	}{
		"no mail server": {nil, "mail_none"}, "it refuses": {&tried{result: Result{Outcome: Permanent, Problem: "550 no"}}, "letter_unsent"},
		"it is away": {&tried{result: Result{Outcome: Outage, Problem: "refused"}}, "letter_unsent"},
	} {
		err := testTrials(t, c.transport).Send(t.Context(), asking(), "/x")
		var e *surveys.Error
		if !errors.As(err, &e) || e.Code != c.code || e.Kind != surveys.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTrialShowsBothPartsAndTheUsualWords(t *testing.T) {
	t.Parallel()
	catalogue := testComposer(t, storetest.Start).catalogue
	trials, err := NewTrials(TrialsOptions{URL: testComposer(t, storetest.Start).base, Catalogue: catalogue, Now: storetest.Start})
	if err != nil {
		t.Fatal(err)
	}
	a := asking()
	a.Texts = map[string]surveys.LetterTexts{"en": {Subject: "Mine"}}
	trial, err := trials.Show(t.Context(), a, "/surveys/1/preview")
	if err != nil || trial.Words.Subject != "Mine" || trial.Usual.Subject != "Ana, one question from Northwind Coffee" || trial.Lang != "en" {
		t.Errorf("%+v, %v", trial.Words, err)
	}
	if !strings.Contains(trial.HTML, "https://feedback.example.com/surveys/1/preview?score=3") || !strings.Contains(trial.Text, "preview?score=3") {
		t.Error("the links do not lead to the preview")
	}
}
