package smtptest

import (
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
	"testing"
)

const mail = "Subject: hello\r\n\r\nHow likely are you?\r\n"

// send gives one mail to the server by the standard library's client.
func send(s *Server, to ...string) error {
	return smtp.SendMail(s.Addr(), nil, "shop@example.test", to, []byte(mail))
}

func TestServerKeepsEnvelopeAndBytes(t *testing.T) {
	t.Parallel()
	s := New(t)
	if err := send(s, "ana@example.test", "bo@example.test"); err != nil {
		t.Fatal(err)
	}
	got := s.Wait(t, 1)[0]
	if got.From != "shop@example.test" || fmt.Sprint(got.To) != "[ana@example.test bo@example.test]" || got.Reply != 250 {
		t.Errorf("envelope = %q to %q, reply %d", got.From, got.To, got.Reply)
	}
	if string(got.Data) != mail {
		t.Errorf("data = %q, want %q", got.Data, mail)
	}
}

func TestWaitSeesMessagesOfManySenders(t *testing.T) {
	t.Parallel()
	s := New(t)
	const n = 12
	failed := make(chan error, n)
	for i := range n {
		go func() { failed <- send(s, fmt.Sprintf("p%d@example.test", i)) }()
	}
	seen := map[string]bool{}
	for _, message := range s.Wait(t, n) {
		seen[message.To[0]] = true
	}
	for range n {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	if len(seen) != n {
		t.Errorf("%d different recipients, want %d", len(seen), n)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	const ana = "ana@example.test"
	for name, test := range map[string]struct {
		fault   Fault
		codes   []int // what the client hears from each of its tries; 0 is a lost connection
		replies []int // what the server notes of each mail that reached the dot
	}{
		"none":                          {Fault{Step: Dot, Recipient: "other@example.test", Code: 550}, []int{250}, []int{250}},
		"sender refused":                {Fault{Step: Sender, Code: 550}, []int{550}, nil},
		"recipient refused for good":    {Fault{Step: Recipient, Recipient: ana, Code: 550}, []int{550, 550, 550}, nil},
		"recipient in other case":       {Fault{Step: Recipient, Recipient: strings.ToUpper(ana), Code: 550}, []int{550}, nil},
		"recipient deferred once":       {Fault{Step: Recipient, Code: 450, Times: 1}, []int{450, 250}, []int{250}},
		"deferred after the dot, twice": {Fault{Step: Dot, Code: 451, Times: 2}, []int{451, 451, 250}, []int{451, 451, 250}},
		"dropped at the recipient":      {Fault{Step: Recipient, Code: Drop, Times: 1}, []int{0, 250}, []int{250}},
		"dropped after the dot":         {Fault{Step: Dot, Code: Drop, Times: 1}, []int{0, 250}, []int{Drop, 250}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := New(t, test.fault)
			for try, want := range test.codes {
				if got := code(t, send(s, ana)); got != want {
					t.Errorf("try %d heard %d, want %d", try+1, got, want)
				}
			}
			var replies []int
			for _, message := range s.Messages() {
				replies = append(replies, message.Reply)
			}
			if fmt.Sprint(replies) != fmt.Sprint(test.replies) {
				t.Errorf("mails at the dot were answered %v, want %v", replies, test.replies)
			}
		})
	}
}

// code is the SMTP reply behind a client's error.
func code(t *testing.T, err error) int {
	t.Helper()
	var reply *textproto.Error
	switch {
	case err == nil:
		return 250
	case errors.As(err, &reply):
		return reply.Code
	}
	return 0
}

func TestFaultSaysItsText(t *testing.T) {
	t.Parallel()
	s := New(t, Fault{Step: Recipient, Code: 552, Text: "mailbox full"})
	if err := send(s, "ana@example.test"); err == nil || !strings.Contains(err.Error(), "mailbox full") {
		t.Errorf("the client heard %v, want the fault's text", err)
	}
}

func TestStopEndsTheServer(t *testing.T) {
	t.Parallel()
	s := New(t)
	s.Stop()
	s.Stop()
	if conn, err := net.Dial("tcp", s.Addr()); err == nil {
		conn.Close()
		t.Errorf("%s still answers after Stop", s.Addr())
	}
}

func TestPortIsBelowTheEphemeralOnes(t *testing.T) {
	t.Parallel()
	s := New(t)
	_, port, err := net.SplitHostPort(s.Addr())
	if err != nil || len(port) != 5 || port >= "32768" {
		t.Errorf("port %s, %v, want one below 32768", port, err)
	}
	if s.URL() != "smtp+plain://"+s.Addr() {
		t.Errorf("URL %s", s.URL())
	}
}
