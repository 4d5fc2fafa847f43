package office

import (
	"net/url"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
)

// timeline is what a report has to do with notes.
type timeline struct {
	list    []surveys.Note // on the part of the timeline that is drawn
	deleted surveys.Note   // just now, to be brought back; zero: none
	sent    url.Values     // a form that something is wrong with; nil: none
	problem error          // what is
}

// noteAddress is where a note is changed, and where that leads back to.
func (r reading) noteAddress(n surveys.Note) string {
	return withQuery(pathNotes+"/"+n.ID, map[string]string{"back": r.view.address(nil)})
}

// readNotes looks up what the team wrote on the part of the timeline that is
// drawn.
func (r *reading) readNotes() error {
	drawn := sinceFirst(r.report.Trend)
	if len(drawn) == 0 {
		return nil
	}
	list, err := r.site.Store.Notes(r.ctx(), r.w.ID, store.NoteFilter{SurveyID: r.survey.ID, From: int(drawn[0].Start), To: int(r.view.period.To)})
	if r.timeline.list = list; err != nil || r.QueryParam(paramNoted) != "deleted" || !r.may(writesNotes) {
		return err
	}
	deleted, err := r.site.Store.Note(r.ctx(), r.w.ID, r.QueryParam(paramNote))
	switch surveys.KindOf(err) {
	case surveys.NotFound:
		return nil
	case "":
		r.timeline.deleted = deleted
	}
	return err
}

// trendNotes are the notes as the trend draws them, numbered by their days.
func (r reading) trendNotes() []components.TrendNote {
	var list []components.TrendNote
	for i, n := range r.timeline.list {
		note := components.TrendNote{At: analysis.Day(n.Day).Time(), Text: n.Text, N: i + 1}
		if r.links.inside {
			note.By = r.by(n)
		}
		if r.may(writesNotes) {
			note.Address = r.noteAddress(n)
		}
		list = append(list, note)
	}
	return list
}

// by says who wrote a note, and whether it is about more than this survey.
func (v visit) by(n surveys.Note) string {
	if n.SurveyID == "" {
		return v.l.T("note.by_all", "author", n.Author)
	}
	return v.l.T("note.by", "author", n.Author)
}

// noted is what can be done about the timeline.
func (r reading) noted() office.Timeline {
	t := office.Timeline{Said: r.saidOfNote()}
	if r.may(writesNotes) {
		action := r.view.address(nil)
		path, query, more := strings.Cut(action, "?")
		if path += "/notes"; more {
			path += "?" + query
		}
		today := r.today()
		f := r.noteFields(noteValues(r.timeline.sent, surveys.Note{SurveyID: r.survey.ID, Day: int(today)}), r.timeline.problem)
		f.Action, f.Open, f.Button = path, r.timeline.sent != nil, components.Action{Text: r.l.T("note.put")}
		t.Form = &f
	}
	return t
}

// saidOfNote is what was just done about a note, as the report's address has
// it.
func (r reading) saidOfNote() *office.Said {
	switch noted := r.QueryParam(paramNoted); noted {
	case "added", "unseen", "saved", "restored":
		return &office.Said{Text: r.l.T("note.said." + noted)}
	}
	if r.timeline.deleted.DeletedAt == nil {
		return nil
	}
	text := r.timeline.deleted.Text
	return &office.Said{Text: r.l.T("note.said.deleted", "text", text), Undo: &office.Deed{
		Action: withQuery(pathNotes+"/"+r.timeline.deleted.ID+"/restore", map[string]string{"back": r.view.address(nil)}),
		Button: components.Action{Text: r.l.T("note.restore"), Label: r.l.T("note.restore_one", "text", text), Kind: components.Secondary},
	}}
}
