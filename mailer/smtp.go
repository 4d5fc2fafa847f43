package mailer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
	"golang.org/x/net/idna"

	"github.com/harkhq/hark/surveys/store"
)

// Timeouts bound the steps of a delivery; a zero takes the default.
type Timeouts struct {
	Connect time.Duration // connecting, TLS and sign-in together: 30 s
	Command time.Duration // each of MAIL, RCPT and DATA, or all where they go at once: 1 min
	Body    time.Duration // writing the bytes: 3 min
	Dot     time.Duration // the answer to the last dot: 10 min (RFC 5321, 4.5.3.2.6)
	Idle    time.Duration // how long an unused connection is kept: 30 s
}

func (t Timeouts) withDefaults() Timeouts {
	for _, field := range []struct {
		value *time.Duration
		usual time.Duration
	}{
		{&t.Connect, 30 * time.Second}, {&t.Command, time.Minute}, {&t.Body, 3 * time.Minute},
		{&t.Dot, 10 * time.Minute}, {&t.Idle, 30 * time.Second},
	} {
		if *field.value <= 0 {
			*field.value = field.usual
		}
	}
	return t
}

// MaxConnections is how many connections to a mail server are used at most.
const MaxConnections = 100

// SMTPOptions say how to reach a mail server.
type SMTPOptions struct {
	Settings SMTPSettings
	Hello    string      // this server's name in EHLO; "" for the machine's
	TLS      *tls.Config // nil for the system's roots and TLS 1.2 or later
	Timeouts Timeouts
	Keep     int         // unused connections to keep; MaxConnections when 0
	Guard    *Guard      // where it may connect to; nil for anywhere
	Record   *Transcript // writes the conversation down; nil for nobody
}

// SMTP hands letters to a mail server. It keeps connections open from one
// letter to the next, one for each delivery that runs at the same time.
type SMTP struct {
	options SMTPOptions
	idle    chan *connection
}

// connection is a signed-in connection to the server.
type connection struct {
	net    net.Conn // closed to interrupt: the client's own Close waits for its reader
	client *smtp.Client
	letter []byte    // the last letter; its memory is used again
	out    []byte    // the same as it went out
	used   time.Time // when it became idle
	reused bool
}

// NewSMTP returns a transport to the server of the options. It connects when
// the first letter comes.
func NewSMTP(options SMTPOptions) *SMTP {
	options.Timeouts = options.Timeouts.withDefaults()
	if options.Keep <= 0 {
		options.Keep = MaxConnections
	}
	return &SMTP{options: options, idle: make(chan *connection, options.Keep)}
}

// Close says goodbye on the connections that are not in use.
func (s *SMTP) Close() {
	for {
		select {
		case c := <-s.idle:
			_ = c.client.UpdateDeadline(time.Second)
			_ = c.client.Quit() // whatever it answers, the connection goes
			_ = c.net.Close()
		default:
			return
		}
	}
}

// Deliver hands a letter over and says what the server made of it.
func (s *SMTP) Deliver(ctx context.Context, letter store.Letter) Result {
	recipient, err := wireAddress(letter.Recipient)
	if err != nil {
		return Result{Outcome: Permanent, Problem: problem(err.Error())}
	}
	for {
		c, err := s.connection(ctx)
		if err != nil {
			return judge(atConnect, err)
		}
		at, err := s.hand(ctx, c, letter, recipient)
		if err == nil {
			s.keep(c)
			return Result{Outcome: Sent}
		}
		code, _ := replyOf(err)
		if at == atSender && c.reused && (code == 0 || code == closing) && ctx.Err() == nil {
			// The server gave up a connection that stood idle. Nothing was said
			// about the letter yet: start over on a fresh one.
			_ = c.net.Close()
			continue
		}
		s.recycle(c, at, code)
		if errors.Is(err, errNoUTF8) {
			return Result{Outcome: Permanent, Problem: err.Error(), BadAddress: false}
		}
		return judge(at, err)
	}
}

var errNoUTF8 = errors.New("5.6.7 the mail server does not take addresses with letters beyond ASCII (SMTPUTF8)")

// recycle keeps a connection whose letter was refused in an orderly way, and
// closes any other.
func (s *SMTP) recycle(c *connection, at stage, code int) {
	orderly := code >= 400 && code != closing
	if orderly && at < atDot {
		_ = c.net.SetDeadline(time.Now().Add(s.options.Timeouts.Command))
		orderly = c.client.Reset() == nil
	}
	if !orderly {
		_ = c.net.Close()
		return
	}
	s.keep(c)
}

