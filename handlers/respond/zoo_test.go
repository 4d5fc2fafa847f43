package respond_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// zooRuns is how often each scanner that runs no script visits a letter of its own.
var zooRuns = flag.Int("zoo.runs", usualVisits, "visits of each scanner that runs no script")

// chrome is what scanners say they are, and most people's browsers.
const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"

// zoo is the public pages with a clock that moves, and letters that have left.
type zoo struct {
	*bundle
	store   *store.Store
	clock   ticking
	asked   surveys.Survey
	letters []letter
}

// letter is one that arrived, with its links in the order in which it has them.
type letter struct {
	invitation surveys.Invitation
	scores     []string
	page, stop string
	trap       string
}

// links are those that people see.
func (l letter) links() []string { return append(slices.Clone(l.scores), l.page, l.stop) }

// ticking is a clock that a test can move.
type ticking interface{ Advance(d time.Duration) }

func newZoo(t testing.TB, s *store.Store, clock ticking, metric surveys.Metric) *zoo {
	b := newBundle(t, s)
	b.site.Now = s.Now
	survey, _ := b.survey(metric)
	return &zoo{bundle: b, store: s, clock: clock, asked: survey}
}

// send has n letters leave now.
func (z *zoo) send(n int) {
	z.t.Helper()
	rule := storetest.Rule(z.t, z.store, z.asked)
	event := storetest.Event(z.t, z.store, storetest.Person(z.t, z.store, z.workspace.ID))
	for from := 0; from < n; from += 100 {
		storetest.Write(z.t, z.store, func(ctx context.Context, tx *store.Tx) error {
			for k := from; k < min(n, from+100); k++ {
				l, err := z.letter(ctx, tx, rule, event)
				if err != nil {
					return err
				}
				z.letters = append(z.letters, l)
			}
			return nil
		})
	}
	if err := flow.CountInvitations(context.Background(), z.store); err != nil {
		z.t.Fatal(err)
	}
}

func (z *zoo) letter(ctx context.Context, tx *store.Tx, rule surveys.Rule, event surveys.Event) (letter, error) {
	now := z.store.Now()
	id, err := tx.NewID()
	if err != nil {
		return letter{}, err
	}
	person, err := tx.SavePerson(ctx, surveys.Person{WorkspaceID: z.workspace.ID, ExternalID: id, Email: "p@" + id[24:] + ".example", Locale: "en"})
	if err != nil {
		return letter{}, err
	}
	l := letter{invitation: surveys.Invitation{
		WorkspaceID: z.workspace.ID, ID: id, Letter: surveys.LetterInvitation, SurveyID: z.asked.ID, RuleID: rule.ID, EventID: event.ID, PersonID: person.ID,
		Email: person.Email, State: surveys.InvitationSent, SendAt: now, SentAt: &now, ExpiresAt: now.Add(surveys.AnswerWindow), CreatedAt: now,
	}}
	token, err := surveys.NewToken(z.store.Random(), z.workspace.Key)
	if err != nil {
		return l, err
	}
	l.page, l.stop, l.trap = "/r/"+string(token), "/u/"+string(token.WayOut()), "/h/"+string(token.WayOut())
	for _, score := range z.asked.Metric.Scale().Choices() {
		l.scores = append(l.scores, fmt.Sprintf("%s?score=%d", l.page, score))
	}
	if err := tx.CreateInvitation(ctx, l.invitation); err != nil {
		return l, err
	}
	return l, tx.CreateGrant(ctx, z.workspace.ID, store.NewGrant{Token: token.WayOut(), Purpose: surveys.PurposeUnsubscribe, SubjectID: id, ExpiresAt: now.AddDate(2, 0, 0)})
}

// machine asks for addresses as scanners do: it keeps nothing and reads nothing.
type machine struct {
	z       *zoo
	network string // "198.51.100.7"
	agent   string
	headers map[string]string
}

