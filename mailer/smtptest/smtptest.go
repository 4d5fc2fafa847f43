// Package smtptest is a real SMTP server for tests: it takes mail over TCP as a
// provider does, keeps what it got, and fails on demand where providers fail.
// It stands at the end of the data's way out of Hark, behind mailer, in the
// tests of every package that makes mail leave.
package smtptest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// patience is how long [Server.Wait] waits: mail that needs longer on a local
// connection does not come.
const patience = 20 * time.Second

// Message is one mail whose last dot has reached the server.
type Message struct {
	From string   // envelope sender, "" for a bounce
	To   []string // envelope recipients that were accepted
	Data []byte   // as received: headers, blank line, body, with CRLF
	Host string   // what the sender calls itself in EHLO
	// Reply is what the server answered to the dot: 250, the code of a [Fault],
	// or 0 where it closed the connection instead. A real server that answered
	// nothing may have kept the mail all the same, so it is in the list.
	Reply int
}

// Server is a running server. It ends with its test.
type Server struct {
	listener net.Listener
	smtp     *smtp.Server

	mu       sync.Mutex
	faults   []*Fault
	messages []Message
	arrived  chan struct{} // closed and replaced at every message
}

// New starts a server on 127.0.0.1 that has the given faults, without TLS and
// sign-in, and stops it when tb ends.
func New(tb testing.TB, faults ...Fault) *Server {
	tb.Helper()
	listener, err := listen()
	if err != nil {
		tb.Fatalf("start an SMTP server: %v", err)
	}
	s := &Server{listener: listener, arrived: make(chan struct{})}
	s.Fail(faults...)
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(conn *smtp.Conn) (smtp.Session, error) {
		return &session{server: s, conn: conn}, nil
	}))
	s.smtp.Domain = "mx.example.test"
	s.smtp.EnableSMTPUTF8 = true
	s.smtp.MaxMessageBytes = 32 << 20
	// It reports connections that end halfway, which here is on purpose.
	s.smtp.ErrorLog = log.New(io.Discard, "", 0)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = s.smtp.Serve(listener) // ends when it is closed
	}()
	tb.Cleanup(func() {
		s.Stop()
		<-ended
	})
	return s
}

// Addr is the server's host and port.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// URL is the server in the form of the setting HARK_SMTP.
func (s *Server) URL() string { return "smtp+plain://" + s.Addr() }

// Stop closes the server and all its connections at once, as a crash does.
// Stopping twice is fine.
func (s *Server) Stop() {
	_ = s.smtp.Close()
	// Itself, since a server that has not come to serving yet does not know its
	// listener, and would then wait on it for ever.
	_ = s.listener.Close()
}

// Fail adds faults to those that the server has.
func (s *Server) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, fault := range faults {
		s.faults = append(s.faults, &fault)
	}
}

// Messages returns all that has arrived so far, in that order.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// Wait returns all that has arrived as soon as these are n or more, and fails
// the test where they do not come within 20 seconds.
func (s *Server) Wait(tb testing.TB, n int) []Message {
	tb.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		s.mu.Lock()
		messages, arrived := slices.Clone(s.messages), s.arrived
		s.mu.Unlock()
		if len(messages) >= n {
			return messages
		}
		select {
		case <-arrived:
		case <-late.C:
			tb.Fatalf("%d messages arrived within %s, want %d", len(messages), patience, n)
		}
	}
}

// keep stores a message and wakes those who wait.
func (s *Server) keep(message Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, message)
	close(s.arrived)
	s.arrived = make(chan struct{})
}

// session is one connection's mail transaction.
type session struct {
	server *Server
	conn   *smtp.Conn
	from   string
	to     []string
}

// Reset forgets the transaction.
func (s *session) Reset() { s.from, s.to = "", nil }

// Logout has nothing to free.
func (s *session) Logout() error { return nil }

// Mail takes MAIL FROM.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	_, err := s.fail(Sender, nil)
	return err
}

// Rcpt takes one RCPT TO.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if _, err := s.fail(Recipient, []string{to}); err != nil {
		return err
	}
	s.to = append(s.to, to)
	return nil
}

// Data takes the mail up to the dot.
func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("receive the mail: %w", err) // cut off: it never was one
	}
	reply, err := s.fail(Dot, s.to)
	s.server.keep(Message{From: s.from, To: slices.Clone(s.to), Data: bytes.Clone(data), Host: s.conn.Hostname(), Reply: reply})
	return err
}

// fail returns the code and the error of the fault that is due at step, or 250
// and nil. Where the fault is to drop the connection, it does so.
func (s *session) fail(step Step, to []string) (int, error) {
	fault, due := s.server.due(step, to)
	switch {
	case !due:
		return 250, nil
	case fault.Code == Drop:
		_ = s.conn.Conn().Close()
		return Drop, errors.New("connection dropped")
	}
	text := fault.Text
	if text == "" {
		text = "refused by the test"
	}
	enhanced := smtp.EnhancedCode{fault.Code / 100, 0, 0}
	return fault.Code, &smtp.SMTPError{Code: fault.Code, EnhancedCode: enhanced, Message: text}
}

// listen takes a free port below 32768: above, the kernel takes ports for
// outgoing connections, and a server that a test stops and starts again on its
// port could find it taken.
func listen() (net.Listener, error) {
	var last error
	for range 100 {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(12000)))
		if err == nil {
			return listener, nil
		}
		last = err
	}
	return nil, fmt.Errorf("no free port on 127.0.0.1 from 20000 to 31999: %w", last)
}

// matches says whether one of the addresses is the fault's, without regard to
// case, as mail providers see it.
func matches(recipient string, to []string) bool {
	return recipient == "" || slices.ContainsFunc(to, func(address string) bool {
		return strings.EqualFold(address, recipient)
	})
}
