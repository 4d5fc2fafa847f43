package mailer

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/harkhq/hark/surveys"
)

// envelope is what a message's headers say.
type envelope struct {
	from     mail.Address
	replyTo  string // "" for none
	to       string
	subject  string
	id       string // without angle brackets
	list     string // List-Id
	stop     string // List-Unsubscribe; "" for none
	stopMail string // the address of its second way, by mail; "" for none
	feedback string // Feedback-ID; "" for none
	date     time.Time
	signer   *Signer // nil for none
}

// message returns an empty message with the headers, or says which of them is
// not fit to be sent.
func (e envelope) message() (*gomail.Msg, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&e.from)
	m.ToMailAddress(&mail.Address{Address: e.to})
	if replies := plainReplies(e.replyTo); replies != "" {
		m.ReplyToMailAddress(&mail.Address{Address: replies})
	}
	if folded, ok := foldedSubject(e.subject); ok {
		m.SetGenHeaderPreformatted(gomail.HeaderSubject, folded)
	} else {
		m.Subject(e.subject)
	}
	m.SetDateWithValue(e.date)
	m.SetMessageIDWithValue(e.id)
	if e.stop != "" {
		// In one line, however long: mail servers that fold it after signing break
		// the signature.
		m.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, e.ways())
		m.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	if e.feedback != "" {
		m.SetGenHeaderPreformatted("Feedback-ID", e.feedback)
	}
	m.SetGenHeaderPreformatted("List-Id", e.list)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // no vacation replies (RFC 3834)
	m.SetGenHeader("X-Auto-Response-Suppress", "All")  // the same for Exchange
	return m, nil
}

// plainReplies is where answers go as every mail server takes it: its domain in
// ASCII. An address that cannot be written so is left out, and answers go to the
// sender.
func plainReplies(address string) string {
	plain, err := wireAddress(address)
	if err != nil || !ascii(plain) {
		return ""
	}
	return plain
}

// ways are the ways out that mail programs offer: by the web first, as RFC 8058
// wants it, then by mail. No space stands between them, where a server could
// fold the line.
func (e envelope) ways() string {
	if e.stopMail == "" {
		return e.stop
	}
	return e.stop + ",<mailto:" + e.stopMail + "?subject=unsubscribe>"
}

// maxHeader is the longest line that RFC 5322 allows, without its end.
const maxHeader = 998

// check refuses values with which somebody could write headers of their own.
// It comes before the mail library, some of whose setters let line breaks
// through.
func (e envelope) check() error {
	err := checkFields([]field{{"From", e.from.Name, fieldWords}, {"From", e.from.Address, fieldAddress}, {"Reply-To", e.replyTo, fieldAddress}, {"List-Id", e.list, fieldPlain}, {"Feedback-ID", e.feedback, fieldPlain}})
	if err != nil {
		return err
	}
	return e.checkOwn()
}

// checkOwn is check of what letters of a form do not share.
func (e envelope) checkOwn() error {
	err := checkFields([]field{{"To", e.to, fieldAddress}, {"Subject", e.subject, fieldWords}, {"Message-ID", e.id, fieldPlain}, {"List-Unsubscribe", e.ways(), fieldPlain}})
	if err != nil {
		return err
	}
	if _, ours := surveys.ParseReturn(e.to); ours { // nobody reads it, and what comes back would be about a report
		return errors.New("the header To has an address that Hark makes for what comes back")
	}
	return nil
}

// field is the value of a header that is to be checked.
type field struct {
	name, value string
	kind        fieldKind
}

// fieldKind is what the value of a header must be.
type fieldKind int

const (
	fieldWords   fieldKind = iota // any line
	fieldAddress                  // one address, or nothing
	fieldPlain                    // one line of ASCII without spaces
)

func checkFields(list []field) error {
	for _, f := range list {
		switch {
		case strings.ContainsAny(f.value, "\r\n\x00"):
			return fmt.Errorf("the header %s has a line break or NUL in its value", f.name)
		case f.kind == fieldAddress && f.value != "" && !surveys.ValidEmail(f.value):
			return fmt.Errorf("the header %s has no valid address", f.name)
		case f.kind == fieldPlain && (!ascii(f.value) || strings.ContainsAny(f.value, " \t") || len(f.name)+2+len(f.value) > maxHeader):
			return fmt.Errorf("the header %s does not fit one line of ASCII without spaces", f.name)
		}
	}
	return nil
}
