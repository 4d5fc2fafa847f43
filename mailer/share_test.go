package mailer

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestTwoDispatchersMailEachOnce lets two dispatchers mail 500 invitations: on
// PostgreSQL each with a store and connections of its own, as two processes have
// them; on SQLite, which one process opens, side by side on one store.
func TestTwoDispatchersMailEachOnce(t *testing.T) {
	t.Parallel()
	const n = 500
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t, dialect)
			stores := []*store.Store{storetest.OpenURL(t, url, storetest.Start)}
			if dialect == store.SQLite {
				stores = append(stores, stores[0]) // a second process may not open the file
			} else {
				stores = append(stores, storetest.OpenURL(t, url, storetest.Start))
			}
			if err := stores[0].Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			o := newOffice(t, stores[0])
			o.inviteMany(n)
			server := smtptest.New(t)
			var both sync.WaitGroup
			handed := make([]int, len(stores))
			for i, s := range stores {
				d := dispatcher(t, s, transportTo(t, server.Addr(), patient()), func(o *DispatcherOptions) { o.Batch = 17 })
				both.Go(func() {
					var err error
					if handed[i], err = runOnce(t.Context(), d); err != nil {
						t.Errorf("dispatcher %d: %v", i, err)
					}
				})
			}
			both.Wait()
			t.Logf("they handed over %v letters", handed)
			if handed[0]+handed[1] != n {
				t.Errorf("they handed over %v letters, want %d together", handed, n)
			}
			seen := make(map[string]int)
			for _, message := range server.Messages() {
				seen[message.To[0]]++
			}
			for recipient, times := range seen {
				if times != 1 {
					t.Errorf("%s got %d letters", recipient, times)
				}
			}
			counts, err := o.store.InvitationCounts(t.Context(), o.workspace.ID, "")
			if err != nil || len(seen) != n || counts[surveys.InvitationSent] != n {
				t.Errorf("%d people got a letter, states %v, %v; want %d", len(seen), counts, err, n)
			}
		})
	}
}

func TestEveryWorkspaceIsServed(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		other := newOffice(t, o.store)
		o.inviteMany(7)
		other.inviteMany(5)
		server := smtptest.New(t)
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), func(o *DispatcherOptions) { o.Batch = 2 })
		once(t, d, 12)
		for key, want := range map[string]int{o.workspace.Key: 7, other.workspace.Key: 5} {
			got := 0
			for _, message := range server.Messages() {
				if strings.Contains(readMessage(t, message.Data).Text, "/r/"+key) {
					got++
				}
			}
			if got != want {
				t.Errorf("%d letters lead to workspace %s, want %d", got, key, want)
			}
		}
	})
}

func TestRunWakesAndStops(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := smtptest.New(t)
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), func(o *DispatcherOptions) { o.Interval = time.Hour })
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			d.Run(ctx)
		}()
		for n := 1; n <= 3; n++ {
			o.invite()
			d.Wake()
			server.Wait(t, n)
		}
		stop()
		<-stopped
	})
}

func TestStopFinishesWhatIsOnItsWay(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		o.inviteMany(20)
		begun, goOn := make(chan struct{}, 20), make(chan struct{})
		slow := transportFunc(func(context.Context, store.Letter) Result {
			begun <- struct{}{}
			<-goOn
			return Result{Outcome: Sent}
		})
		d := dispatcher(t, o.store, slow, func(o *DispatcherOptions) { o.Grace, o.Workers = time.Minute, 4 })
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			d.Run(ctx)
		}()
		for range 4 {
			<-begun
		}
		stop()
		close(goOn)
		<-stopped
		counts, err := o.store.InvitationCounts(t.Context(), o.workspace.ID, "")
		if want := fmt.Sprint(map[surveys.InvitationState]int64{surveys.InvitationSent: 4, surveys.InvitationScheduled: 16}); err != nil || fmt.Sprint(counts) != want {
			t.Errorf("states %v, %v, want %s", counts, err, want)
		}
	})
}

func TestStopDoesNotWaitForeverForAServer(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		invitation := o.invite()
		server := newScripted(t, map[string]string{"DOT": hang})
		d := dispatcher(t, o.store, transportTo(t, server.addr, Timeouts{}), func(o *DispatcherOptions) { o.Grace = 50 * time.Millisecond })
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			d.Run(ctx)
		}()
		for len(server.letters()) == 0 {
			time.Sleep(5 * time.Millisecond)
		}
		stop()
		<-stopped
		o.expect(invitation.ID, surveys.InvitationUnknown)
		if !o.kept(invitation.ID) {
			t.Error("the bytes of a letter of unknown fate are gone")
		}
	})
}
