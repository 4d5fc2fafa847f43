package bounce

import (
	"io"
	"strings"

	"github.com/harkhq/hark/surveys"
)

// MaxBytes is how much of a message is read. What tells about the letter comes
// first in a report, and what was returned of it last.
const MaxBytes = 1 << 20

// Kind is what a message is.
type Kind string

// The kinds of messages.
const (
	Unknown   Kind = "unknown"   // anything else, such as what a person wrote
	Failure   Kind = "failure"   // the letter did not arrive
	Delay     Kind = "delay"     // a mail server still tries
	Delivered Kind = "delivered" // it arrived, or was passed on
	Complaint Kind = "complaint" // the person called it spam
	AutoReply Kind = "auto"      // out of office, receipt, challenge
)

// Report is what a message says about a letter.
type Report struct {
	Kind       Kind
	Class      surveys.BounceClass // "" when Unknown
	Status     string              // x.y.z; "" when it tells none
	Diagnostic string              // the mail server's words, one line of at most 300 characters
	Recipient  string              // whom the letter did not reach, as the report has it; "" when it tells none
	OriginalID string              // the letter's Message-ID, without angle brackets
	Returns    []surveys.Return    // addresses of Hark's own that it holds, not verified
	MessageID  string              // its own
	Hops       int                 // how many mail servers it passed
	Sender     string              // who says that they wrote it; only the address
	To         []string            // whom it came to, as its own fields have it
	Subject    string
}

// Parse reads a message.
func Parse(r io.Reader) Report {
	raw, _ := io.ReadAll(io.LimitReader(r, MaxBytes)) // what broke off is read as far as it came
	m := open(raw)
	report := Report{
		MessageID: bare(m.top.get("message-id")), Hops: len(m.top["received"]), Sender: addressIn(m.top.get("from")), Subject: Line(m.top.get("subject")),
		OriginalID: m.originalID(), Returns: m.returns(raw), To: m.recipients(),
	}
	for _, read := range []func(message, *Report) bool{readComplaint, readStatus, readReceipt, readStandalone, readAuto, readWords, readMachine} {
		if read(m, &report) {
			break
		}
	}
	if report.Kind == "" {
		report.Kind = Unknown
	}
	report.Diagnostic = Line(report.Diagnostic)
	return report
}

// kindClasses are the classes of the kinds that need no closer look.
func (k Kind) class() surveys.BounceClass {
	switch k {
	case Delay:
		return surveys.BounceDelayed
	case Delivered:
		return surveys.BounceDelivered
	case Complaint:
		return surveys.BounceComplaint
	case AutoReply:
		return surveys.BounceAuto
	}
	return ""
}

// is notes the kind, and the class where the kind tells it.
func (r *Report) is(kind Kind) bool {
	r.Kind, r.Class = kind, kind.class()
	return true
}

// failed notes a failure and finds its class in the status and the words.
func (r *Report) failed(status, words string) bool {
	r.Kind, r.Diagnostic = Failure, words
	r.Status, r.Class = Classify(status, words)
	return true
}

// Line makes one short printable line.
func Line(text string) string {
	const most = 300
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most-1]) + "…"
	}
	return text
}
