package mailer

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys/store"
)

// patient is shorter than the defaults, and long for a local connection.
func patient() Timeouts {
	return Timeouts{Connect: 5 * time.Second, Command: 5 * time.Second, Body: 5 * time.Second, Dot: 5 * time.Second}
}

// transportTo connects to a local server without TLS.
func transportTo(t testing.TB, address string, timeouts Timeouts) *SMTP {
	t.Helper()
	settings, err := ParseSMTP("smtp+plain://" + address)
	if err != nil {
		t.Fatal(err)
	}
	s := NewSMTP(SMTPOptions{Settings: settings, Hello: "hark.example", Timeouts: timeouts})
	t.Cleanup(s.Close)
	return s
}

func aLetter(n int) store.Letter {
	return store.Letter{
		InvitationID: fmt.Sprint(n), MessageID: fmt.Sprintf("inv-%d@shop.example", n), Sender: "feedback@shop.example", Recipient: fmt.Sprintf("p%d@example.org", n),
		Message: fmt.Appendf(nil, "Message-ID: <inv-%d@shop.example>\r\nSubject: hello\r\n\r\n.a line that starts with a dot\r\n..two\r\nend\r\n", n),
	}
}

// TestFaults walks the table of what servers do at each step, on TCP.
func TestFaults(t *testing.T) {
	t.Parallel()
	short := patient()
	short.Dot, short.Command = 200*time.Millisecond, 200*time.Millisecond
	for name, test := range map[string]struct {
		replies map[string]string
		want    Outcome
		bad     bool
		arrived int // letters that reached the dot
	}{
		"all well":                       {nil, Sent, false, 1},
		"550 5.1.1 at RCPT":              {map[string]string{"RCPT": "550 5.1.1 no such user"}, Permanent, true, 0},
		"452 4.2.2 at RCPT":              {map[string]string{"RCPT": "452 4.2.2 mailbox full"}, Temporary, false, 0},
		"550 5.7.1 at RCPT":              {map[string]string{"RCPT": "550 5.7.1 policy"}, Permanent, false, 0},
		"450 4.7.1 after the dot":        {map[string]string{"DOT": "450 4.7.1 later"}, Temporary, false, 1},
		"550 5.7.1 after the dot":        {map[string]string{"DOT": "550 5.7.1 policy"}, Permanent, false, 1},
		"421 after the dot":              {map[string]string{"DOT": "421 4.3.2 stopping"}, Temporary, false, 1},
		"drop after the dot":             {map[string]string{"DOT": drop}, Unknown, false, 1},
		"hang after the dot":             {map[string]string{"DOT": hang}, Unknown, false, 1},
		"garbage after the dot":          {map[string]string{"DOT": "what?"}, Unknown, false, 1},
		"421 on RSET after a refusal":    {map[string]string{"RCPT": "450 4.2.1 busy", "RSET": "421 4.3.2 bye"}, Temporary, false, 0},
		"421 on RSET after the delivery": {map[string]string{"RSET": "421 4.3.2 bye"}, Sent, false, 1},
		"drop at MAIL":                   {map[string]string{"MAIL": drop}, Temporary, false, 0},
		"drop at RCPT":                   {map[string]string{"RCPT": drop}, Temporary, false, 0},
		"hang at RCPT":                   {map[string]string{"RCPT": hang}, Temporary, false, 0},
		"drop at DATA":                   {map[string]string{"DATA": drop}, Temporary, false, 0},
		"554 at DATA":                    {map[string]string{"DATA": "554 5.5.0 no"}, Permanent, false, 0},
		"550 at MAIL":                    {map[string]string{"MAIL": "550 5.7.1 not your address"}, Outage, false, 0},
		"421 at MAIL":                    {map[string]string{"MAIL": "421 4.7.0 slow down"}, Outage, false, 0},
		"554 as greeting":                {map[string]string{"GREETING": "554 no service"}, Outage, false, 0},
		"EHLO and HELO refused":          {map[string]string{"EHLO": "502 no", "HELO": "502 no"}, Outage, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newScripted(t, test.replies)
			transport := transportTo(t, server.addr, short)
			got := transport.Deliver(t.Context(), aLetter(1))
			if got.Outcome != test.want || got.BadAddress != test.bad {
				t.Errorf("result %+v, want %s, bad address %t", got, test.want, test.bad)
			}
			letters := server.letters()
			if len(letters) != test.arrived {
				t.Fatalf("%d letters reached the dot, want %d", len(letters), test.arrived)
			}
			for _, letter := range letters {
				if letter != string(aLetter(1).Message) {
					t.Errorf("the server got %q", letter)
				}
			}
		})
	}
}

func TestNoServerIsAnOutage(t *testing.T) {
	t.Parallel()
	server := smtptest.New(t)
	server.Stop()
	got := transportTo(t, server.Addr(), patient()).Deliver(t.Context(), aLetter(1))
	if got.Outcome != Outage || !strings.Contains(got.Problem, server.Addr()) {
		t.Errorf("result %+v, want an outage that names %s", got, server.Addr())
	}
}

func TestBytesArriveUnchanged(t *testing.T) {
	t.Parallel()
	server := smtptest.New(t)
	transport := transportTo(t, server.Addr(), patient())
	if got := transport.Deliver(t.Context(), aLetter(7)); got != (Result{Outcome: Sent}) {
		t.Fatalf("result %+v", got)
	}
	message := server.Wait(t, 1)[0]
	if string(message.Data) != string(aLetter(7).Message) || message.From != "feedback@shop.example" || fmt.Sprint(message.To) != "[p7@example.org]" {
		t.Errorf("arrived %q from %s to %s", message.Data, message.From, message.To)
	}
}

