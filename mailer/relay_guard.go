package mailer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"
)

// Guard keeps a connection to a mail server that a workspace named out of the
// networks of whoever runs the server: its address is looked at when it is known,
// after the name was resolved, so that no name can hide it.
type Guard struct {
	Networks []*net.IPNet // in which it may be all the same
}

// ForbiddenError says that a mail server's address is not one that a workspace
// may name.
type ForbiddenError struct {
	Address netip.Addr
	Port    uint16 // the port that is not one of mail; 0 when it is the address
}

// Error names the address, which the name's owner knows anyway.
func (e *ForbiddenError) Error() string {
	if e.Port != 0 {
		return fmt.Sprintf("port %d is not one that mail servers take mail on", e.Port)
	}
	return "the address " + e.Address.String() + " is in a network that is not open to workspaces (HARK_RELAY_NETWORKS)"
}

// mailPorts are the ports on which mail servers take mail from programs.
func mailPorts() []uint16 { return []uint16{25, 465, 587, 2465, 2525, 2587} }

// closedNetworks are not on the Internet, or lead back into a network that is
// not: by translation, by a tunnel, or within the same machine.
func closedNetworks() []netip.Prefix {
	var list []netip.Prefix
	for _, text := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
		"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
	} {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

// check says what is wrong with an address to connect to; nil when nothing is.
func (g *Guard) check(address netip.AddrPort) error {
	ip := address.Addr().Unmap().WithZone("")
	if slices.ContainsFunc(g.Networks, func(n *net.IPNet) bool { return n.Contains(ip.AsSlice()) }) {
		return nil
	}
	if slices.ContainsFunc(closedNetworks(), func(p netip.Prefix) bool { return p.Contains(ip) }) {
		return &ForbiddenError{Address: ip}
	}
	if !slices.Contains(mailPorts(), address.Port()) {
		return &ForbiddenError{Address: ip, Port: address.Port()}
	}
	return nil
}

// dialer is a dialer that the guard watches; without one it goes anywhere.
func (g *Guard) dialer() *net.Dialer {
	if g == nil {
		return new(net.Dialer)
	}
	return &net.Dialer{ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return errors.New("the address to connect to is none of the Internet's")
		}
		return g.check(to)
	}}
}
