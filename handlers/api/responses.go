package api

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
)

// Headers of a call that may be repeated.
const (
	headerIdempotencyKey = "Idempotency-Key"
	headerReplayed       = "Idempotent-Replayed"
	maxIdempotencyKey    = 200 // characters
)

// maxPage is how many responses one page may hold.
const maxPage = 500

// responseBody is POST /api/v1/surveys/{id}/responses.
type responseBody struct {
	Score      score                 `json:"score"`
	Comment    string                `json:"comment"`
	Locale     string                `json:"locale"`
	AnsweredAt moment                `json:"answered_at"`
	Person     *person               `json:"person"`
	Properties map[string]any        `json:"properties"`
	Ratings    map[string]score      `json:"ratings"`
	Answers    map[string]sentAnswer `json:"answers"`
	Fields     map[string]string     `json:"fields"`
}

// recordedReply says which response a call stored.
type recordedReply struct {
	ID       string `json:"id"`
	SurveyID string `json:"survey_id"`
	Repeated bool   `json:"repeated"`
}

// responseView is a response as the API shows it.
type responseView struct {
	ID           string                `json:"id"`
	SurveyID     string                `json:"survey_id"`
	Version      int                   `json:"version"`
	Question     string                `json:"question"`
	Score        int                   `json:"score"`
	Band         surveys.Band          `json:"band"`
	Comment      string                `json:"comment"`
	Locale       string                `json:"locale"`
	Channel      surveys.Channel       `json:"channel"`
	Segments     map[string]string     `json:"segments"`
	Ratings      map[string]int        `json:"ratings"`
	Answers      map[string]answerView `json:"answers"`
	Fields       map[string]string     `json:"fields"`
	PersonID     *string               `json:"person_id"`
	InvitationID *string               `json:"invitation_id"`
	AnsweredAt   time.Time             `json:"answered_at"`
	CreatedAt    time.Time             `json:"created_at"`
	UpdatedAt    time.Time             `json:"updated_at"`
}

type responseList struct {
	Responses  []responseView `json:"responses"`
	NextCursor *string        `json:"next_cursor"`
}

// viewOf shows a response; told is what it was asked, and its answers, in words.
func viewOf(survey surveys.Survey, r surveys.Response, told toldResponse) responseView {
	return responseView{
		ID: r.ID, SurveyID: r.SurveyID, Version: r.Version, Question: told.question, Score: r.Score, Band: survey.Metric.Scale().Band(r.Score), Comment: r.Comment,
		Locale: r.Locale, Channel: r.Channel, Segments: r.Segments, Ratings: ratingsOf(r), Answers: answersOf(told.answers), Fields: fieldsOf(r), PersonID: orNull(r.PersonID), InvitationID: orNull(r.InvitationID),
		AnsweredAt: r.AnsweredAt, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}

// recordResponse stores an answer that a program sends. The same
// Idempotency-Key again gets the first answer again.
func (a *api) recordResponse(c echo.Context) error {
	survey, err := a.survey(c)
	if err != nil {
		return err
	}
	if err := survey.Open(a.Store.Now()); err != nil {
		return err
	}
	recorded, err := decodeResponse(c, survey)
	if err != nil {
		return err
	}
	receipt, err := a.Answers.Record(c.Request().Context(), officeOf(c), survey.ID, recorded)
	if err != nil {
		return err
	}
	replayed := receipt.Outcome == store.Replayed
	if replayed {
		c.Response().Header().Set(headerReplayed, "true")
	}
	c.Response().Header().Set(echo.HeaderLocation, a.Link("/api/v1/surveys/"+survey.ID+"/responses/"+receipt.ResponseID))
	return c.JSON(http.StatusCreated, recordedReply{ID: receipt.ResponseID, SurveyID: survey.ID, Repeated: replayed})
}

// decodeResponse reads the call's body and key, or says everything that is
// wrong with them.
func decodeResponse(c echo.Context, survey surveys.Survey) (flow.Recorded, error) {
	var body responseBody
	if err := decodeScored(c, survey.Metric, &body); err != nil {
		return flow.Recorded{}, err
	}
	given, wrong := body.Score.check(survey.Metric)
	rated, fields := readRatings(survey, body.Ratings)
	wrong = append(wrong, fields...)
	answers, fields := readAnswers(survey, body.Answers)
	wrong = append(wrong, fields...)
	wrong = append(wrong, checkFields(survey, body.Fields)...)
	wrong = append(wrong, body.AnsweredAt.check("answered_at")...)
	wrong = append(wrong, checkLocale(body.Locale)...)
	key, sent := strings.TrimSpace(c.Request().Header.Get(headerIdempotencyKey)), len(c.Request().Header.Values(headerIdempotencyKey)) > 0
	if n := utf8.RuneCountInString(key); sent && (n < 1 || n > maxIdempotencyKey) {
		wrong = append(wrong, surveys.FieldError{Path: headerIdempotencyKey, Code: "idempotency_key", Args: map[string]any{"max": maxIdempotencyKey}})
	}
	recorded := flow.Recorded{
		Given:      flow.Given{Score: given, Comment: body.Comment, Locale: body.Locale, Ratings: rated, Answers: answers, Fields: body.Fields},
		AnsweredAt: body.AnsweredAt.at, Properties: web.Plain(body.Properties), IdempotencyKey: key,
	}
	if body.Person != nil {
		somebody := body.Person.domain()
		recorded.Person = &somebody
	}
	return recorded, surveys.Wrong(wrong...)
}

// maxLocale is longer than any BCP 47 tag that is in use.
const maxLocale = 35

func checkLocale(locale string) []surveys.FieldError {
	switch {
	case len(locale) > maxLocale:
		return []surveys.FieldError{{Path: "locale", Code: "too_long", Args: map[string]any{"max": maxLocale}}}
	case strings.Contains(locale, "\x00"):
		return []surveys.FieldError{{Path: "locale", Code: "utf8"}}
	}
	return nil
}

// listResponses lists a survey's responses, the latest first, a page at a time.
func (a *api) listResponses(c echo.Context) error {
	if err := knownParameters(c, "from", "to", "score", "segment", "comment", "limit", "cursor"); err != nil {
		return err
	}
	survey, err := a.survey(c)
	if err != nil {
		return err
	}
	w, q := officeOf(c), query{c: c}
	filter := q.responses(w, survey)
	if err := surveys.Wrong(q.wrong...); err != nil {
		return err
	}
	limit := filter.Limit
	if limit < maxPage {
		filter.Limit++ // one more shows whether there is a next page
	}
	list, err := a.Store.Responses(c.Request().Context(), w.ID, filter)
	if err != nil {
		return err
	}
	page, err := a.pageOf(c, survey, list, limit)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, page)
}

