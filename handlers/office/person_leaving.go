package office

import (
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// readLeaving looks up what pages of the company's asked the person.
func (h *history) readLeaving(id string) (err error) {
	if h.cancellations, err = h.site.Store.PersonCancellations(h.ctx(), h.w.ID, id, historyLimit); err != nil {
		return err
	}
	if h.pageAsks, err = h.site.Store.PersonPageAsks(h.ctx(), h.w.ID, id, historyLimit); err != nil {
		return err
	}
	flows, err := h.site.Store.CancelFlows(h.ctx(), h.w.ID)
	h.flows = make(map[string]surveys.CancelFlow, len(flows))
	for _, f := range flows {
		h.flows[f.ID] = f
	}
	return err
}

// leaving is a way through a cancellation flow.
func (h *history) leaving(c surveys.Cancellation) office.Moment {
	f := h.flows[c.FlowID]
	m := office.Moment{
		Kind: "answer", Text: c.Comment, Title: words.Set(h.l.T("office.history.leaving"), map[string]words.Part{"flow": {Text: f.Name, Address: flowPath(f)}}),
	}
	if c.Reason != "" {
		label, _ := h.l.CancelTexts(f, h.w.Workspace).Label(c.Reason)
		m.Properties = []string{label}
	}
	switch choice, _ := c.Chose(); choice {
	case surveys.CancelLeft:
		m.Tag = &components.Tag{Text: h.l.T("leaving.left"), Tone: components.Bad}
	case surveys.CancelKept:
		m.Tag = &components.Tag{Text: h.l.T("leaving.kept"), Tone: components.Good}
	}
	return m
}

// pageAsk is a survey that came up by itself on a page of the company's.
func (h *history) pageAsk(a store.PageAsk) office.Moment {
	return office.Moment{Kind: "invitation", Title: words.Set(h.l.T("office.history.page"), map[string]words.Part{"survey": h.surveyPart(a.SurveyID)})}
}
