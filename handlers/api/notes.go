package api

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// noteBody is POST /api/v1/notes.
type noteBody struct {
	Day      string  `json:"day"`
	Text     string  `json:"text"`
	SurveyID *string `json:"survey_id"`
}

// noteView is a note as the API shows it.
type noteView struct {
	ID        string    `json:"id"`
	Day       string    `json:"day"`
	Text      string    `json:"text"`
	SurveyID  *string   `json:"survey_id"`
	Author    string    `json:"author"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

type noteList struct {
	Notes []noteView `json:"notes"`
}

func viewNote(n surveys.Note) noteView {
	return noteView{
		ID: n.ID, Day: analysis.Day(n.Day).String(), Text: n.Text, SurveyID: orNull(n.SurveyID), Author: n.Author,
		CreatedAt: n.CreatedAt, UpdatedAt: n.UpdatedAt,
	}
}

// listNotes lists what the team wrote on the timeline.
func (a *api) listNotes(c echo.Context) error {
	if err := knownParameters(c, "survey_id", "from", "to"); err != nil {
		return err
	}
	q := query{c: c}
	filter := store.NoteFilter{SurveyID: c.QueryParam("survey_id"), From: int(q.day("from")), To: int(q.day("to"))}
	if filter.SurveyID != "" && !isID(filter.SurveyID) {
		q.fail(surveys.FieldError{Path: "survey_id", Code: "survey_unknown"})
	}
	if err := surveys.Wrong(q.wrong...); err != nil {
		return err
	}
	w := officeOf(c)
	if filter.SurveyID != "" {
		if _, err := a.Directory.Survey(c.Request().Context(), w.ID, filter.SurveyID); err != nil {
			return err
		}
	}
	list, err := a.Store.Notes(c.Request().Context(), w.ID, filter)
	if err != nil {
		return err
	}
	views := make([]noteView, len(list))
	for i, n := range list {
		views[i] = viewNote(n)
	}
	return c.JSON(http.StatusOK, noteList{Notes: views})
}

// createNote writes on the timeline, under the name of the API key. The same
// Idempotency-Key again gets the first note again.
func (a *api) createNote(c echo.Context) error {
	n, key, err := a.decodeNote(c)
	if err != nil {
		return err
	}
	written, err := a.notes.Write(c.Request().Context(), officeOf(c), n, key)
	if err != nil {
		return err
	}
	if written.Repeated {
		c.Response().Header().Set(headerReplayed, "true")
	}
	c.Response().Header().Set(echo.HeaderLocation, a.Link("/api/v1/notes/"+written.Note.ID))
	return c.JSON(http.StatusCreated, viewNote(written.Note))
}

// decodeNote reads the call's body and key. Without a day it is today.
func (a *api) decodeNote(c echo.Context) (n surveys.Note, key string, err error) {
	var body noteBody
	if err := web.Decode(c, &body); err != nil {
		return n, "", err
	}
	n = surveys.Note{Text: body.Text, Day: surveys.Day(a.Store.Now(), officeOf(c).Zone), Author: keyOf(c).Name}
	var wrong []surveys.FieldError
	if body.Day != "" {
		day, err := analysis.ParseDay(body.Day)
		if n.Day = int(day); err != nil {
			wrong = append(wrong, surveys.FieldError{Path: "day", Code: "date"})
		}
	}
	if body.SurveyID != nil {
		if n.SurveyID = *body.SurveyID; !isID(n.SurveyID) {
			wrong = append(wrong, surveys.FieldError{Path: "survey_id", Code: "survey_unknown"})
		}
	}
	key, fields := idempotencyKey(c)
	return n, key, surveys.Wrong(append(wrong, fields...)...)
}

// idempotencyKey reads the key of a call that may be repeated; "" when it
// carries none.
func idempotencyKey(c echo.Context) (string, []surveys.FieldError) {
	sent := c.Request().Header.Values(headerIdempotencyKey)
	key := strings.TrimSpace(c.Request().Header.Get(headerIdempotencyKey))
	if n := utf8.RuneCountInString(key); len(sent) > 0 && (n < 1 || n > maxIdempotencyKey) {
		return "", []surveys.FieldError{{Path: headerIdempotencyKey, Code: "idempotency_key", Args: map[string]any{"max": maxIdempotencyKey}}}
	}
	return key, nil
}

// showNote shows one note.
func (a *api) showNote(c echo.Context) error {
	if err := knownParameters(c); err != nil {
		return err
	}
	n, err := a.note(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, viewNote(n))
}

// deleteNote takes a note away.
func (a *api) deleteNote(c echo.Context) error {
	n, err := a.note(c)
	if err != nil {
		return err
	}
	if err := a.notes.Delete(c.Request().Context(), n.WorkspaceID, n.ID); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// note is the one that the call's address names, as long as it stands.
func (a *api) note(c echo.Context) (surveys.Note, error) {
	if !isID(c.Param("note")) {
		return surveys.Note{}, surveys.Fail(surveys.NotFound, "not_found")
	}
	n, err := a.Store.Note(c.Request().Context(), officeOf(c).ID, c.Param("note"))
	if err == nil && n.DeletedAt != nil {
		return surveys.Note{}, surveys.Fail(surveys.NotFound, "not_found")
	}
	return n, err
}