// responses reads what to list.
func (q *query) responses(w flow.Office, survey surveys.Survey) store.ResponseFilter {
	segments := q.segments("segment")
	for _, key := range segments.Keys() {
		if !slices.Contains(w.SegmentKeys(), key) {
			q.fail(surveys.FieldError{Path: "segment", Code: "segment_unknown", Args: map[string]any{"key": key}})
		}
	}
	return store.ResponseFilter{
		SurveyID: survey.ID, Scores: q.scores("score", survey.Metric.Scale()),
		From: q.midnight("from", w.Zone), To: q.midnight("to", w.Zone), WithComment: q.truth("comment"),
		Segments: segments, After: q.cursor("cursor"), Limit: q.number("limit", 50, maxPage),
	}
}

// pageOf cuts the list to its limit. A page that is full at the greatest limit
// has a cursor too, though the next page may be empty.
func (a *api) pageOf(c echo.Context, survey surveys.Survey, list []surveys.Response, limit int) (responseList, error) {
	page := responseList{Responses: make([]responseView, 0, len(list))}
	if len(list) > limit || len(list) == maxPage {
		list = list[:limit]
		last := list[len(list)-1]
		cursor := writeCursor(store.Cursor{AnsweredAt: last.AnsweredAt, ID: last.ID})
		page.NextCursor = &cursor
	}
	told, err := a.told(c, survey, list)
	for i, r := range list {
		page.Responses = append(page.Responses, viewOf(survey, r, told[i]))
	}
	return page, err
}

// showResponse shows one response.
func (a *api) showResponse(c echo.Context) error {
	if err := knownParameters(c); err != nil {
		return err
	}
	survey, err := a.survey(c)
	if err != nil {
		return err
	}
	id := c.Param("response")
	if !isID(id) {
		return surveys.Fail(surveys.NotFound, "not_found")
	}
	r, err := a.Store.Response(c.Request().Context(), officeOf(c).ID, id)
	if err != nil {
		return err
	}
	if r.SurveyID != survey.ID {
		return surveys.Fail(surveys.NotFound, "not_found")
	}
	told, err := a.told(c, survey, []surveys.Response{r})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, viewOf(survey, r, told[0]))
}
