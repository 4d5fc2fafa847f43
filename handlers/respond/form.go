package respond

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
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
	seal    string // says when the page of an invitation was made, see [surveys.Seal]
	pressed bool   // the page's button was pressed
	save    bool   // the page's script sends what was done so far, and stays
	trusted bool   // the page's script saw somebody touch it

	values  url.Values                // as sent; nil before
	answers map[string]surveys.Answer // to the follow-ups, by their ids
	asked   []string                  // follow-ups of this page and of those before it
	done    []string                  // those of the pages before it
	more    bool                      // a page of follow-ups alone, after the score
	fields  map[string]string         // the survey's hidden fields
	nobody  bool                      // who answers is not known
	shared  bool                      // the device is everybody's

	knew *time.Time // when the answer that the page showed was changed last, zero for none; nil where the form does not say
	said time.Time  // when it was said, of a form that waited on its device; zero for now
}

// readForm reads a posted form.
func (p *pages) readForm(c echo.Context) (form, error) {
	var read bytes.Buffer
	body := c.Request().Body
	c.Request().Body = io.NopCloser(io.TeeReader(body, &read))
	values, err := web.Form(c)
	long := surveys.KindOf(err) == surveys.TooLarge
	if long {
		// What came before the limit is kept; a pair that broke off, or cannot be read,
		// is left out.
		values, _ = url.ParseQuery(read.String())
	} else if err != nil {
		return form{}, err
	}
	var said time.Time
	if waited := ago(values.Get("ago")); waited > 0 {
		said = p.Store.Now().Add(-waited)
	}
	return form{
		values: values, more: values.Has("more"), said: said,
		long:  long,
		score: single(values["score"]), page: values.Get("form"),
		comment: strings.TrimSpace(text(values["comment"])),
		knew:    instant(values.Get(knownField)),
		seal:    values.Get("seal"), pressed: values.Has("send"), save: values.Has("save"), trusted: values.Get("act") == "trusted",
	}, nil
}

// saidAt is when the form was filled in: now, unless it waited on its device.
func (f form) saidAt(now time.Time) time.Time {
	if f.said.IsZero() {
		return now
	}
	return f.said
}

// text is what somebody wrote into a field, all of it where a form carries it more
// than once. Browsers end lines with CR LF and count one character for it; what is no
// text, and no database stores, is left out.
func text(values []string) string {
	var parts []string
	for _, value := range values {
		value = strings.NewReplacer("\r\n", "\n", "\x00", "").Replace(strings.ToValidUTF8(value, "\uFFFD"))
		if !slices.Contains(parts, value) {
			parts = append(parts, value)
		}
	}
	return strings.Join(parts, "\n")
}

// opened is the form of a page as its address has it. It shows no earlier answer.
func opened(c echo.Context, survey surveys.Survey) form {
	f := form{fields: survey.Declared(c.QueryParam), knew: &time.Time{}}
	if score, err := strconv.Atoi(c.QueryParam("score")); err == nil && survey.Offers(score) {
		f.score = strconv.Itoa(score)
	}
	return f
}

// single is the one value of a field; "" where there are several, of which nobody
// knows which was meant.
func single(values []string) string {
	if len(values) != 1 {
		return ""
	}
	return values[0]
}

// instant is a time as a form carries it, in nanoseconds since 1970; nil for none.
func instant(text string) *time.Time {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil
	}
	at := time.Time{}
	if n > 0 {
		at = time.Unix(0, n).UTC()
	}
	return &at
}

// asAnswered is the survey with the question that an earlier answer is to: whoever
// changes it is asked the same again.
func (p *pages) asAnswered(c echo.Context, survey surveys.Survey, earlier *surveys.Response) (surveys.Survey, error) {
	if earlier == nil {
		return survey, nil
	}
	return p.inVersion(c, survey, earlier.Version)
}

// asAsked is the survey with the question that the form asked: a page may stay open,
// and an answer wait on its device, for longer than the author with a change.
func (p *pages) asAsked(c echo.Context, survey surveys.Survey, f form) (surveys.Survey, error) {
	n, err := strconv.ParseUint(f.values.Get(versionField), 10, 31)
	if err != nil {
		return survey, nil
	}
	return p.inVersion(c, survey, int(n))
}

// inVersion is the survey with a version of its question; as it is where there is none.
func (p *pages) inVersion(c echo.Context, survey surveys.Survey, version int) (surveys.Survey, error) {
	if version == survey.Question.Version {
		return survey, nil
	}
	question, err := p.Store.Question(c.Request().Context(), survey.WorkspaceID, survey.ID, version)
	if surveys.KindOf(err) == surveys.NotFound {
		return survey, nil
	}
	survey.Question = question
	return survey, err
}

