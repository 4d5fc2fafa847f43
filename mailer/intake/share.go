package intake

import (
	"net"
	"net/netip"
	"sync"
)

// sharedListener lets no remote address hold more than its share of the
// connections: otherwise one stranger who says nothing shuts everybody out. Of
// IPv6 a network of 64 bits counts as one. A mail server beside Hark is not
// bounded, since it speaks for all.
type sharedListener struct {
	net.Listener
	most int

	mu   sync.Mutex
	held map[netip.Prefix]int
}

// Accept closes the connections of those who have their share already.
func (l *sharedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from, bounded := remote(conn.RemoteAddr())
		if !bounded {
			return conn, nil
		}
		if !l.take(from) {
			_ = conn.Close() // it may try again later, as mail servers do
			continue
		}
		return &sharedConn{Conn: conn, leave: sync.OnceFunc(func() { l.leave(from) })}, nil
	}
}

func (l *sharedListener) take(from netip.Prefix) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[from] >= l.most {
		return false
	}
	if l.held == nil {
		l.held = make(map[netip.Prefix]int)
	}
	l.held[from]++
	return true
}

func (l *sharedListener) leave(from netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[from]--; l.held[from] <= 0 {
		delete(l.held, from)
	}
}

// remote is whose connection it is; not bounded are those of this machine.
func remote(address net.Addr) (from netip.Prefix, bounded bool) {
	parsed, err := netip.ParseAddrPort(address.String())
	if err != nil {
		return from, false
	}
	ip := parsed.Addr().Unmap().WithZone("")
	if ip.IsLoopback() {
		return from, false
	}
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	from, err = ip.Prefix(bits)
	return from, err == nil
}

// sharedConn gives its place back when it is closed.
type sharedConn struct {
	net.Conn
	leave func()
}

// Close ends the connection.
func (c *sharedConn) Close() error {
	c.leave()
	return c.Conn.Close()
}
