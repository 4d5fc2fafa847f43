// Package dnstest is a DNS server for tests: it answers over UDP on this machine
// with the TXT records that a test gives it, as an operator's would. It stands
// beside the data's way, where flow asks whether the records of keys are there;
// only tests import it.
package dnstest

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// Server answers with TXT records. It ends with its test.
type Server struct {
	conn net.PacketConn

	mu      sync.Mutex
	records map[string][]string // by name, without the dot at the end
	broken  bool
	asked   []string
}

// New starts a server without records.
func New(tb testing.TB) *Server {
	tb.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("start a DNS server: %v", err)
	}
	s := &Server{conn: conn, records: make(map[string][]string)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.serve()
	}()
	tb.Cleanup(func() {
		conn.Close()
		<-ended
	})
	return s
}

// Resolver asks this server, and no other.
func (s *Server) Resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", s.conn.LocalAddr().String())
	}}
}

// Set puts the TXT records of a name in the place of those that it had; without
// any there is no such name.
func (s *Server) Set(name string, records ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.records, name)
	if len(records) > 0 {
		s.records[name] = records
	}
}

// Break makes the server fail from now on.
func (s *Server) Break() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = true
}

// Asked are the names that were asked for.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

func (s *Server) serve() {
	buffer := make([]byte, 4096)
	for {
		n, from, err := s.conn.ReadFrom(buffer)
		if err != nil {
			return // closed
		}
		var query dnsmessage.Message
		if query.Unpack(buffer[:n]) != nil || len(query.Questions) != 1 {
			continue
		}
		answer := s.answer(query.Header.ID, query.Questions[0])
		if packed, err := answer.Pack(); err == nil {
			_, _ = s.conn.WriteTo(packed, from) // who does not wait any more misses it
		}
	}
}

// answer is what the server says to a question.
func (s *Server) answer(id uint16, q dnsmessage.Question) dnsmessage.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := strings.TrimSuffix(q.Name.String(), ".")
	s.asked = append(s.asked, name)
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: id, Response: true, Authoritative: true, RecursionAvailable: true},
		Questions: []dnsmessage.Question{q},
	}
	records, there := s.records[strings.ToLower(name)]
	switch {
	case s.broken:
		m.Header.RCode = dnsmessage.RCodeServerFailure
	case !there:
		m.Header.RCode = dnsmessage.RCodeNameError
	case q.Type == dnsmessage.TypeTXT:
		for _, record := range records {
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 60},
				Body:   &dnsmessage.TXTResource{TXT: pieces(record)},
			})
		}
	}
	return m
}

// pieces cuts a text as a TXT record has it: in strings of up to 255 bytes.
func pieces(text string) []string {
	var list []string
	for len(text) > 255 {
		list, text = append(list, text[:255]), text[255:]
	}
	return append(list, text)
}
