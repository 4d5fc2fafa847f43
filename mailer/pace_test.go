package mailer

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// fresh runs a pass of a dispatcher of its own, as after a restart or in another
// process, and returns how many letters it handed over.
func fresh(t *testing.T, o office, server *scripted, workers int) int {
	t.Helper()
	n, err := runOnce(t.Context(), dispatcher(t, o.store, transportTo(t, server.addr, patient()), func(o *DispatcherOptions) { o.Workers = workers }))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// states counts the workspace's letters by state.
func (o office) states() map[surveys.InvitationState]int64 {
	o.t.Helper()
	counts, err := o.store.InvitationCounts(context.Background(), o.workspace.ID, "")
	if err != nil {
		o.t.Fatal(err)
	}
	return counts
}

// TestRestOutlivesItsProcess: what a stream's receiver said is stored, all
// processes obey it, and a person can have it go on; an hour later it is tried by
// itself, and is well again with the first letter that is taken.
func TestRestOutlivesItsProcess(t *testing.T) {
	casesOnBoth(t, map[string]bool{"a person says so": true, "an hour later": false}, func(t *testing.T, o office, clock *storetest.Clock, resumed bool) {
		server := newScripted(t, map[string]string{"RCPT": "550 5.7.26 not authenticated, says ada@shop.example"})
		o.inviteMany(5)
		domain := surveys.Receiver("customers.example")
		if n := fresh(t, o, server, 1); n > 2 { // the first one is at a domain of its own
			t.Errorf("%d letters were tried", n)
		}
		clock.Advance(time.Minute)
		if n := fresh(t, o, server, 1); n != 0 {
			t.Errorf("after a restart %d letters were tried", n)
		}
		moves := sending(t, o.store)
		going, err := moves.Going(t.Context(), o.workspace.ID)
		if err != nil || !slices.ContainsFunc(going.Domains, func(s surveys.Stream) bool {
			return s.Receiver == domain && s.Cause == surveys.StreamPolicy && s.Why == "550 5.7.26 not authenticated, says …"
		}) {
			t.Errorf("%+v, %v", going, err)
		}
		server.heal()
		if resumed {
			for _, s := range going.Domains {
				if err := moves.GoOn(t.Context(), o.workspace.ID, s.Receiver); err != nil {
					t.Error(err)
				}
			}
			clock.Advance(2 * time.Minute) // the one that was tried has a wait of its own
		} else {
			clock.Advance(surveys.StreamRest)
			fresh(t, o, server, 1) // one tells that the stream flows
			clock.Advance(2 * probeWait)
		}
		fresh(t, o, server, 1)
		if got := o.states(); got[surveys.InvitationSent] != 5 {
			t.Errorf("%v", got)
		}
		troubles, err := moves.Troubles(t.Context(), o.workspace.ID)
		if err != nil || len(troubles) != 0 {
			t.Errorf("still %+v, %v", troubles, err)
		}
		if going, err = moves.Going(t.Context(), o.workspace.ID); err != nil || going.Week[3].Sent != 5 || going.Week[3].Refused < 1 {
			t.Errorf("counted %+v, %v", going.Week, err)
		}
	})
}

// TestBusyReceiverGetsFewerLetters: a receiver that wants less at a time is left
// alone for a minute, and then gets ten a minute at first and more all the time.
func TestBusyReceiverGetsFewerLetters(t *testing.T) {
	casesOnBoth(t, map[string]string{"4.7.x": "450 4.7.28 too many of you", "421": "421 4.3.2 slowly"}, func(t *testing.T, o office, clock *storetest.Clock, reply string) {
		const letters = 20
		server := newScripted(t, map[string]string{"RCPT": reply})
		o.inviteMany(letters)
		fresh(t, o, server, 1)
		server.heal()
		clock.Advance(time.Minute - time.Second)
		if n := fresh(t, o, server, 1); n > 1 {
			t.Errorf("%d letters within the minute", n)
		}
		left := o.states()[surveys.InvitationSent]
		var minutes []int64
		for range 3 {
			for range 12 {
				clock.Advance(5 * time.Second)
				fresh(t, o, server, 1)
			}
			now := o.states()[surveys.InvitationSent]
			minutes, left = append(minutes, now-left), now
		}
		if minutes[0] < 8 || minutes[0] > 16 || left != letters {
			t.Errorf("%v letters a minute, want 15 or so in the first, and all of %d in the end (%v)", minutes, letters, o.states())
		}
	})
}

// TestWarmUpKeepsToItsPlan: 50 on the first day and 75 on the next to each group
// of receivers, however many processes there are; what a mail server could not be
// asked for does not count.
func TestWarmUpKeepsToItsPlan(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server, moves := newScripted(t, map[string]string{"GREETING": "421 down"}), sending(t, o.store)
		start := clock.Now()
		pace := surveys.Pace{WorkspaceID: o.workspace.ID, WarmUpSince: &start}
		if err := moves.SavePace(t.Context(), pace); err != nil {
			t.Fatal(err)
		}
		o.inviteMany(200)
		fresh(t, o, server, 4)
		server.heal()
		for day, want := range []int64{50, 125, 200} {
			clock.Advance(time.Hour)
			for range 2 {
				fresh(t, o, server, 4)
			}
			if got := o.states(); got[surveys.InvitationSent] != want {
				t.Errorf("after day %d: %v, want %d sent", day+1, got, want)
			}
			clock.Advance(23 * time.Hour)
		}
		o.inviteMany(300)
		fresh(t, o, server, 4)
		if err := moves.SavePace(t.Context(), surveys.Pace{WorkspaceID: o.workspace.ID}); err != nil {
			t.Fatal(err)
		}
		fresh(t, o, server, 4)
		if got := o.states(); got[surveys.InvitationSent] != 500 {
			t.Errorf("without warming up: %v", got)
		}
	})
}

