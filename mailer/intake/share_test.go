package intake

import (
	"net"
	"testing"
)

// fromConn is a connection from somewhere.
type fromConn struct {
	net.Conn
	from   string
	closed bool
}

func (c *fromConn) RemoteAddr() net.Addr {
	a, _ := net.ResolveTCPAddr("tcp", c.from)
	return a
}
func (c *fromConn) Close() error { c.closed = true; return nil }

// queueListener hands out connections in order.
type queueListener struct {
	net.Listener
	queue []*fromConn
}

func (l *queueListener) Accept() (net.Conn, error) {
	if len(l.queue) == 0 {
		return nil, net.ErrClosed
	}
	c := l.queue[0]
	l.queue = l.queue[1:]
	return c, nil
}

// TestOneStrangerKeepsNobodyOut: whoever has their share gets no more until they
// give some back; others, and this machine itself, always do.
func TestOneStrangerKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	queue := &queueListener{}
	l := &sharedListener{Listener: queue, most: 2}
	accept := func(from ...string) (taken []net.Conn, refused int) {
		t.Helper()
		conns := make([]*fromConn, len(from))
		for i, f := range from {
			conns[i] = &fromConn{from: f}
		}
		queue.queue = conns
		for {
			c, err := l.Accept()
			if err != nil {
				break
			}
			taken = append(taken, c)
		}
		for _, c := range conns {
			if c.closed {
				refused++
			}
		}
		return taken, refused
	}
	held, refused := accept("192.0.2.1:1000", "192.0.2.1:1001", "192.0.2.1:1002", "[::ffff:192.0.2.1]:1003", "192.0.2.2:1000")
	if len(held) != 3 || refused != 2 {
		t.Errorf("took %d and refused %d", len(held), refused)
	}
	if taken, refused := accept("[2001:db8::1]:1", "[2001:db8::2]:1", "[2001:db8::3]:1", "[2001:db8:0:1::1]:1"); len(taken) != 3 || refused != 1 {
		t.Errorf("of one network of IPv6: took %d and refused %d", len(taken), refused)
	}
	if taken, refused := accept("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "[::1]:4"); len(taken) != 4 || refused != 0 {
		t.Errorf("of this machine: took %d and refused %d", len(taken), refused)
	}
	_ = held[0].Close()
	_ = held[0].Close() // once only
	if taken, refused := accept("192.0.2.1:1004", "192.0.2.1:1005"); len(taken) != 1 || refused != 1 {
		t.Errorf("after one was given back: took %d and refused %d", len(taken), refused)
	}
}
