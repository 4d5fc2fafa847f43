package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/netutil"
	"golang.org/x/time/rate"
)

// Settings say how mail comes back to the server.
type Settings struct {
	Way     Way
	Address string // HOST:PORT to listen on; "" for the pipe
}

// Way is how mail comes in.
type Way string

// The ways, by the scheme of HARK_BOUNCES.
const (
	None Way = ""
	LMTP Way = "lmtp" // from a mail server beside it, which answers for each recipient
	SMTP Way = "smtp" // from any mail server
	Pipe Way = "pipe" // from `hark bounce`
)

// ParseSettings reads the setting HARK_BOUNCES.
func ParseSettings(text string) (Settings, error) {
	const forms = "write lmtp://127.0.0.1:2424, smtp://:25, or pipe where a mail server runs `hark bounce`"
	if text == "" || text == string(Pipe) {
		return Settings{Way: Way(text)}, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != string(LMTP) && u.Scheme != string(SMTP) {
		return Settings{}, fmt.Errorf("HARK_BOUNCES %q cannot be read: %s", text, forms)
	}
	if port, err := strconv.Atoi(u.Port()); err != nil || port < 0 || port > 65535 {
		return Settings{}, fmt.Errorf("HARK_BOUNCES %q names no port: %s", text, forms)
	}
	if u.Path != "" || u.RawQuery != "" || u.User != nil {
		return Settings{}, fmt.Errorf("HARK_BOUNCES %q has something beside the host and port: %s", text, forms)
	}
	return Settings{Way: Way(u.Scheme), Address: u.Host}, nil
}

// Listens reports whether the server itself waits for mail.
func (s Settings) Listens() bool { return s.Way == LMTP || s.Way == SMTP }

// Bounds of what the listener takes.
const (
	mostBytes       = 64 << 20 // of one mail; what is over [bounce.MaxBytes] is thrown away
	mostRecipients  = 20
	longestLine     = 64 << 10
	mostConnections = 50
	mostOfOne       = 10 // connections from one remote address
	recipientRate   = 50 // recipients a second
	recipientBurst  = 500
)

// Listener waits for mail that comes back.
type Listener struct {
	intake *Intake
	server *smtp.Server
	rate   *rate.Limiter
}

// NewListener returns a listener of a way and the name that it gives itself.
func NewListener(intake *Intake, way Way, name string) *Listener {
	l := &Listener{intake: intake, rate: rate.NewLimiter(recipientRate, recipientBurst)}
	l.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{listener: l}, nil
	}))
	l.server.LMTP, l.server.Domain = way == LMTP, name
	l.server.MaxMessageBytes, l.server.MaxRecipients, l.server.MaxLineLength = mostBytes, mostRecipients, longestLine
	l.server.ReadTimeout, l.server.WriteTimeout = time.Minute, time.Minute
	l.server.EnableSMTPUTF8 = true
	l.server.ErrorLog = quietLog{}
	return l
}

// quietLog keeps what strangers do wrong out of the log.
type quietLog struct{}

func (quietLog) Printf(string, ...any) {}
func (quietLog) Println(...any)        {}

// Serve takes mail on a socket until ctx ends, and then finishes what is under
// way within some seconds.
func (l *Listener) Serve(ctx context.Context, socket net.Listener) error {
	stopped := context.AfterFunc(ctx, func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if l.server.Shutdown(end) != nil {
			_ = l.server.Close()
		}
	})
	defer stopped()
	err := l.server.Serve(netutil.LimitListener(l.shared(socket), mostConnections))
	if errors.Is(err, smtp.ErrServerClosed) || ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("take in mail: %w", err)
}

// shared bounds the connections of each remote address, but of a mail server that
// hands over everybody's mail.
func (l *Listener) shared(socket net.Listener) net.Listener {
	if l.server.LMTP {
		return socket
	}
	return &sharedListener{Listener: socket, most: mostOfOne}
}

// session is one mail after another on a connection.
type session struct {
	listener *Listener
	mail     Incoming
}

// takeTime bounds the work on one mail.
const takeTime = 30 * time.Second

// Reset forgets the mail.
func (s *session) Reset() { s.mail = Incoming{} }

// Logout ends the session.
func (s *session) Logout() error { return nil }

// Mail notes the sender. Whether it may be one depends on the recipient.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mail = Incoming{From: from}
	return nil
}

// Rcpt takes only addresses of letters that this server sent.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !s.listener.rate.Allow() {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 0}, Message: "too much mail at once, try again later"}
	}
	ctx, cancel := context.WithTimeout(context.Background(), takeTime)
	defer cancel()
	if _, err := s.listener.intake.known(ctx, to); err != nil {
		return s.reply(ctx, err)
	}
	s.mail.To = append(s.mail.To, to)
	return nil
}

// Data takes the mail in.
func (s *session) Data(body io.Reader) error {
	ctx, cancel := context.WithTimeout(context.Background(), takeTime)
	defer cancel()
	s.mail.Body = body
	return s.reply(ctx, s.listener.intake.Receive(ctx, s.mail))
}

// reply is an error in SMTP's words: a refusal as it is, and anything else as
// something that may pass, so that no report is lost to a database that is down.
func (s *session) reply(ctx context.Context, err error) error {
	var refused *refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return &smtp.SMTPError{Code: refused.code, EnhancedCode: smtp.EnhancedCode(refused.status), Message: refused.why}
	}
	s.listener.intake.Log.ErrorContext(ctx, "mail: could not take in what came back; the mail server will try again", "error", err)
	return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "cannot be taken in now, try again later"}
}
