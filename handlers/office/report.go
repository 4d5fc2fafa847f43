package office

import (
	"net/http"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// newestComments is how many comments a report shows.
const newestComments = 6

// reading is everything that one report page is made of.
type reading struct {
	visit
	survey   surveys.Survey
	view     reportView
	report   analysis.Report
	keys     []string            // by which the survey's answers are counted
	splits   []string            // those of keys by which the period's answers differ
	values   map[string][]string // of each declared key
	comments []surveys.Response
	people   map[string]surveys.Person
	others   []surveys.Benchmark
	said     flow.ThemesReport // zero under a filter: themes are counted for everybody
	ever     bool              // somebody answered, at any time
}

// report says what the answers to a survey mean.
func (d *desk) report(v visit) error {
	r, err := d.read(v)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if r.view.wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(v, status, office.ReportPage(r.page()))
}

// read looks up what the report's address asks for.
func (d *desk) read(v visit) (reading, error) {
	r := reading{visit: v}
	var err error
	if r.survey, err = v.survey(); err != nil {
		return r, err
	}
	r.view = readReport(r.survey.ID, v.QueryParams(), analysis.DayOf(v.site.Now(), v.w.Zone))
	if r.keys, err = v.site.Store.SegmentKeys(v.ctx(), v.w.ID, r.survey.ID); err != nil {
		return r, err
	}
	if r.values, err = v.site.Store.SegmentValues(v.ctx(), v.w.ID); err != nil {
		return r, err
	}
	from, to := int(r.view.period.From), int(r.view.period.To)
	if r.splits, err = v.site.Store.SplitKeys(v.ctx(), v.w.ID, r.survey.ID, from, to); err != nil {
		return r, err
	}
	r.chooseSplit()
	if r.report, err = d.reports.Report(v.ctx(), v.w, r.survey, r.view.query()); err != nil {
		return r, err
	}
	if _, r.ever, err = v.site.Store.FirstDay(v.ctx(), v.w.ID, r.survey.ID); err != nil {
		return r, err
	}
	if r.others, err = v.site.Store.Benchmarks(v.ctx(), v.w.ID); err != nil {
		return r, err
	}
	if r.view.filter.Key == "" {
		period := flow.ReportQuery{From: r.view.period.From, To: r.view.period.To}
		if r.said, err = d.wanted.Report(v.ctx(), v.w, r.survey, period); err != nil {
			return r, err
		}
	}
	return r, r.readComments()
}

// chooseSplit drops what nothing is counted under, and takes the first declared
// key by which the answers differ when none was asked for. What was asked for
// and cannot be had is kept to be told.
func (r *reading) chooseSplit() {
	r.keys = r.declared(r.keys)
	r.splits = r.declared(r.splits)
	asked := r.view.by
	switch {
	case !slices.Contains(r.keys, asked):
		r.view.by = ""
		if len(r.splits) > 0 {
			r.view.by = r.splits[0]
		}
		if asked != "" {
			r.view.ignore("by", asked)
		}
	case !slices.Contains(r.splits, asked):
		r.splits = append(r.splits, asked) // its link stays good, though it tells nothing apart
	}
	if key := r.view.filter.Key; key != "" && !slices.Contains(r.keys, key) {
		r.view.ignore("segment", key+":"+r.view.filter.Value)
		r.view.filter = flow.Segment{}
	}
}

// declared are those of the keys that the workspace declares, in its order.
func (r *reading) declared(keys []string) []string {
	order := r.w.SegmentKeys()
	kept := slices.DeleteFunc(keys, func(key string) bool { return !slices.Contains(order, key) })
	slices.SortFunc(kept, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	return kept
}

func (r *reading) readComments() (err error) {
	from, to := r.view.period.moments(r.w.Zone)
	r.comments, err = r.site.Store.Responses(r.ctx(), r.w.ID, store.ResponseFilter{
		SurveyID: r.survey.ID, From: from, To: to, WithComment: true, Limit: newestComments,
		SegmentKey: r.view.filter.Key, SegmentValue: r.view.filter.Value,
	})
	if err != nil {
		return err
	}
	r.people, err = r.site.Store.PeopleByID(r.ctx(), r.w.ID, personIDs(r.comments))
	return err
}

// page builds the view.
func (r reading) page() office.Report {
	page := office.Report{
		Page:     r.visit.page(r.survey.Name, layouts.Scores),
		Crumbs:   []components.Crumb{{Text: r.l.T("office.scores.title"), Address: layouts.PathScores}, {Text: r.survey.Name}},
		Tabs:     r.tabs(r.survey, reportTab),
		Headline: r.headline(), Says: r.says(), Notes: r.notes(),
		Edit:   r.action(surveys.Manager, components.Action{Text: r.l.T("office.edit"), Address: "/surveys/" + r.survey.ID + "/edit", Kind: components.Secondary}),
		Link:   r.link(),
		Ranges: r.ranges(), Dates: r.dates(), Filter: r.filter(), Narrow: r.narrow(),
	}
	if !r.ever {
		page.Start = &components.Empty{Title: r.l.T("report.start.title"), Text: r.l.T("report.start.text"),
			Action: r.action(surveys.Manager, components.Action{Text: r.l.T("report.start.rule"), Address: withQuery("/asking/new", map[string]string{"survey": r.survey.ID})})}
		return page
	}
	page.Orientation, page.Said = r.orientation(), r.saidMost()
	page.Themes = components.Action{Text: r.l.T("themes.report_link"), Address: r.themesAddress()}
	page.Trend, page.Answers, page.Compare, page.Split = r.trend(), r.distribution(), r.comparison(), r.split()
	page.Comments = r.newest()
	return page
}

// themesAddress is the page of themes in the same period.
func (r reading) themesAddress() string {
	view := reportView{id: r.survey.ID, ranged: r.view.ranged, period: r.view.period, page: "/themes"}
	return view.address(nil)
}

// link is where people answer.
func (r reading) link() string { return publicLink(r.visit, r.survey) }

func publicLink(v visit, survey surveys.Survey) string {
	return v.site.Link("/s/" + survey.PublicID(v.w.Key))
}
