package office

import (
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
)

// readBounces looks up what came back of the person's letters: of each the
// latest report.
func (h *history) readBounces() error {
	ids := make([]string, len(h.invitations))
	for i, invitation := range h.invitations {
		ids[i] = invitation.ID
	}
	list, err := h.site.Store.Bounces(h.ctx(), h.w.ID, ids)
	if err != nil {
		return err
	}
	h.bounces = make(map[string]surveys.Bounce, len(list))
	for _, b := range list {
		if _, later := h.bounces[b.InvitationID]; !later {
			h.bounces[b.InvitationID] = b
		}
	}
	return nil
}

// returned tells on a letter's moment that it came back and when, or that the
// person called it spam.
func (h *history) returned(i surveys.Invitation, m *office.Moment) {
	b, reported := h.bounces[i.ID]
	if !reported {
		return
	}
	at := h.l.DateTime(b.At.In(h.w.Zone))
	switch {
	case b.Class == surveys.BounceComplaint:
		m.Tag, m.Text = &components.Tag{Text: h.l.T("suppressions.reason.complained"), Tone: components.Bad}, h.l.T("suppressions.history.complained", "at", at)
	case i.State == surveys.InvitationBounced && b.Diagnostic == "":
		m.Text = h.l.T("suppressions.history.returned", "at", at, "why", h.l.T("suppressions.class."+string(b.Class)))
	case i.State == surveys.InvitationBounced:
		m.Text = h.l.T("suppressions.history.returned_words", "at", at, "why", h.l.T("suppressions.class."+string(b.Class)), "problem", b.Diagnostic)
	}
}
