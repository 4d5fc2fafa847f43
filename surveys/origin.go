package surveys

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// MaxOrigins is how many sites may show one survey.
const MaxOrigins = 50

// originHost is a host name in ASCII (IDN names as "xn--…"), or an IPv6 address.
var originHost = regexp.MustCompile(`^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:]+\])$`)

// ParseOrigin reads the address of a site as browsers compare it: scheme, host and a
// port that is not the usual one (RFC 6454, 6.2). A page's address is taken for its
// site's, so that one may be pasted. Only https will do, but on this machine itself.
func ParseOrigin(text string) (origin string, ok bool) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.User != nil || u.Opaque != "" {
		return "", false
	}
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if !originHost.MatchString(host) || len(host) > 253 {
		return "", false
	}
	switch usual := map[string]string{"https": "443", "http": "80"}[u.Scheme]; {
	case usual == "", u.Scheme == "http" && !local(u.Hostname()):
		return "", false
	case port != "" && port != usual:
		host += ":" + port
	}
	return u.Scheme + "://" + host, true
}

// local reports whether a host is the machine that a browser runs on.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// checkOrigins wants the sites that may show the survey in a form that browsers compare.
func (s Survey) checkOrigins() (Survey, []FieldError) {
	var wrong []FieldError
	var origins []string
	for i, text := range s.Origins {
		origin, ok := ParseOrigin(text)
		if !ok {
			wrong = append(wrong, FieldError{Path: fmt.Sprintf("origins.%d", i), Code: "origin", Args: map[string]any{"origin": text}})
		} else if !slices.Contains(origins, origin) {
			origins = append(origins, origin)
		}
	}
	if len(origins) > MaxOrigins {
		wrong = append(wrong, FieldError{Path: "origins", Code: "origins_many", Args: map[string]any{"max": MaxOrigins}})
	}
	if wrong == nil {
		s.Origins = origins
	}
	return s, wrong
}

// RefusedSite is one that tried to show a survey and is not among those that may.
type RefusedSite struct {
	Origin string
	At     time.Time // the last time
}
