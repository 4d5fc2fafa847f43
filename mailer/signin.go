package mailer

import (
	"errors"
	"slices"

	"github.com/wneessen/go-mail/smtp"
)

var errNoSignIn = errors.New("the server offers none of SCRAM-SHA-256, PLAIN, LOGIN and CRAM-MD5 to sign in")

// signIn is the best way to sign in that the server offers. It serves one
// connection.
type signIn struct {
	username, password, host string
	chosen                   smtp.Auth
}

// Start chooses among what the server offers, the safest first, and never
// shows the password on a connection without TLS.
func (s *signIn) Start(server *smtp.ServerInfo) (string, []byte, error) {
	if !server.TLS {
		return "", nil, errors.New("the connection has no TLS: the password stays here")
	}
	for _, way := range []struct {
		name string
		auth func() smtp.Auth
	}{
		{"SCRAM-SHA-256", func() smtp.Auth { return smtp.ScramSHA256Auth(s.username, s.password) }},
		{"PLAIN", func() smtp.Auth { return smtp.PlainAuth("", s.username, s.password, s.host, false) }},
		{"LOGIN", func() smtp.Auth { return smtp.LoginAuth(s.username, s.password, s.host, false) }},
		{"CRAM-MD5", func() smtp.Auth { return smtp.CRAMMD5Auth(s.username, s.password) }},
	} {
		if slices.Contains(server.Auth, way.name) {
			s.chosen = way.auth()
			return s.chosen.Start(server)
		}
	}
	return "", nil, errNoSignIn
}

// Next answers the server's challenge.
func (s *signIn) Next(fromServer []byte, more bool) ([]byte, error) {
	return s.chosen.Next(fromServer, more)
}
