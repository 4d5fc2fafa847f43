package mailer

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// choosy is a mail server that refuses the letters of one sender.
type choosy struct {
	name    string // of the sender
	refusal Result

	mu     sync.Mutex
	tried  int // of the sender's
	others int
	well   bool
}

func (c *choosy) Deliver(_ context.Context, letter store.Letter) Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !bytes.Contains(letter.AppendTo(nil), []byte(c.name)) {
		c.others++
		return Result{Outcome: Sent}
	}
	c.tried++
	if c.well {
		return Result{Outcome: Sent}
	}
	return c.refusal
}

func (c *choosy) tries() (own, others int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tried, c.others
}

// TestRefusedSenderWaitsAlone has the mail server that all share refuse the sender
// of one workspace, at MAIL or at RCPT: the letters of others leave, its own wait
// and are tried ever more seldom, the log names it, nobody is suppressed, and all
// leave when the sender is taken.
func TestRefusedSenderWaitsAlone(t *testing.T) {
	casesOnBoth(t, map[string]struct {
		at    stage
		reply string
	}{
		"at MAIL, for good":    {atSender, "553 5.1.8 <b+x@gone.example>... Domain of sender address does not exist"},
		"at MAIL, and goes":    {atSender, "421 4.7.0 sender not welcome"},
		"at RCPT":              {atRecipient, "550 5.1.0 <b+x@gone.example>: Sender address rejected: User unknown in virtual mailbox table"},
		"the day's quota":      {atRecipient, "550 5.4.5 Daily user sending limit exceeded"},
		"at the dot, unproven": {atDot, "554 Message rejected: Email address is not verified."},
	}, func(t *testing.T, o office, clock *storetest.Clock, test struct {
		at    stage
		reply string
	}) {
		other := newOffice(t, o.store)
		if err := sending(t, o.store).SaveSender(t.Context(), o.workspace, surveys.Sender{FromName: "Unwelcome"}); err != nil {
			t.Fatal(err)
		}
		server := &choosy{name: "Unwelcome", refusal: judge(test.at, saidInFull(test.reply))}
		var log bytes.Buffer
		d := withWays(t, o, server, slog.New(slog.NewTextHandler(&log, nil)))
		o.inviteMany(29)
		mine := o.invite()
		other.inviteMany(30)
		clock.Advance(time.Second)
		round(t, d)
		first, others := server.tries()
		if others != 30 {
			t.Errorf("%d letters of the others were tried, want 30", others)
		}
		if first == 0 || first > d.Workers {
			t.Errorf("%d letters were tried at once", first)
		}
		for range 30 { // 5 minutes
			clock.Advance(10 * time.Second)
			round(t, d)
		}
		if n, _ := server.tries(); n < first+3 || n > first+5*d.Workers {
			t.Errorf("%d letters were tried in five minutes, %d of them at first", n, first)
		}
		if text := log.String(); strings.Count(text, "level=ERROR") != 1 || !strings.Contains(text, string(o.workspace.ID)) || strings.Contains(text, "b+x@") {
			t.Errorf("the log says\n%s", text)
		}
		counts, err := o.store.InvitationCounts(t.Context(), o.workspace.ID, "")
		if err != nil || counts[surveys.InvitationScheduled] != 30 {
			t.Errorf("%v, %v; want all to wait", counts, err)
		}
		server.mu.Lock()
		server.well = true
		server.mu.Unlock()
		clock.Advance(2 * lastRest)
		round(t, d)
		if i := o.expect(mine.ID, surveys.InvitationSent); i.Attempts != 1 {
			t.Errorf("%d tries are counted", i.Attempts)
		}
		if why, err := o.store.Suppression(t.Context(), o.workspace, mine.Email); err != nil || why != "" {
			t.Errorf("suppressed as %q, %v", why, err)
		}
	})
}
