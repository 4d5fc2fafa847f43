package mailer

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// running runs a dispatcher until the test ends, and checks that it stops.
func running(t *testing.T, d *Dispatcher) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		d.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		select {
		case <-ended:
		case <-time.After(d.Grace + 10*time.Second):
			t.Error("the dispatcher does not stop")
		}
	})
}

// comes waits until something is so.
func comes(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it does not come to it that %s", what)
		}
	}
}

// TestServerThatHangsHoldsUpItsOwnOnly: a workspace's mail server that answers no
// dot for ten minutes takes as many letters as it has lanes; those of others
// leave meanwhile, also those that are due only later.
func TestServerThatHangsHoldsUpItsOwnOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		shared, own, other := newScripted(t, nil), newScripted(t, map[string]string{"DOT": hang}), newOffice(t, o.store)
		if err := sending(t, o.store).SaveRelay(t.Context(), o.workspace.ID, relayAt(t, own.addr)); err != nil {
			t.Fatal(err)
		}
		o.inviteMany(60)
		other.inviteMany(20)
		clock.Advance(time.Second)
		d := withWays(t, o, transportTo(t, shared.addr, patient()), slog.New(slog.DiscardHandler))
		d.Batch, d.Workers, d.Grace = 20, 4, 100*time.Millisecond
		running(t, d)
		comes(t, "the others' letters left", func() bool { return shared.owned() == 20 })
		comes(t, "its server has a letter on each lane", func() bool { return len(own.letters()) == 4 })
		other.inviteMany(10)
		clock.Advance(time.Second)
		comes(t, "the others' later letters left", func() bool { return shared.owned() == 30 })
		if n := len(own.letters()); n != 4 {
			t.Errorf("the server that hangs has %d letters, want one for each of 4 lanes", n)
		}
	})
}

// inOrder notes whose letters leave, one after the other.
type inOrder struct {
	mu   sync.Mutex
	to   []string
	then func(n int) // told of each; not at the same time
}

func (l *inOrder) Deliver(_ context.Context, letter store.Letter) Result {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.to = append(l.to, letter.InvitationID)
	if l.then != nil {
		l.then(len(l.to))
	}
	return Result{Outcome: Sent}
}

// last is the place of the last one of some letters, and how many of them left.
func (l *inOrder) last(mine map[string]bool) (place, found int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n, id := range l.to {
		if mine[id] {
			place, found = n+1, found+1
		}
	}
	return place, found
}

// TestLongListHoldsUpNobody: of two workspaces that share a mail server one has
// a long list of letters due, the other ten, at the same time or in the middle of
// it. They leave before the list's next batches, however long it is.
func TestLongListHoldsUpNobody(t *testing.T) {
	const long, batch, lanes = 600, 40, 4
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		for name, after := range map[string]int{"at the same time": 0, "in the middle": 200} {
			t.Run(name, func(t *testing.T) {
				many, few := newOffice(t, o.store), newOffice(t, o.store)
				many.inviteMany(long)
				mine := make(map[string]bool)
				come := func() {
					for range 10 {
						mine[few.invite().ID] = true
					}
				}
				if after == 0 {
					come()
				}
				clock.Advance(time.Second)
				line := new(inOrder)
				line.then = func(n int) {
					if n == after {
						come()
						clock.Advance(time.Second)
					}
				}
				running(t, dispatcher(t, o.store, line, func(o *DispatcherOptions) { o.Batch, o.Workers = batch, lanes }))
				comes(t, "all letters left", func() bool {
					line.mu.Lock()
					defer line.mu.Unlock()
					return len(line.to) == long+10
				})
				place, found := line.last(mine)
				// What waited on the road and the batches that were prepared just then, on a
				// busy machine some more, and a letter of the other's between two of these ten.
				if limit := after + 6*batch + 20 + lanes; found != 10 || place > limit {
					t.Errorf("%d of 10 left, the last one as letter %d, want it to be %d at most", found, place, limit)
				}
				t.Logf("the tenth is letter %d", place-after)
			})
		}
	})
}

