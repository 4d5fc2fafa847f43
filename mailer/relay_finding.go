package mailer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/textproto"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
)

// Finding is what a test of a mail server found, in a word. The catalogue has
// two sentences for each: what happened, and what to do.
type Finding string

// What a test may find.
const (
	Delivered     Finding = "delivered"
	NoSender      Finding = "no_sender"      // nobody to send as
	NoServer      Finding = "no_server"      // the server sends nothing itself
	ServerTrouble Finding = "server_trouble" // the operator's mail server did not take it

	HostUnknown   Finding = "host_unknown"   // the name leads nowhere
	HostForbidden Finding = "host_forbidden" // a network that is not open to workspaces
	PortForbidden Finding = "port_forbidden"
	PortRefused   Finding = "port_refused" // nobody listens
	PortBlocked   Finding = "port_blocked" // no answer at all
	Silent        Finding = "silent"       // connected, and nothing is said
	NotSMTP       Finding = "not_smtp"
	Unwelcome     Finding = "unwelcome" // it greets with a refusal

	TLSNone    Finding = "tls_none"    // no STARTTLS
	TLSNotYet  Finding = "tls_not_yet" // TLS from the first byte is not spoken here
	TLSName    Finding = "tls_name"
	TLSUnknown Finding = "tls_unknown" // an authority that nobody knows
	TLSExpired Finding = "tls_expired"
	TLSFailed  Finding = "tls_failed"

	SignInWrong  Finding = "sign_in_wrong"
	SignInNone   Finding = "sign_in_none" // none of the ways to sign in
	SignInLater  Finding = "sign_in_later"
	SignInNeeded Finding = "sign_in_needed"

	SenderRefused    Finding = "sender_refused"
	RelayDenied      Finding = "relay_denied" // it takes no mail for others
	RecipientRefused Finding = "recipient_refused"
	ContentRefused   Finding = "content_refused"
	NotNow           Finding = "not_now"
	Quota            Finding = "quota"     // the day's letters of the account are used up
	Dropped          Finding = "dropped"   // the server ended the connection
	Stalled          Finding = "stalled"   // it answers no more
	Unsettled        Finding = "unsettled" // no answer to the last dot: it may have the mail
	Failed           Finding = "failed"
)

// Findings lists all of them, for those who have words for each.
func Findings() []Finding {
	return []Finding{
		Delivered, NoSender, NoServer, ServerTrouble, HostUnknown, HostForbidden, PortForbidden, PortRefused, PortBlocked, Silent, NotSMTP, Unwelcome,
		TLSNone, TLSNotYet, TLSName, TLSUnknown, TLSExpired, TLSFailed, SignInWrong, SignInNone, SignInLater, SignInNeeded,
		SenderRefused, RelayDenied, RecipientRefused, ContentRefused, NotNow, Quota, Dropped, Stalled, Unsettled, Failed,
	}
}

// end writes the reply down that ended the conversation, and says what it means.
func (t *Transcript) end(at stage, err error, s SMTPSettings) Finding {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		t.conclude(strconv.Itoa(reply.Code) + " " + reply.Msg)
		return t.refused(at, reply)
	}
	if found := tlsFinding(err); found != "" {
		return found
	}
	return t.broken(at, err, s)
}

// broken says what it means that a conversation broke off without a reply.
func (t *Transcript) broken(at stage, err error, s SMTPSettings) Finding {
	var lookup *net.DNSError
	var forbidden *ForbiddenError
	var garbled textproto.ProtocolError
	var dialling *net.OpError
	late := errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)
	connecting := errors.As(err, &dialling) && dialling.Op == "dial"
	switch {
	case errors.As(err, &forbidden) && forbidden.Port != 0:
		return PortForbidden
	case errors.As(err, &forbidden):
		return HostForbidden
	case errors.As(err, &lookup):
		return HostUnknown
	case errors.Is(err, syscall.ECONNREFUSED):
		return PortRefused
	case connecting, errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return PortBlocked
	case errors.Is(err, errNoSignIn):
		return SignInNone
	case errors.As(err, &garbled):
		return NotSMTP
	case late && t.last() == "" && at == atConnect && s.Security != ImplicitTLS:
		return Silent
	case late && at == atConnect && t.last() == "":
		return TLSNotYet
	case at == atConnect && strings.Contains(err.Error(), "does not support STARTTLS"):
		return TLSNone
	case errors.Is(err, errNoUTF8):
		return RecipientRefused
	case at == atDot:
		return Unsettled
	case late:
		return Stalled
	}
	return Dropped
}

// tlsFinding says what is wrong with a server's TLS; "" when nothing is.
func tlsFinding(err error) Finding {
	var name x509.HostnameError
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var certificate *tls.CertificateVerificationError
	var alert tls.AlertError
	switch {
	case errors.As(err, &name):
		return TLSName
	case errors.As(err, &authority):
		return TLSUnknown
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return TLSExpired
	case errors.As(err, &record):
		return TLSNotYet
	case errors.As(err, &invalid), errors.As(err, &certificate), errors.As(err, &alert):
		return TLSFailed
	}
	return ""
}

// Words of refusals about more than the stage tells: an account that has sent its
// share, and a sender that is refused only at the recipient, or after the letter.
var (
	usedUp   = regexp.MustCompile(`(?i)(daily|hourly|monthly|sending|message)[^.\n]{0,40}(limit|quota)[^.\n]{0,30}(exceed|reached|used up)|(exceed|reached)[^.\n]{0,40}(daily|hourly|monthly|sending)[^.\n]{0,30}(limit|quota)|maximum credits`)
	ofSender = regexp.MustCompile(`(?i)not owned by|sender (address )?(was )?(rejected|denied|refused|not (verified|allowed|authori[sz]ed))|(address|domain|identity|identities)[^.\n]{0,60}not verified|(send|mail) (as|from|on behalf)[^.\n]{0,40}(denied|not (allowed|permitted|authori[sz]ed))`)
)

// refused says what a server's refusal means.
func (t *Transcript) refused(at stage, reply *textproto.Error) Finding {
	temporary := reply.Code < 500
	switch {
	case at == atConnect && t.last() == "AUTH" && temporary:
		return SignInLater
	case at == atConnect && t.last() == "AUTH":
		return SignInWrong
	case at == atConnect && t.last() == "STARTTLS":
		return TLSNone
	case at == atConnect:
		return Unwelcome
	case reply.Code == 530, at < atDot && strings.HasPrefix(reply.Msg, "5.7.0 ") && strings.Contains(strings.ToLower(reply.Msg), "auth"):
		return SignInNeeded
	case usedUp.MatchString(reply.Msg):
		return Quota
	case temporary:
		return NotNow
	case ofSender.MatchString(reply.Msg):
		return SenderRefused
	case at == atSender:
		return SenderRefused
	case at == atRecipient && (strings.HasPrefix(reply.Msg, "5.7.") || strings.Contains(strings.ToLower(reply.Msg), "relay")):
		return RelayDenied
	case at == atRecipient:
		return RecipientRefused
	}
	return ContentRefused
}
