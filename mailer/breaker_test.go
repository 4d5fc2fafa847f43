package mailer

import (
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestReceivers(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"a@gmail.com": "gmail", "a@GoogleMail.com": "gmail", "a@outlook.de": "microsoft", "a@live.co.uk": "microsoft", "a@yahoo.co.jp": "yahoo", "a@aol.com": "yahoo",
		"a@shop.example": "", "a@notgmail.com": "", "gmail.com@shop.example": "", "nobody": "",
	} {
		if got := receiverOf(address); got != want {
			t.Errorf("%s is taken by %q, want %q", address, got, want)
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
		clock.Advance(streamRest - time.Second)
		once(t, d, 0)
		clock.Advance(time.Second)
		once(t, d, people-test.failed)
		if got := states(); got[surveys.InvitationSent] != int64(people-test.failed) {
			t.Errorf("states %v after the rest, want %d sent", got, people-test.failed)
		}
	})
}

// TestStreamsRestAlone keeps a refusal to its workspace and its receivers.
func TestStreamsRestAlone(t *testing.T) {
	t.Parallel()
	var b breaker
	now := storetest.Start()
	mine := stream{workspace: "a", receiver: "gmail"}
	refused := Result{Outcome: Temporary, Policy: true, Problem: "550 5.7.26 no"}
	if b.note(mine, Result{Outcome: Temporary}, now) || b.note(mine, Result{Outcome: Outage}, now) || !b.note(mine, refused, now) || b.note(mine, refused, now) {
		t.Error("a stream begins to rest once, at a refusal of the sender")
	}
	for name, test := range map[string]struct {
		s     stream
		at    time.Duration
		rests bool
	}{
		"itself": {mine, streamRest - 1, true}, "an hour later": {mine, streamRest, false},
		"another receiver": {stream{"a", "yahoo"}, 0, false}, "another workspace": {stream{"b", "gmail"}, 0, false},
	} {
		if until, why := b.resting(test.s, now.Add(test.at)); until.IsZero() == test.rests || (why != "") != test.rests {
			t.Errorf("%s rests until %s (%s), want it to rest: %t", name, until, why, test.rests)
		}
	}
	few := stream{workspace: "c"}
	for n := range 2000 { // one in twenty
		result := Result{Outcome: Sent}
		if n%20 == 0 {
			result.Outcome = Permanent
		}
		if b.note(few, result, now) {
			t.Fatalf("a stream of which one in twenty is refused rests after %d letters", n)
		}
	}
}
