package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/jhillyerd/enmime/v2"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

const testPassword = "correct horse battery"

// browser is a person at a browser: each step fails the test when it does not
// work.
type browser struct {
	tb  testing.TB
	tab context.Context
}

func (b browser) do(step string, actions ...chromedp.Action[chromedp.Void]) {
	b.tb.Helper()
	if err := chromedp.Do(b.tab, actions...); err != nil {
		where, _ := chromedp.Run(b.tab, chromedp.Location())
		page, _ := chromedp.Run(b.tab, chromedp.Text(chromedp.CSS("body")))
		b.tb.Fatalf("%s: %v\nat %s:\n%s", step, err, where, page)
	}
}

func (b browser) text(selector string) string {
	b.tb.Helper()
	text, err := chromedp.Run(b.tab, chromedp.Text(chromedp.CSS(selector)))
	if err != nil {
		b.tb.Fatalf("read %s: %v", selector, err)
	}
	return text
}

func css(selector string) chromedp.CSS { return chromedp.CSS(selector) }

// submit presses the page's main button and waits for the next page.
func submit(button string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := chromedp.Evaluate[bool]("document.body.dataset.left='', true")(ctx, target); err != nil {
			return err
		}
		if _, err := chromedp.Click(css(button))(ctx, target); err != nil {
			return err
		}
		_, err := chromedp.WaitReady(css("body:not([data-left])"))(ctx, target)
		return err
	})
}

// report is what the API tells of a survey.
type reported struct {
	N        int64
	Score    *float64
	Interval *struct{ Low, High float64 }
}

// TestTheWholeWay walks from an event to the score, as its users do: the team
// sets up a survey and a rule in the browser, a shop sends an event, a real
// mail server receives the letter, and the customer's browser follows a link
// in it.
func TestTheWholeWay(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			walk(t, dialect)
		})
	}
}

func walk(t *testing.T, dialect store.Dialect) {
	ctx := context.Background()
	address, letters := mailServer(t)
	in := install(t, storetest.URL(t, dialect), "HARK_SMTP="+address, "HARK_MAIL_FROM=feedback@northwind.example")
	in.command(testPassword+"\n", "user", "add", "ana@northwind.example", "--workspace", "Northwind Coffee", "--name", "Ana", "--password")
	key := strings.TrimSpace(in.command("", "key", "add", "shop", "--scope", "events,responses,read"))
	server := in.serve()

	team := browser{t, browsertest.New(t)}
	signIn(team, in)
	createSurvey(team, in, "After an order")
	createRule(team, in, "After an order")

	var list struct {
		Surveys []struct{ ID, Name string }
	}
	if status := in.call(ctx, "GET", "/api/v1/surveys", key, "", &list); status != http.StatusOK || len(list.Surveys) != 1 {
		t.Fatalf("the surveys: %d %+v", status, list)
	}
	survey := list.Surveys[0].ID
	for score := range 4 { // the first four answers, so that the fifth makes a score
		body := fmt.Sprintf(`{"score":%d}`, 7+score)
		if status := in.call(ctx, "POST", "/api/v1/surveys/"+survey+"/responses", key, body, nil); status != http.StatusCreated {
			t.Fatalf("answer %s: status %d", body, status)
		}
	}

	page := sendEvent(t, in, key, letters)
	if before := fetchReport(ctx, in, key, survey); before.N != 4 || before.Score != nil {
		t.Errorf("with four answers the report shows %+v", before)
	}
	customer := browser{t, browsertest.New(t)}
	answerByMail(t, customer, in, page)
	if after := fetchReport(ctx, in, key, survey); after.N != 5 || after.Score == nil || *after.Score != 60 || after.Interval == nil {
		t.Errorf("after the answer the report shows %+v, want 60 from 5", after) // 7 8 9 10 and 9: three promoters of five
	}
	team.do("open the report", chromedp.Navigate(in.url+"/surveys/"+survey), chromedp.WaitReady(css("h1")))
	if headline := team.text("h1"); !strings.Contains(headline, "60") || !strings.Contains(headline, "±") || !strings.Contains(headline, "5 answers") {
		t.Errorf("the report's headline is %q", headline)
	}
	if text := team.text("main"); !strings.Contains(text, "Fresh, and on time.") {
		t.Errorf("the report does not show the comment:\n%s", text)
	}
	if err := server.stop(); err != nil {
		t.Errorf("the server stopped with %v", err)
	}
	if out := in.command("", "doctor"); !strings.Contains(out, "agree") {
		t.Errorf("the doctor says %q", out)
	}
}

