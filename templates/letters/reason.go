package letters

import "github.com/harkhq/hark/templates/i18n"

// Reason says why somebody gets the letter: because of the event that led to
// it, in words for the events that Hark knows and in general for all others.
func Reason(l *i18n.Localizer, event, company string) string {
	switch event {
	case "order_completed", "ticket_solved", "subscription_cancelled", "signed_up", "renewed":
		return l.T("letters.reason."+event, "company", company)
	}
	return l.T("letters.reason.other", "company", company)
}
