package respond

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	view "github.com/harkhq/hark/templates/respond"
)

// returnField is where somebody goes on to who cancels, or back to who stays, where no
// script of the page around sees to it: an address of one of the flow's sites.
const returnField = "hark-return"

// scriptField says that the page's script asks: it goes on by itself where a redirect would
// lead it to another site, whose page it may not read.
const scriptField = "by-script"

// framedField says that the page is in a frame of another site's.
const framedField = "hark-framed"

// A rehearsal is the team's own try of a flow: its address says so, and what reason was told.
const (
	rehearsalField = "hark-rehearsal"
	saidField      = "hark-said"
)

// RehearsalPath is where somebody of the team tries a flow for a day. Nothing is stored.
func RehearsalPath(w surveys.Workspace, f surveys.CancelFlow, now time.Time) string {
	return "/c/" + f.PublicID(w.Key) + "?" + url.Values{rehearsalField: {f.SignRehearsal(w.Secret, now)}}.Encode()
}

// cancelling is one look at a cancellation flow.
type cancelling struct {
	visit
	rehearsal bool // it is tried by the team
	flow      surveys.CancelFlow
	by        flow.Visitor
	told      flow.CancelTold
}

// cancels finds the flow and who looks at it.
func (p *pages) cancels(c echo.Context) (cancelling, error) {
	office, f, err := p.Cancelling.Find(c.Request().Context(), c.Param("flow"))
	if err != nil {
		return cancelling{}, err
	}
	framed := c.QueryParam(hostField) != "" || c.QueryParam(framedField) != "" || c.Request().Header.Get("Sec-Fetch-Dest") == "iframe"
	v := visit{office: office, l: localizer(c, p.Site, f.UsualLocale(office.Workspace), ""), embed: p.framed(c, f.Origins)}
	letGoTo(c, f)
	if framed {
		c.QueryParams().Set(framedField, "1") // a script's requests do not say so
		p.noteRefusal(c, v, f.WorkspaceID, f.ID, f.Origins)
	} else {
		v.embed = view.Embed{}
	}
	c.Set(keyVisit, v)
	at := cancelling{visit: v, flow: f, by: flow.Visitor{Page: c.QueryParam(visitField)}}
	at.rehearsal = f.Rehearses(office.Secret, c.QueryParam(rehearsalField), p.Store.Now())
	if err := f.Open(); err != nil && !at.rehearsal {
		return at, err
	}
	if !visitText.MatchString(at.by.Page) {
		if at.by.Page, err = surveys.NewKey(p.Store.Random(), 16); err != nil {
			return at, err
		}
		c.QueryParams().Set(visitField, at.by.Page)
	}
	at.by.Person, err = p.canceller(c, &at)
	at.speakTo(c, p.Site, f.UsualLocale(office.Workspace), at.by.Person)
	c.Set(keyVisit, at.visit)
	return at, err
}

// letGoTo lets the page's forms lead to the flow's sites and to where its offers are taken:
// browsers hold what follows from a form against the page's policy, too.
func letGoTo(c echo.Context, f surveys.CancelFlow) {
	places := slices.Clone(f.Origins)
	for _, offer := range f.Offers {
		if origin, ok := surveys.ParseOrigin(offer.Link); ok {
			places = append(places, origin)
		}
	}
	header := c.Response().Header()
	header.Set("Content-Security-Policy", strings.Replace(header.Get("Content-Security-Policy"), "form-action 'self'", strings.Join(append([]string{"form-action 'self'"}, places...), " "), 1))
}

