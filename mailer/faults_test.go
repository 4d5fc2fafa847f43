//go:build !race

package mailer

import (
	"crypto/tls"
	"maps"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// fault is what a mail server does to a letter, and what becomes of it.
type fault struct {
	replies    map[string]string
	security   Security // "" for none
	want       surveys.InvitationState
	tries      int                     // counted after the first pass
	suppressed bool                    // the address gets no mail any more
	at         int                     // letters that reached the dot in the first pass
	end        surveys.InvitationState // when the server is well again; "" is sent
	total      int                     // letters that reached the dot in all; 0 is one more than at first
}

// TestEveryFaultEndsInItsState walks what servers do at each step (mail.md A.9,
// security.md F4) through the dispatcher, on both databases: what the invitation
// is afterwards, that a policy suppresses nobody, that no step waits longer than
// its deadline, and that a letter leaves once when the server is well again, but
// for one more where nobody knew. Its hundreds of rows go the same way through the
// code, so the race detector watches the tests beside it instead.
func TestEveryFaultEndsInItsState(t *testing.T) {
	certificate := httptest.NewTLSServer(nil)
	t.Cleanup(certificate.Close)
	casesOnBoth(t, faults(), func(t *testing.T, o office, clock *storetest.Clock, f fault) {
		var secure *tls.Config
		if f.security == ImplicitTLS {
			secure = &tls.Config{Certificates: certificate.TLS.Certificates}
		}
		server := newScriptedOver(t, f.replies, secure)
		short := 150 * time.Millisecond
		settings := SMTPSettings{Security: f.security, Host: "127.0.0.1", Port: portOf(t, server.addr)}
		if f.security == "" {
			settings.Security = Plaintext
		} else {
			settings.Username, settings.Password = "shop", "hush"
		}
		transport := NewSMTP(SMTPOptions{
			Settings: settings, Hello: "hark.example", TLS: &tls.Config{InsecureSkipVerify: true},
			Timeouts: Timeouts{Connect: 2 * short, Command: short, Body: short, Dot: short},
		})
		t.Cleanup(transport.Close)
		d := dispatcher(t, o.store, transport, nil)
		i := o.invite()
		once(t, d, 1)
		got := o.read(i.ID)
		if got.State != f.want || got.Attempts != f.tries || got.Problem == "" && f.want != surveys.InvitationSent {
			t.Errorf("after the first pass it is %s after %d tries (%s), want %s after %d", got.State, got.Attempts, got.Problem, f.want, f.tries)
		}
		if n := len(server.letters()); n != f.at {
			t.Errorf("%d letters reached the dot, want %d", n, f.at)
		}
		suppression, err := o.store.Suppression(t.Context(), o.workspace, i.Email)
		if err != nil || (suppression != "") != f.suppressed {
			t.Errorf("suppressed as %q, %v; it should be: %t", suppression, err, f.suppressed)
		}
		if f.security != "" {
			return // a script knows no way to sign in that is well
		}
		server.heal()
		for range 2 {
			clock.Advance(30 * time.Minute)
			if _, err := runOnce(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		checkEnd(t, o, i, server, f)
	})
}

// checkEnd checks what became of a letter when its server was well again.
func checkEnd(t *testing.T, o office, i surveys.Invitation, server *scripted, f fault) {
	t.Helper()
	end, total, owned := f.end, f.total, 1
	if end == "" {
		end = surveys.InvitationSent
	}
	if total == 0 {
		total = f.at + 1
	}
	if end == surveys.InvitationFailed {
		total, owned = f.at, 0
	}
	o.expect(i.ID, end)
	if n := len(server.letters()); n != total || server.owned() != owned {
		t.Errorf("in all %d letters reached the dot and the server owns %d, want %d and %d", n, server.owned(), total, owned)
	}
	for _, letter := range server.letters() {
		if letter != server.letters()[0] {
			t.Error("a later try has other bytes")
		}
	}
	if o.kept(i.ID) {
		t.Error("the bytes are kept although the fate is known")
	}
}

// faults are the rows of the table, by what the server does.
func faults() map[string]fault {
	const (
		scheduled, failed, unknown, sent = surveys.InvitationScheduled, surveys.InvitationFailed, surveys.InvitationUnknown, surveys.InvitationSent
	)
	rows := map[string]fault{
		"all well":                       {want: sent, tries: 1, at: 1, total: 1},
		"550 5.1.1 at RCPT":              {replies: map[string]string{"RCPT": "550 5.1.1 no such user"}, want: failed, tries: 1, suppressed: true, end: failed},
		"550 5.7.1 at RCPT":              {replies: map[string]string{"RCPT": "550 5.7.1 policy"}, want: failed, tries: 1, end: failed},
		"552 5.2.2 at RCPT":              {replies: map[string]string{"RCPT": "552 5.2.2 mailbox full"}, want: failed, tries: 1, end: failed},
		"550 5.7.1 after the dot":        {replies: map[string]string{"DOT": "550 5.7.1 policy"}, want: failed, tries: 1, at: 1, end: failed},
		"550 5.7.515 after the dot":      {replies: map[string]string{"DOT": "550 5.7.515 not authenticated"}, want: scheduled, tries: 1, at: 1},
		"421 on RSET after the delivery": {replies: map[string]string{"RSET": "421 4.3.2 bye"}, want: sent, tries: 1, at: 1, total: 1},
		"drop on RSET after a refusal":   {replies: map[string]string{"RCPT": "450 4.2.1 busy", "RSET": drop}, want: scheduled, tries: 1},
		"TLS dropped":                    {replies: map[string]string{"EHLO": "250-scripted\r\n250 STARTTLS", "STARTTLS": drop}, security: StartTLS, want: scheduled},
		"TLS of garbage":                 {replies: map[string]string{"EHLO": "250-scripted\r\n250 STARTTLS", "STARTTLS": garbage}, security: StartTLS, want: scheduled},
		// A relay that lies, or says more than it was asked.
		"TLS not offered":                {replies: map[string]string{"EHLO": "250-scripted\r\n250 AUTH PLAIN"}, security: StartTLS, want: scheduled},
		"TLS refused":                    {replies: map[string]string{"EHLO": "250-scripted\r\n250 STARTTLS", "STARTTLS": "454 4.7.0 not now"}, security: StartTLS, want: scheduled},
		"replies slipped in before TLS":  {replies: map[string]string{"EHLO": "250-scripted\r\n250 STARTTLS", "STARTTLS": "220 go\r\n250-scripted\r\n250 AUTH PLAIN\r\n235 in\r\n250 fine\r\n250 fine\r\n354 go"}, security: StartTLS, want: scheduled},
		"250 with garbage after the dot": {replies: map[string]string{"DOT": "250 \x16\x03\x01\xff\xfe\x00 \x1b[2J"}, want: sent, tries: 1, at: 1, total: 1},
		"lines after the dot":            {replies: map[string]string{"DOT": "250-taken\r\n250-as 4F1A\r\n250 thank you"}, want: sent, tries: 1, at: 1, total: 1},
		"another success after the dot":  {replies: map[string]string{"DOT": "252 perhaps"}, want: sent, tries: 1, at: 1, total: 1},
		"two codes after the dot":        {replies: map[string]string{"DOT": "550-refused\r\n250 taken"}, want: unknown, tries: 1, at: 1},
		"354 after the dot":              {replies: map[string]string{"DOT": "354 go on"}, want: unknown, tries: 1, at: 1},
		"250 at DATA":                    {replies: map[string]string{"DATA": "250 go on"}, want: scheduled, tries: 1},
		"354 at RCPT":                    {replies: map[string]string{"RCPT": "354 go on"}, want: scheduled, tries: 1},
		"two replies at MAIL":            {replies: map[string]string{"MAIL": "250 fine\r\n250 fine", "RCPT": "550 5.7.1 refused"}, want: failed, tries: 1, end: failed},
		"sign-in later":                  {replies: map[string]string{"EHLO": "250-scripted\r\n250 AUTH PLAIN", "AUTH": "454 4.7.0 later"}, security: ImplicitTLS, want: scheduled},
		"sign-in refused":                {replies: map[string]string{"EHLO": "250-scripted\r\n250 AUTH PLAIN", "AUTH": "535 5.7.8 wrong"}, security: ImplicitTLS, want: scheduled},
		"sign-in hangs":                  {replies: map[string]string{"EHLO": "250-scripted\r\n250 AUTH PLAIN", "AUTH": hang}, security: ImplicitTLS, want: scheduled},
	}
	for _, code := range []string{"421", "450", "452", "550", "554"} {
		refused := fault{want: scheduled, tries: 1}
		if code[0] == '5' {
			refused = fault{want: failed, tries: 1, end: failed}
		}
		outage := fault{want: scheduled} // it says nothing about the letter
		sender := outage
		if code == "450" || code == "452" {
			sender = refused
		}
		dot := refused
		dot.at = 1
		for step, row := range map[string]fault{"GREETING": outage, "EHLO": outage, "MAIL": sender, "RCPT": refused, "DATA": refused, "DOT": dot} {
			row.replies = map[string]string{step: code + " as the test wants"}
			if step == "EHLO" {
				row.replies["HELO"] = row.replies[step]
			}
			rows[code+" at "+step] = row
		}
	}
	for _, trouble := range []string{drop, hang, half, slow, talk, garbage} {
		for step, row := range map[string]fault{
			"GREETING": {want: scheduled}, "EHLO": {want: scheduled}, "MAIL": {want: scheduled, tries: 1}, "RCPT": {want: scheduled, tries: 1},
			"DATA": {want: scheduled, tries: 1}, "DOT": {want: unknown, tries: 1, at: 1},
		} {
			row.replies = map[string]string{step: trouble}
			if step == "EHLO" {
				row.replies["HELO"] = trouble
			}
			rows[trouble+" at "+step] = row
		}
	}
	for name, row := range maps.Clone(rows) {
		if row.replies["EHLO"] == "" { // the same by a server that takes commands at once
			row.replies = maps.Clone(row.replies)
			if row.replies == nil {
				row.replies = make(map[string]string)
			}
			row.replies["EHLO"] = "250-scripted\r\n250 PIPELINING"
			rows[name+", at once"] = row
		}
	}
	return rows
}