func signIn(b browser, in *installation) {
	b.tb.Helper()
	b.do("sign in", chromedp.Navigate(in.url+"/"), chromedp.WaitVisible(css("input[name=email]")),
		chromedp.SendKeys(css("input[name=email]"), "ana@northwind.example"),
		chromedp.SendKeys(css("input[name=password]"), testPassword),
		submit("main form button"))
	if where, _ := chromedp.Run(b.tab, chromedp.Location()); !strings.HasSuffix(where, "/scores") {
		b.tb.Fatalf("signing in leads to %s", where)
	}
}

func createSurvey(b browser, in *installation, name string) {
	b.tb.Helper()
	b.do("create the survey", chromedp.Navigate(in.url+"/surveys/new"),
		chromedp.SendKeys(css("main input[name=name]"), name), submit("main form.form button.button:not([formaction])"))
}

func createRule(b browser, in *installation, survey string) {
	b.tb.Helper()
	b.do("create the rule", chromedp.Navigate(in.url+"/asking/new"),
		chromedp.SendKeys(css("main input[name=name]"), "Large orders"),
		chromedp.SendKeys(css("main input[name=event_type]"), "order_completed"),
		chromedp.SendKeys(css("main textarea[name=condition]"), "event.properties.total > 20"),
		chromedp.SetValue(css("main input[name=delay]"), "0"),
		chromedp.SendKeys(css("main select[name=survey_id]"), survey),
		chromedp.Evaluate[chromedp.Void]("document.querySelector('input[name=window][value=any]').checked = true"), // whatever day it is
		submit("main form.rule-editor button.button:not([formaction])"))
	if text := b.text("main"); !strings.Contains(text, "Large orders") {
		b.tb.Fatalf("the rule is not in the list:\n%s", text)
	}
}

// decided is the answer to an event.
type decided struct {
	ID        string
	Repeated  bool
	Decisions []struct{ Decision, Reason string }
}

// sendEvent sends an order twice, and one too small to ask about, and returns
// the link of the choice 9 in the letter that came.
func sendEvent(t *testing.T, in *installation, key, letters string) string {
	t.Helper()
	ctx := context.Background()
	event := `{"type":"order_completed","id":"order-1","person":{"id":"c-7","email":"customer@example.com","name":"Zoë 李","locale":"en"},"properties":{"total":34.5}}`
	var first, again, small decided
	if status := in.call(ctx, "POST", "/api/v1/events", key, event, &first); status != http.StatusAccepted || len(first.Decisions) != 1 || first.Decisions[0].Decision != "scheduled" {
		t.Fatalf("the event: %d %+v", status, first)
	}
	if in.call(ctx, "POST", "/api/v1/events", key, event, &again); !again.Repeated || again.ID != first.ID {
		t.Errorf("the same event again: %+v, want what %s got", again, first.ID)
	}
	in.call(ctx, "POST", "/api/v1/events", key, strings.NewReplacer("order-1", "order-2", "34.5", "12").Replace(event), &small)
	if len(small.Decisions) != 1 || small.Decisions[0].Decision != "condition_false" || small.Decisions[0].Reason == "" {
		t.Errorf("a small order: %+v", small)
	}
	envelope, err := enmime.ReadEnvelope(strings.NewReader(string(letterTo(t, letters, "customer@example.com"))))
	if err != nil {
		t.Fatal(err)
	}
	if got := envelope.GetHeader("List-Unsubscribe-Post"); got != "List-Unsubscribe=One-Click" {
		t.Errorf("List-Unsubscribe-Post is %q", got)
	}
	links := regexp.MustCompile(`href="([^"]*/r/[^"]*score=\d+)"`).FindAllStringSubmatch(envelope.HTML, -1)
	if len(links) != 11 {
		t.Fatalf("the letter has %d links, want 11", len(links))
	}
	return strings.ReplaceAll(links[9][1], "&amp;", "&")
}

