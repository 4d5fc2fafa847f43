package mailer

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Replies of a scripted server that are no replies.
const (
	drop    = "drop"    // close the connection
	hang    = "hang"    // say nothing, until the test ends
	half    = "half"    // close one's own side only
	slow    = "slow"    // say what is usual, a byte each second
	talk    = "talk"    // say one line of a megabyte
	garbage = "garbage" // say what is no reply
)

// scripted is an SMTP server that says at each step exactly what a test wrote,
// down to the enhanced status code, and keeps what reached the last dot. It
// serves where smtptest, a real server, is too polite.
type scripted struct {
	addr    string
	replies map[string]string // by verb, "GREETING" and "DOT"; missing ones are answered well
	ended   chan struct{}

	mu          sync.Mutex
	connections int
	taken       []string // letters that reached the dot
	accepted    int      // of them, those that it owns now
	empty       int      // letters of nothing but a dot
	mailFrom    []string // whole MAIL lines
	rcptTo      []string // whole RCPT lines
}

func newScripted(t testing.TB, replies map[string]string) *scripted {
	t.Helper()
	return newScriptedOver(t, replies, nil)
}

// newScriptedOver speaks TLS from the first byte where a configuration is given.
func newScriptedOver(t testing.TB, replies map[string]string, secure *tls.Config) *scripted {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if secure != nil {
		listener = tls.NewListener(listener, secure)
	}
	s := &scripted{addr: listener.Addr().String(), replies: replies, ended: make(chan struct{})}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() {
		close(s.ended)
		listener.Close()
		serving.Wait()
	})
	return s
}

// serve speaks on one connection until a side ends it.
func (s *scripted) serve(conn net.Conn) {
	defer conn.Close()
	go func() {
		<-s.ended
		conn.Close()
	}()
	s.mu.Lock()
	s.connections++
	s.mu.Unlock()
	r := bufio.NewReader(conn)
	if !s.say(conn, "GREETING", "220 ready") {
		return
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " ")
		usual := map[string]string{"EHLO": "250-scripted\r\n250 ENHANCEDSTATUSCODES", "DATA": "354 go on", "QUIT": "221 bye"}[verb]
		if verb == "MAIL" {
			s.mu.Lock()
			s.mailFrom = append(s.mailFrom, strings.TrimSpace(line))
			s.mu.Unlock()
		}
		if verb == "RCPT" {
			s.mu.Lock()
			s.rcptTo = append(s.rcptTo, strings.TrimSpace(line))
			s.mu.Unlock()
		}
		if usual == "" {
			usual = "250 2.0.0 fine"
		}
		if !s.say(conn, verb, usual) {
			return
		}
		if verb == "DATA" && strings.HasPrefix(s.reply(verb, usual), "354") && !s.data(conn, r) {
			return
		}
	}
}

// data takes a letter and answers its dot.
func (s *scripted) data(conn net.Conn, r *bufio.Reader) bool {
	var letter strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		letter.WriteString(strings.TrimPrefix(line, "."))
	}
	if letter.Len() == 0 { // commands came at once, and one before was refused (RFC 2920, 3.1)
		s.mu.Lock()
		s.empty++
		s.mu.Unlock()
		return s.say(conn, "", "554 5.5.1 no valid recipients")
	}
	s.mu.Lock()
	s.taken = append(s.taken, letter.String())
	if reply, scripted := s.replies["DOT"]; !scripted || strings.HasPrefix(reply, "25") {
		s.accepted++
	}
	s.mu.Unlock()
	return s.say(conn, "DOT", "250 2.0.0 taken")
}

func (s *scripted) reply(step, usual string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if reply, scripted := s.replies[step]; scripted {
		return reply
	}
	return usual
}

// say answers a step, and reports whether the connection goes on.
func (s *scripted) say(conn net.Conn, step, usual string) bool {
	switch reply := s.reply(step, usual); reply {
	case drop:
		return false
	case hang:
		<-s.ended
		return false
	case half:
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
		<-s.ended
		return false
	case slow:
		return s.slowly(conn, usual+"\r\n")
	case talk:
		_, _ = fmt.Fprint(conn, strings.Repeat("250 and so on ", 1<<20/14)+"\r\n")
		<-s.ended
		return false
	case garbage:
		_, err := fmt.Fprint(conn, "\x16\x03\x01 what?\r\n")
		return err == nil
	default:
		_, err := fmt.Fprint(conn, reply+"\r\n")
		return err == nil && !strings.HasPrefix(reply, "421")
	}
}

// slowly says something a byte each second.
func (s *scripted) slowly(conn net.Conn, text string) bool {
	for n := range len(text) {
		if _, err := fmt.Fprint(conn, text[n:n+1]); err != nil {
			return false
		}
		select {
		case <-time.After(time.Second):
		case <-s.ended:
			return false
		}
	}
	return true
}

// heal answers well from now on.
func (s *scripted) heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies = nil
}

// owned is how many letters the server said that it owns.
func (s *scripted) owned() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accepted
}

// change scripts another reply from now on.
func (s *scripted) change(step, reply string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := map[string]string{step: reply}
	for other, was := range s.replies {
		if other != step {
			changed[other] = was
		}
	}
	s.replies = changed
}

func (s *scripted) letters() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.taken...)
}

// nothings is how many letters of nothing it was given.
func (s *scripted) nothings() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.empty
}

func (s *scripted) dialled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections
}

func (s *scripted) mails() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.mailFrom...)
}

func (s *scripted) rcpts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.rcptTo...)
}

// portOf is the port of a server's address.
func portOf(t *testing.T, address string) int {
	t.Helper()
	var port int
	if _, err := fmt.Sscanf(address, "127.0.0.1:%d", &port); err != nil {
		t.Fatal(err)
	}
	return port
}
