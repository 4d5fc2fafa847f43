package respond

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	view "github.com/harkhq/hark/templates/respond"
)

// A kiosk is the survey's page on a tablet that many people use after each other:
// each sends a form of their own, there is no cookie, and nothing leads away. Its
// script keeps answers while the line is down and says how long ago they were given.
const (
	kioskWorker = "/k/worker.js"
	longestAgo  = 30 * 24 * time.Hour // as long as a form that comes again is known
)

// kioskPace is how long a kiosk waits. Whoever needs longer is asked, and says so by a touch.
func kioskPace() view.Pace {
	return view.Pace{Idle: 45 * time.Second, Answer: 20 * time.Second, Thanks: 6 * time.Second, Look: time.Minute}
}

// showKiosk asks whoever stands before the tablet.
func (p *pages) showKiosk(c echo.Context) error {
	v, survey, err := p.link(c)
	if err != nil {
		return err
	}
	if err := survey.Open(p.Store.Now()); err != nil {
		return err
	}
	f := form{fields: survey.Declared(c.QueryParam), nobody: true, shared: true}
	if f.page, err = surveys.NewKey(p.Store.Random(), 16); err != nil {
		return err
	}
	// The page keeps itself for when the line is down, without loading itself anew.
	c.Response().Header().Set(echo.HeaderCacheControl, "private, no-cache")
	return web.Render(c, http.StatusOK, view.KioskPage(p.kiosk(c, v, survey, f)))
}

// answerKiosk stores an answer, once for each form. The script is told so and stays.
func (p *pages) answerKiosk(c echo.Context) error {
	v, survey, err := p.link(c)
	if err != nil {
		return err
	}
	f, err := p.readForm(c)
	if err != nil {
		return err
	}
	f.nobody, f.shared = true, true
	if survey, err = p.asAsked(c, survey, f); err != nil {
		return err
	}
	given, wrong := f.given(v, survey)
	if wrong != nil || len(f.page) > maxPageText {
		return p.askKiosk(c, v, survey, f, append([]view.FieldError{}, wrong...))
	}
	given.At = f.said
	if _, err := p.Answers.AnswerKiosk(c.Request().Context(), v.office, survey, f.page, given); err != nil {
		return err
	}
	if f.save {
		return c.NoContent(http.StatusNoContent)
	}
	if f.next(survey, given) {
		f.more, f.done = true, f.asked
		return p.askKiosk(c, v, survey, f, nil)
	}
	return web.SeeOther(c, inLanguage(c, kioskPath(v, survey)+"/thanks"+carried(f.fields)))
}

// askKiosk asks once more, with what is wrong, or what the score brought up where no
// script does.
func (p *pages) askKiosk(c echo.Context, v visit, survey surveys.Survey, f form, wrong []view.FieldError) error {
	k, status := p.kiosk(c, v, survey, f), http.StatusOK
	if k.Question.Errors = wrong; wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	if !f.more {
		return web.Render(c, status, view.KioskPage(k))
	}
	k.Question.Script = ""
	return web.Render(c, status, view.QuestionPage(k.Question))
}

// ago is how long an answer waited on its tablet, in seconds. What is no such time is none.
func ago(text string) time.Duration {
	seconds, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, longestAgo)
}

// thankKiosk thanks where no script does.
func (p *pages) thankKiosk(c echo.Context) error {
	v, survey, err := p.link(c)
	if err != nil {
		return err
	}
	v = v.speaking(p.Site, survey)
	return web.Render(c, http.StatusOK, view.KioskThanksPage(view.KioskDone{
		Frame: p.kioskFrame(c, v), Home: kioskPath(v, survey) + carried(survey.Declared(c.QueryParam)),
		Text: cmp.Or(ThankYou(v.words(), v.office.Workspace, survey), v.l.T("respond.thanks.text")),
	}))
}

// worker is the script that keeps the page of a kiosk for when the line is down.
func (p *pages) worker(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-cache")
	return c.Blob(http.StatusOK, "text/javascript; charset=utf-8", []byte(p.Assets.Text("js/worker.js")))
}

func kioskPath(v visit, survey surveys.Survey) string { return "/k/" + survey.PublicID(v.office.Key) }

// carried is the query that gives a survey's hidden fields to an address.
func carried(fields map[string]string) string {
	query := url.Values{}
	for name, value := range fields {
		query.Set(name, value)
	}
	if len(query) == 0 {
		return ""
	}
	return "?" + query.Encode()
}

func (p *pages) kioskFrame(c echo.Context, v visit) view.Frame {
	return v.frame(c, p.style+p.Assets.Text("css/kiosk.css"))
}

