package mailer

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// onBoth runs a test on both databases with a clock that it moves.
func onBoth(t *testing.T, test func(t *testing.T, o office, clock *storetest.Clock)) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			clock := storetest.NewClock()
			test(t, newOffice(t, storetest.OpenAt(t, dialect, clock.Now)), clock)
		})
	}
}

// casesOnBoth runs named cases one after the other on both databases, each in an
// office of its own: a database for each would take longer than all of them. A pass
// serves every office of its database, so after some cases there is a new one.
func casesOnBoth[C any](t *testing.T, cases map[string]C, test func(t *testing.T, o office, clock *storetest.Clock, c C)) {
	t.Parallel()
	const together = 15
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			for part := range slices.Chunk(slices.Sorted(maps.Keys(cases)), together) {
				t.Run("from "+part[0], func(t *testing.T) {
					clock := storetest.NewClock()
					s := storetest.OpenAt(t, dialect, clock.Now)
					for _, name := range part {
						t.Run(name, func(t *testing.T) { test(t, newOffice(t, s), clock, cases[name]) })
						// What the case left over expires before the next one.
						clock.Advance(2 * surveys.AnswerWindow)
						once(t, dispatcher(t, s, noTransport{t}, nil), 0)
					}
				})
			}
		})
	}
}

func TestDueInvitationIsMailed(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := smtptest.New(t)
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), nil)
		invitation := o.invite()
		clock.Advance(time.Second)
		once(t, d, 1)

		message := server.Wait(t, 1)[0]
		if message.From != "feedback@shop.example" || fmt.Sprint(message.To) != "["+invitation.Email+"]" {
			t.Errorf("mailed from %s to %s", message.From, message.To)
		}
		sent := o.expect(invitation.ID, surveys.InvitationSent)
		if sent.SentAt == nil || !sent.SentAt.Equal(clock.Now()) || sent.Attempts != 1 || sent.LeaseUntil != nil {
			t.Errorf("stored as %+v", sent)
		}
		if o.kept(invitation.ID) {
			t.Error("the bytes are kept although the fate is known")
		}
		for kind, purpose := range map[string]surveys.Purpose{"/r/": surveys.PurposeAnswer, "/u/": surveys.PurposeUnsubscribe} {
			token := linkToken(t, message.Data, kind)
			grant, err := o.store.Grant(t.Context(), o.workspace.ID, purpose, token, clock.Now())
			if err != nil || grant.SubjectID != invitation.ID {
				t.Errorf("the link %s leads to %+v, %v", kind, grant, err)
			}
		}
		once(t, d, 0)
	})
}

// linkToken finds the token of the first link of a kind in a message.
func linkToken(t *testing.T, raw []byte, kind string) surveys.Token {
	t.Helper()
	text := string(readMessage(t, raw).Text)
	_, rest, found := strings.Cut(text, "https://feedback.example.com"+kind)
	if !found || len(rest) < surveys.LetterTokenLength {
		t.Fatalf("no link %s in %q", kind, text)
	}
	return surveys.Token(rest[:surveys.LetterTokenLength])
}

func TestNotYetDueStays(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := smtptest.New(t)
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), nil)
		invitation := o.invite()
		clock.Advance(-time.Minute)
		once(t, d, 0)
		o.expect(invitation.ID, surveys.InvitationScheduled)
	})
}

