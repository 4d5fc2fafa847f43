package office

import "github.com/harkhq/hark/surveys"

// stage leads to the words for a letter: what is still to come, or never came, is
// not told as if it had been sent.
func (h *history) stage(i surveys.Invitation) string {
	switch {
	case i.State == surveys.InvitationScheduled && h.answered(i.AboutID):
		return "dropped."
	case i.State == surveys.InvitationScheduled || i.State == surveys.InvitationClaimed:
		return "planned."
	case i.State == surveys.InvitationCancelled || i.State == surveys.InvitationSuppressed || i.State == surveys.InvitationExpired:
		return "dropped."
	}
	return ""
}
