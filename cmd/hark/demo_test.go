package main

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/handlers/browsertest"
)

// demo is a demo that runs, and what it printed.
type demo struct {
	signIn, report, mix, survey, mailbox string // addresses
	event                                string // the body of the curl line
	key                                  string
	in                                   *installation
}

// build makes the program as `make build` does, without the race detector,
// under which a year would take minutes.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "hark")
	command := exec.Command("go", "build", "-o", program, ".")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v\n%s", err, out)
	}
	return program
}

// startDemo runs `hark demo` as a process and reads what it prints.
func startDemo(t *testing.T) demo {
	t.Helper()
	in := install(t, "")
	command := exec.Command(build(t), "demo", "--dir", t.TempDir(), "--addr", in.addr)
	command.Env = withoutSettings(os.Environ())
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, errs := new(logLines), new(logLines)
	command.Stdout, command.Stderr = out, errs
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait()
		if t.Failed() {
			t.Logf("the demo printed:\n%s\n%s", out, errs)
		}
	})
	for range 1200 { // two minutes, on a machine that does much else
		if strings.Contains(out.String(), "Stop with Ctrl-C") {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	find := func(pattern string) string {
		found := regexp.MustCompile(pattern).FindStringSubmatch(out.String())
		if found == nil {
			t.Fatalf("the demo does not print %s:\n%s\n%s", pattern, out, errs)
		}
		return found[1]
	}
	d := demo{
		signIn: find(`Sign in \(once\):\s+(\S+)`), report: find(`Read a report:\s+(\S+)`), mix: find(`Then this one:\s+(\S+)`), survey: find(`Answer a survey:\s+(\S+)`),
		mailbox: find(`click a score:\s+(\S+)`), event: find(`-d '(.*)'`), key: find(`Bearer (hark_\S+)'`), in: in,
	}
	in.url = find(`Hark is listening on (\S+)`)
	return d
}

// TestPictureOfTheDemo does what the demo tells a newcomer to do, and takes
// the pictures that the README and docs/ show.
func TestPictureOfTheDemo(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	pictures := browsertest.Pictures(t)
	visitor := browser{t, browsertest.New(t)}
	visitor.do("sign in by the link", chromedp.Navigate(d.signIn), submit("main form button"), chromedp.WaitReady(css("main")))
	if where, _ := chromedp.Run(visitor.tab, chromedp.Location()); !strings.HasSuffix(where, "/scores") {
		t.Fatalf("the link leads to %s", where)
	}
	take := func(name, address string, width int, scheme browsertest.Scheme) {
		t.Helper()
		visitor.do("open "+address, chromedp.Navigate(address))
		file := filepath.Join(pictures, name+".png")
		if err := browsertest.Screenshot(visitor.tab, file, width, 0, scheme); err != nil {
			t.Fatal(err)
		}
		if picture, err := os.ReadFile(file); err != nil || !bytes.HasPrefix(picture, []byte("\x89PNG")) || len(picture) < 10_000 {
			t.Errorf("%s is no picture: %d bytes, %v", name, len(picture), err)
		}
		if overflow, err := chromedp.Run(visitor.tab, chromedp.Evaluate[bool]("document.documentElement.scrollWidth > innerWidth")); err != nil || overflow {
			t.Errorf("%s at %d px scrolls sideways (%v)", address, width, err)
		}
	}
	for range 300 { // until everybody who was asked is counted: part of them tell of differences that are none
		visitor.await("who was asked is counted", d.report, "of those who got a mail answered")
		if !strings.Contains(visitor.text("#asked"), "still being counted") {
			break
		}
		time.Sleep(200 * time.Millisecond)
	}
	visitor.await("the ratings are counted", d.report, "of the score (R²)")
	lately, _, _ := strings.Cut(d.report, "?")
	visitor.await("the comments are read", lately+"/themes", "points lower")
	visitor.do("wait until all are read", chromedp.WaitNotPresent(css("#themes [role=status]")))
	take("scores", d.in.url+"/scores", 1280, browsertest.Light)
	take("report", d.report, 1280, browsertest.Light)
	if headline := visitor.text("h1"); !strings.Contains(headline, "±") {
		t.Errorf("the report's headline is %q", headline)
	}
	// What the demo asks about the report, the report answers.
	if text := visitor.text("main"); !strings.Contains(text, "a real fall") || !strings.Contains(text, "comes from subscription") || !strings.Contains(text, "What people write about") {
		t.Errorf("the report does not say whether the fall was real, where it came from, and what people write about:\n%s", text)
	}
	visitor.do("open the other report", chromedp.Navigate(d.mix))
	if text := visitor.text("main"); !strings.Contains(text, "because of who answered") {
		t.Errorf("the other fall is not told to be a change of who answered:\n%s", text)
	}
	take("report-dark", d.report, 1280, browsertest.Dark)
	take("report-phone", d.report, 320, browsertest.Light)
	take("themes", lately+"/themes", 1280, browsertest.Light)
	visitor.await("loyalty is computed", d.in.url+"/loyalty", "Who may leave")
	take("loyalty", d.in.url+"/loyalty", 1280, browsertest.Light)
	visitor.readsAbout(lately, d.in.url+"/loyalty", lately+"/loyalty")
	take("survey", d.survey, 1280, browsertest.Light)
	take("survey-phone", d.survey, 320, browsertest.Light)

	if status := d.in.call(t.Context(), http.MethodPost, "/api/v1/events", d.key, d.event, nil); status != http.StatusAccepted {
		t.Fatalf("the demo's event: status %d", status)
	}
	letter := css("a[href^='/mailbox/']")
	for range 100 {
		visitor.do("open the mailbox", chromedp.Navigate(d.mailbox))
		if strings.Contains(visitor.text("main"), "you@example.com") {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	visitor.do("open the letter", chromedp.Click(letter), chromedp.WaitReady(css("iframe")))
	address, err := chromedp.Run(visitor.tab, chromedp.Location())
	if err != nil {
		t.Fatal(err)
	}
	take("letter", address, 1280, browsertest.Light)
	visitor.do("follow a choice", chromedp.Navigate(address+"/html"), chromedp.Evaluate[chromedp.Void]("location.href = document.querySelector('a[href*=\"score=7\"]').href"),
		chromedp.WaitReady(css("input[name=score][value='7']:checked")), chromedp.Click(css("main form button")), chromedp.WaitReady(css("main .acts")))
	if text := visitor.text("main"); !strings.Contains(text, "Thank you") {
		t.Errorf("after the answer the page says %q", text)
	}
}

// readsAbout holds docs/reading.md to the pages: it has a paragraph for each of
// their figures, which begins with the words that stand over the figure.
func (b browser) readsAbout(addresses ...string) {
	b.tb.Helper()
	manual, err := os.ReadFile("../../docs/reading.md")
	if err != nil {
		b.tb.Fatal(err)
	}
	for _, address := range addresses {
		b.do("open "+address, chromedp.Navigate(address))
		headings, err := chromedp.Run(b.tab, chromedp.Evaluate[[]string](`[...document.querySelectorAll("main h2")].map(h => h.innerText)`))
		if err != nil || len(headings) < 3 {
			b.tb.Fatalf("%s has the headings %q, %v", address, headings, err)
		}
		for _, heading := range headings {
			if !strings.Contains(strings.ReplaceAll(string(manual), "\n", " "), "**"+heading) {
				b.tb.Errorf("docs/reading.md has no paragraph %q, which is a figure of %s", heading, address)
			}
		}
	}
}

// await opens a page again and again until it says something: what a job of the
// server's first seconds is about to find.
func (b browser) await(what, address, says string) {
	b.tb.Helper()
	for range 300 {
		b.do("open "+address, chromedp.Navigate(address))
		if strings.Contains(b.text("main"), says) {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
	b.tb.Fatalf("waited in vain until %s: %s", what, b.text("main"))
}