// TestTooManyComplaintsStopTheMail: at 0.25 % of a thousand letters, until a person
// has it go on; what they have seen does not count again.
func TestTooManyComplaintsStopTheMail(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server, moves := newScripted(t, nil), sending(t, o.store)
		bounces := flow.NewBounces(o.store, flow.NewDirectory(o.store))
		storetest.Write(t, o.store, func(ctx context.Context, tx *store.Tx) error {
			return tx.AddStreamDays(ctx, o.workspace.ID, []surveys.StreamDay{{Receiver: surveys.Gmail, Day: surveys.StreamDayOf(clock.Now()), StreamSum: surveys.StreamSum{Sent: 1000}}})
		})
		complain := func(n int) {
			for k := range n {
				i := o.invite()
				for n, source := range []surveys.BounceSource{surveys.BounceByMail, surveys.BounceByMail, surveys.BounceByMail, surveys.BounceBySES} {
					key := fmt.Sprint(k, n/2) // the second report is the same, the others are of the same letter
					if _, err := bounces.Take(t.Context(), o.workspace, surveys.Bounce{InvitationID: i.ID, Class: surveys.BounceComplaint, Source: source, Key: key}); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		complain(2)
		last := o.invite()
		clock.Advance(time.Second)
		if n := fresh(t, o, server, 2); n != 1 {
			t.Errorf("%d letters left after two complaints", n)
		}
		o.expect(last.ID, surveys.InvitationSent)
		if going, err := moves.Going(t.Context(), o.workspace.ID); err != nil || !going.Warn || going.Complained.Complaints != 2 {
			t.Errorf("no warning: %+v, %v", going, err)
		}
		complain(1)
		waits := o.invite()
		clock.Advance(30 * time.Hour)
		if n := fresh(t, o, server, 2); n != 0 {
			t.Errorf("%d letters left after three complaints", n)
		}
		o.expect(waits.ID, surveys.InvitationScheduled)
		if going, err := moves.Going(t.Context(), o.workspace.ID); err != nil || going.Guard.Why != "3/1001" || going.Warn {
			t.Errorf("%+v, %v", going.Guard, err)
		}
		checkStopIsTold(t, o)
		if err := moves.GoOn(t.Context(), o.workspace.ID, surveys.AllAtOnce); err != nil {
			t.Fatal(err)
		}
		complain(1)
		if n := fresh(t, o, server, 2); n != 1 {
			t.Errorf("%d letters left when it went on", n)
		}
		if err := moves.GoOn(t.Context(), o.workspace.ID, surveys.AllAtOnce); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("what flows was resumed: %v", err)
		}
	})
}

// checkStopIsTold checks that the stop of a workspace's mail is logged and counted
// once.
func checkStopIsTold(t *testing.T, o office) {
	t.Helper()
	var log bytes.Buffer
	var rested []surveys.StreamCause
	d := dispatcher(t, o.store, noTransport{t}, func(options *DispatcherOptions) {
		options.Log = slog.New(slog.NewTextHandler(&log, nil))
		options.Rested = func(s surveys.Stream) { rested = append(rested, s.Cause) }
	})
	round(t, d)
	round(t, d)
	if strings.Count(log.String(), "level=WARN") != 1 || !strings.Contains(log.String(), string(o.workspace.ID)) || fmt.Sprint(rested) != "[complaints]" {
		t.Errorf("counted %v, and the log says\n%s", rested, log.String())
	}
}