func (m machine) ask(method, path, body string) int {
	request := httptest.NewRequest(method, "https://feedback.example"+path, strings.NewReader(body))
	request.RemoteAddr = m.network + ":40000"
	request.Header.Set("User-Agent", m.agent)
	for name, value := range m.headers {
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	m.z.handler.ServeHTTP(recorder, request)
	return recorder.Code
}

// judged lets time pass, judges, and returns what became of the letters.
func (z *zoo) judged() surveys.Asked {
	z.t.Helper()
	ctx := context.Background()
	for range 2 { // at once, and when the quarantine is over
		if err := z.site.Touches.Flush(ctx); err != nil {
			z.t.Fatal(err)
		}
		if err := flow.Judge(ctx, z.store); err != nil {
			z.t.Fatal(err)
		}
		z.clock.Advance(surveys.UsualQuarantine + time.Minute)
	}
	if err := flow.Judge(ctx, z.store); err != nil {
		z.t.Fatal(err)
	}
	asked, err := z.store.AskedBySurvey(ctx, z.workspace.ID, []string{z.asked.ID}, 0, 1<<20)
	if err != nil {
		z.t.Fatal(err)
	}
	if wrong, err := z.store.RecountInvitations(ctx, z.workspace.ID); err != nil || len(wrong) > 0 {
		z.t.Errorf("the counts of invitations are wrong: %+v, %v", wrong, err)
	}
	return asked[z.asked.ID]
}

// visits is a scanner: step k of its way through a letter, and how long it waits
// after each.
type visits struct {
	name    string
	metric  surveys.Metric // "": CSAT
	method  string
	before  time.Duration // from the letter's leaving
	between time.Duration
	headers map[string]string
	choose  func(l letter, run int) []string
	body    string
	allowed []int
}

func all(l letter, _ int) []string { return l.links() }

// scanners are those of the corpus that run no script.
func scanners() []visits {
	return []visits{
		{name: "S1 HEAD of all links", method: "HEAD", between: 100 * time.Millisecond, choose: all},
		{name: "S2 GET of all links in order within 2 s", metric: surveys.NPS, method: "GET", between: 150 * time.Millisecond, choose: all},
		{name: "S3 GET of one random link at +1 s", method: "GET", before: time.Second, choose: func(l letter, run int) []string {
			links := l.links()
			return links[rand.New(rand.NewPCG(3, uint64(run))).IntN(len(links)):][:1]
		}},
		{name: "S6 the hidden link first", method: "GET", before: time.Minute, between: 20 * time.Second, choose: func(l letter, run int) []string {
			return []string{l.trap, l.scores[run%len(l.scores)]}
		}},
		{name: "S7 GET of all links at +3 h", method: "GET", before: 3 * time.Hour, between: 100 * time.Millisecond, choose: all},
		{name: "S8 POST to the way out without a body", method: "POST", before: time.Second, choose: func(l letter, _ int) []string { return []string{l.stop} }, allowed: []int{400}},
		{name: "S10 prefetch and prerender", method: "GET", before: time.Hour, between: time.Second, headers: map[string]string{"Sec-Purpose": "prefetch;prerender", "Sec-Fetch-Mode": "navigate"},
			choose: func(l letter, run int) []string { return l.scores[run%len(l.scores):][:1] }},
	}
}

// TestScannersDoNotVote sends scanners to letters, each to so many of its own,
// under a usual browser's name from a network of no ill repute: no answer is
// counted, no address stops, and, but for those that touch no link, all are known
// for what they are.
func TestScannersDoNotVote(t *testing.T) {
	t.Parallel()
	for _, scanner := range scanners() {
		t.Run(scanner.name, func(t *testing.T) {
			t.Parallel()
			storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
				z := newZoo(t, s, clock, cmp.Or(scanner.metric, surveys.CSAT))
				runs := *zooRuns
				if s.Dialect() == store.Postgres { // the visits are the same, and so is what is judged
					runs = max(1, runs/10)
				}
				z.send(runs)
				clock.Advance(scanner.before)
				z.run(scanner)
				got := z.judged()
				want := surveys.Asked{Invited: int64(runs), Sent: int64(runs), Machines: int64(runs)}
				if scanner.method == "POST" {
					want.Machines = 0 // nobody followed a link
				}
				if got != want {
					t.Errorf("the funnel is %+v, want %+v", got, want)
				}
				z.wantNothing()
			})
		})
	}
}

// run has each run take its first step, then its second, and so on, so that the
// clock is right for all.
func (z *zoo) run(v visits) {
	z.t.Helper()
	for step := 0; ; step++ {
		asked := 0
		for run, l := range z.letters {
			links := v.choose(l, run)
			if step >= len(links) {
				continue
			}
			asked++
			m := machine{z, fmt.Sprintf("198.51.%d.%d", run/250, run%250+1), chrome, v.headers}
			if code := m.ask(v.method, links[step], v.body); code != 200 && !slices.Contains(v.allowed, code) {
				z.t.Fatalf("%s gets %d: scanners are never refused", links[step], code)
			}
		}
		if asked == 0 {
			return
		}
		z.clock.Advance(v.between)
	}
}

// wantNothing fails the test where an answer is counted, or an address stopped.
func (z *zoo) wantNothing() {
	z.t.Helper()
	z.wantRollups(z.asked, 0)
	if list := z.answers(z.asked); len(list) != 0 {
		z.t.Errorf("%d answers are counted, such as %+v", len(list), list[0])
	}
	counts, err := z.store.SuppressionCounts(context.Background(), z.workspace.ID)
	if err != nil || len(counts) != 0 {
		z.t.Errorf("addresses stopped: %v, %v", counts, err)
	}
}
