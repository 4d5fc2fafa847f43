package mailer

import (
	"bytes"
	"context"
	"crypto/tls"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestSixHoursWithoutAServer has letters come due while no mail server answers
// (security.md F18). They wait, no try is counted and no bytes are composed for
// all of them again and again; then each leaves once, those that nobody had
// tried in the order in which they came due.
func TestSixHoursWithoutAServer(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := newScripted(t, map[string]string{"GREETING": "421 4.3.2 no service"})
		transport := transportTo(t, server.addr, patient())
		told := new(tally)
		d := dispatcher(t, o.store, transport, func(d *DispatcherOptions) { d.Workers, d.Observe = 1, told.add })
		var invited []surveys.Invitation
		for range 24 { // a quarter of an hour each
			invited = append(invited, o.invite())
			if _, err := runOnce(context.Background(), d); err != nil {
				t.Fatal(err)
			}
			clock.Advance(15 * time.Minute)
		}
		if told.String() != "map[outage:24]" {
			t.Errorf("the observer was told of %s, want one outage of each pass", told)
		}
		tried := 0
		for _, i := range invited {
			waits := o.expect(i.ID, surveys.InvitationScheduled)
			if waits.Attempts != 0 {
				t.Errorf("an outage counted as %d tries", waits.Attempts)
			}
			if waits.Problem != "" {
				tried++
			}
		}
		server.heal()
		clock.Advance(15 * time.Minute)
		once(t, d, len(invited))
		checkOrder(t, o, server, invited, tried)
	})
}

// checkOrder checks that each letter left once, and that those which no outage
// had put off left in the order in which they came due.
func checkOrder(t *testing.T, o office, server *scripted, invited []surveys.Invitation, tried int) {
	t.Helper()
	if n := len(server.letters()); n != len(invited) || server.owned() != n {
		t.Fatalf("%d letters arrived, the server owns %d, want %d once", n, server.owned(), len(invited))
	}
	var order []time.Time // of those that kept their time, as they arrived
	for _, letter := range server.letters() {
		at := slices.IndexFunc(invited, func(i surveys.Invitation) bool { return strings.Contains(letter, "To: <"+i.Email+">") })
		if at < 0 {
			t.Fatalf("a letter to nobody arrived: %.200q", letter)
		}
		if sent := o.expect(invited[at].ID, surveys.InvitationSent); sent.SendAt.Equal(invited[at].SendAt) {
			order = append(order, sent.SendAt)
		}
	}
	if len(order) < len(invited)-tried || len(order) == 0 || !slices.IsSortedFunc(order, time.Time.Compare) {
		t.Errorf("%d letters kept their time, %d were tried: %v", len(order), tried, order)
	}
}

// TestAWrongPasswordIsSaidSeldom has letters due while the mail server refuses to
// sign in: after the first tries, one at a time is made, ever more seldom, so that
// no account is locked. When the password is right again, all leave.
func TestAWrongPasswordIsSaidSeldom(t *testing.T) {
	certificate := httptest.NewTLSServer(nil)
	t.Cleanup(certificate.Close)
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := newScriptedOver(t, map[string]string{"EHLO": "250-scripted\r\n250 AUTH PLAIN", "AUTH": "535 5.7.8 wrong"}, &tls.Config{Certificates: certificate.TLS.Certificates})
		transport := NewSMTP(SMTPOptions{
			Settings: SMTPSettings{Security: ImplicitTLS, Host: "127.0.0.1", Port: portOf(t, server.addr), Username: "shop", Password: "hush"},
			Hello:    "hark.example", TLS: &tls.Config{InsecureSkipVerify: true}, Timeouts: patient(),
		})
		t.Cleanup(transport.Close)
		var log bytes.Buffer
		d := dispatcher(t, o.store, transport, func(d *DispatcherOptions) {
			d.Workers, d.Log = 4, slog.New(slog.NewTextHandler(&log, nil))
		})
		o.inviteMany(20)
		for range 60 { // ten minutes
			clock.Advance(10 * time.Second)
			round(t, d)
		}
		if n := server.dialled(); n < 5 || n > d.Workers+6 {
			t.Errorf("it was tried to sign in %d times in ten minutes", n)
		}
		if n := strings.Count(log.String(), "level=ERROR"); n != 1 {
			t.Errorf("%d errors:\n%s", n, log.String())
		}
		server.change("AUTH", "235 2.7.0 welcome")
		clock.Advance(lastRest)
		round(t, d)
		if n := len(server.letters()); n != 20 || server.owned() != 20 {
			t.Errorf("%d letters arrived, the server owns %d, want 20 once", n, server.owned())
		}
	})
}

// TestAServerWithoutAnAddress is an outage that says so.
func TestAServerWithoutAnAddress(t *testing.T) {
	t.Parallel()
	transport := NewSMTP(SMTPOptions{Settings: SMTPSettings{Security: Plaintext, Host: "mail.nowhere.invalid", Port: 25}, Timeouts: patient()})
	t.Cleanup(transport.Close)
	if got := transport.Deliver(t.Context(), aLetter(1)); got.Outcome != Outage || got.Problem == "" || got.BadAddress {
		t.Errorf("result %+v, want an outage with its reason", got)
	}
}

// TestALongQueueIsNotComposedInVain has 400 letters due while no mail server
// answers for six hours. Each look composes what it has ready for its lanes, and the bytes of what
// it had begun are all that is kept: so what waits costs a row each, and no memory.
// Then each leaves once.
func TestALongQueueIsNotComposedInVain(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		const queued, batch = 400, 20
		server := newScripted(t, map[string]string{"GREETING": "421 4.3.2 no service"})
		d := dispatcher(t, o.store, transportTo(t, server.addr, patient()), func(d *DispatcherOptions) { d.Batch, d.Workers = batch, 4 })
		o.inviteMany(queued)
		invited, err := o.store.UncountedInvitations(t.Context(), o.workspace.ID, "", 2*queued)
		var ids []string
		for _, i := range invited {
			ids = append(ids, i.ID)
		}
		if err != nil || len(ids) != queued {
			t.Fatalf("%d are invited, %v", len(ids), err)
		}
		for hour := range 6 {
			if _, err := runOnce(context.Background(), d); err != nil {
				t.Fatal(err)
			}
			scheduled, err := o.store.InvitationCounts(t.Context(), o.workspace.ID, "")
			if err != nil || scheduled[surveys.InvitationScheduled] != queued {
				t.Fatalf("after hour %d the invitations are %v, %v", hour, scheduled, err)
			}
			letters, err := o.store.Letters(t.Context(), o.workspace.ID, ids)
			if most := (hour + 1) * 5 * batch; err != nil || len(letters) > most {
				t.Errorf("after hour %d the bytes of %d letters are kept, %v, want %d at most", hour, len(letters), err, most)
			}
			clock.Advance(time.Hour)
		}
		server.heal()
		for range 3 { // what an outage put off waits a little
			clock.Advance(2 * time.Minute)
			if _, err := runOnce(context.Background(), d); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(server.letters()); n != queued || server.owned() != queued {
			t.Errorf("%d letters arrived, the server owns %d, want %d once", n, server.owned(), queued)
		}
	})
}
