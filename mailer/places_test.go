package mailer

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// inviteAllAt schedules invitations of n new people at a domain for now, as one
// that is there already, and returns their ids.
func (o office) inviteAllAt(domain string, n int, like surveys.Invitation) map[string]bool {
	o.t.Helper()
	ids := make(map[string]bool, n)
	storetest.Write(o.t, o.store, func(ctx context.Context, tx *store.Tx) error {
		for range n {
			next := like
			next.ID = storetest.ID(o.t, o.store)
			next.Email = next.ID + "@" + domain
			person, err := tx.SavePerson(ctx, surveys.Person{WorkspaceID: o.workspace.ID, Email: next.Email, Name: "Ada", Locale: "en"})
			if err != nil {
				return err
			}
			next.PersonID = person.ID
			if err := tx.CreateInvitation(ctx, next); err != nil {
				return err
			}
			ids[next.ID] = true
		}
		return nil
	})
	return ids
}

// setPaces gives receivers their letters a minute.
func setPaces(t *testing.T, o office, perMinute map[surveys.Receiver]int) {
	t.Helper()
	if err := sending(t, o.store).SaveReceiverPaces(t.Context(), o.workspace.ID, perMinute); err != nil {
		t.Fatal(err)
	}
}

// TestReceiverGetsSoManyAMinute: two processes that mail in turns keep together to
// what a receiver gets, while the others' letters leave at once. When none ran for a
// while, what waited does not leave in one go; at another pace it has other places.
func TestReceiverGetsSoManyAMinute(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		setPaces(t, o, map[surveys.Receiver]int{surveys.Gmail: 60})
		like := o.invite()
		gmail, line := o.inviteAllAt("gmail.com", 40, like), new(inOrder)
		o.inviteAllAt("shop.example", 10, like)
		processes := []*Dispatcher{dispatcher(t, o.store, line, nil), dispatcher(t, o.store, line, nil)}
		pass := func(n int) {
			if _, err := runOnce(t.Context(), processes[n%2]); err != nil {
				t.Fatal(err)
			}
		}
		there := func() int { _, found := line.last(gmail); return found }
		pass(0)
		if len(line.to) != 12 || there() != 1 {
			t.Errorf("%d letters left at once, %d of them to Gmail", len(line.to), there())
		}
		for n := range 4 {
			clock.Advance(5 * time.Second)
			pass(n)
		}
		if n := there(); n != 21 {
			t.Errorf("%d left to Gmail within 20 seconds, want 21", n)
		}
		clock.Advance(30 * time.Minute)
		pass(1)
		if n := there(); n > 21+1 {
			t.Errorf("after half an hour without a process %d leave at once", n-21)
		}
		setPaces(t, o, map[surveys.Receiver]int{surveys.Gmail: 600})
		pass(0)
		clock.Advance(2 * time.Second)
		pass(1)
		if n := there(); n != 40 {
			t.Errorf("at ten times the pace %d left to Gmail, want all 40", n)
		}
	})
}

// TestPlaceOfAWarmingUp: a letter that waits for its place takes none of the day's
// plan.
func TestPlaceOfAWarmingUp(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		start := clock.Now()
		if err := sending(t, o.store).SavePace(t.Context(), surveys.Pace{WorkspaceID: o.workspace.ID, WarmUpSince: &start}); err != nil {
			t.Fatal(err)
		}
		setPaces(t, o, map[surveys.Receiver]int{surveys.Gmail: 60})
		gmail, line := o.inviteAllAt("gmail.com", 60, o.invite()), new(inOrder)
		d := dispatcher(t, o.store, line, nil)
		for range 7 {
			if _, err := runOnce(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			clock.Advance(10 * time.Second)
		}
		if _, found := line.last(gmail); found != surveys.WarmUp(1) {
			t.Errorf("%d letters left on the first day, want %d", found, surveys.WarmUp(1))
		}
	})
}

// comeBack has n of some letters come back, and takes them from the list.
func (o office) comeBack(ids map[string]bool, n int, report surveys.Bounce) {
	o.t.Helper()
	bounces := flow.NewBounces(o.store, flow.NewDirectory(o.store))
	for id := range ids {
		if n--; n < 0 {
			return
		}
		report.InvitationID, report.Source, report.Key = id, surveys.BounceByMail, id
		for range 2 { // the second report is the same
			if _, err := bounces.Take(context.Background(), o.workspace, report); err != nil {
				o.t.Fatal(err)
			}
		}
		delete(ids, id)
	}
}

// TestTooManyReturnsRest: where a relay takes all, the letters that come back let
// the stream rest: more than one in twenty. After the rest, and when somebody says
// so, only what left since counts.
func TestTooManyReturnsRest(t *testing.T) {
	casesOnBoth(t, map[string]surveys.Bounce{
		"dead addresses": {Status: "5.1.1", Class: surveys.BounceHard}, "blocked": {Status: "5.7.1", Class: surveys.BouncePolicy},
		"full": {Status: "5.2.2", Class: surveys.BounceFull}, "out of order": {Status: "4.4.1", Class: surveys.BounceSoft},
	}, func(t *testing.T, o office, clock *storetest.Clock, test surveys.Bounce) {
		var rested []surveys.Stream
		var mu sync.Mutex
		d := dispatcher(t, o.store, new(inOrder), func(options *DispatcherOptions) {
			options.Rested = func(s surveys.Stream) {
				mu.Lock()
				defer mu.Unlock()
				rested = append(rested, s)
			}
		})
		comeBack := func(ids map[string]bool, n int) { t.Helper(); o.comeBack(ids, n, test) }
		pass := func(want int) {
			t.Helper()
			clock.Advance(time.Second)
			once(t, d, want)
		}
		like := o.invite()
		sent := o.inviteAllAt("shop.example", 29, like)
		pass(30)
		comeBack(sent, 10)
		o.inviteAllAt("shop.example", 2, like)
		pass(2)
		comeBack(sent, 1)
		o.inviteAllAt("shop.example", 2, like)
		if !test.Returned() {
			pass(2)
			return
		}
		pass(0)
		if len(rested) != 1 || rested[0].Cause != surveys.StreamReturned || rested[0].Why != "11/32" || rested[0].Receiver != surveys.Others {
			t.Errorf("%+v", rested)
		}
		comeBack(sent, 5) // of letters that had left before
		clock.Advance(surveys.StreamRest)
		pass(1) // tells that the stream flows
		clock.Advance(2 * probeWait)
		pass(1)
		comeBack(sent, 11)
		late := o.inviteAllAt("shop.example", 24, like)
		pass(24)
		comeBack(late, 11)
		o.inviteAllAt("shop.example", 1, like)
		pass(0)
		if err := sending(t, o.store).GoOn(t.Context(), o.workspace.ID, surveys.Others); err != nil {
			t.Fatal(err)
		}
		comeBack(late, 11)
		pass(1)
		if len(rested) != 2 || rested[1].Why != "11/26" {
			t.Errorf("%+v", rested)
		}
		if ended, err := o.store.SuppressionCounts(t.Context(), o.workspace.ID); err != nil || test.Class == surveys.BouncePolicy && len(ended) != 0 {
			t.Errorf("%v are suppressed for a policy, %v", ended, err)
		}
	})
}
