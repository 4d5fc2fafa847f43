package mailer

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestClockJumpsForwardWhileLettersLeave (security.md F8): the leases of letters that
// this process has on its lanes are over, and it does not take them for left.
func TestClockJumpsForwardWhileLettersLeave(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		var mu sync.Mutex
		tries, held := make(map[string]int), make(chan struct{})
		tried := func() int {
			mu.Lock()
			defer mu.Unlock()
			return len(tries)
		}
		d := dispatcher(t, o.store, transportFunc(func(_ context.Context, letter store.Letter) Result {
			mu.Lock()
			tries[letter.InvitationID]++
			hold := len(tries) <= 4
			mu.Unlock()
			if hold {
				<-held
			}
			return Result{Outcome: Sent}
		}), nil)
		for range 4 {
			o.invite()
		}
		clock.Advance(time.Second)
		running(t, d)
		comes(t, "four are on their way", func() bool { return tried() == 4 })
		clock.Advance(24 * time.Hour)
		o.invite()
		d.Wake()
		comes(t, "it was looked once more", func() bool { return tried() == 5 })
		close(held)
		comes(t, "all are sent", func() bool { return o.states()[surveys.InvitationSent] == 5 })
		clock.Advance(resendAfter + time.Minute)
		o.invite()
		d.Wake()
		comes(t, "it was looked again", func() bool { return tried() == 6 })
		mu.Lock()
		defer mu.Unlock()
		for id, n := range tries {
			if n != 1 {
				t.Errorf("%s was delivered %d times", id, n)
			}
		}
	})
}

// TestTakenWinsOverUnknown: another process, by its own clock, gave a letter up that
// is taken a moment later. It does not go once more.
func TestTakenWinsOverUnknown(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		i := o.invite()
		clock.Advance(time.Second)
		once(t, dispatcher(t, o.store, transportFunc(func(ctx context.Context, _ store.Letter) Result {
			storetest.Write(t, o.store, func(ctx context.Context, tx *store.Tx) error {
				abandoned, err := tx.ClaimAbandoned(ctx, o.workspace.ID, clock.Now().Add(time.Hour), 10)
				if len(abandoned) != 1 {
					t.Errorf("%d are given up", len(abandoned))
				}
				return err
			})
			return Result{Outcome: Sent}
		}), nil), 1)
		o.expect(i.ID, surveys.InvitationSent)
		if o.kept(i.ID) {
			t.Error("the bytes are kept although the fate is known")
		}
		clock.Advance(time.Hour)
		once(t, dispatcher(t, o.store, noTransport{t}, nil), 0)
	})
}

// TestNothingIsHandedOverWhereTheSenderIsRefused: a server that takes commands at once
// refuses the sender, and waits for a letter to somebody all the same. Even a dot
// would be one.
func TestNothingIsHandedOverWhereTheSenderIsRefused(t *testing.T) {
	t.Parallel()
	for _, reply := range []string{"451 4.7.1 later", "553 5.1.8 no"} {
		server := newScripted(t, map[string]string{"EHLO": "250-scripted\r\n250 PIPELINING", "MAIL": reply})
		transport := transportTo(t, server.addr, patient())
		for n := range 2 {
			if got := transport.Deliver(t.Context(), aLetter(n)); got.Outcome == Sent || got.Problem != reply {
				t.Errorf("%s: %+v", reply, got)
			}
		}
		if server.nothings() != 0 || len(server.letters()) != 0 || server.dialled() != 2 {
			t.Errorf("%s: %d empty letters on %d connections", reply, server.nothings(), server.dialled())
		}
	}
}