// given is the answer in the form, or what is wrong with it. What was written is
// kept in the form.
func (f *form) given(v visit, survey surveys.Survey) (flow.Given, []view.FieldError) {
	score, err := strconv.Atoi(f.score)
	var wrong []view.FieldError
	switch {
	case f.score == "":
		wrong = append(wrong, view.MissingScore(v.l))
	case err != nil || !survey.Offers(score) && !(f.more && survey.Metric.Scale().Contains(score)):
		wrong = append(wrong, view.ForeignScore(v.l, survey.Metric.Scale()))
	}
	f.asked, f.done = idsOf(f.values.Get(askedField), survey), idsOf(f.values.Get(doneField), survey)
	if !f.values.Has(askedField) { // a page of an earlier version of Hark asks for the comment
		f.asked = []string{surveys.MainComment}
	}
	f.fields = survey.Declared(func(name string) string { return f.values.Get(hiddenField + name) })
	if f.long || slices.Contains(f.asked, surveys.MainComment) && utf8.RuneCountInString(f.comment) > view.CommentLimit {
		wrong = append(wrong, view.LongComment(v.l))
	}
	answers, problems := written(v.l, survey, f.values, f.asked)
	f.answers = answers
	given := flow.Given{Score: score, Comment: f.comment, Locale: v.l.Lang(), Answers: answers, Asked: f.asked, Fields: f.fields, Knew: f.knew}
	if f.more { // what the pages before asked may have been changed since
		given.Asked = slices.DeleteFunc(slices.Clone(f.asked), func(id string) bool { return slices.Contains(f.done, id) })
	}
	if f.save { // an address that is half written keeps nothing else from being stored
		return without(given, problems), wrong
	}
	return given, append(wrong, problems...)
}

// without is what was given but for the answers that are wrong, as if they had not
// been asked for.
func without(given flow.Given, problems []view.FieldError) flow.Given {
	given.Answers, given.Asked = maps.Clone(given.Answers), slices.Clone(given.Asked)
	for _, problem := range problems {
		id := strings.TrimPrefix(problem.Field, answerField)
		delete(given.Answers, id)
		given.Asked = slices.DeleteFunc(given.Asked, func(asked string) bool { return asked == id })
	}
	return given
}

// question is the page that asks, with what the form holds already. It posts to
// another address than its own, if only by "?answer": a browser forgets the
// page at an address that was posted to (RFC 9111, 4.4), and going back would
// fetch another form.
func (p *pages) question(c echo.Context, v visit, survey surveys.Survey, f form) view.Question {
	v = v.speaking(p.Site, survey)
	q := view.Question{
		Frame: v.frame(c, p.style), Words: Words(v.words(), v.office.Workspace, survey), More: f.more, Style: survey.Question.Style,
		Action: inLanguage(c, c.Request().URL.Path+"?answer"), FollowUps: followUps(v, survey, f),
	}
	for _, score := range survey.Choices() {
		q.Choices = append(q.Choices, view.Choice{Score: score, Selected: strconv.Itoa(score) == f.score})
	}
	q.Asked = strings.Join(append(slices.Clone(f.done), ids(q.FollowUps)...), ",")
	if f.knew != nil {
		q.Known = strconv.FormatInt(f.knew.UnixNano(), 10)
	}
	q.Hidden = append(f.hidden(), view.HiddenField{Name: versionField, Value: strconv.Itoa(survey.Question.Version)})
	q.Script, q.Keys = p.Assets.Path("js/respond.js"), p.Assets.Path("js/keys.js")
	return q
}

// hidden are the fields that a form carries along unseen.
func (f form) hidden() []view.HiddenField {
	var fields []view.HiddenField
	if f.page != "" {
		fields = append(fields, view.HiddenField{Name: "form", Value: f.page})
	}
	for _, name := range slices.Sorted(maps.Keys(f.fields)) {
		fields = append(fields, view.HiddenField{Name: hiddenField + name, Value: f.fields[name]})
	}
	if !f.more {
		return fields
	}
	fields = append(fields, view.HiddenField{Name: "more", Value: "1"}, view.HiddenField{Name: "score", Value: f.score}, view.HiddenField{Name: doneField, Value: strings.Join(f.done, ",")})
	if slices.Contains(f.done, surveys.MainComment) && f.comment != "" {
		fields = append(fields, view.HiddenField{Name: "comment", Value: f.comment})
	}
	return append(fields, sent(f.answers, f.done)...)
}