func TestWhyNothingIsMailed(t *testing.T) {
	stop := func(reason surveys.Suppression) func(o office, i surveys.Invitation) {
		return func(o office, i surveys.Invitation) {
			storetest.Write(o.t, o.store, func(ctx context.Context, tx *store.Tx) error {
				return tx.Suppress(ctx, o.workspace, strings.ToUpper(i.Email), reason)
			})
		}
	}
	type reason struct {
		before func(o office, i surveys.Invitation)
		later  time.Duration
		want   surveys.InvitationState
		tells  Outcome
	}
	casesOnBoth(t, map[string]reason{
		"unsubscribed in between": {stop(surveys.SuppressedUnsubscribed), 0, surveys.InvitationSuppressed, Suppressed},
		"bounced in between":      {stop(surveys.SuppressedBounced), 0, surveys.InvitationSuppressed, Suppressed},
		"archived": {func(o office, _ surveys.Invitation) {
			o.change(func(s *surveys.Survey) { s.Status = surveys.SurveyArchived })
		}, 0, surveys.InvitationCancelled, Cancelled},
		"closed": {func(o office, _ surveys.Invitation) {
			end := o.store.Now()
			o.change(func(s *surveys.Survey) { s.ClosesAt = &end })
		}, 0, surveys.InvitationCancelled, Cancelled},
		"paused and closed": {func(o office, _ surveys.Invitation) {
			end := o.store.Now()
			o.change(func(s *surveys.Survey) { s.ClosesAt, s.Status = &end, surveys.SurveyPaused })
		}, 0, surveys.InvitationCancelled, Cancelled},
		"expired": {func(office, surveys.Invitation) {}, surveys.AnswerWindow, surveys.InvitationExpired, Expired},
		"paused": {func(o office, _ surveys.Invitation) {
			o.change(func(s *surveys.Survey) { s.Status = surveys.SurveyPaused })
		}, 0, surveys.InvitationScheduled, Postponed},
	}, func(t *testing.T, o office, clock *storetest.Clock, test reason) {
		told := new(tally)
		d := dispatcher(t, o.store, noTransport{t}, func(d *DispatcherOptions) { d.Observe = told.add })
		invitation := o.invite()
		test.before(o, invitation)
		clock.Advance(test.later)
		once(t, d, 0)
		o.expect(invitation.ID, test.want)
		if told.String() != "map["+string(test.tells)+":1]" {
			t.Errorf("the observer was told of %s, want one %s", told, test.tells)
		}
	})
}

// noTransport fails a test that delivers.
type noTransport struct{ t *testing.T }

func (n noTransport) Deliver(context.Context, store.Letter) Result {
	n.t.Error("a letter was delivered")
	return Result{Outcome: Sent}
}

// tally counts outcomes.
type tally struct {
	mu sync.Mutex
	n  map[Outcome]int
}

func (c *tally) add(o Outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = make(map[Outcome]int)
	}
	c.n[o]++
}

func (c *tally) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return fmt.Sprint(c.n)
}

func TestPausedSurveyMailsWhenItGoesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := smtptest.New(t)
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), nil)
		invitation := o.invite()
		o.change(func(s *surveys.Survey) { s.Status = surveys.SurveyPaused })
		once(t, d, 0)
		o.change(func(s *surveys.Survey) { s.Status = surveys.SurveyActive })
		clock.Advance(pausedDelay - time.Second)
		once(t, d, 0)
		clock.Advance(time.Second)
		once(t, d, 1)
		o.expect(invitation.ID, surveys.InvitationSent)
	})
}

func TestTemporaryRefusalIsRetriedWithTheSameBytes(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := smtptest.New(t, smtptest.Fault{Step: smtptest.Dot, Code: 451, Times: 2, Text: "later"})
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), func(o *DispatcherOptions) {
			o.Chance = func() float64 { return 1 } // 20 % later
		})
		invitation := o.invite()
		once(t, d, 1)
		waits := o.expect(invitation.ID, surveys.InvitationScheduled)
		if want := clock.Now().Add(72 * time.Second); !waits.SendAt.Equal(want) || waits.Attempts != 1 || !strings.Contains(waits.Problem, "later") {
			t.Errorf("waits until %s after %d tries (%q), want %s, 1", waits.SendAt, waits.Attempts, waits.Problem, want)
		}
		clock.Advance(71 * time.Second)
		once(t, d, 0)
		clock.Advance(time.Second)
		once(t, d, 1)
		clock.Advance(6 * time.Minute)
		once(t, d, 1)
		done := o.expect(invitation.ID, surveys.InvitationSent)
		if done.Attempts != 3 || done.Problem != "" {
			t.Errorf("sent after %d tries with the problem %q", done.Attempts, done.Problem)
		}
		messages := server.Wait(t, 3)
		for _, message := range messages[1:] {
			if !bytes.Equal(message.Data, messages[0].Data) {
				t.Error("a retry had other bytes")
			}
		}
	})
}