// TestRoad: workspaces take turns on a road.
func TestRoad(t *testing.T) {
	t.Parallel()
	r := newRoads(2).to("", false)
	for n, ws := range []surveys.WorkspaceID{"a", "a", "a", "b", "c", "c"} {
		next := ready{batch: &batch{workspace: surveys.Workspace{ID: ws}}}
		if another := r.put(next, 2); another != (n < 2) {
			t.Errorf("letter %d wants another lane: %t", n, another)
		}
	}
	if r.room("a", 6) != 0 || r.room("d", 7) != 7 || r.leave() {
		t.Error("six letters wait")
	}
	var got string
	for {
		next, found, _ := r.take(storetest.Start())
		if !found {
			break
		}
		got += string(next.batch.workspace.ID)
	}
	if got != "abcaca" || !r.leave() || r.room("a", 1) != 1 {
		t.Errorf("they leave as %s, want abcaca", got)
	}
}

// TestRoadOfSlowLetters: who has no bucket, or one that lets something through, does
// not wait for those whose bucket is empty; all wait for the mail server's.
func TestRoadOfSlowLetters(t *testing.T) {
	t.Parallel()
	r, now := newRoads(1).to("", false), storetest.Start()
	r.slow(0, "a", 2)
	for _, ws := range []surveys.WorkspaceID{"a", "a", "a", "b", "b", "b", "b"} {
		r.put(ready{batch: &batch{workspace: surveys.Workspace{ID: ws}}}, 1)
	}
	leaving := func() (got string, wait time.Duration) {
		for {
			next, found, wait := r.take(now)
			if !found {
				return got, wait
			}
			got += string(next.batch.workspace.ID)
		}
	}
	if room, other := r.room("a", 200), r.room("b", 5); room != 17 || other != 5 {
		t.Errorf("room for %d and %d, want what leaves within ten seconds, and for b as if a had none", room, other)
	}
	if got, wait := leaving(); got != "abbbb" || wait < 499*time.Millisecond || wait > 501*time.Millisecond {
		t.Errorf("%s leave at once, then it waits %s", got, wait)
	}
	now = now.Add(510 * time.Millisecond)
	if got, _ := leaving(); got != "a" {
		t.Errorf("%q leave half a second later", got)
	}
	r.slow(1, "a", 0)
	r.put(ready{batch: &batch{workspace: surveys.Workspace{ID: "b"}}}, 1)
	if got, wait := leaving(); got != "a" || wait <= 0 {
		t.Errorf("%q leave by a server that takes one a second, then it waits %s", got, wait)
	}
	if all := r.empty(); len(all) != 1 || !r.leave() {
		t.Errorf("%d letters are given back", len(all))
	}
}

// TestBucketFollowsAClockThatIsSetBack: what it lets through does not wait until the
// clock has caught up.
func TestBucketFollowsAClockThatIsSetBack(t *testing.T) {
	t.Parallel()
	r, now := newRoads(1).to("", false), storetest.Start()
	r.slow(10, "a", 10)
	leaves := func() bool {
		_, found, _ := r.take(now)
		return found
	}
	for range 9 {
		r.put(ready{batch: &batch{workspace: surveys.Workspace{ID: "a"}}}, 1)
	}
	if !leaves() || leaves() {
		t.Fatal("ten a second is not one at once")
	}
	now = now.Add(-time.Millisecond) // another lane, a moment before
	if leaves() {
		t.Error("a lane that looks later lets another through")
	}
	now = now.Add(-24 * time.Hour)
	if !leaves() || leaves() {
		t.Error("a day back it does not begin anew")
	}
	now = now.Add(110 * time.Millisecond)
	if !leaves() {
		t.Error("nothing leaves after it")
	}
}
