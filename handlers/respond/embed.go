package respond

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	view "github.com/harkhq/hark/templates/respond"
)

// An embedded page is the survey's page in a frame of another site's. Browsers keep no
// cookies there, so the site's own script (static/js/embed.js) keeps the text that makes
// a browser's forms one answer, and names the site, in the page's address. Neither name
// can be a hidden field's.
const (
	hostField  = "hark-host"
	visitField = "hark-visit"
	themeField = "hark-theme"
)

const elementStyle = "css/element.css"

// visitText is a text by which a browser is known again; nobody should guess it.
var visitText = regexp.MustCompile(`^[A-Za-z0-9_-]{20,64}$`)

// embedded finds the survey of an embedded page, and lets its sites frame what follows.
func (p *pages) embedded(c echo.Context) (visit, surveys.Survey, error) {
	v, survey, err := p.link(c)
	if err != nil {
		return v, survey, err
	}
	v.embed = p.framed(c, survey.Origins)
	p.noteRefusal(c, v, survey.WorkspaceID, survey.ID, survey.Origins)
	c.Set(keyVisit, v)
	return v, survey, survey.Open(p.Store.Now())
}

// framed lets sites frame the page, and is its dress within them.
func (p *pages) framed(c echo.Context, origins []string) view.Embed {
	ancestors := "'none'"
	if len(origins) > 0 {
		ancestors = strings.Join(origins, " ")
	}
	header := c.Response().Header()
	header.Set("Content-Security-Policy", strings.Replace(header.Get("Content-Security-Policy"), "frame-ancestors 'none'", "frame-ancestors "+ancestors, 1))
	embed := view.Embed{Style: p.Assets.Text("css/embed.css"), Script: p.Assets.Path("js/frame.js"), Theme: c.QueryParam(themeField)}
	if host := c.QueryParam(hostField); slices.Contains(origins, host) {
		embed.Host = host
	}
	return embed
}

// noteRefusal notes for the team that the site around the page is not among those that
// may show it: its visitors see nothing, and nobody there knows why. Anybody can name a
// site, so few are taken.
func (p *pages) noteRefusal(c echo.Context, v visit, ws surveys.WorkspaceID, id string, origins []string) {
	origin, ok := surveys.ParseOrigin(cmp.Or(c.QueryParam(hostField), c.Request().Referer()))
	if !ok || v.embed.Host != "" || c.Request().Method != http.MethodGet || slices.Contains(origins, origin) || origin == strings.TrimSuffix(p.Link("/"), "/") || !p.refusals.take(id, origin, p.Store.Now()) {
		return
	}
	ctx := c.Request().Context()
	if err := p.Store.InTx(ctx, func(tx *store.Tx) error { return tx.RefuseSite(ctx, ws, id, origin) }); err != nil {
		p.Log.Warn("a site that may not show a page could not be noted", "error", err)
	}
}

// showEmbedded asks within another site's page.
func (p *pages) showEmbedded(c echo.Context) error {
	v, survey, err := p.embedded(c)
	if err != nil {
		return err
	}
	page := c.QueryParam(visitField)
	if !visitText.MatchString(page) {
		if page, err = surveys.NewKey(p.Store.Random(), 16); err != nil {
			return err
		}
		c.QueryParams().Set(visitField, page)
	}
	by, spared, err := p.visitor(c, &v, survey, page)
	if err != nil {
		return err
	}
	if spared {
		v.embed.Gone = view.GoneAsked
		return web.Render(c, http.StatusOK, view.SparedPage(v.frame(c, "")))
	}
	before := p.answeredBy(c, v.office, survey, by)
	if survey, err = p.asAnswered(c, survey, before); err != nil {
		return err
	}
	f := opened(c, survey)
	f.page, f.nobody = page, by.Person == nil
	if before != nil {
		f = f.refill(*before)
	}
	q := p.embeddedQuestion(c, v, survey, by, f)
	q.Earlier = v.earlier(survey, before)
	return web.Render(c, http.StatusOK, view.QuestionPage(q))
}

// answerEmbedded stores an answer, or changes it when the same form comes again. The
// page that follows comes with it: without a cookie no other address would know it.
func (p *pages) answerEmbedded(c echo.Context) error {
	v, survey, err := p.embedded(c)
	if err != nil {
		return err
	}
	f, err := p.readForm(c)
	if err != nil {
		return err
	}
	if !visitText.MatchString(f.page) {
		return surveys.Fail(surveys.Invalid, "body_unreadable")
	}
	by, _, err := p.visitor(c, &v, survey, f.page)
	if err != nil {
		return err
	}
	f.nobody = by.Person == nil
	if survey, err = p.asAsked(c, survey, f); err != nil {
		return err
	}
	f = f.over(p.answeredBy(c, v.office, survey, by))
	given, wrong := f.given(v, survey)
	if wrong != nil {
		return p.again(c, p.embeddedQuestion(c, v, survey, by, f), wrong, nil)
	}
	if _, err := p.Answers.AnswerEmbedded(c.Request().Context(), v.office, survey, by, given); err != nil {
		return p.again(c, p.embeddedQuestion(c, v, survey, by, f), nil, err)
	}
	stored := p.answeredBy(c, v.office, survey, by)
	if f.save {
		return p.brought(c, v, survey, f, stored)
	}
	if f.next(survey, given) {
		f.more, f.done, f.knew = true, f.asked, nil
		return web.Render(c, http.StatusOK, view.QuestionPage(p.embeddedQuestion(c, v, survey, by, f)))
	}
	t := p.thanks(c, v, survey, stored)
	t.Change = embedAddress(c, "")
	return web.Render(c, http.StatusOK, view.ThanksPage(t))
}

// embeddedQuestion is the page, whose script keeps what it cannot send for this visitor
// alone: on a browser that several use it is nobody else's to send.
func (p *pages) embeddedQuestion(c echo.Context, v visit, survey surveys.Survey, by flow.Visitor, f form) view.Question {
	q := p.question(c, v, survey, f)
	q.Action = embedAddress(c, "answer")
	q.Shelf = survey.PublicID(v.office.Key) + " " + by.Page
	if by.Person != nil {
		q.Shelf = survey.PublicID(v.office.Key) + " " + by.Person.ID
	}
	return q
}

// embedAddress is the page's own address, with one word more.
func embedAddress(c echo.Context, word string) string {
	query := url.Values{}
	for _, name := range []string{"lang", hostField, visitField, themeField, visitorField} {
		if value := c.QueryParam(name); value != "" {
			query.Set(name, value)
		}
	}
	if word != "" {
		query.Set(word, "")
	}
	return c.Request().URL.Path + "?" + query.Encode()
}

// embedScript is the script that sites load by its address, which never changes. The
// style of its elements goes along, as a text.
func (p *pages) embedScript(c echo.Context) error {
	style, err := json.Marshal(p.Assets.Text(elementStyle))
	if err != nil {
		return err
	}
	text := strings.Replace(p.Assets.Text("js/embed.js"), strconv.Quote(elementStyle), string(style), 1) + ";\n" + p.Assets.Text("js/embed_cancel.js")
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "public, max-age=3600")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	header.Set(echo.HeaderAccessControlAllowOrigin, "*")
	return c.Blob(http.StatusOK, "text/javascript; charset=utf-8", []byte(text))
}
