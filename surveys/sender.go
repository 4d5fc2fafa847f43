package surveys

import (
	"net"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Sender says in whose name a workspace mails, and by which mail server. What is
// empty in it is the server's own.
type Sender struct {
	WorkspaceID  WorkspaceID
	FromName     string // "" for the workspace's name
	FromAddress  string // "" for the server's sender
	BounceDomain string // where mails come back to that could not be delivered; "" for the sender's address
	Signing      Signing
	Relay        []byte // a [Relay], sealed; nil for the server's
	UpdatedAt    time.Time
}

// Signing says who signs a workspace's mails.
type Signing string

// Who signs.
const (
	SignedHere    Signing = "here"  // Hark, with the keys whose records were found
	SignedByRelay Signing = "relay" // the mail server that takes the mails, so that Hark does not
)

// Domain is the domain of the sender's own address, and "" when it has none.
func (s Sender) Domain() string { return domainOf(s.FromAddress) }

func domainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return domain
}

// RelayPlace is where a workspace's mail server is stored, sealed.
func RelayPlace(ws WorkspaceID) Place {
	return Place{Workspace: ws, Table: "senders", Column: "relay", Row: string(ws)}
}

// Check returns the sender with its texts trimmed, or what is wrong with it.
// That a domain can be one is for whoever stores it to say.
func (s Sender) Check() (Sender, error) {
	s.FromName, s.FromAddress = strings.TrimSpace(s.FromName), strings.TrimSpace(s.FromAddress)
	s.BounceDomain = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(s.BounceDomain), "."))
	if s.Signing == "" {
		s.Signing = SignedHere
	}
	wrong := checkLength("from_name", s.FromName, 0, 80)
	if len(wrong) == 0 && s.FromName != "" && PlainName(s.FromName) != s.FromName {
		wrong = append(wrong, FieldError{Path: "from_name", Code: "sender_name"})
	}
	if s.FromAddress != "" && !ValidEmail(s.FromAddress) {
		wrong = append(wrong, FieldError{Path: "from_address", Code: "email"})
	}
	if s.BounceDomain != "" && !ValidDomain(s.BounceDomain) {
		wrong = append(wrong, FieldError{Path: "bounce_domain", Code: "domain"})
	}
	if s.Signing != SignedHere && s.Signing != SignedByRelay {
		wrong = append(wrong, FieldError{Path: "signing", Code: "choice_unknown"})
	}
	return s, Wrong(wrong...)
}

// Protection is how the connection to a mail server is protected.
type Protection string

// The kinds of protection.
const (
	StartTLS    Protection = "smtp"       // TLS begun by STARTTLS, or no mail at all
	ImplicitTLS Protection = "smtps"      // TLS from the first byte
	NoTLS       Protection = "smtp+plain" // none: for a relay in a network that is trusted
)

// Port is the usual port of the protection.
func (p Protection) Port() int {
	return map[Protection]int{StartTLS: 587, ImplicitTLS: 465, NoTLS: 25}[p]
}

// Protections lists the kinds of protection, the usual one first.
func Protections() []Protection { return []Protection{StartTLS, ImplicitTLS, NoTLS} }

// Relay is a mail server that takes a workspace's mails. It is stored sealed as
// a whole.
type Relay struct {
	Protection Protection `json:"protection"`
	Host       string     `json:"host"`
	Port       int        `json:"port"`
	Username   string     `json:"username,omitempty"` // "" to send without signing in
	Password   string     `json:"password,omitempty"`
}

// String names the server, without the password.
func (r Relay) String() string {
	return string(r.Protection) + "://" + net.JoinHostPort(r.Host, strconv.Itoa(r.Port))
}

// GoString is the same, so that no way of printing shows the password.
func (r Relay) GoString() string { return r.String() }

// SameAccount reports whether a password of r may be used for the other: it goes
// to the same server, protected alike, for the same user. Otherwise whoever may
// change the server's name could have the password sent to one of their own.
func (r Relay) SameAccount(other Relay) bool {
	r.Password, other.Password = "", ""
	return r == other
}

// Check returns the relay with its texts trimmed, or what is wrong with it.
func (r Relay) Check() (Relay, error) {
	r.Host = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(r.Host), "."))
	r.Username = strings.TrimSpace(r.Username)
	var wrong []FieldError
	switch {
	case r.Host == "":
		wrong = append(wrong, FieldError{Path: "relay_host", Code: "required"})
	case !hostName(r.Host) && net.ParseIP(r.Host) == nil:
		wrong = append(wrong, FieldError{Path: "relay_host", Code: "host"})
	}
	if r.Protection.Port() == 0 {
		wrong = append(wrong, FieldError{Path: "relay_protection", Code: "choice_unknown"})
	}
	if r.Port < 1 || r.Port > 65535 {
		wrong = append(wrong, FieldError{Path: "relay_port", Code: "port"})
	}
	wrong = append(wrong, checkLength("relay_username", r.Username, 0, 254)...)
	wrong = append(wrong, checkLength("relay_password", r.Password, 0, 1000)...)
	return r, Wrong(append(wrong, r.checkAccount()...)...)
}

func (r Relay) checkAccount() []FieldError {
	switch {
	case strings.ContainsFunc(r.Username, unicode.IsControl):
		return []FieldError{{Path: "relay_username", Code: "control"}}
	case strings.ContainsFunc(r.Password, unicode.IsControl):
		return []FieldError{{Path: "relay_password", Code: "control"}}
	case r.Username == "" && r.Password != "":
		return []FieldError{{Path: "relay_username", Code: "relay_half"}}
	case r.Username != "" && r.Password == "":
		return []FieldError{{Path: "relay_password", Code: "relay_half"}}
	case r.Username != "" && r.Protection == NoTLS:
		return []FieldError{{Path: "relay_protection", Code: "relay_open"}}
	}
	return nil
}

// ValidDomain reports whether a text can be a domain: two labels or more of
// letters, digits and hyphens, of any script. Whether it can be written in ASCII
// is for those to say who know IDNA.
func ValidDomain(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	return hostName(name) && last != name && strings.Trim(last, "0123456789") != ""
}

// hostName reports whether a text can be the name of a machine.
func hostName(name string) bool {
	if len(name) > 253 || !utf8.ValidString(name) {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		for _, r := range label {
			if r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				return false
			}
		}
	}
	return true
}
