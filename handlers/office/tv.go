package office

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// pathTV is the screen that shows several reports in turn.
const pathTV = "/tv"

// For how long a screen shows a report, in seconds: one of several long enough to
// be read across a room, and a report by itself until it is read anew.
const (
	tvLeast = 20
	tvUsual = 30
	tvMost  = 60
	tvAlone = 60
)

// tvTaller is how much higher than on a page a trend is drawn, in px: with it the
// picture, at the size at which its words can be read, fills a screen of 16:9.
const tvTaller = 115

// tv shows one report on a screen of the team.
func (d *desk) tv(v visit) error {
	r, err := d.read(v)
	if err != nil {
		return err
	}
	return r.showTV(office.Turn{Here: v.Request().URL.RequestURI(), Seconds: tvAlone})
}

// tvTour shows several reports on a screen of the team, one after the other: this
// is one of them, and knows the next.
func (d *desk) tvTour(v visit) error {
	all, err := d.toured(v)
	if err != nil {
		return err
	}
	query := v.QueryParams()
	at := max(0, slices.IndexFunc(all, func(s surveys.Survey) bool { return s.ID == query.Get("at") }))
	view := readReport(pathTV, url.Values{"range": query["range"]}, v.today())
	r, err := d.readView(v, all[at], view, links{})
	if err != nil {
		return err
	}
	address := func(i int) string {
		query.Set("at", all[(i+len(all))%len(all)].ID)
		return pathTV + "?" + query.Encode()
	}
	turn := office.Turn{Here: address(at), Seconds: tvSeconds(query.Get("every"))}
	if len(all) > 1 {
		turn.Next, turn.Back = address(at+1), address(at-1)
		turn.Place = v.l.T("share.tv_place", "n", at+1, "all", len(all))
	}
	return r.showTV(turn)
}

// tvSeconds reads for how long each report is shown.
func tvSeconds(asked string) int {
	seconds, err := strconv.Atoi(asked)
	if err != nil {
		return tvUsual
	}
	return min(max(seconds, tvLeast), tvMost)
}

// toured are the surveys that a screen shows in turn: those that its address
// names, else all that somebody answered and nobody archived. Names of surveys
// that are gone are passed over, so that a screen goes on when one is deleted.
func (d *desk) toured(v visit) ([]surveys.Survey, error) {
	list, err := v.site.Store.Surveys(v.ctx(), v.w.ID)
	if err != nil {
		return nil, err
	}
	named := v.QueryParams()["survey"]
	answers, err := v.site.Store.AnswersBefore(v.ctx(), v.w.ID, int(v.today())+1)
	if err != nil {
		return nil, err
	}
	chosen := slices.DeleteFunc(list, func(s surveys.Survey) bool {
		if len(named) > 0 {
			return !slices.Contains(named, s.ID)
		}
		return s.Status == surveys.SurveyArchived || answers[s.ID] == 0
	})
	if len(chosen) == 0 {
		return nil, surveys.Fail(surveys.NotFound, "not_found")
	}
	return chosen, nil
}

// showTV renders a report for a screen of the team.
func (r reading) showTV(turn office.Turn) error {
	r.links = links{}
	page := r.tv()
	page.Page, page.Look, page.Turn = r.visit.page(r.survey.Name, layouts.Scores), web.Look(r.QueryParam("look")), turn
	return web.Render(r, http.StatusOK, office.TVPage(page))
}

// TV is a shared report for a screen, but for its frame: the score, what it
// means, and how it went.
func (s *Sharing) TV(a Asked) (office.TV, error) {
	r, err := s.read(a)
	if err != nil {
		return office.TV{}, err
	}
	t := r.tv()
	t.Turn = office.Turn{Here: a.Context.Request().URL.RequestURI(), Seconds: tvAlone}
	return t, nil
}

// tv is the report for a screen on a wall.
func (r reading) tv() office.TV {
	t := office.TV{
		Brand: r.w.Name, Survey: r.survey.Name, What: r.what(), Headline: r.headline(),
		Updated: r.site.Now().In(r.w.Zone).Format("15:04"),
	}
	t.Headline.Answers, t.Headline.Why = "", nil
	if !r.ever {
		t.Empty = r.l.T("share.empty")
		return t
	}
	says := (words.Report{L: r.l, Of: r.report.Report}).Verdict()
	if r.report.Withheld {
		says = r.says()
	}
	if len(says) > 0 {
		t.Verdict = says[0]
	}
	if trend := r.trend(); trend != nil {
		trend.Chart.Save, trend.Chart.Taller = nil, tvTaller
		for i := range trend.Chart.Notes { // nobody presses anything on a wall
			trend.Chart.Notes[i].Address, trend.Chart.Notes[i].By = "", ""
		}
		t.Trend = &trend.Chart
	}
	if t.Answers = r.distribution(); t.Answers != nil {
		t.Answers.Save, t.Answers.Answers = nil, ""
	}
	return t
}
