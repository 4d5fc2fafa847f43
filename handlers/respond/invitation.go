package respond

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	view "github.com/harkhq/hark/templates/respond"
)

// invited finds the invitation of a mail's link. With an error of kind Gone it
// returns what it found, too.
func (p *pages) invited(c echo.Context) (visit, flow.Invited, error) {
	in, err := p.Answers.OpenInvitation(c.Request().Context(), surveys.Token(c.Param("token")))
	if err != nil && surveys.KindOf(err) != surveys.Gone {
		return visit{}, in, err
	}
	return p.enter(c, in.Office, in.Person.Locale), in, err
}

// showInvitation asks the question of a mail, with the score preselected that
// was chosen in it. It stores nothing.
func (p *pages) showInvitation(c echo.Context) error {
	v, in, err := p.invited(c)
	if err != nil {
		return err
	}
	f := form{score: c.QueryParam("score")}
	earlier, err := p.earlier(c, in)
	if err != nil {
		return err
	}
	if earlier != nil {
		f = f.refill(*earlier)
	}
	q := p.question(c, v, in.Survey, f)
	q.Earlier = v.earlier(earlier)
	return web.Render(c, http.StatusOK, view.QuestionPage(q))
}

// answerInvitation stores the answer to a mail, or changes it.
func (p *pages) answerInvitation(c echo.Context) error {
	v, in, err := p.invited(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	f.page = "" // an invitation's answer has a key of its own
	given, wrong := f.given(v, in.Survey)
	if wrong != nil {
		return p.again(c, p.question(c, v, in.Survey, f), wrong, nil)
	}
	if _, err := p.Answers.AnswerInvitation(c.Request().Context(), in, given); err != nil {
		return p.again(c, p.question(c, v, in.Survey, f), nil, err)
	}
	return web.SeeOther(c, inLanguage(c, "/r/"+c.Param("token")+"/thanks"))
}

// thankInvitation thanks for an answer and offers to change it, as long as the
// link takes answers.
func (p *pages) thankInvitation(c echo.Context) error {
	v, in, gone := p.invited(c)
	if gone != nil && in.Invitation.ResponseID == "" {
		return gone
	}
	earlier, err := p.earlier(c, in)
	if err != nil {
		return err
	}
	if earlier == nil && gone == nil {
		return web.SeeOther(c, inLanguage(c, "/r/"+c.Param("token")))
	}
	t := p.thanks(c, v, in.Survey, earlier)
	if gone == nil {
		t.Change = inLanguage(c, "/r/"+c.Param("token"))
	}
	return web.Render(c, http.StatusOK, view.ThanksPage(t))
}

// earlier is the answer that the invitation has; nil when it has none.
func (p *pages) earlier(c echo.Context, in flow.Invited) (*surveys.Response, error) {
	earlier, err := p.Answers.EarlierInvitation(c.Request().Context(), in)
	if surveys.KindOf(err) == surveys.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &earlier, nil
}