// TestReportOfAPolicyRests: where a relay has taken the letter, the receiver's
// refusal of the sender comes back as a report.
func TestReportOfAPolicyRests(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server, moves := newScripted(t, nil), sending(t, o.store)
		sent, other := o.invite(), o.invite()
		clock.Advance(time.Second)
		fresh(t, o, server, 1)
		bounces := flow.NewBounces(o.store, flow.NewDirectory(o.store))
		for status, i := range map[string]surveys.Invitation{"5.7.515": sent, "5.7.1": other} {
			if _, err := bounces.Take(t.Context(), o.workspace, surveys.Bounce{InvitationID: i.ID, Class: surveys.BouncePolicy, Status: status, Source: surveys.BounceByMail, Key: status}); err != nil {
				t.Fatal(err)
			}
		}
		troubles, err := moves.Troubles(t.Context(), o.workspace.ID)
		if err != nil || len(troubles) != 1 || troubles[0].Cause != surveys.StreamPolicy || troubles[0].Why != "5.7.515" {
			t.Errorf("%+v, %v", troubles, err)
		}
	})
}

// TestReportOfABusyReceiverSlows: where a relay waits for a receiver that wants
// fewer letters, its report of the delay slows the stream, again and again only
// once it flows; nobody is suppressed, and the letter stays as it is.
func TestReportOfABusyReceiverSlows(t *testing.T) {
	casesOnBoth(t, map[string]surveys.BounceClass{"still trying": surveys.BounceDelayed, "given up": surveys.BouncePolicy}, func(t *testing.T, o office, clock *storetest.Clock, class surveys.BounceClass) {
		sent, moves := o.invite(), sending(t, o.store)
		clock.Advance(time.Second)
		fresh(t, o, newScripted(t, nil), 1)
		bounces := flow.NewBounces(o.store, flow.NewDirectory(o.store))
		for n := range 3 {
			report := surveys.Bounce{InvitationID: sent.ID, Class: class, Status: "4.7.28", Source: surveys.BounceByMail, Key: fmt.Sprint(n)}
			if _, err := bounces.Take(t.Context(), o.workspace, report); err != nil {
				t.Fatal(err)
			}
		}
		troubles, err := moves.Troubles(t.Context(), o.workspace.ID)
		if err != nil || len(troubles) != 1 || troubles[0].Cause != surveys.StreamBusy || troubles[0].Receiver != "customers.example" || troubles[0].Times != 1 {
			t.Errorf("%+v, %v", troubles, err)
		}
		if class == surveys.BounceDelayed {
			o.expect(sent.ID, surveys.InvitationSent)
		}
		if ended, err := o.store.SuppressionCounts(t.Context(), o.workspace.ID); err != nil || len(ended) != 0 {
			t.Errorf("%v are suppressed, %v", ended, err)
		}
	})
}

// TestUnknownLettersAreLeftAlone where the workspace wants so: none is sent again,
// nor kept.
func TestUnknownLettersAreLeftAlone(t *testing.T) {
	casesOnBoth(t, map[string]bool{"from the beginning": true, "changed while one waits": false}, func(t *testing.T, o office, clock *storetest.Clock, before bool) {
		server, moves := newScripted(t, map[string]string{"DOT": drop}), sending(t, o.store)
		never := func() {
			if err := moves.SavePace(t.Context(), surveys.Pace{WorkspaceID: o.workspace.ID, Unresolved: surveys.ResendNever}); err != nil {
				t.Fatal(err)
			}
		}
		if before {
			never()
		}
		i := o.invite()
		clock.Advance(time.Second)
		if n := fresh(t, o, server, 1); n != 1 {
			t.Errorf("%d letters were tried", n)
		}
		never()
		server.heal()
		for range 3 {
			clock.Advance(resendAfter + time.Minute)
			if n := fresh(t, o, server, 1); n != 0 {
				t.Errorf("%d letters were sent again", n)
			}
		}
		if o.expect(i.ID, surveys.InvitationUnknown); o.kept(i.ID) {
			t.Error("its bytes are kept")
		}
	})
}

// TestLettersASecond: no more leave than the buckets let through, of one workspace
// and of all that share a server.
func TestLettersASecond(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, storetest.OpenAt(t, dialect, time.Now))
			other := newOffice(t, o.store)
			if err := sending(t, o.store).SavePace(t.Context(), surveys.Pace{WorkspaceID: o.workspace.ID, PerSecond: 10}); err != nil {
				t.Fatal(err)
			}
			o.inviteMany(15)
			other.inviteMany(60)
			line := new(inOrder)
			begun := time.Now()
			running(t, dispatcher(t, o.store, line, func(o *DispatcherOptions) { o.Rate, o.Batch = 100, 50 }))
			comes(t, "all left", func() bool {
				line.mu.Lock()
				defer line.mu.Unlock()
				return len(line.to) == 75
			})
			// 14 of ten a second; of a hundred a second, 75 less the ten at once.
			if took := time.Since(begun); took < 1400*time.Millisecond {
				t.Errorf("all left within %s", took)
			}
		})
	}
}
