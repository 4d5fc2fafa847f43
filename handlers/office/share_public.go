package office

import (
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/office"
)

// Sharing reads reports for those who have a link and no account: package share
// shows them. It is safe for concurrent use.
type Sharing struct{ desk *desk }

// NewSharing makes the reader of shared reports.
func NewSharing(site *web.Site) *Sharing { return &Sharing{desk: newDesk(site)} }

// Asked is one request of a shared report.
type Asked struct {
	Context echo.Context
	L       *i18n.Localizer
	Shared  flow.Shared
	Path    string // the page's own
	Lang    string // the language that was chosen on the page; "" for the reader's own
	Step    string // of the trend; "" or nonsense: as it was shared
}

// read looks up what a link shows: what was chosen when it was made, and of the
// request only the trend's step. Where a filter can no longer be followed the
// link shows nothing: without it, it would show more than was shared.
func (s *Sharing) read(a Asked) (reading, error) {
	query, err := url.ParseQuery(a.Shared.Share.Query)
	if err != nil {
		return reading{}, &surveys.Error{Kind: surveys.Gone, Code: "share_narrow", Err: err}
	}
	v := visit{Context: a.Context, site: s.desk.site, l: a.L, w: a.Shared.Office}
	view := readReport(a.Path, query, v.today())
	if step := analysis.Bucketing(a.Step); slices.Contains(view.sharedSteps(), step) {
		view.step = step
	}
	shared := len(query["segment"])
	r, err := s.desk.readView(v, a.Shared.Survey, view, links{files: a.file})
	if err == nil && (len(r.view.filters) < shared || view.wrong != nil) {
		err = surveys.Fail(surveys.Gone, "share_narrow")
	}
	return r, err
}

// file is the address of a chart's file: that of the page as it is seen now.
func (a Asked) file(name string) string {
	return withQuery(a.Path+"/chart/"+name, map[string]string{"step": a.Step, "lang": a.Lang})
}

// Chart sends a chart of the page as a file, and of nothing else.
func (s *Sharing) Chart(a Asked) error {
	r, err := s.read(a)
	if err != nil {
		return err
	}
	return sendChart(a.Context, r)
}

// sharedSteps are the steps of a trend that a reader may choose.
func (r reportView) sharedSteps() []analysis.Bucketing {
	steps := []analysis.Bucketing{analysis.ByDay, analysis.ByWeek, analysis.ByMonth, analysis.ByQuarter}
	if r.period.To-r.period.From > flow.MaxTrendDays {
		return steps[1:]
	}
	return steps
}

// Report is the page of a shared report, but for its frame.
func (s *Sharing) Report(a Asked) (office.Shared, error) {
	r, err := s.read(a)
	if err != nil {
		return office.Shared{}, err
	}
	page := office.Shared{
		Survey: r.survey.Name, What: r.what(), Headline: r.headline(), Says: r.says(), Judged: r.judged(),
		Foot: r.l.T("share.foot", "company", r.w.Name, "until", a.Shared.Share.ExpiresAt.In(r.w.Zone), "now", r.l.DateTime(r.site.Now().In(r.w.Zone))),
	}
	if !r.ever {
		page.Empty = r.l.T("share.empty")
		return page, nil
	}
	if page.Trend = r.trend(); page.Trend != nil {
		page.Trend.Steps = r.sharedSteps(a)
	}
	page.Answers = r.distribution()
	if page.Compare = r.comparison(); page.Compare != nil {
		page.Compare.Ways = nil
	}
	if split := r.split(); split != nil && split.Table != nil {
		page.Segments = split.Table
	}
	if a.Shared.Share.Comments {
		if err := r.readQuotes(); err != nil {
			return office.Shared{}, err
		}
		page.Comments = r.sharedComments()
	}
	page.Asked, page.Drivers, page.Said, page.Next = r.invited(), r.drivers(), r.saidMost(), r.next()
	return page, nil
}

// what are the period and the filters in words. A period that ends today moves
// on with the days, and is named by its length.
func (r reading) what() []string {
	list := []string{r.span(r.view.period)}
	if r.view.ranged != 0 {
		list = []string{r.l.T("share.last_days", "days", r.view.ranged)}
	}
	for _, filter := range r.view.filters {
		list = append(list, r.segmentName(filter))
	}
	return list
}

// sharedSteps are the links to the other steps, with nothing else in them.
func (r reading) sharedSteps(a Asked) []components.SegmentLink {
	var list []components.SegmentLink
	for _, step := range r.view.sharedSteps() {
		list = append(list, components.SegmentLink{
			Text: r.l.T("report.step." + string(step)), Current: step == r.report.Bucketing,
			Address: withQuery(a.Path, map[string]string{"step": string(step), "lang": a.Lang}) + "#trend",
		})
	}
	return list
}

// sharedComments are what people said and when, without who, and without what
// else is known of them.
func (r reading) sharedComments() *office.SharedComments {
	c := &office.SharedComments{None: r.nothing("report.comments.none", "report.comments.none_filtered")}
	for _, response := range r.comments {
		c.List = append(c.List, office.Comment{
			Score: r.badge(r.survey, response.Score), Text: response.Comment, When: r.l.Date(response.AnsweredAt.In(r.w.Zone)),
			Person: office.Fact{Value: r.l.T("office.anonymous")},
		})
	}
	return c
}
