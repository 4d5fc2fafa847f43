package mailer

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// spamLimit is the score that no letter may exceed; from 5 on most servers file
// a mail as spam.
const spamLimit = 1.0

// posted is a letter on its way to a filter.
type posted struct {
	name    string
	message []byte
}

// judged is what SpamAssassin says of a letter.
type judged struct {
	score float64
	rules string // every rule that it hit, with its score
}

// filterSpam has SpamAssassin read letters by its local rules, as a server does that
// asks nobody else: no network, no history of senders, nothing that it learned.
func filterSpam(t *testing.T, list []posted) []judged {
	t.Helper()
	program, err := exec.LookPath("spamassassin")
	if err != nil {
		t.Fatal("SpamAssassin is not installed: run `make test-deps`, or `apt-get install spamassassin`")
	}
	home := t.TempDir()
	box := filepath.Join(home, "letters.mbox")
	if err := os.WriteFile(box, mbox(list), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program, "--local", "--mbox",
		"--cf=use_bayes 0", "--cf=use_auto_welcomelist 0", "--cf=add_header all Gate _SCORE_ _TESTSSCORES(;)_", "--cf=fold_headers 0", box)
	command.Dir, command.Env = home, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "LC_ALL=C.UTF-8", "TZ=UTC"}
	var wrong bytes.Buffer
	command.Stderr = &wrong
	out, err := command.Output()
	if err != nil {
		t.Fatalf("SpamAssassin: %v\n%s", err, wrong.String())
	}
	verdicts, err := readVerdicts(out, len(list))
	if err != nil {
		t.Fatalf("%v\n%s", err, wrong.String())
	}
	return verdicts
}

// mbox puts letters into one file as the reader's server got them: each with a
// line of the last hop.
func mbox(list []posted) []byte {
	var out bytes.Buffer
	for i, one := range list {
		out.WriteString("From feedback@shop.example Mon Mar  2 09:00:01 2026\n")
		fmt.Fprintf(&out, "Received: from mail.shop.example (mail.shop.example [93.184.216.34])\n\tby mx.customers.example (Postfix) with ESMTPS id letter%d\n\tfor <ana@customers.example>; Mon, 02 Mar 2026 09:00:01 +0000\n", i)
		for line := range strings.Lines(strings.ReplaceAll(string(one.message), "\r\n", "\n")) {
			if strings.HasPrefix(line, "From ") {
				line = ">" + line
			}
			out.WriteString(line)
		}
		out.WriteString("\n")
	}
	return out.Bytes()
}

// readVerdicts reads the header that [filterSpam] has SpamAssassin add, and finds
// the letter by the mark of [mbox]: they come in an order of their own.
func readVerdicts(out []byte, n int) ([]judged, error) {
	list := make([]judged, n)
	lines := regexp.MustCompile(`(?s)\nX-Spam-Gate: (\S+) (\S*)\n.*?ESMTPS id letter(\d+)\n`).FindAllSubmatch(out, -1)
	if len(lines) != n {
		return nil, fmt.Errorf("%d verdicts on %d letters", len(lines), n)
	}
	for _, line := range lines {
		score, err := strconv.ParseFloat(string(line[1]), 64)
		if err != nil {
			return nil, err
		}
		i, err := strconv.Atoi(string(line[3]))
		if err != nil || i >= n || list[i].rules != "" {
			return nil, fmt.Errorf("a second or strange verdict: %s", line[0])
		}
		list[i] = judged{score, string(line[2])}
	}
	return list, nil
}

// spamLanguages are the languages that digests are written in.
func spamLanguages(t *testing.T) []string {
	t.Helper()
	catalogue, err := testCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, l := range catalogue.All() {
		list = append(list, l.Lang())
	}
	return list
}

// TestLettersAreNoSpam is the gate of every letter: in each language, with each
// metric, the first and the reminder, and digests of all paces and sizes.
func TestLettersAreNoSpam(t *testing.T) {
	t.Parallel()
	list := append(postedInvitations(t), postedDigests(t)...)
	for i, verdict := range filterSpam(t, list) {
		t.Logf("%5.1f  %-38s %s", verdict.score, list[i].name, verdict.rules)
		if verdict.score > spamLimit {
			t.Errorf("%s scores %.1f, more than %.1f: %s", list[i].name, verdict.score, spamLimit, verdict.rules)
		}
	}
}

// TestTheGateKnowsSpam makes sure that the gate can fail.
func TestTheGateKnowsSpam(t *testing.T) {
	t.Parallel()
	const gtube = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
	letter := []byte("From: a@shop.example\nTo: ana@customers.example\nSubject: Test\nMessage-ID: <1@shop.example>\nDate: Mon, 02 Mar 2026 09:00:00 +0000\n\n" + gtube + "\n")
	if verdict := filterSpam(t, []posted{{"spam", letter}})[0]; verdict.score < 100 || !strings.Contains(verdict.rules, "GTUBE") {
		t.Errorf("what every filter knows as spam scores %.1f: %s", verdict.score, verdict.rules)
	}
}

// postedInvitations are invitations of every metric, their reminders, and the
// thank-yous for the best and the worst answer.
func postedInvitations(t *testing.T) []posted {
	t.Helper()
	composer := testComposer(t, storetest.Start)
	var list []posted
	for _, lang := range surveys.RespondentLocales() {
		for _, metric := range surveys.Metrics() {
			for _, kind := range []surveys.LetterKind{surveys.LetterInvitation, surveys.LetterReminder, surveys.LetterThanks} {
				a := asking()
				a.Person.Locale, a.Survey.Metric, a.Invitation.Letter = lang, metric, kind
				scale := metric.Scale()
				a.Answer = &surveys.Response{Score: scale.Max}
				a.Links = map[surveys.Band]string{scale.Band(scale.Max): "https://www.shop.example/reviews"}
				c, err := composer.Compose(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, posted{fmt.Sprintf("%s %s %s", kind, lang, metric), c.Letter.Message})
			}
		}
	}
	return list
}

// postedDigests are digests of every pace: with a fall, its picture and
// comments; of more surveys than there is room for; and of no news at all, which
// is only sent to those who ask for it.
func postedDigests(t *testing.T) []posted {
	t.Helper()
	s := storetest.Open(t, store.SQLite)
	fall, many, quiet := newNewsroom(t, s), newNewsroom(t, s), newNewsroom(t, s)
	fall.answers(fall.survey, 40, []int{9, 10, 8, 9, 3}, []int{6, 3, 9, 7, 5})
	many.answers(many.survey, 2, []int{9, 4}, []int{5, 2})
	for i := range 34 {
		many.answers(storetest.Survey(t, s, many.workspace.ID, surveys.Metrics()[i%4]), 2, []int{1, 4}, []int{5, 2})
	}
	d := digestsTo(t, noTransport{t}, s.Now)
	var list []posted
	for _, lang := range spamLanguages(t) {
		for _, pace := range surveys.DigestPaces() {
			for what, n := range map[string]*newsroom{"with a fall": fall, "of 35 surveys": many, "quiet": quiet} {
				e := n.preview(func(d *surveys.Digest) { d.Every, d.Comments = pace, true })
				e.User.Locale, e.Asked = lang, what == "quiet"
				letter, err := d.WriteDigest(t.Context(), e, wayOut)
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, posted{fmt.Sprintf("digest %s %s %s", lang, pace, what), letter.Message})
			}
		}
	}
	return list
}