// canceller is who looks at the flow, as the company's server has signed; nil for nobody.
func (p *pages) canceller(c echo.Context, at *cancelling) (*surveys.Person, error) {
	ctx, w, query := c.Request().Context(), at.office.Workspace, c.QueryParams()
	token := query.Get(tokenField)
	if token == "" {
		return p.Visitors.Person(ctx, w, at.flow.ID, at.by.Page, query.Get(visitorField))
	}
	query.Del(tokenField)
	seen, err := p.Visitors.Meet(ctx, w, at.flow, flow.Visit{Text: at.by.Page, Token: token})
	var problem surveys.IdentityProblem
	if errors.As(err, &problem) { // whoever wants to cancel is not kept from it
		at.embed.Doubt = string(problem)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	query.Set(visitorField, p.Visitors.Sign(w, at.flow.ID, at.by.Page, seen))
	return &seen.Person, nil
}

// showCancel asks for the reason.
func (p *pages) showCancel(c echo.Context) error {
	at, err := p.cancels(c)
	if err != nil {
		return at.pass(c, err)
	}
	if at.rehearsal {
		return web.Render(c, http.StatusOK, view.CancelPage(p.cancelPage(c, at, flow.StepReason, surveys.Cancellation{})))
	}
	before, err := p.Store.CancellationOfVisit(c.Request().Context(), at.office.ID, at.flow.ID, at.by.Way(at.fields(c)))
	if err != nil && surveys.KindOf(err) != surveys.NotFound {
		p.Log.Warn("an earlier reason could not be read", "error", err)
	}
	return web.Render(c, http.StatusOK, view.CancelPage(p.cancelPage(c, at, flow.StepReason, before)))
}

// tellCancel stores what was said at a step, and shows the next one.
func (p *pages) tellCancel(c echo.Context) error {
	at, err := p.cancels(c)
	if err != nil {
		return at.pass(c, err)
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	at.told = flow.CancelTold{
		Step: flow.CancelStep(form.Get("step")), Deed: flow.CancelDeed(form.Get("go")), Reason: single(form["reason"]),
		Comment: cut(strings.TrimSpace(text(form["comment"]))), Locale: at.l.Lang(), Fields: at.fields(c),
	}
	at.told.Score = p.cancelScore(c, at, form)
	stored, next, err := p.tell(c, at)
	switch {
	case err != nil && stored.ID != "":
		p.Log.Error("the score of a cancellation could not be stored", "error", err)
	case err != nil && at.told.Deed == flow.CancelNow: // nobody is kept because Hark cannot store why
		p.Log.Error("a cancellation could not be stored", "error", err)
		stored, next = surveys.Cancellation{Choice: surveys.CancelLeft}, flow.StepLeft
	case surveys.KindOf(err) == surveys.Invalid:
		page := p.cancelPage(c, at, at.told.Step, stored)
		page.Wrong = at.l.T("cancel.missing")
		return web.Render(c, http.StatusUnprocessableEntity, view.CancelPage(page))
	case err != nil:
		return err
	}
	switch next {
	case flow.StepLeft, flow.StepKept, flow.StepAccepted:
		return p.cancelled(c, at, next, stored)
	}
	return web.Render(c, http.StatusOK, view.CancelPage(p.cancelPage(c, at, next, stored)))
}

// fields are the flow's hidden fields that the page's address carries.
func (at cancelling) fields(c echo.Context) map[string]string {
	return surveys.Survey{Fields: at.flow.Fields}.Declared(c.QueryParam)
}

// tell stores what was told, and finds the next step; in a rehearsal it only does the latter.
func (p *pages) tell(c echo.Context, at cancelling) (surveys.Cancellation, flow.CancelStep, error) {
	if !at.rehearsal {
		return p.Cancelling.Tell(c.Request().Context(), at.office, at.flow, at.by, at.told)
	}
	way, next, err := p.Cancelling.Rehearse(at.flow, at.by, c.QueryParam(saidField), at.told)
	c.QueryParams().Set(saidField, way.Reason)
	return way, next, err
}

// cut keeps of a comment what one may hold: nobody is sent back over it who is leaving.
func cut(comment string) string {
	runes := []rune(comment)
	return string(runes[:min(len(runes), surveys.MaxCommentRunes)])
}

// cancelScore is the answer to the flow's survey in a form; nil for none.
func (p *pages) cancelScore(c echo.Context, at cancelling, values url.Values) *flow.Given {
	survey, asked := p.scoreSurvey(c, at)
	if !asked || at.told.Step != flow.StepConfirm || single(values["score"]) == "" {
		return nil
	}
	values.Set(askedField, "") // nothing beside the score
	answer := form{values: values, score: single(values["score"])}
	given, wrong := answer.given(at.visit, survey)
	if wrong != nil {
		return nil // a score that is none is not worth a word to somebody who leaves
	}
	return &given
}

// scoreSurvey is the survey whose question the flow asks last; false where it asks none,
// or cannot now.
func (p *pages) scoreSurvey(c echo.Context, at cancelling) (surveys.Survey, bool) {
	if at.flow.ScoreSurveyID == "" {
		return surveys.Survey{}, false
	}
	survey, err := p.Directory.Survey(c.Request().Context(), at.office.ID, at.flow.ScoreSurveyID)
	if err != nil {
		p.Log.Warn("the survey that a flow asks last could not be read", "error", err)
	}
	return survey, err == nil && survey.Open(p.Store.Now()) == nil
}

// cancelPage is one step of the flow.
func (p *pages) cancelPage(c echo.Context, at cancelling, step flow.CancelStep, said surveys.Cancellation) view.Cancel {
	page := view.Cancel{
		Frame: at.frame(c, p.style), Step: string(step), Action: cancelAddress(c, "answer"), Script: p.Assets.Path("js/cancel.js"),
		Note: p.rehearsalNote(c, at), Buttons: []view.CancelButton{{Deed: string(flow.CancelNext), Text: at.l.T("cancel.next")}, {Deed: string(flow.CancelNow), Text: at.l.T("cancel.now"), Quiet: true}},
	}
	page.Frame.Style += p.Assets.Text("css/cancel.css")
	if back, known := at.back(c, surveys.Cancellation{Choice: surveys.CancelLeft}); known && at.embed.Host == "" {
		page.Back = back
	}
	texts := at.l.CancelTexts(at.flow, at.office.Workspace)
	switch step {
	case flow.StepAsk:
		page.Title, page.Lang = texts.Ask(said.Reason)
		page.Comment = &said.Comment
	case flow.StepOffer:
		offer, _ := at.flow.Offer(said.OfferID)
		words, lang := texts.Offer(offer)
		page.Title, page.Text, page.Lang = words.Title, words.Text, lang
		page.Buttons = append([]view.CancelButton{
			{Deed: string(flow.CancelAccept), Text: cmp.Or(words.Accept, at.l.T("cancel.offer.accept"))}, {Deed: string(flow.CancelDecline), Text: at.l.T("cancel.offer.decline"), Quiet: true},
		}, page.Buttons[1])
	case flow.StepConfirm:
		page.Title, page.Text = at.l.T("cancel.confirm"), at.l.T("cancel.confirm_text")
		page.Score = p.scoreQuestion(c, at)
		page.Buttons = []view.CancelButton{{Deed: string(flow.CancelNow), Text: at.l.T("cancel.now")}, {Deed: string(flow.CancelKeep), Text: at.l.T("cancel.keep"), Quiet: true}}
	default:
		page.Step, page.Title, page.Text = string(flow.StepReason), at.l.T("cancel.ask"), at.l.T("cancel.lead", "company", at.office.Name)
		chosen := cmp.Or(at.told.Reason, said.Reason)
		for _, r := range at.flow.Shuffled(at.by.Page) {
			label, lang := texts.Label(r.ID)
			page.Reasons = append(page.Reasons, view.CancelReason{ID: r.ID, Label: label, Lang: lang, Selected: r.ID == chosen})
		}
	}
	return page
}

// rehearsalNote says in the reader's language of the office that nothing is stored.
func (p *pages) rehearsalNote(c echo.Context, at cancelling) view.TeamNote {
	if !at.rehearsal {
		return view.TeamNote{}
	}
	l := p.Localizer(c)
	return view.TeamNote{Text: l.T("leaving.rehearsal"), Lang: l.Lang()}
}

// scoreQuestion is the flow's survey's question; nil where none is asked.
func (p *pages) scoreQuestion(c echo.Context, at cancelling) *view.Question {
	survey, asked := p.scoreSurvey(c, at)
	if !asked {
		return nil
	}
	q := p.question(c, at.visit, survey, form{})
	return &q
}

// cancelled is the page at which somebody leaves the flow. Where no script sees to it,
// and the page fills the window, the browser goes on by itself.
func (p *pages) cancelled(c echo.Context, at cancelling, step flow.CancelStep, stored surveys.Cancellation) error {
	key := string(step)
	page := view.Cancelled{
		Frame: at.frame(c, p.style), Note: p.rehearsalNote(c, at), Choice: string(stored.Choice), ID: stored.ID, Reason: stored.Reason,
		Title: at.l.T("cancel." + key + ".title"), Text: at.l.T("cancel."+key+".text", "company", at.office.Name),
	}
	back, known := at.back(c, stored)
	if step == flow.StepAccepted {
		page.Offer = stored.OfferID
		if offer, _ := at.flow.Offer(stored.OfferID); offer.Link != "" {
			back, known = offer.Link, true
		}
	}
	if known && at.embed.Script == "" && c.FormValue(scriptField) == "" {
		return web.SeeOther(c, back)
	}
	if known && at.embed.Script == "" {
		page.Go = back
	}
	if known && (at.embed.Host == "" || step == flow.StepAccepted) {
		page.Link = &view.Link{Address: back, Text: at.l.T("cancel.back", "company", at.office.Name)}
		if step == flow.StepLeft {
			page.Link.Text = at.l.T("cancel.left.link")
		}
	}
	return web.Render(c, http.StatusOK, view.CancelledPage(page))
}

// pass sends somebody on whose flow rests: it keeps nobody from cancelling.
func (at cancelling) pass(c echo.Context, err error) error {
	if address, known := at.back(c, surveys.Cancellation{Choice: surveys.CancelLeft}); known && surveys.KindOf(err) == surveys.Gone && at.embed.Script == "" {
		return web.SeeOther(c, address)
	}
	return err
}

// back is where somebody goes on to, with what they chose.
func (at cancelling) back(c echo.Context, stored surveys.Cancellation) (string, bool) {
	address, err := url.Parse(c.QueryParam(returnField))
	if err != nil {
		return "", false
	}
	origin, ok := surveys.ParseOrigin(address.String())
	if !ok || !slices.Contains(at.flow.Origins, origin) {
		return "", false
	}
	query := address.Query()
	query.Set("hark-choice", string(stored.Choice))
	if stored.ID != "" {
		query.Set("hark-cancellation", stored.ID)
	}
	if stored.Offer == surveys.OfferAccepted {
		query.Set("hark-offer", stored.OfferID)
	}
	address.RawQuery = query.Encode()
	return address.String(), true
}

// cancelAddress is the page's own address, with what it carries and one word more.
func cancelAddress(c echo.Context, word string) string {
	query := url.Values{}
	for name, values := range c.QueryParams() {
		if name != tokenField && name != unaskedField && len(values) == 1 {
			query.Set(name, values[0])
		}
	}
	query.Set(word, "")
	return c.Request().URL.Path + "?" + query.Encode()
}
