package office

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// writesNotes is the least role that writes on the timeline.
const writesNotes = surveys.Agent

// pathNotes is where notes are changed.
const pathNotes = "/notes"

// Parameters of a report's address that say what was just done about a note.
// They are not part of the view: no link of the page carries them on.
const (
	paramNoted = "noted"
	paramNote  = "note"
)

// createNote writes on the timeline of a report, and leads back to it. What is
// wrong is told on the report itself.
func (d *desk) createNote(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	survey, err := v.survey()
	if err != nil {
		return err
	}
	n, err := d.notes.Save(v.ctx(), v.w, readNote(form, surveys.Note{Author: authorOf(v.user)}, survey.ID))
	if invalid(err) {
		r, failed := d.read(v)
		if failed != nil {
			return failed
		}
		r.timeline.sent, r.timeline.problem = form, err
		return web.Render(v, http.StatusUnprocessableEntity, office.ReportPage(r.page()))
	}
	if err != nil {
		return err
	}
	view := readReport(reportPath(survey), v.QueryParams(), v.today())
	noted := "added"
	if day := analysis.Day(n.Day); day < view.trendFrom() || day >= view.period.To {
		noted = "unseen"
	}
	return web.SeeOther(v, notedAt(view.address(nil), noted, n.ID))
}

// authorOf is how a member of the team is called beside what they wrote.
func authorOf(u surveys.User) string { return cmp.Or(u.Name, u.Email) }

// readNote reads the form over a note. A day that is none becomes one that no
// check lets through.
func readNote(form url.Values, n surveys.Note, surveyID string) surveys.Note {
	n.Text, n.SurveyID, n.Day = form.Get("note_text"), surveyID, -1
	if form.Get("note_all") != "" {
		n.SurveyID = ""
	}
	if day, err := analysis.ParseDay(form.Get("note_day")); err == nil {
		n.Day = int(day)
	}
	return n
}

// notedAt is a report's address with what was just done about a note.
func notedAt(address, noted, id string) string {
	path, query, _ := strings.Cut(address, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		values = url.Values{}
	}
	values.Set(paramNoted, noted)
	values.Set(paramNote, id)
	return path + "?" + values.Encode() + "#notes"
}

// note is the one that the address names, as long as it stands.
func (v visit) note() (surveys.Note, error) {
	n, err := v.site.Store.Note(v.ctx(), v.w.ID, v.Param("id"))
	if err == nil && n.DeletedAt != nil {
		return n, surveys.Fail(surveys.NotFound, "not_found")
	}
	return n, err
}

// editNote shows the form of a note.
func (d *desk) editNote(v visit) error {
	n, err := v.note()
	if err != nil {
		return err
	}
	return noteForm{visit: v, note: n}.show(http.StatusOK)
}

// updateNote stores what was changed in the form.
func (d *desk) updateNote(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	stored, err := v.note()
	if err != nil {
		return err
	}
	n, err := d.notes.Save(v.ctx(), v.w, readNote(form, stored, cmp.Or(stored.SurveyID, v.cameFrom())))
	if invalid(err) {
		return noteForm{visit: v, note: stored, sent: form, problem: err}.show(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(v, notedAt(v.backTo(n), "saved", n.ID))
}

// deleteNote takes a note away. It can be brought back, so nothing is asked.
func (d *desk) deleteNote(v visit) error {
	n, err := v.note()
	if err != nil {
		return err
	}
	if err := d.notes.Delete(v.ctx(), v.w.ID, n.ID); err != nil {
		return err
	}
	return web.SeeOther(v, notedAt(v.backTo(n), "deleted", n.ID))
}

// restoreNote brings a note back that was taken away.
func (d *desk) restoreNote(v visit) error {
	if err := d.notes.Restore(v.ctx(), v.w.ID, v.Param("id")); err != nil {
		return err
	}
	n, err := v.note()
	if err != nil {
		return err
	}
	return web.SeeOther(v, notedAt(v.backTo(n), "restored", n.ID))
}

// backTo is the report that a note was opened from, or one that shows it.
func (v visit) backTo(n surveys.Note) string {
	fallback := layouts.PathScores
	if n.SurveyID != "" {
		fallback = "/surveys/" + n.SurveyID
	}
	if back := v.QueryParam("back"); strings.HasPrefix(back, "/surveys/") {
		return web.LocalPath(back, fallback)
	}
	return fallback
}

// cameFrom is the survey on whose report a note was opened; "" when it is not
// known.
func (v visit) cameFrom() string {
	rest, found := strings.CutPrefix(v.QueryParam("back"), "/surveys/")
	if !found {
		return ""
	}
	id, _, _ := strings.Cut(rest, "?")
	return id
}

// noteValues are the form's fields as they were sent, or as the note has them.
func noteValues(sent url.Values, n surveys.Note) url.Values {
	if sent != nil {
		return sent
	}
	values := url.Values{"note_text": {n.Text}, "note_day": {analysis.Day(n.Day).String()}}
	if n.SurveyID == "" {
		values.Set("note_all", "on")
	}
	return values
}

// noteFields are the fields of a note's form.
func (v visit) noteFields(values url.Values, problem error) office.NoteForm {
	wrong := v.fieldErrors(problem)
	field := func(name string) components.Field {
		return components.Field{Name: "note_" + name, Label: v.l.T("note." + name), Error: wrong[name]}
	}
	f := office.NoteForm{
		Day:  components.TextInput{Field: field("day"), Type: "date", Value: values.Get("note_day")},
		Text: components.TextInput{Field: field("text"), Value: values.Get("note_text"), Limit: surveys.MaxNoteRunes, Autocomplete: "off"},
		All:  components.Check{Field: field("all"), Checked: values.Get("note_all") != ""},
	}
	f.Text.Help, f.All.Help = v.l.T("note.text_help"), v.l.T("note.all_help")
	f.Day.Focus = f.Day.Error != ""
	f.Text.Focus = f.Text.Error != "" && !f.Day.Focus
	return f
}

// noteForm is the page of one note, as stored or as sent.
type noteForm struct {
	visit
	note    surveys.Note
	sent    url.Values // nil: not sent yet
	problem error
}

// show renders the page.
func (f noteForm) show(status int) error {
	back := f.backTo(f.note)
	at := pathNotes + "/" + f.note.ID
	keep := map[string]string{"back": f.QueryParam("back")}
	title := f.l.T("note.title", "day", analysis.Day(f.note.Day).Time())
	page := office.NotePage{
		Page: f.page(title, layouts.Scores), Title: title, Back: back, Note: f.wrongNote(f.problem),
		Crumbs:  []components.Crumb{{Text: f.l.T("office.scores.title"), Address: layouts.PathScores}, {Text: f.l.T("note.report"), Address: back}, {Text: title}},
		Written: f.l.T("note.written", "author", f.note.Author, "time", f.l.DateTime(f.note.CreatedAt.In(f.w.Zone))),
		Form:    f.noteFields(noteValues(f.sent, f.note), f.problem),
		Delete:  office.Deed{Action: withQuery(at+"/delete", keep), Button: components.Action{Text: f.l.T("note.delete"), Kind: components.Secondary}},
	}
	page.Form.Action, page.Form.Button = withQuery(at, keep), components.Action{Text: f.l.T("note.save")}
	return web.Render(f, status, office.NoteFormPage(page))
}
