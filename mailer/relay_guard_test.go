package mailer

import (
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	closed := strings.Fields(`127.0.0.1 127.8.8.8 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 0.1.2.3 192.0.0.8 192.0.2.1
		198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255 ::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1
		2002:7f00:1::1 2001:0:1::1 fc00::1 fd12::1 fe80::1 fec0::1 ff02::1 2001:db8::1 100::1`)
	for _, text := range closed {
		var forbidden *ForbiddenError
		if err := new(Guard).check(netip.AddrPortFrom(netip.MustParseAddr(text), 587)); !errors.As(err, &forbidden) || forbidden.Port != 0 {
			t.Errorf("%s is open: %v", text, err)
		}
	}
	for _, text := range []string{"8.8.8.8", "1.1.1.1", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2a01:111::1", "2606:4700::1111", "::ffff:8.8.8.8"} {
		for _, port := range mailPorts() {
			if err := new(Guard).check(netip.AddrPortFrom(netip.MustParseAddr(text), port)); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
		for _, port := range []uint16{22, 80, 443, 3306, 5432, 6379, 11211} {
			var forbidden *ForbiddenError
			if err := new(Guard).check(netip.AddrPortFrom(netip.MustParseAddr(text), port)); !errors.As(err, &forbidden) || forbidden.Port != port {
				t.Errorf("%s, port %d: %v", text, port, err)
			}
		}
	}
	own := &Guard{Networks: house(t)}
	for text, open := range map[string]bool{"127.0.0.1": true, "::ffff:127.0.0.1": true, "10.0.0.1": false, "::1": false, "169.254.169.254": false} {
		if err := own.check(netip.AddrPortFrom(netip.MustParseAddr(text), 2500)); (err == nil) != open {
			t.Errorf("with a network of its own, %s: %v", text, err)
		}
	}
}

// TestGuardLooksAtTheAddress: a name is no way around it, whatever the security
// of the connection.
func TestGuardLooksAtTheAddress(t *testing.T) {
	t.Parallel()
	server := newScripted(t, nil)
	_, port, err := net.SplitHostPort(server.addr)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"} {
		for _, security := range []Security{Plaintext, StartTLS, ImplicitTLS} {
			settings, err := ParseSMTP(string(security) + "://" + host + ":" + port)
			if err != nil {
				t.Fatal(err)
			}
			transport := NewSMTP(SMTPOptions{Settings: settings, Guard: new(Guard), Timeouts: patient()})
			if got := transport.Deliver(t.Context(), aLetter(1)); got.Outcome != Outage || !strings.Contains(got.Problem, "not open to workspaces") {
				t.Errorf("%s by %s: %+v", host, security, got)
			}
		}
	}
	if server.dialled() != 0 {
		t.Errorf("the server was reached %d times", server.dialled())
	}
	if (&ForbiddenError{}).Error() == "" || (surveys.Relay{}).String() == "" {
		t.Error("nothing is said")
	}
}
