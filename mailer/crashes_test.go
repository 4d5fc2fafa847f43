package mailer

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	chance "math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// crashRuns is how often TestCrashesLoseNothing kills; HARK_TEST_CRASHES=200 has
// it do so as often as security.md F5 asks, which takes some minutes.
const crashRuns = 20

// How each run of TestCrashesLoseNothing mails.
const (
	crashLanes   = 4
	crashLetters = 24
)

// TestCrashesLoseNothing kills a dispatching process again and again between a
// dot and the commit of its outcome, at a random letter, while other lanes are
// anywhere. In the end every letter has arrived, at most one of each lane and
// kill twice, and all copies of a letter are the same bytes.
func TestCrashesLoseNothing(t *testing.T) {
	if address := os.Getenv(crashStore); address != "" {
		mailUntilKilled(t, address)
		return
	}
	t.Parallel()
	runs := crashRuns
	if n, err := strconv.Atoi(os.Getenv("HARK_TEST_CRASHES")); err == nil {
		runs = n
	}
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			clock := storetest.NewClock()
			address := storetest.URL(t, dialect)
			s := storetest.OpenURL(t, address, clock.Now)
			if err := s.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			o, server := newOffice(t, s), smtptest.New(t)
			for range runs {
				o.inviteMany(crashLetters)
				killAfter(t, 1+chance.IntN(crashLetters-crashLanes), address, server.Addr())
			}
			d := dispatcher(t, s, transportTo(t, server.Addr(), patient()), nil)
			// Leases end, and letters of unknown fate have waited. A pass takes only so
			// many of those.
			for range 4 + runs/10 {
				clock.Advance(sendingLease + time.Minute)
				if _, err := runOnce(context.Background(), d); err != nil {
					t.Fatal(err)
				}
			}
			checkArrivals(t, o, server, runs)
		})
	}
}

// checkArrivals holds what arrived against what was promised.
func checkArrivals(t *testing.T, o office, server *smtptest.Server, kills int) {
	t.Helper()
	copies, first := make(map[string]int), make(map[string][]byte)
	for _, message := range server.Messages() {
		to := message.To[0]
		if copies[to]++; copies[to] > 1 && !bytes.Equal(first[to], message.Data) {
			t.Errorf("%s got two different letters", to)
		}
		first[to] = message.Data
	}
	twice := 0
	for to, n := range copies {
		if twice += n - 1; n > 2 {
			t.Errorf("%s got %d copies", to, n)
		}
	}
	counts, err := o.store.InvitationCounts(t.Context(), o.workspace.ID, "")
	if want := kills * crashLetters; err != nil || len(copies) != want || counts[surveys.InvitationSent] != int64(want) {
		t.Errorf("%d letters arrived, states %v, %v; want all %d", len(copies), counts, err, want)
	}
	if twice > kills*crashLanes || twice < kills {
		t.Errorf("%d second copies after %d kills of %d lanes: want one of the killed letter at least, and of each lane at most", twice, kills, crashLanes)
	}
	t.Logf("%d kills: %d letters, %d second copies", kills, len(copies), twice)
}

// killAfter runs a dispatching process and kills it when it has handed over so
// many letters, before the outcome of the last is stored.
func killAfter(t *testing.T, letters int, address, server string) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestCrashesLoseNothing$", "-test.v")
	child.Env = append(os.Environ(), crashStore+"="+address, crashServer+"="+server, crashMoment+"="+strconv.Itoa(letters))
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	reached := false
	for lines := bufio.NewScanner(output); !reached && lines.Scan(); {
		reached = strings.Contains(lines.Text(), "now")
	}
	_ = child.Process.Kill() // it may have ended by itself, which the next line shows
	_ = child.Wait()
	if !reached {
		t.Fatalf("the process never handed over letter %d", letters)
	}
}

// mailUntilKilled is the child's part: it says when so many letters are handed
// over, and does not go on with that one.
func mailUntilKilled(t *testing.T, address string) {
	s := storetest.OpenURL(t, address, storetest.Start)
	over := transportTo(t, os.Getenv(crashServer), patient())
	left, err := strconv.Atoi(os.Getenv(crashMoment))
	if err != nil {
		t.Fatal(err)
	}
	handed := make(chan struct{}, left-1)
	d := dispatcher(t, s, transportFunc(func(ctx context.Context, letter store.Letter) Result {
		result := over.Deliver(ctx, letter)
		select {
		case handed <- struct{}{}:
			return result
		default:
			fmt.Println("now")
			time.Sleep(time.Minute) // until the kill
			return Result{}
		}
	}), func(o *DispatcherOptions) { o.Workers = crashLanes })
	_, _ = runOnce(t.Context(), d)
}