// kiosk is the page with all that the survey may ask and say.
func (p *pages) kiosk(c echo.Context, v visit, survey surveys.Survey, f form) view.Kiosk {
	v = v.speaking(p.Site, survey)
	q := p.question(c, v, survey, f)
	q.Frame, q.Script = p.kioskFrame(c, v), p.Assets.Path("js/kiosk.js")
	q.Action = inLanguage(c, kioskPath(v, survey)+"?answer")
	k := view.Kiosk{
		Question: q, Rules: rules(v, survey, f), Thanks: kioskThanks(v, survey),
		Home: kioskPath(v, survey) + carried(f.fields), Worker: kioskWorker, Pace: kioskPace(),
	}
	k.Edition = edition(k, survey)
	return k
}

// edition tells what a kiosk says now from what it said before: a tablet that is never
// switched off takes up a change by it.
func edition(k view.Kiosk, survey surveys.Survey) string {
	sum := fnv.New32a()
	fmt.Fprintf(sum, "%q", []any{
		k.Question.Frame.L.Lang(), k.Question.Frame.Brand, k.Question.Script, k.Question.Words,
		survey.Question.Version, survey.Question.Style, k.Rules, k.Thanks,
	})
	return strconv.FormatUint(uint64(sum.Sum32()), 36)
}

// rules are all follow-ups of a survey with when they are shown, so that a page can
// follow them without the server: the comment once for each of its wordings.
func rules(v visit, survey surveys.Survey, f form) []view.Rule {
	var list []view.Rule
	shown := ids(followUps(v, survey, f))
	for _, asked := range survey.Question.Asked() {
		rule := view.Rule{ID: asked.ID, After: asked.Show.After, Hidden: !slices.Contains(shown, asked.ID)}
		switch {
		case asked.Show.After != "":
			rule.Values = bringing(survey, asked.Show)
		case len(asked.Show.Bands) > 0:
			rule.Scores = scoresOf(survey, asked.Show.Bands)
		}
		if asked.ID == surveys.MainComment {
			list = append(list, wordings(v, survey, f, rule)...)
			continue
		}
		rule.FollowUp = followUp(v, survey, asked, surveys.Unscored, f)
		list = append(list, rule)
	}
	return list
}

// scoresOf are the scores of bands.
func scoresOf(survey surveys.Survey, bands []surveys.Band) []int {
	scale := survey.Metric.Scale()
	return slices.DeleteFunc(survey.Choices(), func(score int) bool { return !slices.Contains(bands, scale.Band(score)) })
}

// bringing are the answers to the earlier follow-up that bring up a later one.
func bringing(survey surveys.Survey, show surveys.Show) []string {
	before, _ := survey.Question.FollowUp(show.After)
	if before.Kind != surveys.FollowUpScale {
		return show.Choices
	}
	var list []string
	scale, _ := before.Scale.Scale()
	for _, n := range scale.Choices() {
		if show.Met(surveys.Answer{Value: &n}) {
			list = append(list, strconv.Itoa(n))
		}
	}
	return list
}

// wordings are the rules of the main comment, whose words may differ by the score.
func wordings(v visit, survey surveys.Survey, f form, rule view.Rule) []view.Rule {
	asked, _ := survey.Question.FollowUp(surveys.MainComment)
	usual := followUp(v, survey, asked, surveys.Unscored, f)
	byWords := map[string][]int{}
	var order []string
	for _, score := range append([]int{surveys.Unscored}, survey.Choices()...) {
		words := v.words().AskedWhy(survey, v.office.Name, score)
		if !slices.Contains(order, words) {
			order = append(order, words)
		}
		byWords[words] = append(byWords[words], score)
	}
	if len(order) < 2 {
		rule.FollowUp = usual
		rule.FollowUp.Ask = strings.Join(order, "")
		return []view.Rule{rule}
	}
	var list []view.Rule
	for i, words := range order {
		one := rule
		one.FollowUp, one.Hidden = usual, rule.Hidden || i > 0
		one.FollowUp.Ask, one.FollowUp.Variant = words, i
		one.Scores = byWords[words]
		if rule.Scores != nil {
			one.Scores = slices.DeleteFunc(slices.Clone(one.Scores), func(score int) bool { return !slices.Contains(rule.Scores, score) })
		}
		list = append(list, one)
	}
	return list
}

// kioskThanks are the thank-yous by score. Their links lead away, so there are none.
func kioskThanks(v visit, survey surveys.Survey) []view.KioskThanks {
	var list []view.KioskThanks
	for _, score := range survey.Choices() {
		text := cmp.Or(bandThanks(v, survey, score), ThankYou(v.words(), v.office.Workspace, survey), v.l.T("respond.thanks.text"))
		if last := len(list) - 1; last >= 0 && list[last].Text == text {
			list[last].Scores = append(list[last].Scores, score)
			continue
		}
		list = append(list, view.KioskThanks{Scores: []int{score}, Text: text})
	}
	return list
}
