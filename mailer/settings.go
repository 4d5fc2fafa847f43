package mailer

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Security is how the connection to a mail server is protected.
type Security string

// The kinds of protection, by the scheme of HARK_SMTP.
const (
	StartTLS    Security = "smtp"       // TLS begun by STARTTLS, or no mail at all
	ImplicitTLS Security = "smtps"      // TLS from the first byte
	Plaintext   Security = "smtp+plain" // none: for a relay on the same machine or network
)

// SMTPSettings say which mail server takes the letters.
type SMTPSettings struct {
	Security Security
	Host     string
	Port     int
	Username string // "" to send without signing in
	Password string
}

// String names the server without the password.
func (s SMTPSettings) String() string {
	return string(s.Security) + "://" + net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
}

// smtpForms ends every error of ParseSMTP: the way out.
const smtpForms = "write smtp://user:password@host:587, smtps://user:password@host, or smtp+plain://host for a relay without TLS"

// ParseSMTP reads the setting HARK_SMTP. The port defaults to 587, 465 or 25,
// by scheme. Errors name the setting and never show the password.
func ParseSMTP(text string) (SMTPSettings, error) {
	fail := func(why string) (SMTPSettings, error) {
		return SMTPSettings{}, fmt.Errorf("HARK_SMTP %s: %s", why, smtpForms)
	}
	u, err := url.Parse(strings.TrimSpace(text))
	var wrong *url.Error
	switch {
	case errors.As(err, &wrong):
		// Not the error itself: it quotes the text, with the password.
		return fail("cannot be read (percent-encode special characters in the password)")
	case err != nil:
		return fail("cannot be read")
	}
	s := SMTPSettings{Security: Security(u.Scheme), Host: u.Hostname()}
	ports := map[Security]int{StartTLS: 587, ImplicitTLS: 465, Plaintext: 25}
	port, known := ports[s.Security]
	switch {
	case u.Scheme == "" || u.Opaque != "":
		return fail("has no scheme such as smtp://")
	case !known:
		return fail(fmt.Sprintf("has the unknown scheme %q", u.Scheme))
	case s.Host == "":
		return fail("names no host")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return fail("has something after the host and port (percent-encode /, ? and # in the password)")
	}
	s.Port = port
	if u.Port() != "" {
		if s.Port, err = strconv.Atoi(u.Port()); err != nil || s.Port < 1 || s.Port > 65535 {
			return fail(fmt.Sprintf("has the port %q, which is not from 1 to 65535", u.Port()))
		}
	}
	s.Username = u.User.Username()
	s.Password, _ = u.User.Password()
	switch {
	case (s.Username == "") != (s.Password == ""):
		return fail("needs both a user and a password, or neither")
	case s.Username != "" && s.Security == Plaintext:
		return fail("would send the password unprotected over smtp+plain")
	}
	return s, nil
}