// asPeopleHaveIt has the browser call itself what those with a window do: the
// answers of one without are kept until it is known that a person gave them.
func asPeopleHaveIt() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
			UserAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
		})
		return err
	})
}

// answerByMail opens a choice's link, sees that nothing is stored by that, and
// sends the answer with a comment, from the keyboard.
func answerByMail(t *testing.T, customer browser, in *installation, link string) {
	t.Helper()
	customer.do("open the link", asPeopleHaveIt(), chromedp.Navigate(link), chromedp.WaitVisible(css("form")))
	chosen, err := chromedp.Run(customer.tab, chromedp.Evaluate[string]("document.querySelector('input[name=score]:checked').value"))
	if err != nil || chosen != "9" {
		t.Fatalf("the page has %q chosen, %v", chosen, err)
	}
	customer.do("answer", chromedp.SendKeys(css("textarea[name=comment]"), "Fresh, and on time."),
		chromedp.Sleep(surveys.SealMin), chromedp.Click(css("main form button")), chromedp.WaitReady(css("main .acts"))) // nobody reads a page in less
	if text := customer.text("main"); !strings.Contains(text, "Thank you") {
		t.Errorf("after the answer the page says %q", text)
	}
}

func fetchReport(ctx context.Context, in *installation, key, survey string) reported {
	in.tb.Helper()
	var r reported
	if status := in.call(ctx, "GET", "/api/v1/surveys/"+survey+"/report", key, "", &r); status != http.StatusOK {
		in.tb.Fatalf("the report: status %d", status)
	}
	return r
}

// TestTwoServersShareTheWork sends events and answers to two processes on one
// PostgreSQL: each invitation is mailed once, each answer counted once.
func TestTwoServersShareTheWork(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	address, letters := mailServer(t)
	database := storetest.Postgres(t)
	one := install(t, database, "HARK_SMTP="+address, "HARK_MAIL_FROM=feedback@northwind.example")
	two := install(t, database, "HARK_SMTP="+address, "HARK_MAIL_FROM=feedback@northwind.example")
	one.command(testPassword+"\n", "user", "add", "ana@northwind.example", "--workspace", "Northwind Coffee", "--password")
	key := strings.TrimSpace(one.command("", "key", "add", "shop", "--scope", "admin"))
	one.serve()
	two.serve()
	team := browser{t, browsertest.New(t)}
	signIn(team, one)
	createSurvey(team, one, "Shared")
	createRule(team, one, "Shared")
	var list struct{ Surveys []struct{ ID string } }
	one.call(ctx, "GET", "/api/v1/surveys", key, "", &list)
	survey := list.Surveys[0].ID

	const orders = 40
	var work sync.WaitGroup
	for order := range orders {
		for _, server := range []*installation{one, two} { // each event goes to both, as a nervous sender does
			work.Go(func() {
				event := fmt.Sprintf(`{"type":"order_completed","id":"o-%d","person":{"email":"p%d@example.com"},"properties":{"total":30}}`, order, order)
				if status := server.call(ctx, "POST", "/api/v1/events", key, event, nil); status != http.StatusAccepted {
					t.Errorf("event %d: status %d", order, status)
				}
				server.call(ctx, "POST", "/api/v1/surveys/"+survey+"/responses", key, `{"score":10}`, nil)
			})
		}
	}
	work.Wait()
	for order := range orders {
		letterTo(t, letters, fmt.Sprintf("p%d@example.com", order))
	}
	time.Sleep(time.Second) // for a second copy, if there were one
	if got := lettersIn(t, letters); got != orders {
		t.Errorf("%d mails came for %d invitations", got, orders)
	}
	if r := fetchReport(ctx, two, key, survey); r.N != 2*orders {
		t.Errorf("the report counts %d answers, want %d", r.N, 2*orders)
	}
	if out := one.command("", "doctor"); !strings.Contains(out, "agree") {
		t.Errorf("the doctor says %q", out)
	}
}