func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	server := newScripted(t, nil)
	transport := transportTo(t, server.addr, patient())
	for n := range 5 {
		if got := transport.Deliver(t.Context(), aLetter(n)); got.Outcome != Sent {
			t.Fatalf("letter %d: %+v", n, got)
		}
	}
	server.change("RCPT", "550 5.1.1 no such user")
	transport.Deliver(t.Context(), aLetter(5))
	server.change("RCPT", "250 2.1.5 fine")
	if got := transport.Deliver(t.Context(), aLetter(6)); got.Outcome != Sent {
		t.Errorf("after a refusal: %+v", got)
	}
	if server.dialled() != 1 {
		t.Errorf("%d connections for seven letters, want 1", server.dialled())
	}
}

func TestConnectionGivenUpByTheServerIsReplaced(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]string{"dropped": drop, "421": "421 4.4.2 idle too long"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := smtptest.New(t, smtptest.Fault{Step: smtptest.Sender, Code: codeOf(reply), Times: 1})
			transport := transportTo(t, first.Addr(), patient())
			// The fault strikes the fresh connection first, and is spent: it is
			// the reused one that must not suffer from it.
			transport.Deliver(t.Context(), aLetter(0))
			if got := transport.Deliver(t.Context(), aLetter(1)); got.Outcome != Sent {
				t.Fatalf("on a healthy server: %+v", got)
			}
			first.Fail(smtptest.Fault{Step: smtptest.Sender, Code: codeOf(reply), Times: 1})
			if got := transport.Deliver(t.Context(), aLetter(2)); got.Outcome != Sent {
				t.Errorf("on a connection that the server gave up: %+v, want it sent on a new one", got)
			}
			if n := len(first.Messages()); n != 2 {
				t.Errorf("%d letters arrived, want 2", n)
			}
		})
	}
}

func codeOf(reply string) int {
	if reply == drop {
		return smtptest.Drop
	}
	return 421
}

func TestEndOfContextInterrupts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		step string
		want Outcome
	}{"at the greeting": {"GREETING", Outage}, "before the dot": {"RCPT", Temporary}, "at the dot": {"DOT", Unknown}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newScripted(t, map[string]string{test.step: hang})
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			begun := time.Now()
			if got := transportTo(t, server.addr, Timeouts{}).Deliver(ctx, aLetter(1)); got.Outcome != test.want {
				t.Errorf("result %+v, want %s", got, test.want)
			}
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("it took %s to stop", took)
			}
		})
	}
}

func TestInternationalAddresses(t *testing.T) {
	t.Parallel()
	server := smtptest.New(t) // offers SMTPUTF8
	modest := newScripted(t, nil)
	for name, test := range map[string]struct {
		server, recipient string
		want              Outcome
	}{
		"domain in ASCII for everybody":   {modest.addr, "ana@bücher.example", Sent},
		"local part needs SMTPUTF8":       {server.Addr(), "añá@example.org", Sent},
		"local part without SMTPUTF8":     {modest.addr, "añá@example.org", Permanent},
		"no address":                      {modest.addr, "nobody", Permanent},
		"address with a command in it":    {modest.addr, "a@b.example>\r\nRCPT TO:<c@d.example", Permanent},
		"address with an ESMTP parameter": {modest.addr, "a@b.example> NOTIFY=NEVER", Permanent},
	} {
		letter := aLetter(1)
		letter.Recipient = test.recipient
		if got := transportTo(t, test.server, patient()).Deliver(t.Context(), letter); got.Outcome != test.want || got.BadAddress {
			t.Errorf("%s: %+v, want %s", name, got, test.want)
		}
	}
	if message := server.Wait(t, 1)[0]; message.To[0] != "añá@example.org" {
		t.Errorf("arrived for %s", message.To)
	}
	if n := len(modest.letters()); n != 1 {
		t.Errorf("the modest server got %d letters, want 1", n)
	}
}

func TestSMTPUTF8IsNotAskedForWithoutNeed(t *testing.T) {
	t.Parallel()
	server := newScripted(t, map[string]string{"EHLO": "250-scripted\r\n250 SMTPUTF8"})
	transport := transportTo(t, server.addr, patient())
	plain, international := aLetter(1), aLetter(2)
	international.Recipient = "añá@example.org"
	for _, letter := range []store.Letter{plain, international, plain} {
		if got := transport.Deliver(t.Context(), letter); got.Outcome != Sent {
			t.Fatalf("to %s: %+v", letter.Recipient, got)
		}
	}
	want := "[MAIL FROM:<feedback@shop.example> MAIL FROM:<feedback@shop.example> SMTPUTF8 MAIL FROM:<feedback@shop.example>]"
	if got := fmt.Sprint(server.mails()); got != want {
		t.Errorf("said %s, want %s", got, want)
	}
}

func TestServerThatVanishesWhileWriting(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		// It answers everything in advance and goes when the body comes.
		fmt.Fprint(conn, "220 hi\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n")
		buffer := make([]byte, 4096)
		for read := 0; read < 64<<10; {
			n, err := conn.Read(buffer)
			if err != nil {
				break
			}
			read += n
		}
		_ = conn.(*net.TCPConn).SetLinger(0)
		conn.Close()
	}()
	letter := aLetter(1)
	letter.Message = []byte(strings.Repeat("a long line of a very long letter\r\n", 1<<19))
	if got := transportTo(t, listener.Addr().String(), patient()).Deliver(t.Context(), letter); got.Outcome != Temporary {
		t.Errorf("result %+v, want temporary: the dot was never written", got)
	}
}