func TestWithdrawnBetweenTwoTries(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := smtptest.New(t, smtptest.Fault{Step: smtptest.Recipient, Code: 450})
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), nil)
		invitation := o.invite()
		once(t, d, 1)
		storetest.Write(t, o.store, func(ctx context.Context, tx *store.Tx) error {
			return tx.SuppressInvitations(ctx, o.workspace.ID, invitation.Email)
		})
		clock.Advance(time.Hour)
		once(t, d, 0)
		o.expect(invitation.ID, surveys.InvitationSuppressed)
		if o.kept(invitation.ID) {
			t.Error("the bytes of a withdrawn letter are kept")
		}
	})
}

func TestRetriesEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := smtptest.New(t, smtptest.Fault{Step: smtptest.Recipient, Code: 450})
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), nil)
		invitation := o.invite()
		for try := 1; try <= 9; try++ {
			o.expect(invitation.ID, surveys.InvitationScheduled)
			once(t, d, 1)
			clock.Advance(10 * time.Hour)
		}
		o.expect(invitation.ID, surveys.InvitationFailed)
		if o.kept(invitation.ID) {
			t.Error("the bytes of a failed letter are kept")
		}
	})
}

func TestRefusalForGood(t *testing.T) {
	type refusal struct {
		replies map[string]string
		want    surveys.Suppression
	}
	casesOnBoth(t, map[string]refusal{
		"no such user": {map[string]string{"RCPT": "550 5.1.1 no such user"}, surveys.SuppressedBounced},
		"policy":       {map[string]string{"DOT": "550 5.7.1 looks like spam"}, ""},
	}, func(t *testing.T, o office, clock *storetest.Clock, test refusal) {
		server := newScripted(t, test.replies)
		d := dispatcher(t, o.store, transportTo(t, server.addr, patient()), nil)
		invitation := o.invite()
		once(t, d, 1)
		failed := o.expect(invitation.ID, surveys.InvitationFailed)
		if !strings.Contains(failed.Problem, " 5.") || o.kept(invitation.ID) {
			t.Errorf("failed with %q; bytes kept: %t", failed.Problem, o.kept(invitation.ID))
		}
		got, err := o.store.Suppression(t.Context(), o.workspace, invitation.Email)
		if err != nil || got != test.want {
			t.Errorf("suppressed as %q, %v, want %q", got, err, test.want)
		}
	})
}

func TestUnknownFateIsSentOnceMore(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := smtptest.New(t, smtptest.Fault{Step: smtptest.Dot, Code: smtptest.Drop})
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), nil)
		invitation := o.invite()
		once(t, d, 1)
		o.expect(invitation.ID, surveys.InvitationUnknown)
		clock.Advance(resendAfter)
		once(t, d, 0)
		clock.Advance(time.Second)
		once(t, d, 1) // and is dropped again
		clock.Advance(24 * time.Hour)
		once(t, d, 0)
		o.expect(invitation.ID, surveys.InvitationUnknown)
		messages := server.Messages()
		if len(messages) != 2 || !bytes.Equal(messages[0].Data, messages[1].Data) {
			t.Errorf("%d messages; want two of the same bytes", len(messages))
		}
		if o.kept(invitation.ID) {
			t.Error("the bytes are kept although they will not be sent again")
		}
	})
}

