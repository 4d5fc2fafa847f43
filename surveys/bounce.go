package surveys

import (
	"slices"
	"strings"
	"time"
)

// BounceClass is what a report about a letter means for its address.
type BounceClass string

// The classes of reports.
const (
	BounceHard      BounceClass = "hard"      // the address does not exist, or takes no mail
	BounceSoft      BounceClass = "soft"      // it failed for a reason that may pass
	BounceFull      BounceClass = "full"      // the mailbox is full
	BouncePolicy    BounceClass = "policy"    // refused for what the sender is or sent: our fault, not the address's
	BounceComplaint BounceClass = "complaint" // the person called it spam
	BounceDelayed   BounceClass = "delayed"   // a mail server still tries
	BounceDelivered BounceClass = "delivered" // it arrived, or was passed on
	BounceAuto      BounceClass = "auto"      // a machine answered for the person, who is away
)

// BounceClasses lists them all.
func BounceClasses() []BounceClass {
	return []BounceClass{BounceHard, BounceSoft, BounceFull, BouncePolicy, BounceComplaint, BounceDelayed, BounceDelivered, BounceAuto}
}

// Failed reports whether the letter did not arrive.
func (c BounceClass) Failed() bool {
	return slices.Contains([]BounceClass{BounceHard, BounceSoft, BounceFull, BouncePolicy}, c)
}

// passing reports whether the reason may pass.
func (c BounceClass) passing() bool { return c == BounceSoft || c == BounceFull }

// Slows reports whether a receiver asks for fewer letters at a time (4.7.x), as its
// report says, be it for good or while a mail server still tries.
func (b Bounce) Slows() bool {
	return (b.Class == BouncePolicy || b.Class == BounceDelayed) && strings.HasPrefix(b.Status, "4.7.")
}

// Returned reports whether a letter came back for good, for what its address is or
// for what its sender is: too many of those, and the receiver thinks ill of whoever
// sends them. A full mailbox or a server out of order says nothing about either.
func (b Bounce) Returned() bool {
	return (b.Class == BounceHard || b.Class == BouncePolicy) && !b.Slows()
}

// When reports of passing reasons are taken for a dead address.
const (
	PassingBounces = 3
	PassingWithin  = 30 * 24 * time.Hour
)

// Ends says why an address gets no mail after a report of the class, when
// passing reports of passing reasons came within [PassingWithin], this one
// among them; "" when it goes on getting mail. A policy never ends it: the
// address did nothing wrong.
func (c BounceClass) Ends(passing int) Suppression {
	switch {
	case c == BounceComplaint:
		return SuppressedComplained
	case c == BounceHard, c.passing() && passing >= PassingBounces:
		return SuppressedBounced
	}
	return ""
}

// BounceSource is who brought a report.
type BounceSource string

// Where reports come from.
const (
	BounceByMail     BounceSource = "mail" // the listener, or the pipe
	BounceBySES      BounceSource = "ses"
	BounceByMailgun  BounceSource = "mailgun"
	BounceByPostmark BounceSource = "postmark"
	BounceBySendGrid BounceSource = "sendgrid"
)

// Bounce is a report about a letter, as it is kept.
type Bounce struct {
	WorkspaceID  WorkspaceID
	ID           string
	InvitationID string // the letter's own row: an invitation, a reminder or a thank-you
	Class        BounceClass
	Status       string // x.y.z of RFC 3463; "" when it told none
	Diagnostic   string // the mail server's words, one line
	Source       BounceSource
	Key          string // what tells this report from others: a second one of the same key is the same
	At           time.Time
}

// ClassOfStatus is the class of a status code of RFC 3463 where the code alone
// tells it, and "" where the words must.
func ClassOfStatus(status string) BounceClass {
	class, detail, ok := strings.Cut(status, ".")
	if !ok || class != "5" && class != "4" {
		return ""
	}
	subject, _, _ := strings.Cut(detail, ".")
	switch {
	case detail == "2.2":
		return BounceFull
	case subject == "7", detail == "2.3", detail == "3.4", subject == "6":
		return BouncePolicy // also a letter that is too large, or whose content cannot be taken
	case class == "4":
		return BounceSoft
	case subject == "1":
		return ofAddress(detail)
	case detail == "2.1", detail == "4.4", detail == "4.310":
		return BounceHard // disabled; its domain does not exist (the last is Microsoft's)
	case detail == "2.121", detail == "2.122", subject == "4" && detail != "4.0" && detail != "4.1":
		return BounceSoft // Microsoft's of too much mail within an hour; the way there
	}
	return ""
}

// ofAddress is the class of 5.1.x.
func ofAddress(detail string) BounceClass {
	switch detail {
	case "1.7", "1.8", "1.9":
		return BouncePolicy // the sender's address
	case "1.0", "1.5":
		return ""
	}
	return BounceHard
}
