package office

import (
	"strings"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
)

// readReworded finds the versions of the period that ask for the score in
// another way than the one before.
func (r *reading) readReworded() error {
	if r.survey.Question.Version < 2 {
		return nil
	}
	versions, err := r.site.Store.Wordings(r.ctx(), r.w.ID, r.survey.ID)
	if err != nil {
		return err
	}
	from, to := r.view.period.moments(r.w.Zone)
	r.reworded = surveys.Wordings(versions).Rewordings(from, to)
	return nil
}

// rewording says when the question was changed: the score may have moved for
// that alone. nil when it was not.
func (r reading) rewording() *components.Note {
	if len(r.reworded) == 0 {
		return nil
	}
	var changes []string
	for _, version := range r.reworded {
		changes = append(changes, r.l.T("report.reworded.change", "date", r.l.Date(version.Since.In(r.w.Zone)), "version", int64(version.Version)))
	}
	text := r.l.N("report.reworded", int64(len(changes)), "changes", strings.Join(changes, r.l.T("office.answers.and")))
	return &components.Note{Kind: components.Info, Text: text}
}