func TestUnknownAfterRefusalsIsSentOnceMoreToo(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := smtptest.New(t, smtptest.Fault{Step: smtptest.Recipient, Code: 450, Times: 2}, smtptest.Fault{Step: smtptest.Dot, Code: smtptest.Drop, Times: 1})
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), nil)
		invitation := o.invite()
		for range 3 {
			once(t, d, 1)
			clock.Advance(10 * time.Minute)
		}
		o.expect(invitation.ID, surveys.InvitationUnknown)
		clock.Advance(resendAfter)
		once(t, d, 1)
		o.expect(invitation.ID, surveys.InvitationSent)
	})
}

func TestUnknownFateIsNotSentAgain(t *testing.T) {
	type between struct {
		happens func(o office, i surveys.Invitation)
		want    surveys.InvitationState
	}
	casesOnBoth(t, map[string]between{
		"answered": {func(o office, i surveys.Invitation) { o.answer(i, 9) }, surveys.InvitationSent},
		"unsubscribed": {func(o office, i surveys.Invitation) {
			storetest.Write(o.t, o.store, func(ctx context.Context, tx *store.Tx) error {
				return tx.Suppress(ctx, o.workspace, i.Email, surveys.SuppressedUnsubscribed)
			})
		}, surveys.InvitationUnknown},
		"archived": {func(o office, _ surveys.Invitation) {
			o.change(func(s *surveys.Survey) { s.Status = surveys.SurveyArchived })
		}, surveys.InvitationUnknown},
	}, func(t *testing.T, o office, clock *storetest.Clock, test between) {
		server := smtptest.New(t, smtptest.Fault{Step: smtptest.Dot, Code: smtptest.Drop, Times: 1})
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), nil)
		invitation := o.invite()
		once(t, d, 1)
		test.happens(o, o.read(invitation.ID))
		clock.Advance(time.Hour)
		once(t, d, 0)
		o.expect(invitation.ID, test.want)
		if o.kept(invitation.ID) {
			t.Error("the bytes are kept although they will not be sent again")
		}
	})
}

func TestOutageCostsNoTry(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := newScripted(t, map[string]string{"MAIL": "550 5.7.1 not your address"})
		transport := transportTo(t, server.addr, patient())
		d := dispatcher(t, o.store, transport, func(o *DispatcherOptions) { o.Workers = 1 })
		o.inviteMany(20)
		once(t, d, 1) // the first shows that the sender is refused; the others are given back
		counts, err := o.store.InvitationCounts(t.Context(), o.workspace.ID, "")
		if err != nil || counts[surveys.InvitationScheduled] != 20 {
			t.Fatalf("states %v, %v, want 20 scheduled", counts, err)
		}
		server.change("MAIL", "250 2.1.0 fine")
		once(t, d, 19)
		clock.Advance(2 * lastRest)
		once(t, d, 1)
		counts, err = o.store.InvitationCounts(t.Context(), o.workspace.ID, "")
		if err != nil || counts[surveys.InvitationSent] != 20 || len(server.letters()) != 20 {
			t.Errorf("states %v, %v, %d letters, want 20 sent", counts, err, len(server.letters()))
		}
	})
}

func TestPersonErasedInBetween(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		invitation := o.invite()
		erase := transportFunc(func(context.Context, store.Letter) Result {
			storetest.Write(t, o.store, func(ctx context.Context, tx *store.Tx) error {
				return tx.ErasePerson(ctx, o.workspace.ID, invitation.PersonID)
			})
			return Result{Outcome: Sent}
		})
		once(t, dispatcher(t, o.store, erase, nil), 1)
		if _, err := o.store.Invitation(t.Context(), o.workspace.ID, invitation.ID); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("the erased invitation gives %v, want NotFound", err)
		}
		once(t, dispatcher(t, o.store, noTransport{t}, nil), 0)
	})
}

// transportFunc is a transport of one function, for what happens in between.
type transportFunc func(context.Context, store.Letter) Result

func (f transportFunc) Deliver(ctx context.Context, letter store.Letter) Result {
	return f(ctx, letter)
}