// brought are the questions of a page whose answer was just stored, for its script:
// what comes up anew with what was said to it before.
func (p *pages) brought(c echo.Context, v visit, survey surveys.Survey, f form, stored *surveys.Response) error {
	if stored != nil {
		f.knew = &stored.UpdatedAt
		f.answers = maps.Clone(f.answers)
		for id, answer := range stored.Answers {
			if _, asked := f.answers[id]; !asked && !slices.Contains(f.asked, id) {
				f.answers[id] = answer
			}
		}
		if !slices.Contains(f.asked, surveys.MainComment) {
			f.comment = stored.Comment
		}
	}
	return web.Render(c, http.StatusOK, view.FollowUpFields(p.question(c, v, survey, f)))
}

// next are the follow-ups that the answer brings up and that were not asked yet.
func (f form) next(survey surveys.Survey, given flow.Given) bool {
	return slices.ContainsFunc(survey.Visible(given.Score, given.Answers), func(asked surveys.FollowUp) bool { return !slices.Contains(f.asked, asked.ID) })
}

// after is where a browser goes when its answer is stored: on to what the answer
// brings up, or to the thank-you. Path is the page's own.
func (f form) after(c echo.Context, path string, survey surveys.Survey, given flow.Given) error {
	if f.next(survey, given) {
		return web.SeeOther(c, inLanguage(c, path+"/more?"+doneField+"="+url.QueryEscape(strings.Join(f.asked, ","))))
	}
	return web.SeeOther(c, inLanguage(c, path+"/thanks"))
}

// goOn makes the form of a page that asks what the answer so far brings up; false
// when there is nothing.
func goOn(c echo.Context, survey surveys.Survey, earlier surveys.Response) (form, bool) {
	f := form{more: true, done: idsOf(c.QueryParam(doneField), survey)}.refill(earlier)
	f.asked = f.done
	return f, f.next(survey, flow.Given{Score: earlier.Score, Answers: earlier.Answers})
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
func (v visit) earlier(survey surveys.Survey, r *surveys.Response) string {
	if r == nil {
		return ""
	}
	return v.l.T("respond.earlier", "score", view.ScoreName(v.l, survey.Question.Style, r.Score), "date", v.l.Date(r.AnsweredAt.In(v.office.Zone)))
}

// over is a form that asks what an answer brought up, laid over that answer, whose
// score may have been changed since.
func (f form) over(before *surveys.Response) form {
	if f.more && before != nil {
		f.score = strconv.Itoa(before.Score)
	}
	return f
}

// refill puts an earlier answer into the form, where the visitor has not
// chosen already.
func (f form) refill(earlier surveys.Response) form {
	if f.score == "" {
		f.score = strconv.Itoa(earlier.Score)
	}
	f.comment, f.answers, f.knew = earlier.Comment, earlier.Answers, &earlier.UpdatedAt
	return f
}

// thanks is the page after an answer, which may be unknown by now.
func (p *pages) thanks(c echo.Context, v visit, survey surveys.Survey, earlier *surveys.Response) view.Thanks {
	v = v.speaking(p.Site, survey)
	t := view.Thanks{Frame: v.frame(c, p.style), Lang: v.words().Lang(), Text: ThankYou(v.words(), v.office.Workspace, survey)}
	if earlier == nil {
		return t
	}
	scale := survey.Metric.Scale()
	t.Score = view.ScoreOf(v.l, survey.Question.Style, earlier.Score, scale)
	own := survey.Thanks[scale.Band(earlier.Score)]
	words := own.Texts[v.words().Lang()]
	t.Text = cmp.Or(bandThanks(v, survey, earlier.Score), t.Text)
	if own.Link != "" {
		t.Link = &view.Link{Address: own.Link, Text: cmp.Or(words.Link, v.l.T("letters.thanks.link."+bandKey(scale, earlier.Score), "company", v.office.Name))}
	}
	return t
}

// bandThanks are the author's own words after a score; "" for none.
func bandThanks(v visit, survey surveys.Survey, score int) string {
	words := survey.Thanks[survey.Metric.Scale().Band(score)].Texts[v.words().Lang()]
	subject := cmp.Or(survey.Subject, v.office.Name)
	return v.l.Fill(words.Text, "product", subject, "company", v.office.Name, "subject", subject)
}

// bandKey names the band of a score as the catalogue's keys do.
func bandKey(scale surveys.Scale, score int) string {
	switch scale.Band(score) {
	case scale.Good:
		return "good"
	case scale.Bad:
		return "bad"
	}
	return "middle"
}
