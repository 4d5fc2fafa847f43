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
	return p.enter(c, in.Office, in.Survey, in.Person.Locale), in, err
}

// sealed is the question's page with the seal that makes its answer count at
// once, see [surveys.Seal]. A page whose score a link chose reports when it was
// looked at.
func (p *pages) sealed(c echo.Context, v visit, in flow.Invited, f form) view.Question {
	q := p.question(c, v, in.Survey, f)
	token := surveys.Token(c.Param("token"))
	seal := surveys.Seal{IssuedAt: p.Now(), Chosen: f.score}.Sign(in.Office.Secret, token)
	q.Hidden = append(q.Hidden, view.HiddenField{Name: "seal", Value: seal}, view.HiddenField{Name: "act"})
	return q
}

// showInvitation asks the question of a mail, with the score preselected that
// was chosen in it. It stores nothing.
func (p *pages) showInvitation(c echo.Context) error {
	v, in, err := p.invited(c)
	score, kind := scoreOf(c.QueryParam("score"), in.Survey)
	p.touch(c, in, kind, score)
	if err != nil {
		return err
	}
	earlier, err := p.earlier(c, in)
	if err != nil {
		return err
	}
	if in.Survey, err = p.asAnswered(c, in.Survey, earlier); err != nil {
		return err
	}
	f := opened(c, in.Survey)
	if earlier != nil {
		f = f.refill(*earlier)
	}
	q := p.sealed(c, v, in, f)
	q.Earlier = v.earlier(in.Survey, earlier)
	if score != nil && (earlier == nil || earlier.Score != *score) {
		q.Seen = "/r/" + c.Param("token") + "/seen"
	}
	return web.Render(c, http.StatusOK, view.QuestionPage(q))
}

// answerInvitation takes the answer to a mail in, or a change of it. What is not
// sure to be a person's is kept until it is; where the survey wants to be sure, the
// page comes once more.
func (p *pages) answerInvitation(c echo.Context) error {
	v, in, err := p.invited(c)
	if err != nil {
		return err
	}
	f, err := p.readForm(c)
	if err != nil {
		return err
	}
	if in.Survey, err = p.asAsked(c, in.Survey, f); err != nil {
		return err
	}
	if f.more && f.score == "" {
		before, err := p.earlier(c, in)
		if err != nil {
			return err
		}
		f = f.over(before)
	}
	f.page = "" // an invitation's answer has a key of its own
	given, wrong := f.given(v, in.Survey)
	if wrong != nil {
		return p.again(c, p.sealed(c, v, in, f), wrong, nil)
	}
	given.Said = f.said
	act := p.act(c, in, f)
	verdict, err := p.Answers.Weigh(c.Request().Context(), in, given, act)
	if err != nil {
		return p.again(c, p.sealed(c, v, in, f), nil, err)
	}
	p.note(c, in, surveys.Touch{Kind: surveys.TouchSent, Score: &given.Score, Acted: verdict == surveys.Count && act.Confirmed()})
	if verdict == surveys.Wait && in.Survey.Machines == surveys.Strict {
		why := view.SendAgain(v.l)
		if act.Seal == surveys.SealStale {
			why = view.OldPage(v.l)
		}
		return p.again(c, p.sealed(c, v, in, f), []view.FieldError{why}, nil)
	}
	if f.save {
		return p.broughtByMail(c, v, in, f)
	}
	return f.after(c, "/r/"+c.Param("token"), in.Survey, given)
}

// broughtByMail is brought for an invitation, whose answer may be its first.
func (p *pages) broughtByMail(c echo.Context, v visit, in flow.Invited, f form) error {
	_, again, err := p.invited(c)
	if err != nil {
		return err
	}
	stored, err := p.earlier(c, again)
	if err != nil {
		return err
	}
	return p.brought(c, v, in.Survey, f, stored)
}

// moreOfInvitation asks what the answer brings up.
func (p *pages) moreOfInvitation(c echo.Context) error {
	v, in, err := p.invited(c)
	if err != nil {
		return err
	}
	path := "/r/" + c.Param("token")
	earlier, err := p.earlier(c, in)
	switch {
	case err != nil:
		return err
	case earlier == nil:
		return web.SeeOther(c, inLanguage(c, path))
	}
	if in.Survey, err = p.asAnswered(c, in.Survey, earlier); err != nil {
		return err
	}
	f, asks := goOn(c, in.Survey, *earlier)
	if !asks {
		return web.SeeOther(c, inLanguage(c, path+"/thanks"))
	}
	q := p.sealed(c, v, in, f)
	q.Action = inLanguage(c, path+"?answer")
	return web.Render(c, http.StatusOK, view.QuestionPage(q))
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
	if in.Survey, err = p.asAnswered(c, in.Survey, earlier); err != nil {
		return err
	}
	t := p.thanks(c, v, in.Survey, earlier)
	if gone == nil {
		t.Change = inLanguage(c, "/r/"+c.Param("token"))
	}
	return web.Render(c, http.StatusOK, view.ThanksPage(t))
}

// earlier is the answer that the invitation has; nil when it has none.
func (p *pages) earlier(c echo.Context, in flow.Invited) (*surveys.Response, error) {
	earlier, err := p.Answers.EarlierOf(c.Request().Context(), in, p.client(c, in))
	if surveys.KindOf(err) == surveys.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &earlier, nil
}