func (s *SMTP) keep(c *connection) {
	c.used, c.reused = time.Now(), true
	select {
	case s.idle <- c:
	default:
		_ = c.net.Close()
	}
}

// connection returns an idle connection that is still young, or a new one.
func (s *SMTP) connection(ctx context.Context) (*connection, error) {
	for {
		select {
		case c := <-s.idle:
			if time.Since(c.used) < s.options.Timeouts.Idle {
				return c, nil
			}
			_ = c.net.Close()
		default:
			return s.dial(ctx)
		}
	}
}

// dial connects and signs in. Each connection gets a client of its own, since
// signing in keeps a state.
func (s *SMTP) dial(ctx context.Context) (*connection, error) {
	set := s.options.Settings
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.options.TLS != nil {
		config = s.options.TLS.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = set.Host
	}
	c := new(connection)
	interruptible := func() bool { return true }
	options := []gomail.Option{
		gomail.WithPort(set.Port), gomail.WithTimeout(s.options.Timeouts.Connect), gomail.WithTLSConfig(config),
		gomail.WithTLSPolicy(map[Security]gomail.TLSPolicy{StartTLS: gomail.TLSMandatory, ImplicitTLS: gomail.NoTLS, Plaintext: gomail.NoTLS}[set.Security]),
		gomail.WithDialContextFunc(func(dialling context.Context, network, _ string) (_ net.Conn, err error) {
			address := net.JoinHostPort(set.Host, strconv.Itoa(set.Port)) // the library puts no brackets around IPv6
			raw, err := s.options.Guard.dialer().DialContext(dialling, network, address)
			if err != nil {
				return nil, err
			}
			c.net = &boundedConn{Conn: raw}
			interruptible = context.AfterFunc(ctx, func() { _ = raw.Close() })
			if set.Security == ImplicitTLS {
				secure := tls.Client(c.net, config)
				c.net, err = secure, secure.HandshakeContext(dialling)
			}
			return c.net, err
		}),
	}
	if s.options.Record != nil {
		options = append(options, gomail.WithDebugLog(), gomail.WithLogger(s.options.Record))
	}
	if s.options.Hello != "" {
		options = append(options, gomail.WithHELO(s.options.Hello))
	}
	if set.Username != "" {
		options = append(options, gomail.WithSMTPAuthCustom(&signIn{username: set.Username, password: set.Password, host: set.Host}))
	}
	dialer, err := gomail.NewClient(set.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("prepare the connection to %s: %w", set, err)
	}
	c.client, err = dialer.DialToSMTPClientWithContext(ctx)
	interruptible()
	if err != nil {
		// The library leaves a connection open whose greeting or TLS failed.
		if c.net != nil {
			_ = c.net.Close()
		}
		return nil, fmt.Errorf("connect to %s: %w", set, err)
	}
	return c, nil
}

// maxReply is how much a server may say to what it was told: one that says more
// is none, or ill.
const maxReply = 64 << 10

// boundedConn ends a connection whose other side says too much at once.
type boundedConn struct {
	net.Conn
	said atomic.Int64 // since something was written last
}

var errTalkative = errors.New("the mail server says more than any reply has")

// Read counts what is read.
func (c *boundedConn) Read(p []byte) (int, error) {
	if c.said.Load() > maxReply {
		return 0, errTalkative
	}
	n, err := c.Conn.Read(p)
	c.said.Add(int64(n))
	return n, err
}

// Write begins to count anew.
func (c *boundedConn) Write(p []byte) (int, error) {
	c.said.Store(0)
	return c.Conn.Write(p)
}

// wireAddress is an address as RCPT TO has it: its domain in ASCII.
func wireAddress(address string) (string, error) {
	at := strings.LastIndexByte(address, '@')
	parsed, err := mail.ParseAddress(address)
	if at < 1 || err != nil || parsed.Address != address {
		return "", errors.New("5.1.3 this is not a mail address")
	}
	domain := address[at+1:]
	if !ascii(domain) {
		if domain, err = idna.Lookup.ToASCII(domain); err != nil {
			return "", errors.New("5.1.3 the domain of the address is not valid") // IDNA's own error has the domain in it
		}
	}
	if !fitsDNS(domain) {
		return "", errors.New("5.1.3 the domain of the address is longer than any can be")
	}
	return address[:at+1] + domain, nil
}

// fitsDNS reports whether a name and its parts are as short as RFC 1035 has them.
func fitsDNS(domain string) bool {
	for part := range strings.SplitSeq(domain, ".") {
		if len(part) > 63 {
			return false
		}
	}
	return len(domain) <= 253
}

func ascii(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > 127 }) < 0
}
