package mailer

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestStreamsOfAnAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"a@gmail.com": "[{w gmail}]", "a@Shop.Example": "[{w others} {w shop.example}]", "a@localhost": "[{w others}]", "nobody": "[{w others}]",
	} {
		if got := fmt.Sprint(streamsOf("w", address)); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

// TestStreamsRest has a receiver refuse all letters: the stream rests after the
// first that says the sender is not who it should be, or after one in twenty of
// the last two hundred; nobody is suppressed by a policy, and an hour later the
// others leave.
func TestStreamsRest(t *testing.T) {
	type refusal struct {
		reply         string
		tried, failed int
	}
	casesOnBoth(t, map[string]refusal{
		"DMARC":              {"550 5.7.26 not authenticated", 1, 0},
		"Microsoft's":        {"550 5.7.515 not authenticated", 1, 0},
		"addresses unknown":  {"550 5.1.1 no such user", 11, 11},
		"policy of the list": {"554 5.7.1 blocked", 11, 11},
	}, func(t *testing.T, o office, clock *storetest.Clock, test refusal) {
		const people = 15
		server := newScripted(t, map[string]string{"RCPT": test.reply})
		d := dispatcher(t, o.store, transportTo(t, server.addr, patient()), func(o *DispatcherOptions) { o.Workers = 1 })
		o.inviteMany(people)
		once(t, d, test.tried)
		states := func() map[surveys.InvitationState]int64 {
			counts, err := o.store.InvitationCounts(t.Context(), o.workspace.ID, "")
			if err != nil {
				t.Fatal(err)
			}
			return counts
		}
		if got := states(); got[surveys.InvitationFailed] != int64(test.failed) || got[surveys.InvitationScheduled] != int64(people-test.failed) {
			t.Errorf("states %v, want %d failed and the others to wait", got, test.failed)
		}
		server.heal()
		clock.Advance(surveys.StreamRest - time.Second)
		once(t, d, 0)
		clock.Advance(time.Second)
		once(t, d, 1) // tells that the stream flows
		clock.Advance(2 * probeWait)
		once(t, d, people-test.failed-1)
		if got := states(); got[surveys.InvitationSent] != int64(people-test.failed) {
			t.Errorf("states %v after the rest, want %d sent", got, people-test.failed)
		}
	})
}

// TestOneLetterTellsWhetherARestCanEnd: after each hour one is tried, and the others
// wait for what comes of it, also where ten lanes are free.
func TestOneLetterTellsWhetherARestCanEnd(t *testing.T) {
	casesOnBoth(t, map[string]Result{
		"refused": {Outcome: Permanent, Problem: "554 5.7.1 no"}, "not believed": {Outcome: Temporary, Policy: true, Problem: "550 5.7.26 no"},
	}, func(t *testing.T, o office, clock *storetest.Clock, refusal Result) {
		var tried atomic.Int64
		d := dispatcher(t, o.store, transportFunc(func(context.Context, store.Letter) Result { tried.Add(1); return refusal }), nil)
		o.inviteMany(100)
		clock.Advance(time.Second)
		round(t, d)
		if n := tried.Load(); n == 0 || n > surveys.MaxRefusals+int64(d.Workers)+1 {
			t.Errorf("%d letters were tried before the rest", n)
		}
		clock.Advance(2 * probeWait)
		for hour := range 3 {
			tried.Store(0)
			clock.Advance(surveys.StreamRest - 3*probeWait)
			round(t, d)
			if n := tried.Load(); n != 0 {
				t.Errorf("%d letters were tried in rest %d", n, hour)
			}
			clock.Advance(2 * probeWait)
			round(t, d)
			clock.Advance(2 * probeWait)
			round(t, d)
			if n := tried.Load(); n != 1 {
				t.Errorf("%d letters were tried after rest %d, want one", n, hour)
			}
		}
	})
}

// TestAProbeThatDoesNotLeaveMakesRoom: one that is withdrawn, or refused for now,
// does not hold up the others for ever.
func TestAProbeThatDoesNotLeaveMakesRoom(t *testing.T) {
	t.Parallel()
	var b breaker
	now := storetest.Start()
	b.note("w", "1@gmail.com", Result{Outcome: Temporary, Policy: true}, now)
	now = now.Add(surveys.StreamRest)
	leaves := func(address string, want bool) {
		t.Helper()
		if until, _ := b.resting("w", address, now, probeWait); until.IsZero() != want {
			t.Errorf("%s may leave: %t, want %t (%s)", address, until.IsZero(), want, until)
		}
	}
	leaves("2@gmail.com", true)
	leaves("3@gmail.com", false)
	leaves("2@gmail.com", true) // when it is looked at once more, before it leaves
	now = now.Add(probeWait)
	leaves("3@gmail.com", true)
	leaves("2@gmail.com", false)
	b.note("w", "3@gmail.com", Result{Outcome: Temporary}, now)
	leaves("2@gmail.com", true)
	if s, news := b.note("w", "2@gmail.com", Result{Outcome: Sent}, now); !news || s.Cause != "" {
		t.Errorf("a letter that was taken leaves the stream as %+v", s)
	}
	leaves("4@gmail.com", true)
	leaves("5@gmail.com", true)
}

// TestOneFirmRestsAlone: letters to a firm that closed are no reason to hold back
// those to all other firms; a list that is bad everywhere is.
func TestOneFirmRestsAlone(t *testing.T) {
	t.Parallel()
	gone := Result{Outcome: Permanent, BadAddress: true, Problem: "550 5.1.1 gone"}
	now := storetest.Start()
	rested := func(b *breaker, address func(n int) string) (last surveys.Stream, letters int) {
		for n := range 40 {
			b.note("w", fmt.Sprintf("1@good%d.example", n), Result{Outcome: Sent}, now)
			if s, news := b.note("w", address(n), gone, now); news {
				return s, n + 1
			}
		}
		return last, 0
	}
	var b breaker
	if s, n := rested(&b, func(n int) string { return fmt.Sprintf("%d@acme.example", n) }); s.Receiver != "acme.example" || n != surveys.MaxRefusals+1 {
		t.Errorf("%d letters to one firm let %q rest", n, s.Receiver)
	}
	if until, why := b.resting("w", "1@other.example", now, probeWait); !until.IsZero() {
		t.Errorf("another firm's letter waits: %s", why)
	}
	if until, _ := b.resting("w", "99@acme.example", now, probeWait); until.IsZero() {
		t.Error("the firm's own letters do not wait")
	}
	if s, n := rested(new(breaker), func(n int) string { return fmt.Sprintf("1@bad%d.example", n) }); s.Receiver != surveys.Others || n != surveys.MaxRefusals+1 {
		t.Errorf("%d letters to as many firms let %q rest", n, s.Receiver)
	}
}

// TestStreamsRestAlone keeps a refusal to its workspace and its receivers; of
// those in no group, to the domain.
func TestStreamsRestAlone(t *testing.T) {
	t.Parallel()
	var b breaker
	now := storetest.Start()
	refused := Result{Outcome: Temporary, Policy: true, Problem: "550 5.7.26 <ada@gmail.com> no"}
	news := func(ws surveys.WorkspaceID, address string, result Result) bool {
		s, news := b.note(ws, address, result, now)
		if news && (s.Cause != surveys.StreamPolicy || s.Why != "550 5.7.26 <…> no" || !s.Rests(now)) {
			t.Errorf("%+v", s)
		}
		return news
	}
	if news("a", "1@gmail.com", Result{Outcome: Temporary}) || news("a", "1@gmail.com", Result{Outcome: Outage}) || !news("a", "1@gmail.com", refused) || news("a", "2@gmail.com", refused) {
		t.Error("a stream begins to rest once, at a refusal of the sender")
	}
	news("a", "1@shop.example", refused)
	for name, test := range map[string]struct {
		ws      surveys.WorkspaceID
		address string
		at      time.Duration
		rests   bool
	}{
		"itself": {"a", "3@gmail.com", surveys.StreamRest - 1, true}, "an hour later": {"a", "3@gmail.com", surveys.StreamRest, false},
		"another receiver": {"a", "3@yahoo.com", 0, false}, "another workspace": {"b", "3@gmail.com", 0, false},
		"the domain": {"a", "4@shop.example", 0, true}, "another domain": {"a", "4@other.example", 0, false},
	} {
		if until, why := b.resting(test.ws, test.address, now.Add(test.at), probeWait); until.IsZero() == test.rests || (why != "") != test.rests {
			t.Errorf("%s rests until %s (%s), want it to rest: %t", name, until, why, test.rests)
		}
	}
	for n := range 2000 { // one in twenty
		result := Result{Outcome: Sent}
		if n%20 == 0 {
			result.Outcome = Permanent
		}
		if _, news := b.note("c", "1@shop.example", result, now); news {
			t.Fatalf("a stream of which one in twenty is refused rests after %d letters", n)
		}
	}
}
