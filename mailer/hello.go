package mailer

import (
	"fmt"
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
)

// HelloName is a host as EHLO names it: in ASCII, or an address in brackets (RFC 5321,
// 4.1.3).
func HelloName(host string) (string, error) {
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		if ip.Unmap().Is4() {
			return "[" + ip.Unmap().String() + "]", nil
		}
		return "[IPv6:" + ip.WithZone("").String() + "]", nil
	}
	name, err := idna.Lookup.ToASCII(host)
	if err != nil || name == "" || !fitsDNS(name) {
		return "", fmt.Errorf("%q is not the name of a host", host)
	}
	return name, nil
}
