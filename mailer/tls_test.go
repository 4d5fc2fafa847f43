package mailer

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// account is a server's session that wants to be signed in to.
type account struct{ signedIn bool }

func (a *account) AuthMechanisms() []string { return []string{sasl.Plain} }
func (a *account) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != "shop@example.com" || password != "p:/@ss" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "wrong password"}
		}
		a.signedIn = true
		return nil
	}), nil
}
func (a *account) Mail(string, *smtp.MailOptions) error {
	if !a.signedIn {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "sign in first"}
	}
	return nil
}
func (a *account) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (a *account) Data(r io.Reader) error               { _, err := io.Copy(io.Discard, r); return err }
func (a *account) Reset()                               {}
func (a *account) Logout() error                        { return nil }

// secureServer is a mail server with a certificate that only trust knows.
func secureServer(t *testing.T, security Security) (address string, trust *tls.Config) {
	t.Helper()
	web := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(web.Close)
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &account{}, nil }))
	server.ErrorLog = log.New(io.Discard, "", 0) // it reports connections that clients end
	server.TLSConfig = &tls.Config{Certificates: web.TLS.Certificates}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving := listener
	if security == ImplicitTLS {
		serving = tls.NewListener(listener, server.TLSConfig)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(serving) // ends when it is closed
	}()
	t.Cleanup(func() {
		server.Close()
		<-ended
	})
	return listener.Addr().String(), &tls.Config{RootCAs: roots}
}

func TestTLSAndSignIn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		security Security
		user     string
		trusted  bool
		want     Outcome
		says     string
	}{
		"STARTTLS":                    {StartTLS, "shop%40example.com:p%3A%2F%40ss@", true, Sent, ""},
		"TLS from the first byte":     {ImplicitTLS, "shop%40example.com:p%3A%2F%40ss@", true, Sent, ""},
		"wrong password":              {StartTLS, "shop%40example.com:hush@", true, Outage, "wrong password"},
		"no sign-in where one must":   {StartTLS, "", true, Outage, "530"},
		"unknown certificate":         {StartTLS, "", false, Outage, "certificate"},
		"unknown certificate, direct": {ImplicitTLS, "", false, Outage, "certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, trust := secureServer(t, test.security)
			settings, err := ParseSMTP(string(test.security) + "://" + test.user + address)
			if err != nil {
				t.Fatal(err)
			}
			if !test.trusted {
				trust = nil
			}
			transport := NewSMTP(SMTPOptions{Settings: settings, TLS: trust, Timeouts: patient()})
			t.Cleanup(transport.Close)
			got := transport.Deliver(t.Context(), aLetter(1))
			if got.Outcome != test.want || !strings.Contains(got.Problem, test.says) || strings.Contains(got.Problem, "hush") {
				t.Errorf("result %+v, want %s that says %q", got, test.want, test.says)
			}
		})
	}
}

func TestNoMailWithoutTLSWhereItIsAskedFor(t *testing.T) {
	t.Parallel()
	server := newScripted(t, nil) // offers no STARTTLS
	settings, err := ParseSMTP("smtp://shop:hush@" + server.addr)
	if err != nil {
		t.Fatal(err)
	}
	got := NewSMTP(SMTPOptions{Settings: settings, Timeouts: patient()}).Deliver(t.Context(), aLetter(1))
	if got.Outcome != Outage || !strings.Contains(got.Problem, "STARTTLS") || len(server.letters()) != 0 {
		t.Errorf("result %+v, %d letters arrived, want an outage that names STARTTLS and none", got, len(server.letters()))
	}
}
