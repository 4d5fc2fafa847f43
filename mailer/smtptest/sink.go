package smtptest

import (
	"bufio"
	"bytes"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// Sink is an SMTP server for benchmarks that takes every mail and keeps none
// of it: it should take as little of the machine as a server can, so that what
// is measured is the sender. It knows no TLS, no sign-in and, of the extensions,
// PIPELINING.
type Sink struct {
	listener net.Listener
	mails    atomic.Int64
	bytes    atomic.Int64

	mu    sync.Mutex
	conns map[net.Conn]bool
}

// NewSink starts a sink on 127.0.0.1 and stops it when tb ends.
func NewSink(tb testing.TB) *Sink {
	tb.Helper()
	listener, err := listen()
	if err != nil {
		tb.Fatalf("start an SMTP sink: %v", err)
	}
	s := &Sink{listener: listener, conns: make(map[net.Conn]bool)}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns[conn] = true
			s.mu.Unlock()
			serving.Go(func() { s.serve(conn) })
		}
	})
	tb.Cleanup(func() {
		listener.Close()
		s.mu.Lock()
		for conn := range s.conns {
			conn.Close()
		}
		s.mu.Unlock()
		serving.Wait()
	})
	return s
}

// Addr is the sink's host and port.
func (s *Sink) Addr() string { return s.listener.Addr().String() }

// Mails is how many mails it took.
func (s *Sink) Mails() int64 { return s.mails.Load() }

// Bytes is how long all of them are together.
func (s *Sink) Bytes() int64 { return s.bytes.Load() }

// serve speaks on one connection until a side ends it.
func (s *Sink) serve(conn net.Conn) {
	defer conn.Close()
	r, w := bufio.NewReaderSize(conn, 64<<10), bufio.NewWriter(conn)
	reply := "220 sink ready\r\n"
	for {
		_, _ = w.WriteString(reply) // an error stays until the flush
		if r.Buffered() == 0 {      // else more commands came at once, and get one answer
			if err := w.Flush(); err != nil {
				return
			}
		}
		line, err := r.ReadSlice('\n')
		if err != nil || len(line) < 4 {
			return
		}
		switch string(bytes.ToUpper(line[:4])) {
		case "DATA":
			_, _ = w.WriteString("354 go on\r\n")
			if err := w.Flush(); err != nil {
				return
			}
			n, err := skipMail(r)
			if err != nil {
				return
			}
			s.mails.Add(1)
			s.bytes.Add(n)
			reply = "250 2.0.0 taken\r\n"
		case "EHLO":
			reply = "250-sink\r\n250 PIPELINING\r\n"
		case "QUIT":
			_, _ = w.WriteString("221 bye\r\n")
			_ = w.Flush()
			return
		default:
			reply = "250 fine\r\n"
		}
	}
}

// skipMail reads up to the last dot, whole buffers at a time.
func skipMail(r *bufio.Reader) (n int64, err error) {
	end := []byte("\r\n.\r\n")
	for {
		if _, err := r.Peek(len(end)); err != nil {
			return n, err
		}
		held, err := r.Peek(r.Buffered())
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return n, err
		}
		if at := bytes.Index(held, end); at >= 0 {
			discarded, err := r.Discard(at + len(end))
			return n + int64(discarded), err
		}
		discarded, err := r.Discard(len(held) - len(end) + 1) // its end may be the dot's beginning
		n += int64(discarded)
		if err != nil {
			return n, err
		}
	}
}