// TestStopLosesNothing stops a server under load: every answer that it
// accepted is there, and it fails no request that it took.
func TestStopLosesNothing(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			in := install(t, storetest.URL(t, dialect))
			in.command("", "user", "add", "ana@northwind.example", "--workspace", "Northwind Coffee")
			key := strings.TrimSpace(in.command("", "key", "add", "shop", "--scope", "admin"))
			server := in.serve()
			var survey struct{ ID string }
			in.call(context.Background(), "POST", "/api/v1/surveys", key, `{"name":"Load","metric":"csat"}`, &survey)
			accepted := stopUnderLoad(t, in, server, key, "/api/v1/surveys/"+survey.ID+"/responses")
			server = in.serve()
			if r := fetchReport(context.Background(), in, key, survey.ID); r.N != accepted {
				t.Errorf("%d answers were accepted, %d are there", accepted, r.N)
			}
			if accepted == 0 {
				t.Error("no answer was accepted before the stop")
			}
			_ = server.stop()
		})
	}
}

// stopUnderLoad sends answers from eight clients while the server is asked to
// stop, and returns how many were accepted. A connection refused is the end; an
// answer that is no success, or a broken one, is a failure.
func stopUnderLoad(t *testing.T, in *installation, server *process, key, path string) int64 {
	t.Helper()
	var accepted atomic.Int64
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			for {
				request, _ := http.NewRequest("POST", "http://"+in.addr+path, strings.NewReader(`{"score":5}`))
				request.Header.Set("Authorization", "Bearer "+key)
				request.Header.Set("Content-Type", "application/json")
				response, err := client.Do(request)
				if err != nil {
					if !strings.Contains(err.Error(), "refused") && !strings.Contains(err.Error(), "reset") {
						t.Errorf("a request broke: %v", err)
					}
					return
				}
				body, err := io.ReadAll(response.Body)
				response.Body.Close()
				if response.StatusCode != http.StatusCreated || err != nil || !json.Valid(body) {
					t.Errorf("a request failed: %d %s %v", response.StatusCode, body, err)
					return
				}
				accepted.Add(1)
			}
		})
	}
	time.Sleep(300 * time.Millisecond)
	if err := server.stop(); err != nil {
		t.Errorf("the server stopped with %v", err)
	}
	clients.Wait()
	return accepted.Load()
}

// TestOneServerPerFile starts a second server on an SQLite file, and another
// on a port in use: both end with a message that says what to do.
func TestOneServerPerFile(t *testing.T) {
	t.Parallel()
	file := "sqlite:" + t.TempDir() + "/hark.db"
	in := install(t, file)
	in.serve()
	for _, test := range []struct{ name, database, addr, want string }{
		{"same file", file, "127.0.0.1:0", "another Hark server"},
		{"same port", "sqlite:" + t.TempDir() + "/other.db", in.addr, "HARK_ADDR"},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, _, errs := hark(t, []string{"HARK_DATABASE=" + test.database, "HARK_ADDR=" + test.addr}, "serve")
			if status == 0 || !strings.Contains(errs, test.want) {
				t.Errorf("status %d, says %q; want %q", status, errs, test.want)
			}
		})
	}
}
