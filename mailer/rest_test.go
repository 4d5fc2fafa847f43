package mailer

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// round is one pass of a dispatcher that remembers who rests.
func round(t *testing.T, d *Dispatcher) {
	t.Helper()
	p := d.newPass(t.Context())
	err := p.run()
	p.end()
	if err != nil {
		t.Fatal(err)
	}
}

// withWays is a dispatcher that asks for the way of each workspace.
func withWays(t *testing.T, o office, transport Transport, log *slog.Logger) *Dispatcher {
	t.Helper()
	return dispatcher(t, o.store, transport, func(options *DispatcherOptions) {
		options.Senders, options.Log = sendersOf(t, o.store, transport), log
	})
}

// TestEachWorkspaceMailsInItsOwnName: by its own server, signed by its own keys,
// and the other one by the server's.
func TestEachWorkspaceMailsInItsOwnName(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		shared, own, other := newScripted(t, nil), newScripted(t, nil), newOffice(t, o.store)
		moves := sending(t, o.store)
		if err := moves.SaveSender(t.Context(), o.workspace, surveys.Sender{FromName: "Shop", FromAddress: "hallo@bücher.example"}); err != nil {
			t.Fatal(err)
		}
		if err := moves.SaveRelay(t.Context(), o.workspace.ID, relayAt(t, own.addr)); err != nil {
			t.Fatal(err)
		}
		keys := signing{keys: storetest.DKIMKeys(t, o.store, o.workspace.ID, "xn--bcher-kva.example", surveys.DKIMSigning)}
		mine, theirs := o.invite(), other.invite()
		clock.Advance(time.Second)
		round(t, withWays(t, o, transportTo(t, shared.addr, patient()), nil))
		o.expect(mine.ID, surveys.InvitationSent)
		other.expect(theirs.ID, surveys.InvitationSent)
		if len(own.letters()) != 1 || len(shared.letters()) != 1 {
			t.Fatalf("%d by its own server and %d by the shared one", len(own.letters()), len(shared.letters()))
		}
		letter := own.letters()[0]
		if !strings.Contains(letter, "From: \"Shop\" <hallo@xn--bcher-kva.example>") || !strings.Contains(own.mails()[0], "@xn--bcher-kva.example>") {
			t.Errorf("sent as %s in\n%s", own.mails()[0], letter)
		}
		if good := keys.verify(t, []byte(letter)); good != 2 {
			t.Errorf("%d of 2 signatures hold", good)
		}
		if unsigned := shared.letters()[0]; len(signatures([]byte(unsigned))) != 0 || !strings.Contains(unsigned, "<feedback@server.example>") {
			t.Errorf("the other one is sent as\n%s", unsigned)
		}
	})
}

// TestSentAgainAreTheSignedBytes: what is refused for now goes later as it was
// signed and committed, also after the keys changed.
func TestSentAgainAreTheSignedBytes(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := newScripted(t, map[string]string{"DOT": "451 4.7.1 later"})
		first := storetest.DKIMKeys(t, o.store, o.workspace.ID, "server.example", surveys.DKIMSigning)
		d := withWays(t, o, transportTo(t, server.addr, patient()), nil)
		invitation := o.invite()
		clock.Advance(time.Second)
		round(t, d)
		moves := sending(t, o.store)
		for _, key := range first {
			if err := moves.RetireKey(t.Context(), o.workspace.ID, key.ID); err != nil {
				t.Fatal(err)
			}
		}
		server.change("DOT", "250 2.0.0 taken")
		clock.Advance(time.Hour)
		round(t, d)
		o.expect(invitation.ID, surveys.InvitationSent)
		letters := server.letters()
		if len(letters) != 2 || letters[0] != letters[1] {
			t.Fatalf("%d letters, not the same bytes", len(letters))
		}
		if good := (signing{keys: first}).verify(t, []byte(letters[1])); good != 2 {
			t.Errorf("%d of 2 signatures hold", good)
		}
		next := o.invite()
		clock.Advance(time.Second)
		round(t, d)
		o.expect(next.ID, surveys.InvitationSent)
		if found, err := dkim.Verify(strings.NewReader(server.letters()[2])); err != nil || len(found) != 0 {
			t.Errorf("signed with retired keys: %+v, %v", found, err)
		}
	})
}

