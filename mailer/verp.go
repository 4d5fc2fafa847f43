package mailer

import (
	"github.com/harkhq/hark/surveys"
)

// returnPath is the sender that a letter's envelope names: an address of the
// letter's own at the domain that takes bounces, so that a report leads back to
// it, whatever else the report says; without such a domain, the sender.
func returnPath(a Asking, who Identity) string {
	if who.Bounces == "" {
		return who.Address
	}
	if address := a.Workspace.ReturnAddress(surveys.ReturnBounce, a.Invitation.ID, who.Bounces); address != "" {
		return address
	}
	return who.Address // a letter of no invitation
}

// stopByMail is where a mail stops the person's mails; "" where no mail that
// comes in is read.
func (c *Composer) stopByMail(a Asking, who Identity) string {
	if !c.readsMail || who.Bounces == "" {
		return ""
	}
	return a.Workspace.ReturnAddress(surveys.ReturnUnsubscribe, a.Invitation.ID, who.Bounces)
}
