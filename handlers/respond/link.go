package respond

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	view "github.com/harkhq/hark/templates/respond"
)

// A public link is the same for everybody, so the page carries a random text
// that makes its form one answer, however often it is sent. After the answer
// this browser keeps it in a cookie for a day, in which it changes that answer
// and adds none, from whatever tab. There is no cookie before an answer.
const (
	answerCookie = "hark_answer"
	answerDay    = 24 * 60 * 60 // seconds
	maxPageText  = 64
)

// link finds the survey of a public link.
func (p *pages) link(c echo.Context) (visit, surveys.Survey, error) {
	w, survey, err := p.Directory.PublicSurvey(c.Request().Context(), c.Param("survey"))
	if err != nil {
		return visit{}, survey, err
	}
	return p.enter(c, w, survey, ""), survey, nil
}

// showLink asks the question of a public link.
func (p *pages) showLink(c echo.Context) error {
	v, survey, err := p.link(c)
	if err != nil {
		return err
	}
	if err := survey.Open(p.Store.Now()); err != nil {
		return err
	}
	before, page := p.answered(c, v.office, survey)
	if survey, err = p.asAnswered(c, survey, before); err != nil {
		return err
	}
	f := opened(c, survey)
	f.nobody = true
	if before != nil {
		f = f.refill(*before)
		f.page = page
	}
	if f.page == "" {
		if f.page, err = surveys.NewKey(p.Store.Random(), 16); err != nil {
			return err
		}
		// Going back from the thank-you must find the same form again, or a second
		// click on "send" would be a second answer.
		c.Response().Header().Set(echo.HeaderCacheControl, "private, no-cache")
	}
	q := p.question(c, v, survey, f)
	q.Earlier = v.earlier(survey, before)
	return web.Render(c, http.StatusOK, view.QuestionPage(q))
}

// answerLink stores an answer, or changes it when the same form comes again.
func (p *pages) answerLink(c echo.Context) error {
	v, survey, err := p.link(c)
	if err != nil {
		return err
	}
	f, err := p.readForm(c)
	if err != nil {
		return err
	}
	if err := survey.Open(f.saidAt(p.Store.Now())); err != nil {
		return err
	}
	if survey, err = p.asAsked(c, survey, f); err != nil {
		return err
	}
	if f, err = p.united(c, v, survey, f); err != nil {
		return err
	}
	given, wrong := f.given(v, survey)
	if wrong != nil {
		return p.again(c, p.question(c, v, survey, f), wrong, nil)
	}
	given.Said = f.said
	if _, err := p.Answers.AnswerLink(c.Request().Context(), v.office, survey, f.page, given); err != nil {
		return p.again(c, p.question(c, v, survey, f), nil, err)
	}
	path := "/s/" + survey.PublicID(v.office.Key)
	c.SetCookie(&http.Cookie{
		Name: answerCookie, Value: f.page, Path: path, MaxAge: answerDay, HttpOnly: true, Secure: p.Secure(), SameSite: http.SameSiteLaxMode,
	})
	if f.save {
		return p.brought(c, v, survey, f, p.answeredWith(c, v.office, survey, f.page))
	}
	return f.after(c, path, survey, given)
}

// united is the form of a link's page as one with what this browser sent before.
func (p *pages) united(c echo.Context, v visit, survey surveys.Survey, f form) (form, error) {
	f.nobody = true
	if before, page := p.answered(c, v.office, survey); page != "" {
		f = f.over(before)
		f.page = page
		return f, nil
	}
	if f.page != "" && len(f.page) <= maxPageText {
		return f, nil
	}
	var err error
	f.page, err = surveys.NewKey(p.Store.Random(), 16)
	return f, err
}

// moreOfLink asks what this browser's answer brings up.
func (p *pages) moreOfLink(c echo.Context) error {
	v, survey, err := p.link(c)
	if err != nil {
		return err
	}
	if err := survey.Open(p.Store.Now()); err != nil {
		return err
	}
	path := "/s/" + survey.PublicID(v.office.Key)
	earlier, page := p.answered(c, v.office, survey)
	if earlier == nil {
		return web.SeeOther(c, inLanguage(c, path))
	}
	if survey, err = p.asAnswered(c, survey, earlier); err != nil {
		return err
	}
	f, asks := goOn(c, survey, *earlier)
	if !asks {
		return web.SeeOther(c, inLanguage(c, path+"/thanks"))
	}
	f.page, f.nobody = page, true
	q := p.question(c, v, survey, f)
	q.Action = inLanguage(c, path+"?answer")
	return web.Render(c, http.StatusOK, view.QuestionPage(q))
}

// thankLink thanks for an answer, and offers to change it on the browser that
// gave it.
func (p *pages) thankLink(c echo.Context) error {
	v, survey, err := p.link(c)
	if err != nil {
		return err
	}
	earlier, _ := p.answered(c, v.office, survey)
	if survey, err = p.asAnswered(c, survey, earlier); err != nil {
		return err
	}
	t := p.thanks(c, v, survey, earlier)
	if earlier != nil && survey.Open(p.Store.Now()) == nil {
		t.Change = inLanguage(c, "/s/"+survey.PublicID(v.office.Key)+"?change")
	}
	return web.Render(c, http.StatusOK, view.ThanksPage(t))
}

// answered is the answer that this browser gave lately, with the text of its
// form; nil when there is none.
func (p *pages) answered(c echo.Context, w flow.Office, survey surveys.Survey) (*surveys.Response, string) {
	cookie, err := c.Cookie(answerCookie)
	if err != nil || cookie.Value == "" || len(cookie.Value) > maxPageText {
		return nil, ""
	}
	if earlier := p.answeredWith(c, w, survey, cookie.Value); earlier != nil {
		return earlier, cookie.Value
	}
	return nil, ""
}

// answeredWith is the answer that was given lately with a form; nil when there is none.
func (p *pages) answeredWith(c echo.Context, w flow.Office, survey surveys.Survey, page string) *surveys.Response {
	return p.answeredBy(c, w, survey, flow.Visitor{Page: page})
}

// answeredBy is the answer that a visitor gave lately; nil when there is none.
func (p *pages) answeredBy(c echo.Context, w flow.Office, survey surveys.Survey, by flow.Visitor) *surveys.Response {
	earlier, err := p.Answers.EarlierPage(c.Request().Context(), w, survey, by)
	if err == nil {
		return &earlier
	}
	if surveys.KindOf(err) != surveys.NotFound {
		p.Log.Warn("an earlier answer could not be read", "error", err)
	}
	return nil
}