// TestBrokenServerOfOneHoldsUpNobodyElse: its letters wait and rest longer each
// time, the others leave, and what waited leaves when it works again.
func TestBrokenServerOfOneHoldsUpNobodyElse(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		shared, own, other := newScripted(t, nil), newScripted(t, map[string]string{"GREETING": "554 5.7.1 go away"}), newOffice(t, o.store)
		if err := sending(t, o.store).SaveRelay(t.Context(), o.workspace.ID, relayAt(t, own.addr)); err != nil {
			t.Fatal(err)
		}
		o.inviteMany(30)
		mine := o.invite()
		other.inviteMany(30)
		clock.Advance(time.Second)
		var log bytes.Buffer
		d := withWays(t, o, transportTo(t, shared.addr, patient()), slog.New(slog.NewTextHandler(&log, nil)))
		round(t, d)
		if n := len(shared.letters()); n != 30 {
			t.Errorf("%d letters of the others left, want 30", n)
		}
		o.expect(mine.ID, surveys.InvitationScheduled)
		if own.dialled() > d.Workers || strings.Count(log.String(), "level=ERROR") != 1 || !strings.Contains(log.String(), "go away") {
			t.Errorf("dialled %d times, and the log says\n%s", own.dialled(), log.String())
		}
		tried := own.dialled()
		round(t, d)
		if own.dialled() != tried {
			t.Error("it was tried again at once")
		}
		own.change("GREETING", "220 ready")
		clock.Advance(lastRest)
		round(t, d)
		o.expect(mine.ID, surveys.InvitationSent)
		if n := len(own.letters()); n != 31 {
			t.Errorf("%d letters left by its own server, want 31", n)
		}
	})
}

// TestLettersWaitForWhatCannotBeOpened: nothing leaves unsigned or by another
// server, nobody's try is counted, and the log says it once.
func TestLettersWaitForWhatCannotBeOpened(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		storetest.Sender(t, o.store, o.workspace.ID)
		invitation := o.invite()
		clock.Advance(time.Second)
		var log bytes.Buffer
		d := withWays(t, o, noTransport{t}, slog.New(slog.NewTextHandler(&log, nil)))
		d.Senders.Vault = nil
		for range 3 {
			round(t, d)
			clock.Advance(lastRest)
		}
		if i := o.expect(invitation.ID, surveys.InvitationScheduled); i.Attempts != 0 || i.Problem != "" {
			t.Errorf("%+v", i)
		}
		if n := strings.Count(log.String(), "level=ERROR"); n != 1 || strings.Contains(log.String(), "hush") {
			t.Errorf("%d errors:\n%s", n, log.String())
		}
	})
}

// TestLettersWaitWithoutAServer: where neither the workspace nor the server has
// one.
func TestLettersWaitWithoutAServer(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		invitation := o.invite()
		clock.Advance(time.Second)
		round(t, withWays(t, o, nil, nil))
		o.expect(invitation.ID, surveys.InvitationScheduled)
	})
}

func TestRestsGrow(t *testing.T) {
	t.Parallel()
	var r rests
	now := storetest.Start()
	for n, want := range []time.Duration{15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
		if news := r.begin("w", now, lastRest); news != (n == 0) {
			t.Errorf("rest %d is news: %v", n, news)
		}
		r.begin("w", now.Add(time.Second), lastRest) // another lane, a moment later
		if !r.now("w", now.Add(want-time.Second)) || r.now("w", now.Add(want)) {
			t.Errorf("rest %d is not %s", n, want)
		}
		now = now.Add(want)
	}
	r.end("w")
	if r.now("w", now) || !r.begin("w", now, lastRest) {
		t.Error("it is not well again")
	}
}

// TestOneLetterTriesAfterARest: the others wait for what comes of it.
func TestOneLetterTriesAfterARest(t *testing.T) {
	t.Parallel()
	var r rests
	now := storetest.Start()
	enters := func(want, tells bool) {
		t.Helper()
		if may, first := r.enter("w", now); may != want || first != tells {
			t.Errorf("it may leave: %t, and tells: %t; want %t, %t", may, first, want, tells)
		}
	}
	enters(true, false)
	r.begin("w", now, lastRest)
	enters(false, false)
	now = now.Add(firstRest)
	enters(true, true)
	enters(false, false)
	r.leave("w") // withdrawn meanwhile
	enters(true, true)
	r.begin("w", now, lastRest)
	r.leave("w")
	enters(false, false)
	now = now.Add(2 * firstRest)
	enters(true, true)
	r.end("w")
	r.leave("w")
	enters(true, false)
	enters(true, false)
}
