package respond

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	view "github.com/harkhq/hark/templates/respond"
)

// form is what a person fills in on a survey's page.
type form struct {
	score   string // as the browser sends it; "" when nothing is chosen
	comment string
	page    string // the random text that the page carried; "" for an invitation's
	long    bool   // the body broke off at its limit, within the comment
	seal    string // of an invitation's page, see [surveys.Seal]
	pressed bool   // sent by the button, which no script's own submit does
	trusted bool   // the page's script saw somebody touch it
}

// readForm reads a posted form. Browsers end lines with CR LF and count one
// character for it.
func readForm(c echo.Context) (form, error) {
	var read bytes.Buffer
	body := c.Request().Body
	c.Request().Body = io.NopCloser(io.TeeReader(body, &read))
	values, err := web.Form(c)
	long := surveys.KindOf(err) == surveys.TooLarge
	if long {
		// Only a comment can be that long. What came before it is kept; a pair that
		// broke off, or cannot be read, is left out.
		values, _ = url.ParseQuery(read.String())
	} else if err != nil {
		return form{}, err
	}
	return form{
		long:  long,
		score: values.Get("score"), page: values.Get("form"),
		comment: strings.TrimSpace(strings.ReplaceAll(values.Get("comment"), "\r\n", "\n")),
		seal:    values.Get("seal"), pressed: values.Has("send"), trusted: values.Get("act") == "trusted",
	}, nil
}

// given is the answer in the form, or what is wrong with it.
func (f form) given(v visit, survey surveys.Survey) (flow.Given, []view.FieldError) {
	scale := survey.Metric.Scale()
	score, err := strconv.Atoi(f.score)
	var wrong []view.FieldError
	switch {
	case f.score == "":
		wrong = append(wrong, view.MissingScore(v.l))
	case err != nil || !scale.Contains(score):
		wrong = append(wrong, view.ForeignScore(v.l, scale))
	}
	if f.long || utf8.RuneCountInString(f.comment) > view.CommentLimit {
		wrong = append(wrong, view.LongComment(v.l))
	}
	return flow.Given{Score: score, Comment: f.comment, Locale: v.l.Lang()}, wrong
}

// question is the page that asks, with what the form holds already. It posts to
// another address than its own, if only by "?answer": a browser forgets the
// page at an address that was posted to (RFC 9111, 4.4), and going back would
// fetch another form.
func (p *pages) question(c echo.Context, v visit, survey surveys.Survey, f form) view.Question {
	q := view.Question{
		Frame: v.frame(c, p.style), Words: Words(v.l, v.office.Workspace, survey), Comment: f.comment,
		Action: inLanguage(c, c.Request().URL.Path+"?answer"),
	}
	for _, score := range survey.Metric.Scale().Choices() {
		q.Choices = append(q.Choices, view.Choice{Score: score, Selected: strconv.Itoa(score) == f.score})
	}
	if f.page != "" {
		q.Hidden = []view.HiddenField{{Name: "form", Value: f.page}}
	}
	return q
}

// again shows the page once more with what was filled in and what to do: the
// fields that are wrong, or that Hark cannot store right now. Any other error
// is returned.
func (p *pages) again(c echo.Context, q view.Question, wrong []view.FieldError, err error) error {
	status := http.StatusUnprocessableEntity
	if err != nil {
		if surveys.KindOf(err) != surveys.Unavailable {
			return err
		}
		p.Log.Warn("an answer could not be stored", "error", err)
		web.RetryAfter(c, err)
		status = http.StatusServiceUnavailable
		wrong = []view.FieldError{{Text: q.Frame.L.T("respond.notice." + string(reason(err, status)) + ".text")}}
	}
	q.Errors = wrong
	return web.Render(c, status, view.QuestionPage(q))
}

// earlier says what was answered before and that it can be changed; "" when
// nothing was.
func (v visit) earlier(r *surveys.Response) string {
	if r == nil {
		return ""
	}
	return v.l.T("respond.earlier", "score", strconv.Itoa(r.Score), "date", v.l.Date(r.AnsweredAt.In(v.office.Zone)))
}

// refill puts an earlier answer into the form, where the visitor has not
// chosen already.
func (f form) refill(earlier surveys.Response) form {
	if f.score == "" {
		f.score = strconv.Itoa(earlier.Score)
	}
	f.comment = earlier.Comment
	return f
}

// thanks is the page after an answer, which may be unknown by now.
func (p *pages) thanks(c echo.Context, v visit, survey surveys.Survey, earlier *surveys.Response) view.Thanks {
	t := view.Thanks{Frame: v.frame(c, p.style), Text: ThankYou(v.l, v.office.Workspace, survey)}
	if earlier != nil {
		t.Score = v.l.T("respond.score_of", "score", strconv.Itoa(earlier.Score), "max", strconv.Itoa(survey.Metric.Scale().Max))
	}
	return t
}
