package office

import (
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
)

// recounting is a note that figures may move: the days are being counted for another
// time zone. Nil as a rule.
func (v visit) recounting() (*components.Note, error) {
	waits, err := flow.Recounting(v.ctx(), v.site.Store, v.w.ID)
	if err != nil || !waits {
		return nil, err
	}
	return &components.Note{Kind: components.Info, Text: v.l.T("report.recounting")}, nil
}
